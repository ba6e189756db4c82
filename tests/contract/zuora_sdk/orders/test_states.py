"""Orders that wait, change, go back or work in the background, through the SDK."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture(scope="module")
def account(desk: Any) -> Any:
    return desk.open_account("Merlin Mills")


@pytest.fixture
def api(client: Any) -> Any:
    return client.orders_api()


@pytest.fixture
def wanted(desk: Any, account: Any, plan: Any) -> Any:
    """An order for four seats from today."""
    return desk.purchase(account, desk.clock.today(), plan, 4)


@pytest.fixture
def bought(desk: Any, wanted: Any) -> Any:
    return desk.subscription(desk.place(wanted).subscriptions[0].subscription_number)


def drafted(desk: Any, wanted: Any) -> str:
    wanted.status = "Draft"
    return str(desk.place(wanted).order_number)


def renewal(desk: Any, account: Any, subscription: Any) -> Any:
    action = desk.sdk.OrderActionRenewSubscription()
    number, today = subscription.subscription_number, desk.clock.today()
    return desk.request(account, today, "RenewSubscription", number, renew_subscription=action)


def test_a_draft_is_written_anew_and_activated(desk: Any, ask: Any, api: Any, wanted: Any) -> None:
    number = drafted(desk, wanted)
    better = {**wanted.to_dict(), "description": "Better"}
    ask(api.update_order, number, desk.write("UpdateOrderRequest", **better))
    assert ask(api.get_order, number).order.description == "Better"
    assert ask(api.activate_order, number).status == "Completed"


def test_a_draft_is_cancelled_and_deleted(desk: Any, ask: Any, api: Any, wanted: Any) -> None:
    number = drafted(desk, wanted)
    request = desk.sdk.CancelOrderRequest(cancel_reason="Second thoughts")
    assert ask(api.cancel_order, number, body=request).cancel_reason == "Second thoughts"
    ask(api.delete_order, number)


def test_an_order_is_reverted(desk: Any, ask: Any, api: Any, account: Any, bought: Any) -> None:
    renewed = desk.place(renewal(desk, account, bought)).order_number
    assert desk.subscription(bought.subscription_number).version == 2
    back = ask(api.revert_order, renewed, desk.sdk.RevertOrderRequest(order_date=desk.clock.today()))
    assert desk.subscription(bought.subscription_number).term_end_date == bought.term_end_date
    assert back.order_number != renewed


def test_orders_are_listed_by_whom_and_what_they_are_for(
    ask: Any, api: Any, account: Any, bought: Any
) -> None:
    number = bought.order_number
    for listed in (
        ask(api.get_orders, page_size=40),
        ask(api.get_orders_by_subscription_number, bought.subscription_number),
        ask(api.get_orders_by_subscription_owner, account.number, page_size=40),
        ask(api.get_orders_by_invoice_owner, account.number, page_size=40),
    ):
        assert number in {order.order_number for order in listed.orders}
    assert not ask(api.get_pending_orders_by_subscription_number, bought.subscription_number).orders


def test_an_order_tells_what_it_changes(ask: Any, api: Any, bought: Any, plan: Any) -> None:
    metrics = ask(api.get_order_delta_metrics_by_order_number, bought.order_number).order_delta_metrics
    assert [one.gross_amount for one in metrics.order_delta_tcb] == [4 * float(plan.price)]


def test_custom_fields_are_set_afterwards(desk: Any, ask: Any, api: Any, client: Any, bought: Any) -> None:
    fields = {"customFields": {"Region__c": "EMEA"}}
    ask(
        api.update_order_custom_fields,
        bought.order_number,
        desk.write("UpdateOrderCustomFieldsRequest", **fields),
    )
    number = bought.subscription_number
    ask(
        api.update_subscription_custom_fields,
        number,
        desk.write("UpdateSubscriptionCustomFieldsRequest", **fields),
    )
    version = desk.sdk.UpdateSubscriptionCustomFieldsOfASpecifiedVersionRequest.from_dict(fields)
    ask(
        client.subscriptions_api().update_subscription_custom_fields_of_a_specified_version,
        number,
        "1",
        version,
    )
    assert desk.subscription(number).additional_properties["Region__c"] == "EMEA"


def test_an_order_is_placed_in_the_background(desk: Any, ask: Any, api: Any, wanted: Any) -> None:
    """The SDK fails to read the job: what it says fits two of its models, so it is read as it comes."""
    body = wanted.to_dict()
    body["processingOptions"] = {}
    job = ask(api.create_order_asynchronously, desk.write("CreateOrderAsyncRequest", **body))
    http = api.api_client
    raw = http.call_api(
        "GET", f"{http.configuration.host}/v1/async-jobs/{job.job_id}", {**http.default_headers}
    )
    read = json.loads(raw.read())
    assert (read["status"], read["result"]["status"]) == ("Completed", "Completed")
    ask(api.get_order, read["result"]["orderNumber"])


def test_a_draft_is_deleted_in_the_background(desk: Any, ask: Any, api: Any, wanted: Any) -> None:
    assert ask(api.delete_order_asynchronously, drafted(desk, wanted)).job_id


def test_an_order_is_previewed_in_the_background(desk: Any, ask: Any, api: Any, wanted: Any) -> None:
    options = {
        "previewThruType": "SpecificDate",
        "specificPreviewThruDate": desk.clock.today(),
        "previewTypes": ["BillingDocs"],
    }
    body = {**wanted.to_dict(), "previewOptions": options}
    for surplus in ("category", "processingOptions"):
        body.pop(surplus, None)
    assert ask(api.preview_order_asynchronously, desk.write("PreviewOrderAsyncRequest", **body)).job_id


def test_a_ramp_is_shown_with_its_metrics(desk: Any, ask: Any, api: Any, client: Any, wanted: Any) -> None:
    today = desk.clock.today()
    turn = today + timedelta(days=100)
    halves = [
        {"name": "First", "startDate": today, "endDate": turn - timedelta(days=1)},
        {
            "name": "Second",
            "startDate": turn,
            "endDate": today.replace(year=today.year + 1) - timedelta(days=1),
        },
    ]
    body = wanted.to_dict()
    body["subscriptions"][0]["ramp"] = {"name": "Deal", "intervals": halves}
    order = ask(api.create_order, desk.write("CreateOrderRequest", **body))
    (made,) = order.ramps
    ramps = client.ramps_api()
    assert ask(ramps.get_ramp_by_number, made.ramp_number).ramp.name == "Deal"
    assert len(ask(ramps.get_ramps_by_subscription_key, made.subscription_number).ramps) == 1
    ask(ramps.get_ramp_metrics_by_number, made.ramp_number)
    ask(ramps.get_ramp_metrics_by_order_number, order.order_number)
    ask(ramps.get_ramp_metrics_by_subscription_key, made.subscription_number)


def test_an_order_sells_line_items(desk: Any, ask: Any, api: Any, client: Any, account: Any) -> None:
    item = {"itemName": "Router", "amountPerUnit": 19.99, "quantity": 2, "itemType": "Product"}
    request = desk.write(
        "CreateOrderRequest",
        orderDate=desk.clock.today(),
        existingAccountNumber=account.number,
        orderLineItems=[item],
    )
    (sold,) = ask(api.create_order, request).order_line_items
    items = client.order_line_items_api()
    change = desk.write(
        "UpdateOrderLineItemRequest", itemState="SentToBilling", billTargetDate=desk.clock.today()
    )
    more = {"id": sold.id, "description": "Of the kitchen"}
    several = desk.write("BulkUpdateOrderLineItemsRequest", orderLineItems=[more])
    assert ask(items.update_order_line_items, several).order_line_items[0].description == "Of the kitchen"
    ask(items.update_order_line_item, sold.id, change)
    assert ask(items.get_order_line_item, sold.id).order_line_item.item_state == "SentToBilling"
    again = desk.write(
        "BulkUpdateOrderLineItemsRequest",
        orderLineItems=[{"id": sold.id, "itemState": "SentToBilling"}],
        processingOptions={"runBilling": True},
    )
    (billed,) = ask(items.update_order_line_items, again).invoices
    assert ask(client.invoices_api().get_invoice, billed["invoiceId"]).amount == 39.98


def test_an_invoice_schedule_is_paused_resumed_executed_and_deleted(
    desk: Any, ask: Any, client: Any, account: Any, bought: Any
) -> None:
    today, api = desk.clock.today(), client.invoice_schedules_api()
    halves = [
        {"percentage": 50, "runDate": today + timedelta(days=30), "name": "Half"},
        {"percentage": 50, "runDate": today + timedelta(days=60)},
    ]
    wanted = {"accountKey": account.number, "orders": [bought.order_number], "scheduleItems": halves}
    made = ask(api.create_invoice_schedule, desk.write("CreateInvoiceScheduleRequest", **wanted))
    assert ask(api.get_invoice_schedule, made.number).status == "Pending"
    change = desk.write("UpdateInvoiceScheduleRequest", notes="Milestones")
    assert ask(api.update_invoice_schedule, made.id, change).notes == "Milestones"
    assert ask(api.pause_invoice_schedule, made.id).status == "Paused"
    assert ask(api.resume_invoice_schedule, made.id).status == "Pending"
    first = desk.write("ExecuteInvoiceScheduleRequest", scheduleItemId=made.schedule_items[0].id)
    ask(api.execute_invoice_schedule, made.id, first)
    assert ask(api.get_invoice_schedule, made.id).status == "PartiallyProcessed"
    named = {"orderKey": bought.order_number, "subscriptionKey": bought.subscription_number}
    for verb in ("Detach", "Attach"):
        request = desk.write(f"{verb}InvoiceScheduleRequest", specificSubscriptions=[named])
        ask(getattr(api, f"{verb.lower()}_invoice_schedule"), made.id, request)


def test_an_invoice_schedule_is_deleted(desk: Any, ask: Any, client: Any, account: Any, bought: Any) -> None:
    api = client.invoice_schedules_api()
    one = {"percentage": 100, "runDate": desk.clock.today() + timedelta(days=30)}
    wanted = {"accountKey": account.number, "orders": [bought.order_number], "scheduleItems": [one]}
    made = ask(api.create_invoice_schedule, desk.write("CreateInvoiceScheduleRequest", **wanted))
    ask(api.delete_invoice_schedule, made.id)
    with pytest.raises(desk.sdk.exceptions.ApiException, match=made.id):
        ask(api.get_invoice_schedule, made.id)


def test_change_logs_tell_what_an_order_has_changed(
    desk: Any, client: Any, ask: Any, account: Any, bought: Any
) -> None:
    logs = client.subscription_change_logs_api()
    number = bought.subscription_number
    placed = desk.place(renewal(desk, account, bought))
    (by_order,) = ask(logs.get_subscription_change_logs_by_order_number, placed.order_number).subscriptions
    by_version = ask(logs.get_subscription_change_logs_by_subscription_number_and_version, number, "2")
    latest, first = ask(logs.get_subscription_change_logs_by_subscription_number, number).subscriptions
    assert by_order.to_dict() == by_version.subscription.to_dict() == latest.to_dict()
    assert (first.version, latest.version) == ("1", "2")
    changes = {one.field_name: (one.old_value, one.new_value) for one in latest.fields}
    assert changes["termEndDate"] == (first.term_end_date, latest.term_end_date)


def test_an_order_is_previewed_for_an_account_that_does_not_exist(
    desk: Any, ask: Any, api: Any, wanted: Any, plan: Any
) -> None:
    day = desk.clock.today()
    options = {
        "previewThruType": "SpecificDate",
        "specificPreviewThruDate": day,
        "previewTypes": ["BillingDocs", "ChargeMetrics", "OrderMetrics", "OrderDeltaMetrics"],
    }
    body = {**wanted.to_dict(), "previewOptions": options}
    del body["existingAccountNumber"]
    stranger = {"billCycleDay": day.day, "currency": "USD", "soldToContact": {"country": "USA"}}
    request = desk.write("PreviewOrderRequest", **body, previewAccountInfo=stranger)
    result = ask(api.preview_order, request).preview_result
    (invoice,) = result.invoices
    assert Decimal(str(invoice.amount)) == 4 * plan.price
    (charge,) = result.charge_metrics[0].charges
    assert charge.tcb.regular == charge.tcb.regular_delta > 0 == charge.tcb.discount
    (metrics,) = result.order_metrics[0].order_actions[0].order_metrics
    assert [one.type for one in metrics.mrr] == ["Regular"]


def test_dates_that_an_order_waits_for_are_given(
    desk: Any, ask: Any, api: Any, wire: Any, wanted: Any
) -> None:
    """Of a tenant that asks for them."""
    path, keys = "/settings/subscription-settings", {"apiAccessKeyId": "key", "apiSecretAccessKey": "secret"}
    required = {"implementationPeriod": True}
    before = wire("GET", path, **keys)
    wire("PUT", path, required, **keys)
    (action,) = wanted.subscriptions[0].order_actions
    action.trigger_dates = [one for one in action.trigger_dates if one.name != "ServiceActivation"]
    order = desk.place(wanted)
    assert order.subscriptions[0].status == "Pending Activation"
    dates = [{"name": "ServiceActivation", "triggerDate": desk.clock.today()}]
    given = {"orderActions": [{"sequence": 0, "triggerDates": dates}]}
    given["subscriptionNumber"] = order.subscriptions[0].subscription_number
    request = desk.write("UpdateOrderTriggerDatesRequest", subscriptions=[given])
    done = ask(api.update_order_trigger_dates, order.order_number, request)
    wire("PUT", path, before, **keys)
    assert (done.status, done.subscriptions[0].status) == ("Completed", "Active")
