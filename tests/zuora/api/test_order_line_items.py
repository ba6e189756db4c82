"""Order line items over the API: sold by orders, sent to billing, billed once."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Invoices, Run

ROUTER = {"itemName": "Router", "amountPerUnit": "19.99", "quantity": 2, "listPricePerUnit": 25}


@pytest.fixture
def sell(client: Client, account: str) -> "Callable[..., dict[str, Any]]":
    """Places an order of line items."""

    def sold(*items: dict[str, Any], **more: object) -> dict[str, Any]:
        body = {"orderDate": "2026-01-01", "existingAccountNumber": account, "orderLineItems": list(items)}
        return client.post("/v1/orders", {**body, **more})

    return sold


@pytest.fixture
def router(sell: "Callable[..., dict[str, Any]]") -> str:
    """The id of a sold router."""
    return str(sell(ROUTER)["orderLineItems"][0]["id"])


def shown(client: Client, key: str) -> dict[str, Any]:
    item: dict[str, Any] = client.get(f"/v1/order-line-items/{key}")["orderLineItem"]
    return item


def test_an_order_sells_line_items(client: Client, sell: "Callable[..., dict[str, Any]]") -> None:
    order = sell(ROUTER, {**ROUTER, "itemNumber": "A", "transactionEndDate": "2026-01-31"})
    first, second = order["orderLineItems"]
    assert (first["itemNumber"], second["itemNumber"]) == ("1", "A")
    item = shown(client, first["id"])
    assert (item["itemState"], item["amount"], item["listPrice"]) == ("Executing", Decimal("39.98"), 50)
    assert (item["transactionStartDate"], item["transactionEndDate"]) == ("2026-01-01", "2026-01-01")
    items = client.get(f"/v1/orders/{order['orderNumber']}")["order"]["orderLineItems"]
    assert [one["id"] for one in items] == [first["id"], second["id"]]
    assert items[1]["transactionEndDate"] == "2026-01-31"


def test_line_items_count_as_contract_value_and_billing_of_one_day(
    client: Client, sell: "Callable[..., dict[str, Any]]"
) -> None:
    """Source: MET-016."""
    order = sell(ROUTER)["orderNumber"]
    metrics = client.get(f"/v1/orders/deltaMetrics/{order}")["orderDeltaMetrics"]
    assert metrics["orderDeltaTcb"] == metrics["orderDeltaTcv"]
    (row,) = metrics["orderDeltaTcb"]
    assert (row["startDate"], row["endDate"]) == ("2026-01-01", "2026-01-02")
    assert row["grossAmount"] == row["netAmount"] == Decimal("39.98")
    assert (row["orderLineItemNumber"], metrics["orderDeltaMrr"]) == ("1", [])


def test_a_line_item_is_billed_when_it_is_sent_to_billing(
    client: Client, account: str, router: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run_for(client, account, "2026-06-01")
    assert invoices(client, account) == []
    sent = {"itemState": "SentToBilling", "billTargetDate": "2026-02-01"}
    client.put(f"/v1/order-line-items/{router}", sent)
    run_for(client, account, "2026-01-31")
    assert invoices(client, account) == []
    run = run_for(client, account, "2026-02-01")
    (invoice,) = invoices(client, account)
    assert invoice["amount"] == Decimal("39.98")
    client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    run_for(client, account, "2026-02-01", autoPost=True)
    run_for(client, account, "2026-02-01", autoPost=True)
    assert [one["amount"] for one in invoices(client, account) if one["status"] == "Posted"] == [
        Decimal("39.98")
    ]


def test_an_order_bills_its_line_items_at_once(
    client: Client, account: str, sell: "Callable[..., dict[str, Any]]", invoices: "Invoices"
) -> None:
    sent = {"itemState": "SentToBilling", "billTargetDate": "2026-01-01"}
    options = {"runBilling": True, "billingOptions": {"targetDate": "2026-01-01"}}
    assert sell({**ROUTER, **sent}, processingOptions=options)["invoiceNumbers"]
    assert [one["amount"] for one in invoices(client, account)] == [Decimal("39.98")]


def test_line_items_share_the_invoice_of_the_subscriptions(
    client: Client, account: str, subscription: str, sell: "Callable[..., dict[str, Any]]", run_for: "Run"
) -> None:
    sent = {"itemState": "SentToBilling", "billTargetDate": "2026-01-01"}
    sell({**ROUTER, **sent, "relatedSubscriptionNumber": subscription})
    run_for(client, account, "2026-01-01")
    (invoice,) = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    assert invoice["amount"] == Decimal("3519.98")


def test_a_line_item_is_changed_while_it_is_executing(client: Client, router: str) -> None:
    path = f"/v1/order-line-items/{router}"
    client.put(path, {"quantity": 3, "description": "Black", "itemState": "Booked", "color__c": "black"})
    item = shown(client, router)
    assert (item["amount"], item["description"], item["itemState"]) == (Decimal("59.97"), "Black", "Booked")
    assert item["customFields"] == {"color__c": "black"}
    with pytest.raises(RefusedError, match="is Booked: only Executing ones can be changed"):
        client.put(path, {"quantity": 1})
    with pytest.raises(RefusedError, match="is Booked and cannot become Canceled"):
        client.put(path, {"itemState": "Canceled"})


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"itemState": "SentToBilling"}, "'billTargetDate' may not be null"),
        ({"relatedSubscriptionNumber": "A-S9"}, "Cannot find entity by key: 'A-S9'"),
        ({"inlineDiscountType": "Percentage"}, "'inlineDiscountType' is not simulated yet"),
        ({"itemCategory": "Return"}, "'itemCategory' value should be one of: Sales"),
    ],
)
def test_a_line_item_that_cannot_be_is_refused(
    sell: "Callable[..., dict[str, Any]]", item: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        sell({**ROUTER, **item})


def test_an_order_of_nothing_is_refused(sell: "Callable[..., dict[str, Any]]") -> None:
    with pytest.raises(RefusedError, match="between 1 and 50 subscriptions"):
        sell()


def test_several_are_changed_at_once_or_none(client: Client, sell: "Callable[..., dict[str, Any]]") -> None:
    """Source: the official SDK, update order line items."""
    first, second = (one["id"] for one in sell(ROUTER, {**ROUTER, "itemNumber": "A"})["orderLineItems"])
    wanted = [{"id": first, "quantity": 3}, {"id": second, "description": "Spare"}]
    answer = client.post("/v1/order-line-items/bulk", {"orderLineItems": wanted})
    assert answer["orderLineItems"] == [shown(client, first), shown(client, second)]
    assert (shown(client, first)["quantity"], shown(client, second)["description"]) == (3, "Spare")
    with pytest.raises(RefusedError):
        client.post(
            "/v1/order-line-items/bulk", {"orderLineItems": [{"id": first, "quantity": 4}, {"id": "x"}]}
        )
    assert shown(client, first)["quantity"] == 3
    with pytest.raises(RefusedError, match="Up to 100"):
        client.post("/v1/order-line-items/bulk", {"orderLineItems": 101 * [{"id": first}]})


def test_line_items_are_billed_and_paid_as_they_are_changed(
    client: Client,
    account: str,
    sell: "Callable[..., dict[str, Any]]",
    card: "Callable[..., str]",
    invoices: "Invoices",
) -> None:
    """Source: the official SDK, update order line items: an invoice for those that are updated."""
    card()
    sent = {"itemState": "SentToBilling", "billTargetDate": "2026-01-01"}
    keys = [sell(ROUTER)["orderLineItems"][0]["id"] for _ in range(4)]
    client.put(f"/v1/order-line-items/{keys[3]}", sent)
    wanted = [{"id": key, **sent} for key in keys[:2]]
    wanted.append({"id": keys[2], "itemState": "SentToBilling", "billTargetDate": "2026-02-01"})
    options = {"runBilling": True, "collectPayment": True}
    body = {"orderLineItems": wanted, "processingOptions": options}
    answer = client.post("/v1/order-line-items/bulk", body)
    (invoice,) = invoices(client, account)
    assert answer["invoices"] == [{"invoiceId": invoice["id"], "invoiceNumber": invoice["invoiceNumber"]}]
    assert (invoice["status"], invoice["amount"], invoice["balance"]) == ("Posted", Decimal("79.96"), 0)
    options["writeOff"] = True
    with pytest.raises(RefusedError, match="Only an order that cancels a subscription"):
        client.post("/v1/order-line-items/bulk", body)
