"""What orders show of their actions: everything that recorded orders show, and what became of it."""

from typing import TYPE_CHECKING, Any

from toolkit.zuora.client import Client

if TYPE_CHECKING:
    from tests.zuora.conftest import Order


def actions_of(client: Client, answer: dict[str, Any]) -> list[dict[str, Any]]:
    shown: dict[str, Any] = client.get(f"/v1/orders/{answer['orderNumber']}")["order"]
    return list(shown["subscriptions"][0]["orderActions"])


def test_a_new_subscription_names_its_owner_its_terms_its_plans_and_its_charges(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    """Source: recorded GET orders."""
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    (action,) = actions_of(client, made)
    shown = action["createSubscription"]
    assert (shown["subscriptionOwnerAccountNumber"], shown["notes"]) == (account, None)
    assert shown["terms"]["initialTerm"] == {
        "termType": "TERMED",
        "startDate": "2026-01-01",
        "period": 12,
        "periodType": "Month",
    }
    (plan,) = shown["subscribeToRatePlans"]
    (sold,) = client.get(f"/v1/subscriptions/{made['subscriptions'][0]['subscriptionNumber']}")["ratePlans"]
    assert (plan["newRatePlanId"], plan["customFields"]) == (sold["id"], {})
    (override,) = plan["chargeOverrides"]
    assert override["chargeNumber"] == sold["ratePlanCharges"][0]["number"]
    assert set(override["billing"].values()) == set(override["endDate"].values()) == {None}
    pricing = override["pricing"]["recurringPerUnit"]
    assert (pricing["listPriceBase"], pricing["priceChangeOption"]) == ("Per_Billing_Period", None)


def test_a_draft_has_made_nothing_yet(client: Client, body: dict[str, Any]) -> None:
    draft = client.post("/v1/orders", {**body, "status": "Draft"})
    shown = actions_of(client, draft)[0]["createSubscription"]
    assert shown["terms"]["initialTerm"]["startDate"] is None
    assert [plan["newRatePlanId"] for plan in shown["subscribeToRatePlans"]] == [None]


def test_an_update_names_the_segments_that_it_made(client: Client, order: "Order", subscription: str) -> None:
    """Source: recorded GET order."""
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    number = plan["ratePlanCharges"][0]["number"]
    update = {"chargeNumber": number, "pricing": {"recurringPerUnit": {"quantity": 12}}}
    changes = {"ratePlanId": plan["id"], "chargeUpdates": [update, {"chargeNumber": number}]}
    shown = actions_of(client, order("UpdateProduct", "2026-03-01", subscription, updateProduct=changes))
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    (found,) = shown
    priced, bare = found["updateProduct"]["chargeUpdates"]
    assert found["updateProduct"]["newRatePlanId"] == plan["id"]
    assert priced["newRatePlanChargeId"] == plan["ratePlanCharges"][-1]["id"]
    assert priced["pricing"]["recurringPerUnit"]["listPrice"] is None
    assert (bare["effectiveDate"], "pricing" in bare) == ({"specificTriggerDate": None}, False)


def test_an_added_plan_is_named(client: Client, order: "Order", subscription: str) -> None:
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    addition = {"productRatePlanId": plan["productRatePlanId"]}
    (shown,) = actions_of(client, order("AddProduct", "2026-03-01", subscription, addProduct=addition))
    assert shown["addProduct"]["newRatePlanId"] not in {None, plan["id"]}


def test_new_conditions_show_the_last_term_as_the_initial_one(
    client: Client, order: "Order", subscription: str
) -> None:
    """Source: recorded GET order, whose new terms and conditions give nothing else."""
    term = {"termType": "TERMED", "period": 24, "periodType": "Month"}
    made = order("TermsAndConditions", "2026-03-01", subscription, termsAndConditions={"lastTerm": term})
    (shown,) = actions_of(client, made)
    assert shown["termsAndConditions"] == {
        "autoRenew": None,
        "renewalSetting": None,
        "initialTerm": {**term, "startDate": None},
        "renewalTerms": [{"period": None, "periodType": None}],
    }


def test_a_suspension_shows_its_day_also_when_it_is_over(
    client: Client, order: "Order", subscription: str
) -> None:
    """Source: recorded GET order."""
    suspension = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-03-05"}
    held = order("Suspend", "2026-03-01", subscription, suspend=suspension)
    resumption = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-04-05"}
    order("Resume", "2026-03-10", subscription, resume=resumption)
    (shown,) = actions_of(client, held)
    assert shown["suspend"] == {
        **suspension,
        "suspendDate": "2026-03-05",
        "suspendPeriods": None,
        "suspendPeriodsType": None,
    }
