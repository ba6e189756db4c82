"""An invoice schedule is due while an item has a day to come."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from toolkit.billing.schedules import InvoiceSchedule, ScheduleItem
from toolkit.zuora.documents.invoice_schedules import run
from toolkit.zuora.dues import due
from toolkit.zuora.state.world import Change, empty

if TYPE_CHECKING:
    from datetime import datetime

ITEM = ScheduleItem(id="1", amount=Decimal(1), run_date=date(2026, 2, 1))
SCHEDULE = InvoiceSchedule(
    id="1", number="IS-1", account_id="2", currency="USD", orders=(), shares=(), items=(ITEM,)
)


def days(*schedules: InvoiceSchedule) -> "list[datetime | None]":
    return [due(schedule, empty().zone) for schedule in schedules]


def test_what_waits_is_not_due() -> None:
    found = due(SCHEDULE, empty().zone)
    assert found is not None
    assert (found.date(), found.hour) == (date(2026, 2, 1), 0)
    blank, done = replace(ITEM, run_date=None), replace(ITEM, processed=True)
    paused = replace(SCHEDULE, paused=True)
    assert days(paused, replace(SCHEDULE, items=(blank,)), replace(SCHEDULE, items=(done,))) == [None] * 3


def test_of_a_processed_schedule_nothing_is_run() -> None:
    change = Change(empty())
    run(change, empty(), replace(SCHEDULE, items=(replace(ITEM, processed=True),)))
    assert change.touched == []
