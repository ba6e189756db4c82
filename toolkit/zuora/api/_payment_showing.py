"""A payment as answers show it."""

from collections.abc import Mapping
from typing import Any

from toolkit.billing.accounts import Account
from toolkit.billing.money import ZERO
from toolkit.billing.payments import Payment
from toolkit.zuora.calls.authorship import authorship
from toolkit.zuora.calls.wire import day, number, stamp

FILTERS = (
    *("amount", "appliedAmount", "createdById", "createdDate", "creditBalanceAmount", "currency"),
    *("effectiveDate", "number", "refundAmount", "status", "type", "unappliedAmount", "updatedById"),
    "updatedDate",
)
"""Source: Zuora, list payments."""


def show_payment(payment: Payment, account: Account | None) -> dict[str, Any]:
    """Return a payment as answers show it: with `number`, not `paymentNumber`. Source: a live tenant."""
    return {
        "id": payment.id,
        "number": payment.number,
        "accountId": payment.account_id,
        "accountNumber": account and account.number,
        "type": payment.type,
        "status": payment.status,
        "amount": number(payment.amount),
        "appliedAmount": number(payment.applied),
        "unappliedAmount": number(payment.unapplied),
        "refundAmount": number(payment.refunded),
        "creditBalanceAmount": number(ZERO),
        "currency": payment.currency,
        "effectiveDate": day(payment.effective_date),
        "paymentMethodId": payment.payment_method_id,
        "gatewayId": payment.gateway,
        "gatewayState": payment.gateway_state,
        "gatewayResponse": payment.gateway_text,
        "gatewayResponseCode": payment.gateway_code,
        "referenceId": payment.reference,
        "secondPaymentReferenceId": None,
        "softDescriptor": None,
        "softDescriptorPhone": None,
        "authTransactionId": None,
        "bankIdentificationNumber": None,
        "financeInformation": _finance(),
        "comment": payment.comment,
        "markedForSubmissionOn": None,
        "submittedOn": payment.submitted and stamp(payment.submitted),
        "settledOn": payment.settled and stamp(payment.settled),
        "cancelledOn": payment.cancelled and stamp(payment.cancelled),
        **authorship(payment),
        **payment.custom_fields,
    }


def _finance() -> Mapping[str, object]:
    """Accounting codes are not kept, so that none are shown."""
    return {
        "bankAccountAccountingCode": None,
        "bankAccountAccountingCodeType": None,
        "transferredToAccounting": "No",
        "unappliedPaymentAccountingCode": None,
        "unappliedPaymentAccountingCodeType": None,
    }
