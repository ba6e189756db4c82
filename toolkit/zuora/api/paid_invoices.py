"""/v1/transactions/payments: payments of an account with what they paid, as older clients list them."""

from typing import Any

from toolkit.billing.payments import Payment
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import day, number


def list_by_account(call: Call) -> Reply:
    """Show an account's payments, those that changed last first. Source: zuora-swagger-client 1.1."""
    world, account = call.world, call.world.accounts.find(call.path["account-key"])

    def show(payment: Payment) -> dict[str, Any]:
        return {
            "id": payment.id,
            "paymentNumber": payment.number,
            "paymentMethodId": payment.payment_method_id,
            "accountId": account.id,
            "accountNumber": account.number,
            "accountName": account.name,
            "type": payment.type,
            "effectiveDate": day(payment.effective_date),
            "gatewayTransactionNumber": payment.reference,
            "status": payment.status,
            "amount": number(payment.amount),
            "paidInvoices": [
                {
                    "invoiceId": part.document_id,
                    "invoiceNumber": part.document_number,
                    "appliedPaymentAmount": number(part.amount),
                }
                for part in payment.parts
                if part.kind == "invoice"
            ],
            **payment.custom_fields,
        }

    payments = sorted(world.payments.of(account.id), key=lambda one: one.updated, reverse=True)
    return listing(call, "payments", payments, show)


ENDPOINTS = (Endpoint("GET", "/v1/transactions/payments/accounts/{account-key}", list_by_account),)
