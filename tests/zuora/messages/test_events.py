"""Events: which are raised by what a client does and by what time does, in which order."""

from typing import TYPE_CHECKING, Any

from tests.zuora.conftest import subscribed
from tests.zuora.receiving import ACCOUNT, definition

if TYPE_CHECKING:
    from tests.zuora.conftest import Order
    from toolkit.zuora.client import Client
    from toolkit.zuora.tenant import Tenant

URL = "https://receiver.invalid"
PATH = "/notifications/notification-definitions"


def listen(client: "Client", *events: str, **more: Any) -> None:  # noqa: ANN401
    for event in events:
        client.post(PATH, definition(URL, event) | more)


def said(client: "Client") -> list[str]:
    return [row["event"] for row in client.get("/__toolkit/callouts")["callouts"]]


def contents(client: "Client") -> list[dict[str, str]]:
    return [row["content"] for row in client.get("/__toolkit/callouts")["callouts"]]


def test_an_order_raises_what_it_brings_about(
    client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    listen(client, "InvoicePosted", "OrderProcessed", "OrderActionProcessed", "SubscriptionCreated")
    options = {"runBilling": True, "billingOptions": {"targetDate": "2026-01-01"}}
    placed = order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    assert said(client) == ["SubscriptionCreated", "OrderProcessed", "OrderActionProcessed", "InvoicePosted"]
    processed, action = contents(client)[1:3]
    assert (processed["OrderNumber"], processed["OrderStatus"]) == (placed["orderNumber"], "Completed")
    assert (action["OrderActionType"], action["OrderNumber"]) == ("CreateSubscription", placed["orderNumber"])
    assert action["SubscriptionNumber"] == subscribed(placed)


def test_nobody_is_told_what_was_not_asked_for(
    client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    listen(client, "OrderProcessed")
    listen(client, "SubscriptionCreated", active=False)
    listen(client, "InvoicePosted", calloutActive=False)
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    assert said(client) == ["OrderProcessed"]


def test_without_a_notification_nothing_is_noted(
    order: "Order", creation: dict[str, Any], tenant: "Tenant"
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    assert (tenant.world.changed, len(tenant.world.callouts.rows)) == ((), 0)


def test_a_subscription_is_updated_and_cancelled(
    client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    placed = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    number = subscribed(placed)
    listen(client, "SubscriptionUpdated", "SubscriptionCancelled", "SubscriptionCreated")
    client.put(f"/v1/subscriptions/{number}/customFields", {"Channel__c": "web"})
    assert said(client) == []
    cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-03-01"}
    order("CancelSubscription", "2026-01-15", number, cancelSubscription=cancel)
    assert said(client) == ["SubscriptionUpdated", "SubscriptionCancelled"]


def test_time_raises_events_at_the_moments_at_which_they_happen(
    client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    creation["terms"]["autoRenew"] = True
    placed = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    number = subscribed(placed)
    listen(client, "OrderActionProcessed", "SubscriptionUpdated")
    client.advance("P2Y1D")
    every = client.get("/__toolkit/callouts", event="OrderActionProcessed")["callouts"]
    assert [row["created"] for row in every] == sorted(row["created"] for row in every)
    rows = [row for row in every if row["content"]["SubscriptionNumber"] == number]
    assert [(row["created"][:10], row["content"]["OrderActionType"]) for row in rows] == [
        ("2027-01-01", "RenewSubscription"),
        ("2028-01-01", "RenewSubscription"),
    ]
    assert said(client).count("SubscriptionUpdated") == len(every)


def test_an_account_is_created_updated_and_deleted(client: "Client") -> None:
    trigger = {
        "active": True,
        "baseObject": "Account",
        "condition": "changeType == 'DELETE' && Account.Name == 'Acme'",
        "eventType": {"name": "AccountGone", "displayName": "Gone"},
    }
    client.post("/events/event-triggers", trigger)
    listen(client, "AccountCreated", "AccountUpdated", "AccountGone")
    account = client.post("/v1/accounts", ACCOUNT)
    client.put(f"/v1/accounts/{account['accountNumber']}", {"notes": "loyal"})
    client.put(f"/v1/accounts/{account['accountNumber']}", {"notes": "loyal"})
    assert said(client) == ["AccountCreated", "AccountUpdated"]
    assert contents(client)[0]["AccountNumber"] == account["accountNumber"]


def test_a_filter_rule_lets_through_what_fulfils_it(client: "Client") -> None:
    condition = "Account.Batch == _BATCH && BillToContact.FirstName != 'Eve'"
    rule = {"condition": condition, "parameters": {"_BATCH": {}}}
    listen(client, "AccountCreated", filterRule=rule, filterRuleParams={"_BATCH": "Batch2"})
    client.post("/v1/accounts", {**ACCOUNT, "batch": "Batch1"})
    client.post("/v1/accounts", {**ACCOUNT, "batch": "Batch2"})
    assert len(said(client)) == 1


def test_an_event_of_the_tenants_own_that_sleeps_is_not_raised(client: "Client") -> None:
    trigger = {
        "active": False,
        "baseObject": "Account",
        "condition": "changeType == 'INSERT'",
        "eventType": {"name": "OrderProcessed", "displayName": "Not Zuora's"},
    }
    made = client.post("/events/event-triggers", trigger)
    listen(client, "OrderProcessed")
    client.post("/v1/accounts", ACCOUNT)
    assert said(client) == []
    client.put(f"/events/event-triggers/{made['id']}", {"active": True})
    client.post("/v1/accounts", ACCOUNT)
    assert said(client) == ["OrderProcessed"]


def test_notifications_of_one_event_call_in_the_order_in_which_they_were_made(client: "Client") -> None:
    for name in ("Zoe", "Adam"):
        listen(client, "AccountCreated", name=name)
        client.advance("PT1S")
    client.post("/v1/accounts", ACCOUNT)
    rows = client.get("/__toolkit/callouts")["callouts"]
    assert [row["notification"] for row in rows] == ["Zoe", "Adam"]
