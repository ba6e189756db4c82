"""Orders that are undone: deleted, or reverted."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import subscribed
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order

Place = Callable[..., dict[str, Any]]
Renewal = Callable[[str, str], dict[str, Any]]
Require = Callable[..., None]


def test_a_deleted_order_takes_its_subscription_with_it(client: Client, place: Place) -> None:
    """Source: Zuora, delete an order."""
    answer = place()
    client.delete(f"/v1/orders/{answer['orderNumber']}")
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get(f"/v1/subscriptions/{subscribed(answer)}")
    with pytest.raises(RefusedError, match="Invalid orderNumber"):
        client.get(f"/v1/orders/{answer['orderNumber']}")
    listed = client.get(f"/v1/subscriptions/accounts/{answer['accountNumber']}")
    assert listed["subscriptions"] == []


@pytest.mark.parametrize("billed", [False, True])
def test_a_deleted_order_takes_its_line_items_with_it_unless_they_are_billed(
    client: Client,
    account: str,
    billed: bool,  # noqa: FBT001 - a case
) -> None:
    """Source: Zuora, delete an order; that a billed line item keeps its order is an assumption."""
    item = {"itemName": "x", "amountPerUnit": 20, "quantity": 1, "itemType": "Product"}
    item |= {
        "itemState": "SentToBilling",
        "billTargetDate": "2026-01-01",
        "transactionStartDate": "2026-01-01",
    }
    options = {"runBilling": billed, "billingOptions": {"targetDate": "2026-01-01"}}
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account, "orderLineItems": [item]}
    answer = client.post("/v1/orders", {**body, "processingOptions": options})
    path = f"/v1/order-line-items/{answer['orderLineItems'][0]['id']}"
    if billed:
        with pytest.raises(RefusedError, match="is billed"):
            client.delete(f"/v1/orders/{answer['orderNumber']}")
        assert client.get(path)["success"] is True
    else:
        client.delete(f"/v1/orders/{answer['orderNumber']}")
        with pytest.raises(RefusedError, match="Cannot find entity"):
            client.get(path)


def test_a_deleted_order_takes_its_subscription_back_to_the_version_before(
    client: Client, subscription: str, account: str, renewal: Renewal
) -> None:
    before = client.get(f"/v1/subscriptions/{subscription}")
    body = renewal(subscription, account)
    body["subscriptions"][0]["orderActions"] *= 2
    number = client.post("/v1/orders", body)["orderNumber"]
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 3
    client.delete(f"/v1/orders/{number}")
    assert client.get(f"/v1/subscriptions/{subscription}") == before


def test_a_deleted_resumption_leaves_the_suspension(
    client: Client, subscription: str, order: "Order"
) -> None:
    pause = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-01-01"}
    order("Suspend", "2026-01-01", subscription, suspend=pause)
    again = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-02-01"}
    number = order("Resume", "2026-01-01", subscription, resume=again)["orderNumber"]
    client.delete(f"/v1/orders/{number}")
    assert client.get(f"/v1/subscriptions/{subscription}")["status"] == "Suspended"


def test_a_deleted_draft_is_gone(client: Client, place: Place) -> None:
    number = place(status="Draft")["orderNumber"]
    client.delete(f"/v1/orders/{number}")
    with pytest.raises(RefusedError, match=f"Invalid orderNumber: {number}"):
        client.delete(f"/v1/orders/{number}")


def test_a_deleted_pending_order_takes_the_subscription_that_waits(
    client: Client, place: Place, require: Require
) -> None:
    require(require_service_activation=True)
    answer = place()
    client.delete(f"/v1/orders/{answer['orderNumber']}")
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get(f"/v1/subscriptions/{subscribed(answer)}")


def test_a_deleted_pending_change_leaves_the_subscription(
    client: Client, subscription: str, account: str, require: Require, renewal: Renewal
) -> None:
    require(require_service_activation=True)
    number = client.post("/v1/orders", renewal(subscription, account))["orderNumber"]
    client.delete(f"/v1/orders/{number}")
    assert client.get(f"/v1/subscriptions/{subscription}")["version"] == 1


def test_a_billed_order_cannot_be_deleted(client: Client, place: Place) -> None:
    number = place(processingOptions={"runBilling": True})["orderNumber"]
    with pytest.raises(RefusedError, match="that it affects are billed"):
        client.delete(f"/v1/orders/{number}")


def test_an_order_under_a_later_one_cannot_be_deleted(
    client: Client, place: Place, account: str, renewal: Renewal
) -> None:
    answer = place()
    client.post("/v1/orders", renewal(subscribed(answer), account))
    with pytest.raises(RefusedError, match="has changed since"):
        client.delete(f"/v1/orders/{answer['orderNumber']}")


def test_deleting_an_unknown_order_has_a_category_of_its_own(call: "Caller") -> None:
    """Source: recorded, DELETE of a bad order number."""
    assert call("DELETE", "/v1/orders/hogehoge").reason == (50000040, "Invalid orderNumber: hogehoge")


def test_a_reverted_order_is_undone_by_another(
    client: Client, subscription: str, account: str, renewal: Renewal
) -> None:
    number = client.post("/v1/orders", renewal(subscription, account))["orderNumber"]
    answer = client.post(f"/v1/orders/{number}/revert", {"orderDate": "2026-01-02"})
    assert (answer["status"], answer["subscriptionNumbers"]) == ("Completed", [subscription])
    assert client.get(f"/v1/orders/{number}")["order"]["status"] == "Reverted"
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["version"], shown["termEndDate"], shown["orderNumber"]) == (
        3,
        "2027-01-01",
        answer["orderNumber"],
    )
    with pytest.raises(RefusedError, match="is Reverted: only a completed one can be reverted"):
        client.post(f"/v1/orders/{number}/revert", {"orderDate": "2026-01-02"})


def test_a_reverted_creation_cancels_the_subscription_from_its_start(client: Client, place: Place) -> None:
    answer = place()
    client.post(f"/v1/orders/{answer['orderNumber']}/revert", {"orderDate": "2026-01-02"})
    shown = client.get(f"/v1/subscriptions/{subscribed(answer)}")
    assert (shown["status"], shown["subscriptionEndDate"]) == ("Cancelled", "2026-01-01")


def test_an_order_of_several_subscriptions_cannot_be_reverted(
    client: Client, body: dict[str, Any], place: Place
) -> None:
    number = place(subscriptions=body["subscriptions"] * 2)["orderNumber"]
    with pytest.raises(RefusedError, match="has several subscriptions"):
        client.post(f"/v1/orders/{number}/revert", {"orderDate": "2026-01-02"})
