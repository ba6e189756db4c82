"""Cancelled: what orders that cancel subscriptions refund of what was paid, and write off of what is owed."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import amounts
from toolkit.billing.invoices import Invoice
from toolkit.billing.memos import MemoTerms
from toolkit.billing.money import ZERO
from toolkit.billing.parts import given_to
from toolkit.billing.refunds import GivenBack, Refund, refund_cancelled
from toolkit.billing.settlement import item_balances
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.writeoffs import write_off
from toolkit.zuora.payments.refunding import pay_out
from toolkit.zuora.state.world import Change

_WRITE_OFF = "Write-off"


class Refunded(NamedTuple):
    """A refund of a payment of an invoice; without one less was paid than there was to refund."""

    refund: Refund | None
    invoice: str | None

    @property
    def succeeded(self) -> bool:
        """Whether money goes back."""
        return self.refund is not None and self.refund.status != "Error"


class WrittenOff(NamedTuple):
    """An invoice that was written off, and by which memo."""

    invoice: str
    memo: CreditMemo


class _Bill(NamedTuple):
    """A posted invoice, and the ids of the items and taxes that it has of the cancelled subscriptions."""

    invoice: Invoice
    own: frozenset[str]


class _Paid(NamedTuple):
    """How much a payment paid for a bill's items."""

    bill: _Bill
    payment_id: str
    amount: Decimal


def _bills(change: Change, cancelled: Collection[Subscription]) -> list[_Bill]:
    """Return the invoices of subscriptions, the latest first, of one day that with the highest balance."""
    numbers = {one.number for one in cancelled}
    owners = sorted({one.invoice_owner_id for one in cancelled})
    posted = [
        invoice
        for owner in owners
        for invoice in change.table("invoices").of(owner)
        if invoice.status == "Posted"
    ]
    posted.sort(key=lambda one: (one.invoice_date, one.balance), reverse=True)
    bills = []
    for invoice in posted:
        items = [item for item in invoice.items if item.subscription_number in numbers]
        if items:
            bills.append(_Bill(invoice, frozenset(key for key, _ in amounts(items))))
    return bills


def refund(
    change: Change, cancelled: Collection[Subscription], amount: Decimal, reason: str, memos: list[CreditMemo]
) -> list[Refunded]:
    """Refund what was paid electronically for cancelled subscriptions, one payment after the other.

    The credit memos of the order take the place of what is refunded, as far as they go.
    Source: Zuora, subscriptions cancelation with different refunds: the payments of the latest invoice
    first, of one day those of the invoice with the higher balance. That nothing is refunded where less
    was paid is an assumption.
    """
    bills = _bills(change, cancelled)
    paid = [one for bill in bills for one in _paid(change, bill)]
    if sum((one.amount for one in paid), ZERO) < amount:
        return [Refunded(None, None)]
    left, made = amount, list[Refunded]()
    for one in paid:
        part = min(left, one.amount)
        if not part:
            break
        made.append(_refunded(change, one._replace(amount=part), reason, memos))
        left -= part
    return made


def _paid(change: Change, bill: _Bill) -> Iterator[_Paid]:
    """Yield the electronic payments that paid for a bill's items, and how much of them."""
    for payment in change.table("payments").of(bill.invoice.account_id):
        given = sum(given_to(payment.parts, bill.invoice, bill.own).values(), ZERO)
        if payment.type == "Electronic" and given > 0:
            yield _Paid(bill, payment.id, given)


def _refunded(change: Change, paid: _Paid, reason: str, memos: list[CreditMemo]) -> Refunded:
    world, bill, amount = change.world, paid.bill, paid.amount
    payment = change.table("payments").find(paid.payment_id)
    invoice = change.table("invoices").find(bill.invoice.id)
    own = [change.table("credit_memos").find(one.id) for one in memos]
    memo = next((one for one in own if one.account_id == invoice.account_id and one.unapplied), None)
    given = GivenBack(payment, invoice, memo, bill.own)
    after = refund_cancelled(given, amount, world.rules.application_rule, change, world.now)
    method = world.payment_methods.get(payment.payment_method_id or "")
    said = Refund(
        id=change.id(),
        number=change.number("refund"),
        account_id=payment.account_id,
        amount=amount,
        refund_date=world.today,
        type="Electronic",
        method_type=method.type if method else "Other",
        status="Processed",
        created=world.now,
        updated=world.now,
        part_id=change.id(),
        payment_id=payment.id,
        payment_method_id=payment.payment_method_id,
        gateway=payment.gateway,
        reason_code=reason,
    )
    noted, _ = pay_out(change, world, said, after.payment, after.debt, *([after.memo] if after.memo else []))
    return Refunded(noted, invoice.number)


def write_off_rest(change: Change, cancelled: Collection[Subscription], day: date | None) -> list[WrittenOff]:
    """Write off what the invoices of cancelled subscriptions still have open for them.

    Source: Zuora, subscriptions cancelation and write off all unpaid invoices: the memo's date is the
    latest of the document date, that of the invoice and today.
    """
    world, made = change.world, list[WrittenOff]()
    for invoice, own in _bills(change, cancelled):
        left = item_balances(invoice)
        if sum((left[key] for key in own), ZERO) <= 0:
            continue
        terms = MemoTerms(
            account_id=invoice.account_id,
            currency=invoice.currency,
            memo_date=max(world.today, invoice.invoice_date, day or date.min),
            now=world.now,
            source="AdhocFromInvoice",
            invoice_id=invoice.id,
            bill_to_id=invoice.bill_to_id,
            reason=_WRITE_OFF,
        )
        memo, settled = write_off(invoice, terms, world.rules, change, only=own)
        change.put(memo)
        change.put(settled)
        made.append(WrittenOff(invoice.number, memo))
    return made
