"""What the worked examples print of invoice schedules, and how ours are compared with it."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.billing.metric_checks import Strict
from toolkit.billing.schedules import InvoiceSchedule, WantedItem, make_items
from toolkit.billing.scheduling import bill_item, shares

if TYPE_CHECKING:
    from tests.billing.conftest import Customer


class Schedule(Strict, frozen=True, kw_only=True):
    """A schedule of all charges of the subscription, or of some by their positions.

    Attributes:
        amounts: Of its items; or else `percentages`.
        total: What it bills in all.
        item_amounts: The amounts of the items, where percentages are given.
        removed: Before which item the first rate plan is removed, and on which day.
        bills: By item, first day, last day and amount of each line of its bill.
        totals: By item, what its bill comes to.
    """

    amounts: tuple[Decimal, ...] = ()
    percentages: tuple[Decimal, ...] = ()
    charges: tuple[int, ...] = ()
    total: Decimal | None = None
    item_amounts: tuple[Decimal, ...] | None = None
    removed: tuple[int, date] | None = None
    bills: tuple[tuple[tuple[date, date, Decimal], ...] | None, ...] = ()
    totals: tuple[Decimal, ...] = ()


def check_schedule(customer: "Customer", said: Schedule) -> None:
    """Process every item of a schedule, and compare what it bills with what is said."""
    subscription, day, rules = customer.subscription, customer.account.bill_cycle_day, customer.rules
    numbers = [customer.charges[at].number for at in said.charges]
    held = tuple(shares(subscription, day, rules, numbers))
    total = sum((share.net for share in held), Decimal(0))
    assert said.total is None or total == said.total
    wanted = [WantedItem(amount=amount) for amount in said.amounts]
    wanted += [WantedItem(percentage=percentage) for percentage in said.percentages]
    currency = customer.account.currency
    schedule = InvoiceSchedule(
        id="",
        number="IS-1",
        account_id=customer.account.id,
        currency=currency,
        orders=(),
        shares=held,
        items=make_items(total, currency, wanted, customer),
    )
    if said.item_amounts is not None:
        assert [item.amount for item in schedule.items] == list(said.item_amounts)
    for at, item in enumerate(schedule.items):
        if said.removed and said.removed[0] == at:
            customer.remove(said.removed[1])
        owed = bill_item(schedule, item, [customer.subscription], day, rules)
        (customer.subscription,) = owed.subscriptions
        schedule = replace(
            schedule,
            items=tuple(replace(one, processed=one.processed or one.id == item.id) for one in schedule.items),
        )
        if said.bills and (printed := said.bills[at]) is not None:
            lines = [(line.item.start, line.item.last_day, line.item.amount) for line in owed.lines]
            assert lines == list(printed)
        assert owed.total == (said.totals[at] if said.totals else item.amount)
    assert schedule.status == "FullyProcessed"
    assert said.removed or schedule.billed == schedule.total
