"""Change logs of subscriptions: what each version has changed."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Order

PATH = "/subscription-change-logs"
Log = dict[str, Any]


def changed(log: Log) -> dict[str, tuple[str | None, str | None]]:
    return {one["fieldName"]: (one["oldValue"], one["newValue"]) for one in log["fields"]}


@pytest.fixture
def seats(client: Client, subscription: str, order: "Order") -> str:
    """A subscription whose quantity is 7 from February; return the number of that order."""
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    update = {
        "ratePlanId": plan["id"],
        "chargeUpdates": [
            {
                "chargeNumber": plan["ratePlanCharges"][0]["number"],
                "pricing": {"recurringPerUnit": {"quantity": 7}},
            }
        ],
    }
    return str(order("UpdateProduct", "2026-02-01", subscription, updateProduct=update)["orderNumber"])


def test_the_first_version_changes_everything_that_it_has(client: Client, subscription: str) -> None:
    (log,) = client.get(f"{PATH}/{subscription}")["subscriptions"]
    assert (log["version"], changed(log)["status"]) == ("1", (None, "Active"))
    assert changed(log)["autoRenew"][1] in {"true", "false"}
    (plan,) = log["ratePlans"]
    assert changed(plan)["lastChangeType"] == (None, "Add")
    assert "quantity" in changed(plan["ratePlanCharges"][0])


def test_a_change_of_quantity_is_told_of_its_charge(client: Client, subscription: str, seats: str) -> None:
    latest, first = client.get(f"{PATH}/{subscription}")["subscriptions"]
    assert (latest["orderNumber"], first["version"]) == (seats, "1")
    assert "status" not in changed(latest)
    (plan,) = latest["ratePlans"]
    former, new = plan["ratePlanCharges"]
    assert changed(new)["quantity"] == (None, "7.0")
    assert changed(former)["effectiveEndDate"][1] == new["effectiveStartDate"] == "2026-02-01"


def test_logs_are_found_by_order_and_by_version(client: Client, subscription: str, seats: str) -> None:
    (log,) = client.get(f"/v1{PATH}/orders/{seats}")["subscriptions"]
    assert client.get(f"{PATH}/{subscription}/versions/2")["subscription"] == log
    with pytest.raises(RefusedError, match="no version '3'"):
        client.get(f"{PATH}/{subscription}/versions/3")


def test_a_cancellation_changes_the_status(client: Client, subscription: str, order: "Order") -> None:
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-03-01"}
    order("CancelSubscription", "2026-03-01", subscription, cancelSubscription=end)
    log = client.get(f"{PATH}/{subscription}/versions/2")["subscription"]
    assert changed(log)["status"] == ("Active", "Cancelled")
    assert log["subscriptionEndDate"] == "2026-03-01"


def test_a_removed_plan_is_told_and_one_that_stays_is_not(
    client: Client, subscription: str, order: "Order"
) -> None:
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    added = {"productRatePlanId": plan["productRatePlanId"]}
    order("AddProduct", "2026-02-01", subscription, addProduct=added)
    (told,) = client.get(f"{PATH}/{subscription}/versions/2")["subscription"]["ratePlans"]
    assert told["ratePlanNumber"] != plan["subscriptionRatePlanNumber"]


def test_an_order_that_has_done_nothing_has_no_logs(client: Client, body: dict[str, Any]) -> None:
    draft = client.post("/v1/orders", {**body, "status": "Draft"})["orderNumber"]
    assert client.get(f"{PATH}/orders/{draft}")["subscriptions"] == []
