"""Payment schedules through the SDK: every operation of theirs."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def api(client: Any) -> Any:
    return client.payment_schedules_api()


@pytest.fixture
def tomorrow(desk: Any) -> Any:
    return desk.clock.today() + timedelta(days=1)


@pytest.fixture
def monthly(account: Any, tomorrow: Any) -> dict[str, Any]:
    day = tomorrow.isoformat()
    return {"accountId": account.id, "period": "Monthly", "startDate": day, "occurrences": 3, "amount": 20}


def test_a_recurring_schedule_lives(
    desk: Any, ask: Any, api: Any, account: Any, monthly: dict[str, Any], tomorrow: Any
) -> None:
    made = ask(api.create_payment_schedule, desk.write("CreatePaymentScheduleRequest", **monthly))
    assert (made.status, made.total_amount, made.is_custom) == ("Active", 60, False)
    skipped = ask(api.skip_payment_schedule_item, made.items[0].id)
    assert skipped.status == "Canceled"
    change = {"amount": 25, "occurrences": 5}
    foretold = ask(
        api.update_payment_schedule_preview, made.id, desk.write("PreviewPaymentSchedule", **change)
    )
    changed = ask(api.update_payment_schedule, made.id, desk.write("UpdatePaymentScheduleRequest", **change))
    assert changed.total_amount == foretold.total_amount == 20 + 4 * 25
    assert ask(api.get_payment_schedule, made.id, next_pending_items=1).items[0].status == "Pending"
    cancel = desk.write("CancelPaymentSchedule", cancelDate=tomorrow.isoformat())
    assert ask(api.cancel_payment_schedule, made.id, cancel).status == "Canceled"
    (listed,) = ask(api.get_payment_schedules, account_id=account.id)
    assert listed.id == made.id
    ask(api.delete_payment_schedule, made.id)


def test_items_of_a_custom_schedule_are_added_changed_retried_and_deleted(
    desk: Any, ask: Any, api: Any, account: Any, tomorrow: Any
) -> None:
    item = {"amount": 9, "scheduledDate": tomorrow.isoformat()}
    wanted = desk.write("CreatePaymentScheduleRequest", accountId=account.id, items=[item])
    made = ask(api.create_payment_schedule, wanted)
    more = desk.write("CreatePaymentScheduleItemsRequest", items=[item, item])
    items = ask(api.add_items_to_custom_payment_schedule, made.id, more).items
    change = desk.write("UpdatePaymentScheduleItemRequest", amount=11, runHour=3)
    assert ask(api.update_payment_schedule_item, items[0].id, change).amount == 11
    assert ask(api.cancel_payment_schedule_item, items[1].id).status == "Canceled"
    retry = desk.write("RetryPaymentScheduleItemRequest", items=[{"id": items[0].id}])
    (tried,) = ask(api.retry_payment_schedule_item, retry).items
    assert tried.status == "Error"
    assert ask(api.get_payment_schedule_item, items[0].id).error_message
    ask(api.delete_payment_schedule_item, items[0].id)


def test_schedules_are_made_at_once_and_counted(
    desk: Any, ask: Any, api: Any, monthly: dict[str, Any], tomorrow: Any
) -> None:
    request = desk.write("CreatePaymentSchedulesRequest", paymentSchedules=[monthly, monthly])
    before = ask(api.get_payment_schedule_statistic, tomorrow.isoformat())
    assert len(ask(api.create_payment_schedules, request).payment_schedules) == 2
    counted = ask(api.get_payment_schedule_statistic, tomorrow.isoformat()).payment_schedule_items
    assert counted.pending == before.payment_schedule_items.pending + 2


def test_a_schedule_pays_several_documents(
    desk: Any, ask: Any, api: Any, account: Any, tomorrow: Any
) -> None:
    invoices = [desk.invoice(account) for _ in range(2)]
    schedule = desk.write(
        "CreatePaymentScheduleRequest",
        accountId=account.id,
        items=[{"amount": 150, "scheduledDate": tomorrow.isoformat()}],
        billingDocuments=[{"type": "Invoice", "id": one.id} for one in invoices],
    )
    assert ask(api.create_payment_schedule, schedule).billing_document.id == invoices[0].id
