"""/v1/payments: receive and show payments."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from toolkit.billing.accounts import Account
from toolkit.billing.allocation import Application
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.money import ZERO
from toolkit.billing.parts import ItemAmount, Part, with_part
from toolkit.billing.payments import Payment, PaymentType
from toolkit.billing.settlement import settle
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.paging import page
from toolkit.zuora.wire import Body, day, number, stamp
from toolkit.zuora.world import Change, World


class InvoicePart(Body, frozen=True):
    """How much goes to which invoice."""

    lacking: ClassVar[frozenset[str]] = frozenset({"items"})

    amount: Decimal
    invoice_id: str | None = None
    invoice_number: str | None = None


class NewPayment(Body, frozen=True):
    """A payment, electronic through a payment method or external, applied to invoices or kept."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("authTransactionId", "balanceRefresh", "financeInformation", "gatewayOptions"),
            *("gatewayOrderId", "paymentGatewayNumber", "paymentMethodType", "referenceId"),
            *("softDescriptor", "softDescriptorPhone", "mitTransactionSource", "cryptogram"),
        }
    )
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"customRates", "debitMemos", "paymentOption", "paymentScheduleKey", "prepayment", "standalone"}
    )

    type: PaymentType
    amount: Decimal
    currency: str
    account_id: str | None = None
    account_number: str | None = None
    number: str | None = None
    effective_date: date | None = None
    payment_method_id: str | None = None
    gateway_id: str | None = None
    comment: str | None = None
    invoices: tuple[InvoicePart, ...] = ()


def create(call: Call) -> Reply:
    """Receive a payment and apply it; a payment without invoices stays unapplied."""
    said: NewPayment = call.body
    world, change = call.world, Change(call.world)
    key = said.account_id or said.account_number
    if key is None:
        raise MissingValueError("accountId")
    account = world.accounts.find(key)
    _check(said, account, world)
    payment = Payment(
        id=change.id(),
        number=said.number or change.number("payment"),
        account_id=account.id,
        amount=said.amount,
        currency=said.currency,
        effective_date=said.effective_date or world.today,
        type=said.type,
        status="Processed",
        payment_method_id=_method(said, account, world),
        created=world.now,
        updated=world.now,
        parts=_apply(change, world, account, said),
        comment=said.comment,
        gateway=said.gateway_id,
    )
    change.put(payment)
    return Reply({**show_payment(payment, account), "success": True}, change.world)


def _check(said: NewPayment, account: Account, world: World) -> None:
    if said.amount <= 0:
        raise InvalidValueError(f"'amount' should be greater than 0, not {said.amount}.")
    if said.number is not None and world.payments.get(said.number) is not None:
        raise InvalidValueError(f"The payment number {said.number} is used already.")
    if said.currency != account.currency:
        raise RuleError(f"The account {account.number} is billed in {account.currency}, not {said.currency}.")
    spent = sum((part.amount for part in said.invoices), ZERO)
    if spent > said.amount:
        raise RuleError(f"The invoices take {spent}, more than the payment amount {said.amount}.")


def _method(said: NewPayment, account: Account, world: World) -> str | None:
    key = said.payment_method_id or account.default_payment_method_id
    if key is None:
        if said.type == "Electronic":
            raise MissingValueError("paymentMethodId")
        return None
    method = world.payment_methods.find(key)
    if method.account_id not in {None, account.id}:
        raise NotFoundError(key)
    return method.id


def _apply(change: Change, world: World, account: Account, said: NewPayment) -> tuple[Part, ...]:
    parts: tuple[Part, ...] = ()
    for part in said.invoices:
        key = part.invoice_id or part.invoice_number
        if key is None:
            raise MissingValueError("invoices.invoiceId")
        invoice = change.table("invoices").find(key)
        if invoice.account_id != account.id:
            raise NotFoundError(key)
        settled, shares = settle(invoice, Application(part.amount), world.now, credit=False)
        change.put(settled)
        items = (ItemAmount(*share) for share in shares.items())
        parts = with_part(parts, invoice, items, change, world.now)
    return parts


def read(call: Call) -> Reply:
    """Show a payment."""
    payment = call.world.payments.find(call.path["payment-key"])
    account = call.world.accounts.find(payment.account_id)
    return Reply({**show_payment(payment, account), "success": True})


def list_payments(call: Call) -> Reply:
    """Show payments, latest first; `accountId` narrows the list."""
    key, world = call.query.get("accountId"), call.world
    found = world.payments.of(world.accounts.find(key).id) if key else world.payments.latest()
    rows, following = page(call, sorted(found, key=lambda payment: payment.number, reverse=True))
    shown = [show_payment(one, world.accounts.find(one.account_id)) for one in rows]
    return Reply({"payments": shown, **following, "success": True})


def show_payment(payment: Payment, account: Account) -> dict[str, Any]:
    """Return a payment as answers show it: with `number`, not `paymentNumber`. Source: a live tenant."""
    return {
        "id": payment.id,
        "number": payment.number,
        "accountId": account.id,
        "accountNumber": account.number,
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
        "gatewayState": "NotSubmitted" if payment.type == "External" else "Settled",
        "comment": payment.comment,
        "createdDate": stamp(payment.created),
        "updatedDate": stamp(payment.updated),
    }


ENDPOINTS = (
    Endpoint("POST", "/v1/payments", create, NewPayment, resource=538100),
    Endpoint("GET", "/v1/payments", list_payments),
    Endpoint("GET", "/v1/payments/{payment-key}", read),
)
