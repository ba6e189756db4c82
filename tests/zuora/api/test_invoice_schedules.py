"""Invoice schedules over the API: made, processed on their days or on demand, paused and deleted."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import subscribed
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Invoices, Run
    from tests.zuora.conftest import Caller, Order

SCHEDULES = "/v1/invoice-schedules"
ITEMS = [
    {"percentage": 50, "runDate": "2026-02-01", "name": "Half"},
    {"percentage": 50, "runDate": "2026-03-01"},
]

CANCEL = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-06-01"}


@pytest.fixture
def make(client: Client, account: str, subscription: str) -> "Callable[..., dict[str, Any]]":
    """Makes a schedule of the order of the subscription, which costs 3480."""
    order = client.get(f"/v1/subscriptions/{subscription}")["orderNumber"]

    def made(**more: object) -> dict[str, Any]:
        body = {"accountKey": account, "orders": [order], "scheduleItems": ITEMS, **more}
        return client.post(SCHEDULES, body)

    return made


@pytest.fixture
def schedule(make: "Callable[..., dict[str, Any]]") -> dict[str, Any]:
    """A schedule of two halves."""
    return make()


def test_a_schedule_is_made_and_shown(
    client: Client, make: "Callable[..., dict[str, Any]]", subscription: str
) -> None:
    order = client.get(f"/v1/subscriptions/{subscription}")["orderNumber"]
    named = [{"orderKey": order, "subscriptionKey": subscription}]
    schedule = make(notes="Milestones", invoiceSeparately=True, specificSubscriptions=named)
    assert client.get(f"{SCHEDULES}/{schedule['number']}") == schedule
    assert (schedule["number"], schedule["status"]) == ("IS-00000001", "Pending")
    assert (schedule["totalAmount"], schedule["billedAmount"]) == (3480, 0)
    assert (schedule["nextRunDate"], schedule["notes"]) == ("2026-02-01", "Milestones")
    assert [(one["amount"], one["status"]) for one in schedule["scheduleItems"]] == [
        (1740, "Pending"),
        (1740, "Pending"),
    ]


@pytest.mark.usefixtures("schedule")
def test_a_bill_run_leaves_scheduled_charges_alone(client: Client, account: str, run_for: "Run") -> None:
    run_for(client, account, "2026-06-01")
    assert client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"] == []


def test_items_are_processed_on_their_days(
    call: "Caller", client: Client, account: str, schedule: dict[str, Any], invoices: "Invoices"
) -> None:
    client.advance("P1M")
    shown = client.get(f"{SCHEDULES}/{schedule['id']}")
    assert (shown["status"], shown["nextRunDate"]) == ("PartiallyProcessed", "2026-03-01")
    assert shown["unbilledAmount"] == 1740
    (invoice,) = invoices(client, account)
    assert (invoice["id"], invoice["invoiceDate"]) == (shown["scheduleItems"][0]["invoiceId"], "2026-02-01")
    client.advance("P1M")
    shown = client.get(f"{SCHEDULES}/{schedule['id']}")
    assert (shown["status"], shown["nextRunDate"]) == ("FullyProcessed", None)
    items = [item for one in call.tenant.world.invoices.latest() for item in one.items if item.amount == 1740]
    assert {(str(item.start), str(item.end)) for item in items} == {
        ("2026-01-01", "2026-06-30"),
        ("2026-07-01", "2026-12-31"),
    }


def test_an_item_is_executed_at_once(
    client: Client, account: str, schedule: dict[str, Any], run_for: "Run", subscription: str
) -> None:
    first, second = (item["id"] for item in schedule["scheduleItems"])
    path = f"{SCHEDULES}/{schedule['number']}"
    with pytest.raises(RefusedError, match="should be the earliest pending item"):
        client.post(f"{path}/execute", {"scheduleItemId": second})
    run = client.post(f"{path}/execute", {"scheduleItemId": first})
    assert (run["status"], run["invoiceDate"]) == ("Completed", "2026-02-01")
    with pytest.raises(RefusedError, match="is PartiallyProcessed: it cannot be deleted"):
        client.delete(path)
    client.post(f"{path}/execute", {})
    with pytest.raises(RefusedError, match="is fully processed"):
        client.post(f"{path}/execute", {})
    charge = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]["ratePlanCharges"][0]
    assert charge["chargedThroughDate"] == "2027-01-01"
    run_for(client, account, "2026-12-31")
    assert len(client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]) == 2


def test_an_item_whose_bill_run_is_cancelled_is_pending_again(
    client: Client, account: str, schedule: dict[str, Any], run_for: "Run"
) -> None:
    path = f"{SCHEDULES}/{schedule['number']}"
    client.post(f"{path}/execute", {})
    last = client.post(f"{path}/execute", {})
    client.put(f"/v1/bill-runs/{last['id']}/cancel", {})
    shown = client.get(path)
    assert (shown["status"], shown["billedAmount"]) == ("PartiallyProcessed", 1740)
    run_for(client, account, "2026-12-31")
    assert client.post(f"{path}/execute", {})["status"] == "Completed"
    assert client.get(path)["billedAmount"] == 3480
    kept = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    assert sum(one["amount"] for one in kept if one["status"] == "Draft") == 3480


def test_a_date_that_was_not_known_is_set_later(
    client: Client, make: "Callable[..., dict[str, Any]]"
) -> None:
    """Source: Zuora, invoice schedules for orders with discounts: run dates to align with milestones."""
    schedule = make(scheduleItems=[{"amount": "1000", "runDate": "2026-02-01"}, {"amount": "2480"}])
    path, (first, later) = f"{SCHEDULES}/{schedule['id']}", schedule["scheduleItems"]
    client.advance("P6M")
    assert client.get(path)["billedAmount"] == 1000
    items = [{"id": first["id"]}, {"id": later["id"], "runDate": "2026-08-01", "name": "Go live"}]
    changed = client.put(path, {"scheduleItems": items, "notes": "Known", "invoiceSeparately": True})
    assert (changed["nextRunDate"], changed["notes"]) == ("2026-08-01", "Known")
    assert changed["scheduleItems"][1]["name"] == "Go live"
    assert client.put(path, {})["notes"] == "Known"
    client.advance("P1M")
    assert client.get(path)["billedAmount"] == Decimal(3480)
    with pytest.raises(RefusedError, match="is processed and cannot change"):
        client.put(path, {"scheduleItems": [{"amount": "3480"}]})


def test_amounts_and_dates_of_pending_items_change(
    client: Client, make: "Callable[..., dict[str, Any]]"
) -> None:
    """Source: Zuora, update invoice schedules through the REST API."""
    amounts = {"2026-02-01": 2680, "2026-03-01": 500, "2026-07-15": 300}
    schedule = make(scheduleItems=[{"amount": amounts[day], "runDate": day} for day in amounts])
    path = f"{SCHEDULES}/{schedule['id']}"
    client.post(f"{path}/execute", {})
    first, second, third = (one["id"] for one in schedule["scheduleItems"])
    changed = client.put(
        path,
        {
            "orders": schedule["orders"],
            "scheduleItems": [
                {"id": first, "amount": 2680, "runDate": "2026-02-01"},
                {"id": second, "amount": 600, "runDate": "2026-06-01"},
                {"id": third, "amount": 200, "runDate": "2026-09-16"},
            ],
        },
    )
    assert [(one["id"], one["amount"], one["runDate"]) for one in changed["scheduleItems"]] == [
        (first, 2680, "2026-02-01"),
        (second, 600, "2026-06-01"),
        (third, 200, "2026-09-16"),
    ]
    assert changed["nextRunDate"] == "2026-06-01"
    items = [{"id": first}, {"amount": 700, "runDate": "2026-06-01"}, {"id": third, "amount": 100}]
    with pytest.raises(RefusedError, match="has no item 'None of them'"):
        client.put(path, {"scheduleItems": [*items, {"id": "None of them"}]})
    changed = client.put(path, {"scheduleItems": items, "nextRunDate": "2026-05-01"})
    assert [one["amount"] for one in changed["scheduleItems"]] == [2680, 700, 100]
    assert changed["scheduleItems"][1]["id"] not in {first, second, third}
    assert changed["nextRunDate"] == "2026-05-01"
    for _ in range(2):
        client.post(f"{path}/execute", {})
    assert client.put(path, {"nextRunDate": "2026-12-01"})["nextRunDate"] is None


def test_a_schedule_that_has_not_begun_takes_another_order(
    client: Client,
    make: "Callable[..., dict[str, Any]]",
    order: "Order",
    creation: dict[str, Any],
) -> None:
    """Source: Zuora, update invoice schedules by adding subscription charges."""
    schedule = make(scheduleItems=[{"amount": 3000}, {"amount": 480}])
    path = f"{SCHEDULES}/{schedule['id']}"
    more = order("CreateSubscription", "2026-01-01", createSubscription=creation)["orderNumber"]
    orders = [*schedule["orders"], more]
    first, second = (one["id"] for one in schedule["scheduleItems"])
    items = [{"id": first, "amount": 3000}, {"id": second, "amount": 3960}]
    changed = client.put(path, {"orders": orders, "scheduleItems": items})
    assert (changed["totalAmount"], changed["orders"]) == (6960, orders)
    client.post(f"{path}/execute", {})
    with pytest.raises(RefusedError, match="has begun: its orders cannot change"):
        client.put(path, {"orders": schedule["orders"]})
    client.post(f"{path}/execute", {})
    assert client.get(path)["billedAmount"] == 6960


def test_a_new_price_changes_the_last_item_when_it_is_billed(
    client: Client, make: "Callable[..., dict[str, Any]]", order: "Order", subscription: str
) -> None:
    """Source: Zuora, update invoice schedules by changing charge prices."""
    path = f"{SCHEDULES}/{make(scheduleItems=[{'amount': 3000}, {'amount': 480}])['id']}"
    plan = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]
    seats = {"chargeNumber": plan["ratePlanCharges"][0]["number"]}
    eleven = {**seats, "pricing": {"recurringPerUnit": {"quantity": 11}}}
    update = {"ratePlanId": plan["id"], "chargeUpdates": [eleven]}
    order("UpdateProduct", "2026-01-01", subscription, updateProduct=update)
    client.post(f"{path}/execute", {})
    assert [one["amount"] for one in client.get(path)["scheduleItems"]] == [3000, 828]
    client.post(f"{path}/execute", {})
    assert client.get(path)["billedAmount"] == 3828


def test_a_removal_gives_back_what_a_schedule_has_billed_too_much(
    client: Client,
    make: "Callable[..., dict[str, Any]]",
    order: "Order",
    subscription: str,
) -> None:
    """Ten months are billed when nine are left. Source: Zuora, perform bill subscriptions early."""
    items = [{"amount": 2900, "runDate": "2026-01-01"}, {"amount": 580, "runDate": "2026-11-01"}]
    path = f"{SCHEDULES}/{make(scheduleItems=items)['id']}"
    client.advance("P1D")
    plan = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]
    order("RemoveProduct", "2026-10-01", subscription, removeProduct={"ratePlanId": plan["id"]})
    assert client.get(path)["nextRunDate"] == "2026-10-01"
    client.advance("P10M")
    shown = client.get(path)
    first, second = shown["scheduleItems"]
    assert (shown["status"], first["creditMemoId"], second["invoiceId"]) == ("FullyProcessed", None, None)
    memo = client.get(f"/v1/credit-memos/{second['creditMemoId']}")
    assert (memo["amount"], memo["creditMemoDate"]) == (290, "2026-10-01")
    (item,) = client.get(f"/v1/credit-memos/{memo['id']}/items")["items"]
    assert (item["serviceStartDate"], item["serviceEndDate"]) == ("2026-10-01", "2026-10-31")


def test_an_order_that_cuts_nothing_moves_no_item(
    client: Client, make: "Callable[..., dict[str, Any]]", order: "Order", subscription: str
) -> None:
    path = f"{SCHEDULES}/{make()['id']}"
    client.advance("P1M")
    order("RenewSubscription", "2027-01-01", subscription, renewSubscription={})
    assert client.get(path)["nextRunDate"] == "2026-03-01"
    order("CancelSubscription", "2026-06-01", subscription, cancelSubscription=CANCEL)
    assert client.get(path)["nextRunDate"] == "2026-03-01"


def test_a_paused_schedule_waits(client: Client, schedule: dict[str, Any]) -> None:
    path = f"{SCHEDULES}/{schedule['id']}"
    assert client.put(f"{path}/pause", {})["status"] == "Paused"
    client.advance("P1M")
    assert client.get(path)["billedAmount"] == 0
    assert client.put(f"{path}/resume", {})["status"] == "Pending"
    client.advance("P1D")
    assert client.get(path)["billedAmount"] == 1740


def test_a_deleted_schedule_leaves_its_charges_to_bill_runs(
    client: Client, account: str, schedule: dict[str, Any], run_for: "Run"
) -> None:
    path = f"{SCHEDULES}/{schedule['id']}"
    assert client.delete(path)["success"]
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        client.get(path)
    run_for(client, account, "2026-01-01")
    (invoice,) = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    assert invoice["amount"] == 3480


def test_what_is_scheduled_is_not_scheduled_again(
    make: "Callable[..., dict[str, Any]]", schedule: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError, match=f"order {schedule['orders'][0]} has no unbilled charge"):
        make()


def test_a_subscription_that_is_not_named_is_left_out(make: "Callable[..., dict[str, Any]]") -> None:
    other = [{"orderKey": "O-1", "subscriptionKey": "A-S9"}]
    with pytest.raises(RefusedError, match="has no unbilled charge"):
        make(specificSubscriptions=other)


def test_an_order_of_another_account_cannot_be_scheduled(
    client: Client, make: "Callable[..., dict[str, Any]]"
) -> None:
    contact = {"firstName": "Ada", "lastName": "Tanaka", "country": "USA"}
    body = {"name": "Other", "currency": "USD", "billCycleDay": 1, "billToContact": contact}
    other = client.post("/v1/accounts", body)["accountNumber"]
    with pytest.raises(RefusedError, match="is not invoiced to the account"):
        make(accountKey=other)


def test_detached_charges_are_billed_by_bill_runs(
    client: Client,
    account: str,
    make: "Callable[..., dict[str, Any]]",
    subscription: str,
    run_for: "Run",
    invoices: "Invoices",
) -> None:
    """Source: Zuora, detach charges from an invoice schedule; generation of a credit memo."""
    order = client.get(f"/v1/subscriptions/{subscription}")["orderNumber"]
    path = f"{SCHEDULES}/{make()['id']}"
    named = {"specificSubscriptions": [{"orderKey": order, "subscriptionKey": subscription}]}
    with pytest.raises(RefusedError, match="has processed nothing yet: nothing can be detached"):
        client.put(f"{path}/detach", named)
    client.post(f"{path}/execute", {})
    with pytest.raises(RefusedError, match="is not detached from the invoice schedule"):
        client.put(f"{path}/attach", named)
    assert client.put(f"{path}/detach", named) == {"success": True}
    assert client.put(f"{path}/attach", named) == {"success": True}
    run_for(client, account, "2026-01-01")
    assert [one["amount"] for one in invoices(client, account)] == [1740]
    client.put(f"{path}/detach", named)
    client.post(f"{path}/execute", {})
    assert [one["amount"] for one in invoices(client, account)] == [1740]
    assert client.get(path)["status"] == "FullyProcessed"
    for verb in ("attach", "detach"):
        client.put(f"{path}/{verb}", named)
    run_for(client, account, "2026-07-01")
    latest, _ = invoices(client, account)
    assert latest["amount"] == Decimal(1740)
    with pytest.raises(RefusedError, match="was billed since it was detached, through 2027-01-01"):
        client.put(f"{path}/attach", named)


def test_charges_that_a_schedule_does_not_have_are_not_detached(
    client: Client,
    schedule: dict[str, Any],
    subscription: str,
    order: "Order",
    creation: dict[str, Any],
) -> None:
    path = f"{SCHEDULES}/{schedule['id']}/detach"
    client.post(f"{SCHEDULES}/{schedule['id']}/execute", {})
    mine = client.get(f"/v1/subscriptions/{subscription}")["orderNumber"]
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    other = subscribed(made)
    for one, missing in (
        ({"orderKey": mine, "subscriptionKey": other}, other),
        ({"orderKey": made["orderNumber"], "subscriptionKey": subscription}, subscription),
        ({"orderKey": mine, "subscriptionKey": subscription, "chargeNumbers": ["C-x"]}, "C-x"),
    ):
        with pytest.raises(RefusedError, match=f"Cannot find entity by key: '{missing}'"):
            client.put(path, {"specificSubscriptions": [one]})


def test_an_item_whose_bill_run_is_cancelled_after_a_later_one_is_pending_again(
    client: Client,
    make: "Callable[..., dict[str, Any]]",
    order: "Order",
    creation: dict[str, Any],
    subscription: str,
) -> None:
    """The later item bills another subscription."""
    first = client.get(f"/v1/subscriptions/{subscription}")["orderNumber"]
    second = order("CreateSubscription", "2026-07-01", createSubscription=creation)["orderNumber"]
    path = f"{SCHEDULES}/{make(orders=[first, second])['number']}"
    run, _ = client.post(f"{path}/execute", {}), client.post(f"{path}/execute", {})
    client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    shown = client.get(path)
    assert (shown["status"], shown["billedAmount"], shown["nextRunDate"]) == (
        "PartiallyProcessed",
        3480,
        "2026-02-01",
    )
    client.post(f"{path}/execute", {})
    assert (client.get(path)["status"], client.get(path)["billedAmount"]) == ("FullyProcessed", 6960)


def test_an_item_of_charges_that_were_billed_further_stays(
    client: Client, schedule: dict[str, Any], invoices: "Invoices", account: str
) -> None:
    path = f"{SCHEDULES}/{schedule['number']}"
    run, _ = client.post(f"{path}/execute", {}), client.post(f"{path}/execute", {})
    with pytest.raises(RefusedError, match="cancel what billed it last first"):
        client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    assert client.get(path)["status"] == "FullyProcessed"
    assert [one["status"] for one in invoices(client, account)] == ["Draft", "Draft"]
