"""Subscriptions and the catalog as answers show them."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import ADA, subscribed
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.conftest import Caller, Order


def charges(shown: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shown["ratePlans"][0]["ratePlanCharges"]
    return found


def test_a_subscription_tells_its_term_its_worth_and_its_history(client: Client, subscription: str) -> None:
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["version"], shown["revision"], shown["isLatestVersion"]) == (1, "1.0", True)
    assert (shown["termStartDate"], shown["termEndDate"]) == ("2026-01-01", "2027-01-01")
    assert (shown["contractedMrr"], shown["totalContractedValue"]) == (Decimal(290), Decimal(3480))
    assert [one["status"] for one in shown["statusHistory"]] == ["Active", "OutOfTerm"]
    charge = charges(shown)[0]
    assert (charge["mrr"], charge["tcv"], charge["price"], charge["quantity"]) == (290, 3480, 348, 10)
    assert charge["pricingSummary"] == "USD348/Seat"


def test_a_former_version_is_found_by_its_id(client: Client, order: "Order", subscription: str) -> None:
    former = client.get(f"/v1/subscriptions/{subscription}")["id"]
    order("RenewSubscription", "2026-06-01", subscription, renewSubscription={})
    shown = client.get(f"/v1/subscriptions/{former}")
    assert (shown["version"], shown["status"], shown["isLatestVersion"]) == (1, "Expired", False)


def test_segments_are_shown_as_asked(client: Client, order: "Order", subscription: str) -> None:
    plan = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]
    change = {
        "chargeNumber": plan["ratePlanCharges"][0]["number"],
        "pricing": {"recurringPerUnit": {"quantity": 20}},
    }
    update = {"ratePlanId": plan["id"], "chargeUpdates": [change]}
    order("UpdateProduct", "2026-07-01", subscription, updateProduct=update)

    def quantities(detail: str) -> list[Decimal]:
        shown = client.get(f"/v1/subscriptions/{subscription}", **{"charge-detail": detail})
        return [charge["quantity"] for charge in charges(shown)]

    assert quantities("last-segment") == [20]
    assert quantities("current-segment") == [10]
    assert quantities("all-segments") == [10, 20]
    client.advance("P6M")
    assert quantities("current-segment") == [20]
    client.advance("P1Y")
    assert quantities("current-segment") == []
    with pytest.raises(RefusedError, match="'charge-detail' value should be one of"):
        quantities("first-segment")


def test_an_evergreen_subscription_has_no_end(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    body = {**creation, "terms": {"initialTerm": {"termType": "EVERGREEN"}}}
    number = order("CreateSubscription", "2026-01-01", createSubscription=body)["subscriptions"][0]
    shown = client.get(
        f"/v1/subscriptions/{number['subscriptionNumber']}", **{"charge-detail": "current-segment"}
    )
    assert (shown["termEndDate"], shown["initialTerm"], shown["termType"]) == (None, None, "EVERGREEN")
    assert len(shown["statusHistory"]) == 1
    assert charges(shown)[0]["effectiveEndDate"] is None


def test_a_one_time_charge_has_no_period_and_no_mrr(
    client: Client, order: "Order", creation: dict[str, Any], call: "Caller"
) -> None:
    minutes = next(
        plan for plan in call.tenant.world.plans.latest() if plan.charges[0].terms.type == "OneTime"
    )
    body = {**creation, "subscribeToRatePlans": [{"productRatePlanId": minutes.id}]}
    order("CreateSubscription", "2026-01-01", createSubscription=body)
    listed = client.get("/v1/subscriptions/accounts/A00000005")["subscriptions"]
    charge = charges(listed[0])[0]
    assert (charge["mrr"], charge["billingPeriod"], charge["endDateCondition"]) == (None, None, "One_Time")


def test_subscriptions_of_an_account_are_paged_latest_first(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    for _ in range(3):
        order("CreateSubscription", "2026-01-01", createSubscription=creation)
    path = f"/v1/subscriptions/accounts/{account}"
    first = client.get(path, pageSize="2")
    assert first["nextPage"] == f"http://zuora.test{path}?pageSize=2&page=2"
    assert "nextPage" not in client.get(path, pageSize="2", page="2")
    numbers = [one["subscriptionNumber"] for one in client.pages(path, "subscriptions", pageSize="2")]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 3
    assert client.get(path, page="9")["subscriptions"] == []


@pytest.mark.parametrize("query", ["page=0", "page=x", f"page={'9' * 5000}", "page=²"])
def test_a_page_that_is_no_number_is_refused(call: "Caller", query: str) -> None:
    answer = call("GET", f"/v1/catalog/products?{query}")
    assert answer.reason[0] == 50000020


def test_pages_hold_ten_unless_asked_and_never_more_than_forty(client: Client, account: str) -> None:
    for _ in range(41):
        payment = {"accountNumber": account, "amount": 1, "currency": "USD", "type": "External"}
        client.post("/v1/payments", payment)
    assert len(client.get("/v1/payments")["payments"]) == 10
    assert len(client.get("/v1/payments", pageSize="100")["payments"]) == 40


@pytest.mark.parametrize("version", [None, "224.0"])
def test_the_catalog_holds_rate_plans_before_version_230(call: "Caller", version: str | None) -> None:
    products = call("GET", "/v1/catalog/products", version=version).body["products"]
    assert products[0]["productRatePlans"][0]["productRatePlanCharges"]


def test_the_catalog_names_the_address_of_rate_plans_from_version_230(call: "Caller") -> None:
    product = call("GET", "/v1/catalog/products", version="230.0").body["products"][0]
    assert product["productRatePlans"] == f"/v1/rateplan/{product['id']}/productRatePlan"
    assert call("GET", product["productRatePlans"]).body["productRatePlans"]


def test_the_next_page_of_the_catalog_is_a_relative_address(call: "Caller") -> None:
    answer = call("GET", "/v1/catalog/products?pageSize=1")
    assert answer.body["nextPage"] == "/v1/catalog/products?pageSize=1&page=2"


def test_a_product_is_shown_alone_with_prices_and_custom_fields(client: Client, call: "Caller") -> None:
    product = next(one for one in call.tenant.world.products.latest() if one.name == "Premium")
    shown = call("GET", f"/v1/catalog/products/{product.id}").body
    plan = shown["productRatePlans"][0]
    assert plan["CDotPlanType__c"] == "base_product"
    assert plan["productRatePlanCharges"][0]["pricing"][0]["price"] == 348
    assert {one["status"] for one in shown["productRatePlans"]} == {"Active", "Expired"}
    assert client.get(f"/v1/catalog/products/{product.number}")["sku"] == product.sku


def ask(client: Client, subscription: str, **query: str) -> dict[str, Any]:
    return client.get(
        f"/v1/subscriptions/{subscription}", **{k.replace("_", "-"): v for k, v in query.items()}
    )


def test_segments_of_a_day_are_shown(client: Client, order: "Order", subscription: str) -> None:
    """Source: the official SDK: specific-segment, and rate plans without charges left out where asked."""
    plan = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]
    more = {"pricing": {"recurringPerUnit": {"quantity": 20}}}
    update = {"chargeNumber": plan["ratePlanCharges"][0]["number"], **more}
    parts = {"ratePlanId": plan["id"], "chargeUpdates": [update]}
    order("UpdateProduct", "2026-07-01", subscription, updateProduct=parts)
    specific = {"charge_detail": "specific-segment"}
    before, after = (
        ask(client, subscription, **specific, as_of_date=day) for day in ("2026-06-30", "2026-07-01")
    )
    assert [charges(one)[0]["quantity"] for one in (before, after)] == [10, 20]
    gone = ask(client, subscription, **specific, as_of_date="2025-12-31")
    assert charges(gone) == []
    without = {"exclude_rate_plans_with_no_charges": "true"}
    assert ask(client, subscription, **specific, as_of_date="2025-12-31", **without)["ratePlans"] == []
    with pytest.raises(RefusedError, match="'as-of-date' may not be null"):
        ask(client, subscription, **specific)
    with pytest.raises(RefusedError, match="'as-of-date' should be a date"):
        ask(client, subscription, **specific, as_of_date="soon")


def test_metrics_and_owners_are_shown_where_asked_for(
    client: Client, account: str, subscription: str
) -> None:
    more = ("contractedNetMrr", "asOfDayGrossMrr", "asOfDayNetMrr")
    own, paying = "accountOwnerDetails", "invoiceOwnerAccountDetails"
    plain = ask(client, subscription)
    assert not plain.keys() & {*more, own, paying}
    shown = ask(client, subscription, getDetailedMetrics="true")
    assert [shown[name] for name in more] == [290, 290, 290]
    later = ask(client, subscription, getDetailedMetrics="true", asOfDay="2028-01-01")
    assert [later[name] for name in more] == [290, 0, 0]
    owners = ask(client, subscription, getSubscriptionOwnerDetails="true", getInvoiceOwnerDetails="true")
    assert owners[own]["accountNumber"] == owners[paying]["accountNumber"] == account


def test_subscriptions_are_listed_by_owner_or_by_who_gets_the_invoices(
    client: Client, account: str, place: "Callable[..., dict[str, Any]]", body: dict[str, Any]
) -> None:
    payer = {"name": "Payer", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
    other = client.post("/v1/accounts", payer)["accountNumber"]
    creation = body["subscriptions"][0]["orderActions"][0]["createSubscription"]
    creation["invoiceOwnerAccountNumber"] = other
    placed = subscribed(place())

    def listed(key: str, **query: str) -> list[str]:
        found = client.get(f"/v1/subscriptions/accounts/{key}", **query)["subscriptions"]
        return [one["subscriptionNumber"] for one in found]

    assert (listed(account), listed(other)) == ([placed], [])
    assert (listed(account, ownerType="invoiceOwner"), listed(other, ownerType="invoiceOwner")) == (
        [],
        [placed],
    )
    with pytest.raises(RefusedError, match="'ownerType' value should be one of"):
        listed(account, ownerType="x")


def test_an_order_is_shown_with_its_account_where_asked_for(
    client: Client, account: str, subscription: str
) -> None:
    number = client.get(f"/v1/subscriptions/{subscription}")["orderNumber"]
    assert "existingAccountDetails" not in client.get(f"/v1/orders/{number}")["order"]
    shown = client.get(f"/v1/orders/{number}", getAccountDetails="true")["order"]["existingAccountDetails"]
    assert shown["basicInfo"]["accountNumber"] == account
    assert shown["billToContact"]["firstName"] == "Ada"
