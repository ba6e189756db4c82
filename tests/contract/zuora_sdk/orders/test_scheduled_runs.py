"""Bill runs on a schedule, as the official SDK plans, changes, reads, cancels and deletes them."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def planned(desk: Any) -> Any:
    """A monthly run for an account that begins tomorrow."""
    account = desk.open_account("Scheduled")
    sdk, tomorrow = desk.sdk, desk.clock.today() + timedelta(days=1)
    request = sdk.CreateBillRunRequest(
        name="Monthly",
        bill_run_filters=[sdk.BillRunFilter(account_id=account.id, filter_type="Account")],
        auto_post=True,
        charge_type_to_exclude=["OneTime", "Usage"],
        target_date_month_offset=0,
        target_date_day_of_month=31,
        schedule=sdk.BillRunSchedule(repeat_from=tomorrow, repeat_type="Monthly", run_time=3),
    )
    return desk.ask(desk.client.bill_run_api().create_bill_run, request)


def test_a_planned_run_tells_its_schedule(desk: Any, planned: Any) -> None:
    read = desk.ask(desk.client.bill_run_api().get_bill_run, planned.id)
    assert (read.status, read.schedule.repeat_type, read.schedule.run_time) == ("Pending", "Monthly", 3)
    assert (read.invoice_date, read.invoice_date_offset) == (None, 0)
    assert (read.target_date_offset, read.target_date_month_offset, read.target_date_day_of_month) == (
        None,
        0,
        31,
    )
    assert read.scheduled_execution_time.startswith(str(read.schedule.repeat_from))


def test_a_planned_run_is_executed_on_its_day(desk: Any, planned: Any) -> None:
    desk.wait_for(desk.clock.today() + timedelta(days=2))
    assert desk.ask(desk.client.bill_run_api().get_bill_run, planned.id).status == "Posted"


def test_a_planned_run_is_changed(desk: Any, planned: Any) -> None:
    request = desk.sdk.UpdateBillRunRequest(
        name="Weekly",
        schedule=desk.sdk.UpdateBillRunSchedule(repeat_type="Weekly", weekly_on_day=["Mon"]),
        target_date=desk.clock.today(),
    )
    changed = desk.ask(desk.client.bill_run_api().update_bill_run, planned.id, request)
    assert (changed.name, changed.auto_post, changed.target_date_month_offset) == ("Weekly", True, None)


def test_a_run_is_cancelled_once_and_deleted(desk: Any, planned: Any) -> None:
    runs = desk.client.bill_run_api()
    canceled = desk.ask(runs.cancel_bill_run, planned.id, desk.sdk.CancelBillRunRequest(cancel_once=True))
    assert (canceled.status, canceled.next_run.status) == ("Canceled", "Pending")
    assert canceled.next_run.bill_run_number != canceled.bill_run_number
    assert canceled.next_run.schedule.repeat_from > canceled.schedule.repeat_from
    last = desk.ask(
        runs.cancel_bill_run, canceled.next_run.id, desk.sdk.CancelBillRunRequest(cancel_once=False)
    )
    assert last.next_run is None
    assert desk.ask(runs.delete_bill_run, planned.id).success
