"""/v1/payments: receive payments, apply them, take them back, and show them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar, NamedTuple

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from toolkit.billing.accounts import Account, check_currency
from toolkit.billing.charging import Wanted, apply_all
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.gateways import Terminal
from toolkit.billing.money import ZERO
from toolkit.billing.payments import GatewayState, Payment, PaymentType, cancel, transfer
from toolkit.zuora.api._applying import DebitMemoPart, InvoicePart, unapply, wanted
from toolkit.zuora.api._payment_showing import FILTERS, show_payment
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.filtering import narrow
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body, Nothing
from toolkit.zuora.payments.collecting import check_unlocked, gateway_for, method_of, take
from toolkit.zuora.state.world import Change, World


class NewPayment(Body, frozen=True):
    """A payment, electronic through a payment method or external, applied or kept."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("authTransactionId", "balanceRefresh", "cryptogram", "financeInformation", "gatewayOptions"),
            *("gatewayOrderId", "mitTransactionSource", "paymentMethodType", "softDescriptor"),
            "softDescriptorPhone",
        }
    )
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"customRates", "paymentOption", "paymentScheduleKey", "prepayment", "standalone"}
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
    payment_gateway_number: str | None = None
    comment: str | None = None
    reference_id: str | None = None
    invoices: tuple[InvoicePart, ...] = ()
    debit_memos: tuple[DebitMemoPart, ...] = ()


class Applying(Body, frozen=True):
    """What a payment is to be applied to, or taken back from."""

    effective_date: date | None = None
    invoices: tuple[InvoicePart, ...] = ()
    debit_memos: tuple[DebitMemoPart, ...] = ()


class Transferring(Body, frozen=True):
    """Who is to have a payment; nobody, for an empty id."""

    account_id: str
    effective_date: date | None = None


class PaymentChange(Body, frozen=True):
    """New values for some fields of a payment."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"financeInformation", "gatewayReconciliationReason", "gatewayReconciliationStatus", "payoutId"}
    )
    lacking: ClassVar[frozenset[str]] = frozenset({"paymentScheduleKey"})

    comment: str | UnsetType | None = UNSET
    reference_id: str | UnsetType | None = UNSET
    gateway_state: GatewayState | UnsetType = UNSET


def create(call: Call) -> Reply:
    """Receive a payment and apply it; what is applied to nothing stays unapplied.

    An external payment can come without an account. An electronic one that the gateway declines is kept
    with its error, and the call is refused.
    """
    said: NewPayment = call.body
    world, change = call.world, Change(call.world)
    payment, account, what = begin(change, said)
    if account is None or said.type == "External":
        return _answer(call, receive(change, payment, what), change)
    gateway = gateway_for(world, account, said.gateway_id or said.payment_gateway_number)
    key = needed(said.payment_method_id or account.default_payment_method_id, "paymentMethodId")
    method = method_of(world, account, key)
    terminal = Terminal(gateway, method)
    charged = take(change, world, replace(payment, payment_method_id=method.id), terminal, what)
    shown = {**show_payment(charged.payment, account), "success": True}
    if charged.response.outcome != "declined":
        return Reply(shown, change.world)
    return Reply(
        shown, change.world, refusal=Refusal(Category.INTEGRATION, charged.response.reason, resource=538100)
    )


class Begun(NamedTuple):
    """A payment before anybody is charged and before it is applied."""

    payment: Payment
    account: Account | None
    wanted: tuple[Wanted, ...]


def begin(change: Change, said: NewPayment) -> Begun:
    """Make of a request the payment that it asks for, and what that is to be applied to.

    Raises:
        BillingError: It names what does not exist, or asks for what cannot be.
    """
    world = change.world
    key = said.account_id or said.account_number
    account = world.accounts.find(key) if key else None
    what = wanted_of(change, said)
    _check(said, account, world, what)
    payment = Payment(
        id=change.id(),
        number=said.number or change.number("payment"),
        account_id=account.id if account else None,
        amount=said.amount,
        currency=said.currency,
        effective_date=said.effective_date or world.today,
        type=said.type,
        status="Processed",
        payment_method_id=_noted(said, account, world) if said.type == "External" else None,
        created=world.now,
        updated=world.now,
        comment=said.comment,
        reference=said.reference_id,
        custom_fields=said.custom_fields,
    )
    return Begun(payment, account, what)


def wanted_of(change: Change, said: NewPayment | Applying) -> tuple[Wanted, ...]:
    """Return what a request names, by the tenant's rule."""
    return tuple(wanted(change, said, change.before.rules.application_rule))


def receive(change: Change, payment: Payment, what: tuple[Wanted, ...]) -> Payment:
    """Put a payment, and what it is applied to, into the change.

    Raises:
        BillingError: It cannot be applied as wanted.
    """
    check_unlocked(change.world, what)
    payment, debts = apply_all(payment, what, change, change.before.now)
    for row in (payment, *debts):
        change.put(row)
    return payment


def _check(said: NewPayment, account: Account | None, world: World, what: tuple[Wanted, ...]) -> None:
    if said.amount <= 0:
        raise InvalidValueError(f"'amount' should be greater than 0, not {said.amount}.")
    if said.number is not None and world.payments.get(said.number) is not None:
        raise InvalidValueError(f"The payment number {said.number} is used already.")
    if account is None and (said.type == "Electronic" or what):
        raise MissingValueError("accountId")
    if account is not None:
        check_currency(account, said.currency)
    for debt, _ in what:
        if account is not None and debt.account_id != account.id:
            raise NotFoundError(debt.number)
    spent = sum((application.amount for _, application in what), ZERO)
    if spent > said.amount:
        raise RuleError(f"The documents take {spent}, more than the payment amount {said.amount}.")


def _noted(said: NewPayment, account: Account | None, world: World) -> str | None:
    """Return the method that an external payment is noted with, if there is one."""
    if account is None:
        return said.payment_method_id and world.payment_methods.find(said.payment_method_id).id
    key = said.payment_method_id or account.default_payment_method_id
    return method_of(world, account, key).id if key else None


def read(call: Call) -> Reply:
    """Show a payment."""
    return _answer(call, call.world.payments.find(call.path["payment-key"]))


def _answer(call: Call, payment: Payment, change: Change | None = None) -> Reply:
    account = call.world.accounts.find(payment.account_id) if payment.account_id else None
    return Reply(
        {**show_payment(payment, account), "success": True}, None if change is None else change.world
    )


def list_payments(call: Call) -> Reply:
    """Show payments, latest first; filters and `sort` are those of Zuora."""
    world = call.world
    latest = sorted(_of_account(call), key=lambda payment: payment.number, reverse=True)
    shown = (
        show_payment(one, world.accounts.find(one.account_id) if one.account_id else None) for one in latest
    )
    return listing(call, "payments", narrow(call, shown, FILTERS))


def _of_account(call: Call) -> Iterable[Payment]:
    key, payments = call.query.get("accountId"), call.world.payments
    if key == "null":
        return (payment for payment in payments.latest() if payment.account_id is None)
    return payments.of(call.world.accounts.find(key).id) if key else payments.latest()


def apply(call: Call) -> Reply:
    """Apply what is unapplied of a payment."""
    change = Change(call.world)
    payment = call.world.payments.find(call.path["payment-key"])
    return _answer(call, receive(change, payment, wanted_of(change, call.body)), change)


def take_back(call: Call) -> Reply:
    """Take a payment back from the documents named, or from all."""
    change = Change(call.world)
    payment = call.world.payments.find(call.path["payment-key"])
    return _answer(call, unapply(change, call.world, payment, call.body), change)


def give_away(call: Call) -> Reply:
    """Transfer an unapplied payment to another account, or to none."""
    said: Transferring = call.body
    world, change = call.world, Change(call.world)
    payment = world.payments.find(call.path["payment-key"])
    account = world.accounts.find(said.account_id) if said.account_id else None
    if account is not None:
        check_currency(account, payment.currency)
    payment = transfer(payment, account.id if account else None, world.now)
    change.put(payment)
    return _answer(call, payment, change)


def change_payment(call: Call) -> Reply:
    """Change the comment, the reference or the gateway state."""
    said: PaymentChange = call.body
    world, change = call.world, Change(call.world)
    payment = world.payments.find(call.path["payment-key"])
    given = {
        "comment": said.comment,
        "reference": said.reference_id,
        "gateway_state": said.gateway_state,
    }
    changed = replace(
        payment,
        **{field: value for field, value in given.items() if value is not UNSET},
        settled=world.now if said.gateway_state == "Settled" else payment.settled,
        custom_fields={**payment.custom_fields, **said.custom_fields},
        updated=world.now,
    )
    change.put(changed)
    return _answer(call, changed, change)


def undo(call: Call) -> Reply:
    """Cancel an external payment of which nothing is applied."""
    change = Change(call.world)
    payment = cancel(call.world.payments.find(call.path["payment-key"]), call.world.now)
    change.put(payment)
    return _answer(call, payment, change)


def delete(call: Call) -> Reply:
    """Delete a payment that is canceled. Source: Zuora, delete a payment."""
    change = Change(call.world)
    payment = call.world.payments.find(call.path["payment-key"])
    if payment.status != "Canceled":
        raise RuleError(
            f"Only payments with Canceled status can be deleted, {payment.number} is {payment.status}."
        )
    change.drop(payment)
    return Reply({"success": True}, change.world)


_KEY = "/v1/payments/{payment-key}"

ENDPOINTS = (
    Endpoint("POST", "/v1/payments", create, NewPayment, resource=538100),
    Endpoint("GET", "/v1/payments", list_payments),
    Endpoint("GET", _KEY, read),
    Endpoint("PUT", _KEY, change_payment, PaymentChange, resource=538600),
    Endpoint("DELETE", _KEY, delete),
    Endpoint("PUT", f"{_KEY}/apply", apply, Applying, resource=538200),
    Endpoint("PUT", f"{_KEY}/unapply", take_back, Applying, resource=538400),
    Endpoint("PUT", f"{_KEY}/transfer", give_away, Transferring, resource=538300),
    Endpoint("PUT", f"{_KEY}/cancel", undo, Nothing, resource=538500),
)
