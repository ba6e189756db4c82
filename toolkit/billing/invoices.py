"""Billing an account: from active subscriptions to an invoice or a credit memo."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.activation import is_triggered
from toolkit.billing.discounts import discounted
from toolkit.billing.documents import VOID, DocumentItem, amounts, tax_total
from toolkit.billing.grants import Grant
from toolkit.billing.marks import Mark
from toolkit.billing.money import ZERO
from toolkit.billing.offers import Offer
from toolkit.billing.parts import DebtKind, DocumentSource
from toolkit.billing.prepaid import credit, gives_back, over_consumed, roll_over
from toolkit.billing.prepayments import asked_ahead, prepayment_lines
from toolkit.billing.rating import Line, rate
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, first_bill_cycle_day, grid
from toolkit.billing.usage import Usage, rate_usage, usage_of

InvoiceStatus = Literal["Draft", "Posted", "Canceled", "Split"]
_BILLED = frozenset({"Active", "Cancelled", "Suspended", "Pending Acceptance"})
_NO_PERIODS: Mapping[str, tuple[date, date] | None] = {}


class Bill(msgspec.Struct, frozen=True, gc=False):
    """What an account owes up to a target date.

    Attributes:
        lines: In the order of subscriptions, charges and time; discounts follow the charges.
        subscriptions: The same versions, with what these lines bill marked as billed.
    """

    lines: tuple[Line, ...]
    subscriptions: tuple[Subscription, ...]

    @property
    def total(self) -> Decimal:
        """The sum of the lines, without tax."""
        return sum((line.item.amount for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        """The sum of the taxes of the lines."""
        return sum((line.tax_amount for line in self.lines), ZERO)


class Invoice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An invoice; `amount` is the sum of its items, taxes included.

    Attributes:
        paid: Sum of the payments applied.
        credited: Sum of the credit memos applied.
        settled: What is settled of each item, and each tax item, by id.
        payment_term: Where it differs from the account's.
        bill_to_id: The contact that gets it, where it is not the account's.
        group: The invoice group of the subscriptions that it bills.
        auto_pay: Whether payment runs collect it, where that differs from the account's.
        split_from: The number of the invoice of which it is a part, or a part of a part.
        reversed: Whether it was taken back by a credit memo.
        marks: How far the bill that it comes from moved each charge that it bills.
    """

    kind: ClassVar[DebtKind] = "invoice"

    id: str
    number: str
    account_id: str
    currency: str
    invoice_date: date
    due_date: date
    target_date: date
    status: InvoiceStatus
    items: tuple[DocumentItem, ...]
    amount: Decimal
    created: datetime
    updated: datetime
    source: DocumentSource
    source_id: str | None = None
    posted: datetime | None = None
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    settled: Mapping[str, Decimal] = {}
    comments: str = ""
    payment_term: str | None = None
    bill_to_id: str | None = None
    group: str | None = None
    auto_pay: bool | None = None
    split_from: str | None = None
    reversed: bool = False
    marks: tuple[Mark, ...] = ()
    custom_fields: Mapping[str, object] = {}

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The ids of its items and their taxes."""
        return tuple(identity for identity, _ in amounts(self.items))

    @property
    def tax_amount(self) -> Decimal:
        """The sum of the taxes of its items."""
        return tax_total(self.items)

    @property
    def balance(self) -> Decimal:
        """What is not settled yet: of a draft all of it, of a cancelled or split invoice nothing.

        Source: POST standalone invoice, whose sample shows a draft with amount and balance 100.
        """
        return ZERO if self.status in VOID else self.amount - self.paid - self.credited


def bill(  # noqa: PLR0913, PLR0917 - what is billed, until when, by which rules
    account: Account,
    subscriptions: Iterable[Subscription],
    target: date,
    rules: BillingRules,
    usage: Collection[Usage] | None = None,
    excluded: Collection[str] = (),
) -> Bill:
    """Rate what the account's subscriptions owe up to and including `target`.

    Args:
        account: Its bill cycle day is used by charges that bill on the customer's day.
        subscriptions: Their latest versions; those that are drafts or await their activation are left out,
            and of those that await their acceptance the charges whose date is not known.
        target: The target date.
        rules: The tenant's.
        usage: The account's usage records; None leaves usage charges for another bill.
        excluded: The charge types that are left for another bill.

    Raises:
        RuleError: A usage record lacks a price that its charge needs.
    """
    billable = [subscription for subscription in subscriptions if subscription.status in _BILLED]
    day = account.bill_cycle_day or first_bill_cycle_day(billable)
    lines: list[Line] = []
    offers: list[Offer] = []
    marks: dict[str, tuple[date | None, date | None]] = {}
    periods: dict[str, tuple[date, date] | None] = {}
    used: Collection[Usage] = usage or ()
    prepays = False
    asked: list[Line] = []
    excluded = excluded if usage is not None else (*excluded, "Usage")
    for subscription in billable:
        for plan, charge in _charges(subscription):
            if charge.terms.model.startswith("Discount"):
                offers.append(Offer(subscription, plan, charge))
                continue
            if charge.terms.type in excluded or _is_left_out(subscription, charge, rules):
                continue
            terms = charge.terms
            prepays = prepays or terms.prepaid is not None or terms.prepaid_periods is not None
            if prepays and gives_back(charge, target):
                rated = credit(subscription, charge, used, day, rules)
            elif terms.type == "Usage":
                its = (over_consumed if terms.drawdown else usage_of)(subscription, charge, used)
                rated = rate_usage(charge, grid(subscription, charge, day), its, target, rules)
                periods[charge.id] = rated.open_period
            else:
                rated = rate(subscription, charge, target, day, rules)
            lines.extend(Line(subscription, plan, item) for item in rated.items)
            mark = rated.through, rated.processed
            if (
                prepays
                and not rated.items
                and (ahead := asked_ahead(subscription, charge, target, day, rules))
            ):
                asked.append(Line(subscription, plan, ahead))
                mark = None, ahead.start
            if mark != (charge.charged_through, charge.processed_through):
                marks[charge.id] = mark
    found = discounted(lines, offers, day, rules)
    lines.extend(found.lines)
    marks |= found.marks
    billed = tuple(mark_billed(subscription, marks, found.grants, periods) for subscription in billable)
    if prepays:
        lines.extend((*prepayment_lines(tuple(lines), day, rules), *asked))
        billed = tuple(roll_over(subscription, used, target) for subscription in billed)
    return Bill(tuple(lines), billed)


def _charges(subscription: Subscription) -> Iterator[tuple[RatePlan, Charge]]:
    """Yield the charges of a subscription, without those whose date is not known yet."""
    waits = subscription.status == "Pending Acceptance"
    for plan in subscription.rate_plans:
        for charge in plan.charges:
            if not waits or is_triggered(subscription, charge):
                yield plan, charge


def _is_left_out(subscription: Subscription, charge: Charge, rules: BillingRules) -> bool:
    """Tell whether a charge is done and nothing gives it back, or an invoice schedule bills it."""
    if charge.done:
        return not (charge.removed and rules.credit_one_time)
    return charge.number in subscription.scheduled


def mark_billed(
    subscription: Subscription,
    marks: Mapping[str, tuple[date | None, date | None]],
    grants: Mapping[str, tuple[Grant, ...]],
    periods: Mapping[str, tuple[date, date] | None] = _NO_PERIODS,
) -> Subscription:
    """Note in each charge how far it is billed, what discounts are taken off, and which period is open."""

    def marked(charge: Charge) -> Charge:
        if charge.id not in marks:
            return charge
        through, processed = marks[charge.id]
        given = grants.get(charge.id, charge.grants)
        period = periods.get(charge.id, charge.open_period)
        return replace(
            charge, charged_through=through, processed_through=processed, grants=given, open_period=period
        )

    if marks.keys().isdisjoint(charge.id for charge in subscription.charges):
        return subscription
    plans = tuple(replace(plan, charges=tuple(map(marked, plan.charges))) for plan in subscription.rate_plans)
    return replace(subscription, rate_plans=plans)
