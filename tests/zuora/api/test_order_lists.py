"""Lists of orders: whose they are, and what the filters leave."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Order


@pytest.fixture
def three(client: Client, order: "Order", creation: dict[str, Any]) -> list[str]:
    """The numbers of three orders, of January, February and March, each placed on its day."""
    made = []
    for month in ("01", "02", "03"):
        answer = order("CreateSubscription", f"2026-{month}-01", createSubscription=creation)
        made.append(str(answer["orderNumber"]))
        client.advance("P1M")
    return made


def listed(client: Client, path: str) -> list[str]:
    return [one["orderNumber"] for one in client.get(path)["orders"]]


def test_all_orders_are_listed_latest_first(client: Client, three: list[str]) -> None:
    assert listed(client, "/v1/orders?pageSize=40")[:3] == three[::-1]


def test_orders_are_paged(client: Client, three: list[str], account: str) -> None:
    first = client.get(f"/v1/orders/subscriptionOwner/{account}?pageSize=2")
    assert [one["orderNumber"] for one in first["orders"]] == three[:0:-1]
    assert "page=2" in first["nextPage"]
    assert listed(client, f"/v1/orders/subscriptionOwner/{account}?pageSize=2&page=2") == three[:1]


def test_orders_are_filtered_by_date_of_order_or_of_update(
    client: Client, three: list[str], account: str
) -> None:
    path = f"/v1/orders/subscriptionOwner/{account}"
    assert listed(client, f"{path}?startDate=2026-02-01&endDate=2026-02-28") == [three[1]]
    updated = f"{path}?dateFilterOption=updatedDate&startDate=2026-03-01"
    assert listed(client, updated) == [three[2]]


def test_orders_of_a_subscription_are_filtered_by_status(
    client: Client, order: "Order", subscription: str
) -> None:
    renewed = order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})["orderNumber"]
    path = f"/v1/orders/subscription/{subscription}"
    assert listed(client, path)[0] == renewed
    assert len(listed(client, f"{path}?status=completed")) == 2
    assert listed(client, f"{path}?status=draft") == []


def test_orders_are_listed_by_the_account_that_gets_the_invoices(
    client: Client, order: "Order", account: str, creation: dict[str, Any]
) -> None:
    other = client.post(
        "/v1/accounts",
        {
            "name": "Payer",
            "currency": "USD",
            "billCycleDay": 1,
            "billToContact": {"firstName": "A", "lastName": "B", "country": "USA"},
        },
    )["accountNumber"]
    paid = {**creation, "invoiceOwnerAccountNumber": other}
    placed = order("CreateSubscription", "2026-01-01", createSubscription=paid)["orderNumber"]
    assert listed(client, f"/v1/orders/invoiceOwner/{other}") == [placed]
    assert listed(client, f"/v1/orders/invoiceOwner/{account}") == []
    assert listed(client, f"/v1/orders/subscriptionOwner/{other}") == []
    assert listed(client, f"/v1/orders/subscriptionOwner/{account}") == [placed]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("status=open", "'status' value should be one of: draft, pending"),
        ("dateFilterOption=created", "'dateFilterOption' value should be one of: orderDate, updatedDate"),
        ("startDate=soon", "'startDate' should be a date such as 2026-01-31, not 'soon'"),
    ],
)
def test_a_filter_that_nothing_can_meet_is_refused(client: Client, query: str, problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        client.get(f"/v1/orders?{query}")


def test_an_order_shows_the_days_of_a_suspension(client: Client, order: "Order", subscription: str) -> None:
    """Source: the official SDK, order action suspend and resume."""
    pause = {"suspendPolicy": "Today"}
    first = order("Suspend", "2026-01-01", subscription, suspend=pause)["orderNumber"]
    again = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-02-01"}
    second = order("Resume", "2026-01-01", subscription, resume=again)["orderNumber"]

    def action(number: str) -> Any:  # noqa: ANN401 - as decoded
        return client.get(f"/v1/orders/{number}")["order"]["subscriptions"][0]["orderActions"][0]

    assert action(first)["suspend"]["suspendDate"] == "2026-01-01"
    assert action(second)["resume"]["resumeDate"] == "2026-02-01"
