"""Invoice schedules have items that make sense; the documented figures are among the worked examples."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.schedules import (
    InvoiceSchedule,
    Share,
    WantedItem,
    check_schedulable,
    make_items,
)

if TYPE_CHECKING:
    from tests.billing.conftest import Customer

NEW_YEAR, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def wanted(amount: str | None = None, percentage: str | None = None, day: date | None = None) -> WantedItem:
    return WantedItem(
        amount=Decimal(amount) if amount else None,
        percentage=Decimal(percentage) if percentage else None,
        run_date=day,
    )


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([wanted("60"), wanted("30")], "sum up to its total amount 100, not to 90"),
        ([wanted("101"), wanted("-1")], "The amount -1 should be greater than 0"),
        ([wanted("60"), wanted(percentage="40")], "should all have an amount, or a percentage"),
        ([wanted("60", "60"), wanted("40", "40")], "should all have an amount, or a percentage"),
        ([wanted()], "should all have an amount, or a percentage"),
        ([wanted(percentage="60")], "should sum up to 100, not to 60"),
        ([wanted("60", day=FEBRUARY), wanted("40", day=NEW_YEAR)], "later than the one before it, 2026-02"),
        ([wanted("60"), wanted("40", day=NEW_YEAR)], "the one before it, which is blank"),
    ],
)
def test_items_that_cannot_be_are_refused(yearly: "Customer", items: list[WantedItem], message: str) -> None:
    """Source: Zuora, invoice schedules creation; the official SDK, invoice schedule item."""
    with pytest.raises(InvalidValueError, match=message):
        make_items(Decimal(100), "USD", items, yearly)


def test_the_last_item_has_what_rounding_leaves(yearly: "Customer") -> None:
    items = make_items(Decimal("0.05"), "USD", [wanted(percentage="50"), wanted(percentage="50")], yearly)
    assert [item.amount for item in items] == [Decimal("0.03"), Decimal("0.02")]


def test_a_schedule_is_as_far_as_its_items(yearly: "Customer") -> None:
    share = Share(
        subscription_number="A-S1",
        charge_number="C-1",
        charge_id="1",
        start=NEW_YEAR,
        end=FEBRUARY,
        price=Decimal(100),
        net=Decimal(90),
    )
    items = make_items(Decimal(90), "USD", [wanted("50", day=NEW_YEAR), wanted("40")], yearly)
    schedule = InvoiceSchedule(
        id="1",
        number="IS-1",
        account_id="A1",
        currency="USD",
        orders=("O-1",),
        shares=(share,),
        items=items,
    )
    assert (schedule.status, schedule.total, schedule.billed) == ("Pending", Decimal(90), Decimal(0))
    first, second = (replace(item, processed=True) for item in items)
    partly = replace(schedule, items=(first, items[1]))
    assert (partly.status, partly.billed, partly.pending) == ("PartiallyProcessed", Decimal(50), items[1])
    assert replace(partly, paused=True).status == "Paused"
    wholly = replace(partly, items=(first, second))
    assert (wholly.status, wholly.billed, wholly.pending) == ("FullyProcessed", Decimal(90), None)
    assert replace(wholly, paused=True).status == "Paused"
    check_schedulable([share], "O-1")


def test_nothing_can_not_be_scheduled() -> None:
    with pytest.raises(RuleError, match="The order O-1 has no unbilled charge"):
        check_schedulable([], "O-1")
