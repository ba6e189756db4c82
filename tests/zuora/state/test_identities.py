"""Each version of a subscription shows rate plans and charges with ids of its own; any of them may be named.

Source: the official SDK: `rate_plan_id` is that of the latest version or of any former one.
"""

from typing import Any

import pytest

from tests.zuora.conftest import Order, plan_named, subscribed
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant


@pytest.fixture
def number(order: Order, creation: dict[str, Any]) -> str:
    """A subscription that was changed once, so that it has two versions."""
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    key = subscribed(made)
    order("TermsAndConditions", "2026-01-02", key, termsAndConditions={"autoRenew": True})
    return key


def plan_of(client: Client, number: str, version: int) -> dict[str, Any]:
    shown: dict[str, Any] = client.get(f"/v1/subscriptions/{number}/versions/{version}")
    return dict(shown["ratePlans"][0])


def test_ids_change_with_each_version_and_numbers_and_original_ids_do_not(
    client: Client, number: str
) -> None:
    first, second = plan_of(client, number, 1), plan_of(client, number, 2)
    assert first["id"] != second["id"]
    assert first["id"] == first["originalRatePlanId"] == second["originalRatePlanId"]
    assert first["subscriptionRatePlanNumber"] == second["subscriptionRatePlanNumber"]
    before, after = first["ratePlanCharges"][0], second["ratePlanCharges"][0]
    assert before["id"] != after["id"]
    assert before["id"] == before["originalChargeId"] == after["originalChargeId"]
    assert (before["number"], before["version"]) == (after["number"], after["version"])


@pytest.mark.parametrize("version", [1, 2])
def test_a_rate_plan_may_be_named_by_its_id_in_any_version(
    client: Client, number: str, order: Order, version: int
) -> None:
    plan = plan_of(client, number, version)
    order("RemoveProduct", "2026-02-01", number, removeProduct={"ratePlanId": plan["id"]})
    assert plan_of(client, number, 3)["lastChangeType"] == "Remove"


@pytest.mark.parametrize("version", [1, 2])
def test_a_charge_may_be_named_by_its_id_in_any_version(client: Client, number: str, version: int) -> None:
    plan = plan_of(client, number, version)
    change = {"ratePlanChargeId": plan["ratePlanCharges"][0]["id"], "quantity": 7}
    update = {
        "ratePlanId": plan["id"],
        "contractEffectiveDate": "2026-02-01",
        "chargeUpdateDetails": [change],
    }
    client.put(f"/v1/subscriptions/{number}", {"update": [update]})
    assert plan_of(client, number, 3)["ratePlanCharges"][0]["quantity"] == 7


def test_a_plan_may_be_replaced_by_its_id_in_a_former_version(
    client: Client, number: str, order: Order, tenant: Tenant
) -> None:
    former, new = plan_of(client, number, 1), plan_named(tenant, "Ultimate - 1 Year")
    wanted = {"ratePlanId": former["id"], "newProductRatePlan": {"productRatePlanId": new.id}}
    order("ChangePlan", "2026-02-01", number, changePlan=wanted)
    shown = client.get(f"/v1/subscriptions/{number}")["ratePlans"]
    assert [plan["lastChangeType"] for plan in shown] == ["Remove", "Add"]
    assert len({plan["id"] for plan in shown}) == 2


def test_an_id_of_another_subscription_names_nothing_here(
    client: Client, number: str, order: Order, creation: dict[str, Any]
) -> None:
    other = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    stranger = plan_of(client, subscribed(other), 1)
    with pytest.raises(Exception, match=stranger["id"]):
        order("RemoveProduct", "2026-02-01", number, removeProduct={"ratePlanId": stranger["id"]})


def test_an_invoice_names_the_charge_of_the_version_that_it_bills(
    client: Client, number: str, order: Order
) -> None:
    billed = {"runBilling": True}
    order("TermsAndConditions", "2026-01-03", number, processingOptions=billed, termsAndConditions={})
    shown = client.get(f"/v1/subscriptions/{number}")
    account = shown["accountNumber"]
    (item,) = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"][0]["invoiceItems"]
    assert item["subscriptionId"] == shown["id"]
    assert item["chargeId"] == shown["ratePlans"][0]["ratePlanCharges"][0]["id"]
    found = client.get(f"/v1/object/rate-plan-charge/{item['chargeId']}")
    assert (found["SubscriptionId"], found["Version"]) == (shown["id"], 1)
