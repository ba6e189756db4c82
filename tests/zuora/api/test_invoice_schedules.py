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
    path, later = f"{SCHEDULES}/{schedule['id']}", schedule["scheduleItems"][1]
    client.advance("P6M")
    assert client.get(path)["billedAmount"] == 1000
    change = {"id": later["id"], "runDate": "2026-08-01", "name": "Go live"}
    changed = client.put(path, {"scheduleItems": [change], "notes": "Known", "invoiceSeparately": True})
    assert (changed["nextRunDate"], changed["notes"]) == ("2026-08-01", "Known")
    assert changed["scheduleItems"][1]["name"] == "Go live"
    assert client.put(path, {})["notes"] == "Known"
    client.advance("P1M")
    assert client.get(path)["billedAmount"] == Decimal(3480)
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        client.put(path, {"scheduleItems": [change]})


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
