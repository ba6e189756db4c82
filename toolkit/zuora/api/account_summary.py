"""GET /v1/accounts/{key}/summary: an account with its latest subscriptions, invoices and payments."""

from collections import defaultdict
from decimal import Decimal

from toolkit.billing.accounts import Account
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.subscriptions import Term, status_on
from toolkit.zuora.api.contacts import show_contact_of
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import day, number, stamp
from toolkit.zuora.documents.balances import balances
from toolkit.zuora.documents.taxation import show_tax_info
from toolkit.zuora.state.owners import owned_by
from toolkit.zuora.state.world import World

_SUMMARY_ROWS = 6
"""Source: Zuora, the account summary shows the six most recently updated subscriptions."""


def sum_up(call: Call) -> Reply:
    """Show an account with its latest subscriptions, invoices and payments."""
    world, account = call.world, call.world.accounts.find(call.path["account-key"])
    answer = {
        "basicInfo": _summary_info(world, account),
        "billToContact": show_contact_of(world, account.bill_to_id),
        "soldToContact": show_contact_of(world, account.sold_to_id),
        "taxInfo": show_tax_info(account.tax_info),
        "subscriptions": _summary_subscriptions(world, account),
        **({} if call.query.get("excludeUsage") == "true" else {"usage": _summary_usage(world, account)}),
        "invoices": _summary_invoices(world, account),
        "payments": _summary_payments(world, account),
        "success": True,
    }
    return Reply(answer)


def _summary_usage(world: World, account: Account) -> list[dict[str, object]]:
    """Sum usage by month and unit of measure, latest first; the order is an assumption."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for record in world.usages.of(account.id):
        sums[f"{record.start:%Y-%m}", record.uom] += record.quantity
    return [
        {"quantity": number(sums[month, uom]), "startDate": month, "unitOfMeasure": uom}
        for month, uom in sorted(sums, reverse=True)
    ]


def _summary_info(world: World, account: Account) -> dict[str, object]:
    payments = world.payments.of(account.id)
    last = payments[-1].effective_date if payments else None
    method = account.default_payment_method_id and world.payment_methods.get(
        account.default_payment_method_id
    )
    shown: dict[str, object] = {"id": None, "paymentMethodType": None}
    if isinstance(method, PaymentMethod):
        shown = {
            "id": method.id,
            "paymentMethodType": method.type,
            "creditCardNumber": method.masked_number,
            "creditCardType": method.card_type,
            "creditCardExpirationMonth": method.expiration_month,
            "creditCardExpirationYear": method.expiration_year,
        }
    return {
        "id": account.id,
        "name": account.name,
        "accountNumber": account.number,
        "status": account.status,
        "batch": account.batch,
        "billCycleDay": account.bill_cycle_day,
        "currency": account.currency,
        "autoPay": account.auto_pay,
        "balance": number(balances(world, account).balance),
        "defaultPaymentMethod": shown,
        "invoiceDeliveryPrefsEmail": account.invoice_delivery_email,
        "invoiceDeliveryPrefsPrint": account.invoice_delivery_print,
        "lastInvoiceDate": day(account.last_invoice_date),
        "lastPaymentDate": day(last),
        "lastPaymentAmount": number(payments[-1].amount) if payments else None,
        "lastMetricsUpdate": stamp(world.now),
        "additionalEmailAddresses": account.additional_emails,
        "purchaseOrderNumber": account.purchase_order_number,
        "customerServiceRepName": account.customer_service_rep,
        "tags": None,
        **account.custom_fields,
    }


def _summary_subscriptions(world: World, account: Account) -> list[dict[str, object]]:
    latest = sorted(owned_by(world.subscriptions, account.id), key=lambda one: one.updated, reverse=True)
    return [
        {
            "id": one.id,
            "subscriptionNumber": one.number,
            "status": status_on(one, world.today),
            "termType": one.term_type,
            "autoRenew": one.auto_renew,
            "initialTerm": _term(one.initial_term),
            "renewalTerm": _term(one.renewal_term),
            "subscriptionStartDate": day(one.start),
            "termStartDate": day(one.term_start),
            "termEndDate": day(one.term_end),
            "ratePlans": [
                {
                    "productId": plan.product_id,
                    "productName": plan.product_name,
                    "productSku": plan.product_sku,
                    "productRatePlanId": plan.product_rate_plan_id,
                    "ratePlanName": plan.name,
                }
                for plan in one.rate_plans
            ],
        }
        for one in latest[:_SUMMARY_ROWS]
    ]


def _term(term: Term | None) -> int | None:
    """Return the length of a term without its unit. Source: recorded account summary."""
    return term.length if term else None


def _summary_invoices(world: World, account: Account) -> list[dict[str, object]]:
    latest = world.invoices.of(account.id)[-_SUMMARY_ROWS:]
    return [
        {
            "id": invoice.id,
            "invoiceNumber": invoice.number,
            "invoiceDate": day(invoice.invoice_date),
            "dueDate": day(invoice.due_date),
            "amount": number(invoice.amount),
            "balance": number(invoice.balance),
            "status": invoice.status,
        }
        for invoice in reversed(latest)
    ]


def _summary_payments(world: World, account: Account) -> list[dict[str, object]]:
    latest = world.payments.of(account.id)[-_SUMMARY_ROWS:]
    return [
        {
            "id": payment.id,
            "paymentNumber": payment.number,
            "paymentType": payment.type,
            "effectiveDate": day(payment.effective_date),
            "status": payment.status,
            "paidInvoices": [
                {
                    "invoiceId": part.document_id,
                    "invoiceNumber": part.document_number,
                    "appliedPaymentAmount": number(part.amount),
                }
                for part in payment.parts
                if part.kind == "invoice"
            ],
        }
        for payment in reversed(latest)
    ]


ENDPOINTS = (Endpoint("GET", "/v1/accounts/{account-key}/summary", sum_up),)
