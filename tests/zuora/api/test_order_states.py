"""Orders that wait: drafts, scheduled and pending ones, and what becomes of them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import subscribed
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Run
    from tests.zuora.conftest import Order

Place = Callable[..., dict[str, Any]]
Renewal = Callable[[str, str], dict[str, Any]]
Require = Callable[..., None]
CONTRACT = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]


def test_a_draft_gives_its_subscription_a_number_and_creates_nothing(client: Client, place: Place) -> None:
    """Source: Zuora, draft orders: a subscription is not created before the draft is activated."""
    answer = place(status="Draft")
    assert (answer["status"], answer["subscriptions"][0]["status"]) == ("Draft", "Draft")
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        client.get(f"/v1/subscriptions/{subscribed(answer)}")
    shown = client.get(f"/v1/orders/{answer['orderNumber']}")["order"]
    assert (shown["status"], shown["subscriptions"][0]["newVersion"]) == ("Draft", None)


def test_an_activated_draft_creates_the_subscription_of_that_number(client: Client, place: Place) -> None:
    draft = place(status="Draft")
    answer = client.put(f"/v1/orders/{draft['orderNumber']}/activate", {})
    assert (answer["orderNumber"], answer["status"]) == (draft["orderNumber"], "Completed")
    assert client.get(f"/v1/subscriptions/{subscribed(draft)}")["status"] == "Active"
    with pytest.raises(RefusedError, match="is Completed: only a draft can be activated"):
        client.put(f"/v1/orders/{draft['orderNumber']}/activate", {})


def test_an_activated_draft_is_billed_as_it_asked(client: Client, place: Place) -> None:
    draft = place(status="Draft", processingOptions={"runBilling": True})
    assert "invoiceNumbers" not in draft
    assert client.put(f"/v1/orders/{draft['orderNumber']}/activate", {})["invoiceNumbers"]


def test_a_draft_answers_ids_of_what_exists(client: Client, body: dict[str, Any]) -> None:
    answer = client.post("/v1/orders?returnIds=true", {**body, "status": "Draft"})
    assert answer["subscriptionIds"] == []


def test_a_draft_may_be_written_anew(client: Client, place: Place, body: dict[str, Any]) -> None:
    number = place(status="Draft")["orderNumber"]
    client.put(f"/v1/orders/{number}", {**body, "status": "Draft", "description": "Better"})
    assert client.get(f"/v1/orders/{number}")["order"]["description"] == "Better"
    assert client.put(f"/v1/orders/{number}", {**body, "status": "Completed"})["status"] == "Completed"
    with pytest.raises(RefusedError, match="only a draft can be updated"):
        client.put(f"/v1/orders/{number}", body)


def test_a_draft_changes_a_subscription_when_it_is_activated(
    client: Client, subscription: str, account: str
) -> None:
    action = {"type": "RenewSubscription", "triggerDates": CONTRACT, "renewSubscription": {}}
    wanted = {"subscriptionNumber": subscription, "orderActions": [action]}
    draft = client.post(
        "/v1/orders",
        {
            "orderDate": "2026-01-01",
            "existingAccountNumber": account,
            "subscriptions": [wanted],
            "status": "Draft",
        },
    )
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 1
    client.put(f"/v1/orders/{draft['orderNumber']}/activate", {})
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 2


def test_a_draft_that_lacks_its_subscription_is_refused_on_activation(
    client: Client, body: dict[str, Any]
) -> None:
    action = {"type": "CreateSubscription"}
    draft = client.post(
        "/v1/orders", {**body, "subscriptions": [{"orderActions": [action]}], "status": "Draft"}
    )
    with pytest.raises(RefusedError, match="'createSubscription' may not be null"):
        client.put(f"/v1/orders/{draft['orderNumber']}/activate", {})


def test_a_draft_is_cancelled_for_a_reason(client: Client, place: Place, account: str) -> None:
    number = place(status="Draft")["orderNumber"]
    answer = client.put(f"/v1/orders/{number}/cancel", {"cancelReason": "Second thoughts"})
    assert answer == {
        "success": True,
        "accountNumber": account,
        "orderNumber": number,
        "status": "Cancelled",
        "cancelReason": "Second thoughts",
    }
    assert client.get(f"/v1/orders/{number}")["order"]["cancelReason"] == "Second thoughts"


def test_a_completed_order_cannot_be_cancelled(client: Client, place: Place) -> None:
    with pytest.raises(RefusedError, match="only draft or scheduled orders can be cancelled"):
        client.put(f"/v1/orders/{place()['orderNumber']}/cancel", {})


def test_a_status_that_only_the_system_gives_is_refused(place: Place) -> None:
    with pytest.raises(RefusedError, match="should be one of: Draft, Pending, Completed, Scheduled"):
        place(status="Executing")


def test_a_scheduled_order_is_carried_out_on_its_day(client: Client, place: Place) -> None:
    answer = place(status="Scheduled", schedulingOptions={"scheduledDate": "2026-02-01"})
    assert answer["status"] == "Scheduled"
    client.advance("P30D")
    assert client.get(f"/v1/orders/{answer['orderNumber']}")["order"]["status"] == "Scheduled"
    client.advance("P1D")
    shown = client.get(f"/v1/orders/{answer['orderNumber']}")["order"]
    assert shown["status"] == "Completed"
    assert shown["schedulingOptions"] == {
        "scheduledDate": "2026-02-01",
        "scheduledDatePolicy": "SpecificDate",
    }
    assert client.get(f"/v1/subscriptions/{subscribed(answer)}")["status"] == "Active"


def test_what_a_scheduled_order_brings_about_falls_due_in_its_turn(
    client: Client, place: Place, body: dict[str, Any]
) -> None:
    terms = body["subscriptions"][0]["orderActions"][0]["createSubscription"]["terms"]
    terms["autoRenew"] = True
    answer = place(status="Scheduled", schedulingOptions={"scheduledDate": "2026-02-01"})
    client.advance("P25M")
    assert client.get(f"/v1/subscriptions/{subscribed(answer)}")["version"] == 3


def test_a_cancelled_scheduled_order_is_never_carried_out(client: Client, place: Place) -> None:
    number = place(schedulingOptions={"scheduledDate": "2026-02-01"})["orderNumber"]
    client.put(f"/v1/orders/{number}/cancel", {})
    client.advance("P2M")
    assert client.get(f"/v1/orders/{number}")["order"]["status"] == "Cancelled"


def test_a_scheduled_order_that_has_become_impossible_fails(
    client: Client, subscription: str, account: str, order: "Order"
) -> None:
    action = {"type": "RenewSubscription", "triggerDates": CONTRACT, "renewSubscription": {}}
    wanted = {"subscriptionNumber": subscription, "orderActions": [action]}
    scheduled = client.post(
        "/v1/orders",
        {
            "orderDate": "2026-01-01",
            "existingAccountNumber": account,
            "subscriptions": [wanted],
            "schedulingOptions": {"scheduledDate": "2026-02-01"},
        },
    )
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-01-15"}
    order("CancelSubscription", "2026-01-15", subscription, cancelSubscription=end)
    client.advance("P2M")
    assert client.get(f"/v1/orders/{scheduled['orderNumber']}")["order"]["status"] == "Failed"
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 2


def test_a_scheduled_order_needs_a_day_to_come(place: Place) -> None:
    with pytest.raises(RefusedError, match=r"'schedulingOptions\.scheduledDate' may not be null"):
        place(status="Scheduled")
    with pytest.raises(RefusedError, match="should be after today, 2026-01-01, not 2026-01-01"):
        place(schedulingOptions={"scheduledDate": "2026-01-01"})


def test_a_missing_contract_date_is_the_orders(client: Client, place: Place, body: dict[str, Any]) -> None:
    """Source: the official SDK, create order request, orderDate."""
    del body["subscriptions"][0]["orderActions"][0]["triggerDates"]
    assert client.get(f"/v1/subscriptions/{subscribed(place())}")["contractEffectiveDate"] == "2026-01-01"


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ({"require_service_activation": True}, "Pending Activation"),
        ({"require_customer_acceptance": True}, "Pending Acceptance"),
        (
            {"require_service_activation": True, "require_customer_acceptance": True},
            "Pending Activation",
        ),
    ],
)
def test_an_order_without_a_required_date_is_pending(
    client: Client, place: Place, rules: dict[str, bool], status: str, require: Require
) -> None:
    """Source: the official SDK, create order action, triggerDates."""
    require(**rules)
    answer = place(processingOptions={"runBilling": True})
    assert (answer["status"], answer["subscriptions"][0]["status"]) == ("Pending", status)
    assert "invoiceNumbers" not in answer
    shown = client.get(f"/v1/subscriptions/{subscribed(answer)}")
    assert (shown["status"], shown["version"], shown["statusHistory"]) == (status, 1, [])


def dates(number: str, *named: tuple[str, str], sequence: int = 0, **charge: str) -> dict[str, Any]:
    """Return the body that sets these dates of an action."""
    action: dict[str, Any] = {
        "sequence": sequence,
        "triggerDates": [{"name": name, "triggerDate": day} for name, day in named],
    }
    if charge:
        action["charges"] = [charge]
    return {"subscriptions": [{"subscriptionNumber": number, "orderActions": [action]}]}


def test_dates_that_come_one_by_one_activate_the_subscription(
    client: Client, place: Place, require: Require
) -> None:
    require(require_service_activation=True, require_customer_acceptance=True)
    answer = place(processingOptions={"runBilling": True})
    number, path = subscribed(answer), f"/v1/orders/{answer['orderNumber']}/triggerDates"
    first = client.put(path, dates(number, ("ServiceActivation", "2026-01-10")))
    assert first["status"] == "Pending"
    assert first["subscriptions"] == [{"subscriptionNumber": number, "status": "Pending Acceptance"}]
    second = client.put(path, dates(number, ("CustomerAcceptance", "2026-01-20")))
    assert second["subscriptions"] == [{"subscriptionNumber": number, "status": "Active"}]
    shown = client.get(f"/v1/subscriptions/{number}")
    assert (shown["serviceActivationDate"], shown["customerAcceptanceDate"]) == ("2026-01-10", "2026-01-20")
    assert (shown["version"], shown["status"]) == (1, "Active")
    owner = client.get(f"/v1/accounts/{answer['accountNumber']}")
    assert owner["metrics"]["totalInvoiceBalance"] > 0
    with pytest.raises(RefusedError, match="only a pending order takes dates"):
        client.put(path, dates(number))


def test_a_pending_order_takes_dates_only_of_what_it_has(
    client: Client, place: Place, require: Require
) -> None:
    require(require_service_activation=True)
    answer = place()
    path = f"/v1/orders/{answer['orderNumber']}/triggerDates"
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'A-S1'"):
        client.put(path, dates("A-S1"))
    with pytest.raises(RefusedError, match="'sequence' 1 names no action"):
        client.put(path, dates(subscribed(answer), sequence=1))
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'C-1'"):
        client.put(path, dates(subscribed(answer), chargeNumber="C-1", specificTriggerDate="2026-01-05"))


def triggered(tenant: Tenant, event: str = "SpecificDate") -> None:
    """Let the charges of Premium start by this trigger, a date of their own unless said."""
    plan = next(plan for plan in tenant.world.plans.latest() if plan.name == "Premium - 1 Year")
    charges = tuple(
        replace(charge, terms=replace(charge.terms, trigger_event=event)) for charge in plan.charges
    )
    plans = tenant.world.plans.put(replace(plan, charges=charges))
    tenant.world = replace(tenant.world, plans=plans)


def test_a_charge_without_its_own_date_waits_for_it(client: Client, tenant: Tenant, place: Place) -> None:
    triggered(tenant)
    answer = place()
    number = subscribed(answer)
    assert answer["subscriptions"][0]["status"] == "Pending Acceptance"
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    done = client.put(
        f"/v1/orders/{answer['orderNumber']}/triggerDates",
        dates(number, chargeNumber=charge["number"], specificTriggerDate="2026-01-15"),
    )
    assert done["status"] == "Completed"
    after = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert (after["id"], after["effectiveStartDate"]) == (charge["id"], "2026-01-15")


def test_a_pending_change_leaves_its_subscription_as_it_is_until_its_date_comes(
    client: Client, subscription: str, account: str, require: Require, renewal: Renewal
) -> None:
    require(require_service_activation=True)
    answer = client.post("/v1/orders", renewal(subscription, account))
    assert (answer["status"], answer["subscriptions"][0]["status"]) == ("Pending", "Active")
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 1
    pending = client.get(f"/v1/orders/subscription/{subscription}/pending")["order"]
    assert pending["orderNumber"] == answer["orderNumber"]
    with pytest.raises(RefusedError, match="has a pending order already"):
        client.post("/v1/orders", renewal(subscription, account))
    client.put(
        f"/v1/orders/{answer['orderNumber']}/triggerDates",
        dates(subscription, ("ServiceActivation", "2026-01-05")),
    )
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 2
    assert "order" not in client.get(f"/v1/orders/subscription/{subscription}/pending")


def test_a_pending_subscription_cannot_be_changed(
    client: Client, place: Place, account: str, require: Require, renewal: Renewal
) -> None:
    require(require_customer_acceptance=True)
    number = subscribed(place())
    require(require_customer_acceptance=False)
    with pytest.raises(RefusedError, match="is Pending Acceptance: activate it first"):
        client.post("/v1/orders", renewal(number, account))


def test_a_pending_order_that_created_two_subscriptions_leaves_the_active_one_alone(
    client: Client, body: dict[str, Any], require: Require
) -> None:
    require(require_service_activation=True)
    waiting = body["subscriptions"][0]
    ready = {
        "orderActions": [
            {
                **waiting["orderActions"][0],
                "triggerDates": [*CONTRACT, {"name": "ServiceActivation", "triggerDate": "2026-01-01"}],
            }
        ]
    }
    answer = client.post("/v1/orders", {**body, "subscriptions": [waiting, ready]})
    first, second = answer["subscriptions"]
    assert [first["status"], second["status"]] == ["Pending Activation", "Active"]
    before = client.get(f"/v1/subscriptions/{second['subscriptionNumber']}")["id"]
    client.put(
        f"/v1/orders/{answer['orderNumber']}/triggerDates",
        dates(first["subscriptionNumber"], ("ServiceActivation", "2026-01-02")),
    )
    assert client.get(f"/v1/subscriptions/{first['subscriptionNumber']}")["status"] == "Active"
    assert client.get(f"/v1/subscriptions/{second['subscriptionNumber']}")["id"] == before


def test_an_automatic_renewal_leaves_an_order(client: Client, place: Place, body: dict[str, Any]) -> None:
    body["subscriptions"][0]["orderActions"][0]["createSubscription"]["terms"]["autoRenew"] = True
    number = subscribed(place())
    client.advance("P13M")
    shown = client.get(f"/v1/subscriptions/{number}")
    order = client.get(f"/v1/orders/{shown['orderNumber']}")["order"]
    assert (order["orderDate"], order["status"]) == ("2027-01-01", "Completed")
    (action,) = order["subscriptions"][0]["orderActions"]
    assert action["type"] == "RenewSubscription"


def test_the_start_of_a_pending_subscription_follows_its_contract_date(
    client: Client, tenant: Tenant, place: Place, require: Require
) -> None:
    require(require_service_activation=True)
    answer = place()
    number = subscribed(answer)
    moved = dates(number, ("ContractEffective", "2026-02-01"), ("ServiceActivation", "2026-02-03"))
    client.put(f"/v1/orders/{answer['orderNumber']}/triggerDates", moved)
    found = tenant.world.subscriptions.find(number)
    assert (found.start, found.term_end) == (date(2026, 2, 1), date(2027, 2, 1))


def test_what_has_its_date_is_billed_while_the_subscription_awaits_its_acceptance(
    client: Client, account: str, tenant: Tenant, place: Place, require: Require, run_for: "Run"
) -> None:
    """Source: Zuora community, invoice generated for pending subscription."""

    def total() -> Any:  # noqa: ANN401 - a number of the answer
        run_for(client, account, "2026-02-01", autoPost=True)
        return client.get(f"/v1/accounts/{account}")["metrics"]["totalInvoiceBalance"]

    require(require_customer_acceptance=True)
    first = place()
    assert first["status"] == "Pending"
    assert total() == 3480
    triggered(tenant, "CustomerAcceptance")
    second = place()
    assert total() == 3480
    for answer in (first, second):
        path = f"/v1/orders/{answer['orderNumber']}/triggerDates"
        client.put(path, dates(subscribed(answer), ("CustomerAcceptance", "2026-01-20")))
        charge = client.get(f"/v1/subscriptions/{subscribed(answer)}")["ratePlans"][0]["ratePlanCharges"][0]
        assert charge["effectiveStartDate"] == ("2026-01-01" if answer is first else "2026-01-20")
    assert total() > 3480
    assert total() < 2 * 3480
