"""Reminders: what is said of renewals to come, invoices that fall due and cards that expire, and when."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import subscribed
from tests.zuora.messages.test_events import listen
from toolkit.zuora import agenda
from toolkit.zuora.messages.reminders import wanted

if TYPE_CHECKING:
    from tests.zuora.conftest import Order
    from toolkit.zuora.client import Client
    from toolkit.zuora.tenant import Tenant

CARD = {"type": "CreditCard", "cardType": "Visa", "cardNumber": "4242424242424242"}


def told(client: "Client", event: str, account: str) -> list[tuple[str, dict[str, str]]]:
    """Return the day and the content of each callout about an account's event."""
    rows = client.get("/__toolkit/callouts", event=event)["callouts"]
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    return [(row["created"], row["content"]) for row in rows if row["accountId"] == key]


@pytest.fixture
def renewing(order: "Order", creation: dict[str, Any]) -> str:
    """A subscription that renews itself on 2027-01-01 for a year."""
    creation["terms"]["autoRenew"] = True
    placed = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    return subscribed(placed)


def test_a_renewal_is_announced_thirty_days_before_each_time(
    client: "Client", account: str, renewing: str
) -> None:
    """Source: Zuora, standard events for Billing."""
    listen(client, "UpcomingRenewal", "OrderActionProcessed")
    client.advance("P2Y")
    said = told(client, "UpcomingRenewal", account)
    assert [when for when, _ in said] == ["2026-12-02T00:00:00-08:00", "2027-12-02T00:00:00-08:00"]
    assert {content["SubscriptionNumber"] for _, content in said} == {renewing}
    events = [row["event"] for row in client.get("/__toolkit/callouts")["callouts"]]
    assert events.index("UpcomingRenewal") < events.index("OrderActionProcessed")


@pytest.mark.usefixtures("renewing")
def test_many_small_steps_announce_what_one_does(client: "Client", tenant: "Tenant", account: str) -> None:
    listen(client, "UpcomingRenewal", "InvoiceDue")
    other = tenant.fork()
    tenant.advance_to(agenda.begin(tenant.world, date(2027, 1, 3)).now)
    for day in (1, 2, 3):
        other.advance_to(agenda.begin(other.world, date(2026, 12, day)).now)
        other.advance_to(other.world.now)
    other.advance_to(tenant.world.now)
    assert [one.created for one in other.world.callouts.latest()] == [
        one.created for one in tenant.world.callouts.latest()
    ]
    assert len(told(client, "UpcomingRenewal", account)) == 1


def test_an_invoice_falls_due_unless_it_is_paid(
    client: "Client", account: str, order: "Order", creation: dict[str, Any]
) -> None:
    listen(client, "InvoiceDue")
    client.put(f"/v1/accounts/{account}", {"paymentTerm": "Net 30"})
    for _ in range(2):
        options = {"runBilling": True, "billingOptions": {"targetDate": "2026-01-01"}}
        order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    paid, open_ = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    part = {"invoiceId": paid["id"], "amount": paid["amount"]}
    payment = {"type": "External", "paymentMethodType": "Check", "accountNumber": account, "currency": "USD"}
    client.post("/v1/payments", {**payment, "amount": paid["amount"], "invoices": [part]})
    client.advance("P3M")
    ((when, content),) = told(client, "InvoiceDue", account)
    assert (when, content["InvoiceNumber"]) == ("2026-01-31T00:00:00-08:00", open_["invoiceNumber"])


def test_a_card_expires_and_one_that_never_does_is_no_news(client: "Client", account: str) -> None:
    listen(client, "PaymentMethodExpiration")
    for year, month in ((2026, 3), (9999, 12)):
        client.post(
            "/v1/payment-methods",
            {**CARD, "accountKey": account, "expirationYear": year, "expirationMonth": month},
        )
    client.post("/v1/payment-methods", {"type": "Check", "accountKey": account})
    client.advance("P1Y")
    assert [when for when, _ in told(client, "PaymentMethodExpiration", account)] == [
        "2026-03-02T00:00:00-08:00"
    ]


def test_only_for_who_listens_a_day_is_work(client: "Client", tenant: "Tenant") -> None:
    listen(client, "InvoiceDue", calloutActive=False)
    listen(client, "OrderProcessed")
    assert not wanted(tenant.world)
    before = agenda.next_due(tenant.world)
    listen(client, "InvoiceDue", name="Due")
    assert wanted(tenant.world)
    morning = agenda.next_due(tenant.world)
    assert morning is not None
    assert morning.isoformat() == "2026-01-02T00:00:00-08:00"
    assert before is None or before > morning


def test_an_amendment_is_processed_with_each_change_of_a_subscription(
    client: "Client", order: "Order", renewing: str
) -> None:
    """Source: Zuora, standard events for Billing; that orders raise it, too, is an assumption."""
    listen(client, "AmendmentProcessed")
    terms = {"autoRenew": False}
    order("TermsAndConditions", "2026-02-01", renewing, termsAndConditions=terms)
    (row,) = client.get("/__toolkit/callouts")["callouts"]
    assert (row["content"]["AmendmentStatus"], row["content"]["SubscriptionNumber"]) == (
        "Completed",
        renewing,
    )


def test_an_amendment_that_goes_with_its_subscription_is_told_without_it(
    client: "Client", order: "Order", renewing: str
) -> None:
    trigger = {
        "active": True,
        "baseObject": "Amendment",
        "condition": "changeType == 'DELETE'",
        "eventType": {"name": "AmendmentGone", "displayName": "Gone"},
    }
    client.post("/events/event-triggers", trigger)
    listen(client, "AmendmentGone")
    order("TermsAndConditions", "2026-02-01", renewing, termsAndConditions={"autoRenew": False})
    client.put(f"/v1/subscriptions/{renewing}/delete")
    assert [row["event"] for row in client.get("/__toolkit/callouts")["callouts"]] == ["AmendmentGone"]
