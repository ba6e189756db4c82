"""Discounts over the API: ordered, shown, used up by bills and taken back."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named, subscribed, triggers
from toolkit import worlds
from toolkit.billing.catalog import ChargeTerms
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Run
    from tests.zuora.conftest import Order

RECURRING: dict[str, Any] = {
    "type": "Recurring",
    "billing_period": "Month",
    "billing_day": "DefaultFromCustomer",
}
QUARTERLY: dict[str, Any] = {**RECURRING, "billing_period": "Quarter"}
CHARGES = {
    "fee": (ChargeTerms(name="fee", model="FlatFee", **RECURRING), {"price": Decimal(300)}),
    "coupon": (
        ChargeTerms(name="coupon", model="DiscountFixedAmount", apply_partially=True, **QUARTERLY),
        {"discount_amount": Decimal(20)},
    ),
    "percentage": (
        ChargeTerms(name="percentage", model="DiscountPercentage", stacked=True, **RECURRING),
        {"discount_percentage": Decimal(5)},
    ),
}


@pytest.fixture
def tenant() -> Tenant:
    """GitLab's world with a fee and two discounts besides."""
    world = worlds.load("gitlab-self-managed")
    for name, (terms, pricing) in CHARGES.items():
        charge = {"terms": terms, "pricing": {"USD": {"currency": "USD", **pricing}}}
        parts = {f"charge__{field}": value for field, value in charge.items()}
        _, world = worlds.make(world, "product_rate_plan", name=name, **parts)
    return Tenant(world)


def bought(tenant: Tenant, **overrides: dict[str, Any]) -> dict[str, Any]:
    """Return a createSubscription of the fee and these discounts, with what is different of each."""
    plans = []
    for name, discount in {"fee": {}, **overrides}.items():
        plan = plan_named(tenant, name)
        override = {"productRatePlanChargeId": plan.charges[0].id, "pricing": {"discount": discount}}
        plans.append({"productRatePlanId": plan.id, "chargeOverrides": [override] if discount else []})
    terms = {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}}
    return {"terms": terms, "subscribeToRatePlans": plans}


def charges(client: Client, number: str) -> list[dict[str, Any]]:
    plans = client.get(f"/v1/subscriptions/{number}")["ratePlans"]
    return [charge for plan in plans for charge in plan["ratePlanCharges"]]


def test_an_order_says_what_of_a_discount_is_different(
    tenant: Tenant, client: Client, order: "Order"
) -> None:
    """Source: the official SDK, DiscountPricingOverride."""
    coupon = {
        "applyDiscountTo": "ONETIMERECURRING",
        "discountAmount": 50,
        "discountLevel": "subscription",
        "discountClass": "launch",
        "applyToBillingPeriodPartially": False,
        "originalDiscountAmount": 20,
    }
    percentage = {"discountPercentage": 10, "discountLevel": "rateplan"}
    placed = order(
        "CreateSubscription",
        "2026-01-01",
        createSubscription=bought(tenant, coupon=coupon, percentage=percentage),
    )
    number = subscribed(placed)
    _, fixed, part = charges(client, number)
    names = "discountAmount", "discountPercentage", "discountLevel", "discountClass", "applyDiscountTo"
    assert [fixed[name] for name in names] == [50, None, "subscription", "launch", "ONETIMERECURRING"]
    assert (fixed["applyToBillingPeriodPartially"], fixed["isStackedDiscount"]) == (False, False)
    assert [part[name] for name in names] == [None, 10, "rateplan", None, None]
    assert (part["applyToBillingPeriodPartially"], part["isStackedDiscount"]) == (False, True)
    assert (fixed["pricingSummary"], part["pricingSummary"]) == ("USD50 discount", "10% discount")


def test_without_an_override_a_discount_is_the_catalog_s(
    tenant: Tenant, client: Client, order: "Order"
) -> None:
    placed = order("CreateSubscription", "2026-01-01", createSubscription=bought(tenant, coupon={}))
    charge = charges(client, subscribed(placed))[1]
    assert (charge["discountAmount"], charge["applyToBillingPeriodPartially"]) == (20, True)
    product = plan_named(tenant, "coupon").product_id
    (plan,) = client.get(f"/v1/rateplan/{product}/productRatePlan")["productRatePlans"]
    (offered,) = plan["productRatePlanCharges"]
    assert (offered["applyToBillingPeriodPartially"], offered["isStackedDiscount"]) == (True, False)
    assert offered["pricing"][0]["discountAmount"] == 20


def test_an_update_changes_a_discount_from_its_day(tenant: Tenant, client: Client, order: "Order") -> None:
    """Source: the official SDK, DiscountPricingUpdate."""
    placed = order("CreateSubscription", "2026-01-01", createSubscription=bought(tenant, percentage={}))
    number = subscribed(placed)
    plan = client.get(f"/v1/subscriptions/{number}")["ratePlans"][1]
    pricing = {
        "discount": {"discountPercentage": 20, "discountLevel": "account", "priceChangeOption": "NoChange"}
    }
    change = {"chargeNumber": plan["ratePlanCharges"][0]["number"], "pricing": pricing}
    update = {"ratePlanId": plan["id"], "chargeUpdates": [change]}
    order("UpdateProduct", "2026-03-01", number, updateProduct=update)
    changed = charges(client, number)[1]
    assert (changed["segment"], changed["discountPercentage"], changed["discountLevel"]) == (2, 20, "account")


@pytest.mark.parametrize(
    ("discount", "message"),
    [
        ({"discountAmount": -1}, "should have an amount of at least 0, not -1"),
        (
            {"discountLevel": "tenant"},
            "'discountLevel' value should be one of: rateplan, subscription, account",
        ),
        ({"discountApplyDetails": [{}]}, "'discountApplyDetails' is not simulated yet"),
    ],
)
def test_a_discount_that_is_none_is_refused(
    discount: dict[str, Any], message: str, tenant: Tenant, order: "Order"
) -> None:
    with pytest.raises(RefusedError, match=message):
        order("CreateSubscription", "2026-01-01", createSubscription=bought(tenant, coupon=discount))


def test_a_cancelled_bill_run_returns_a_discount(
    tenant: Tenant, client: Client, account: str, order: "Order", run_for: "Run", invoices: "Invoices"
) -> None:
    """500 a quarter on 300 a month. Source: Zuora, discount balance."""
    coupon = {"discountAmount": 500, "discountLevel": "subscription"}
    order("CreateSubscription", "2026-01-01", createSubscription=bought(tenant, coupon=coupon))
    run = run_for(client, account, "2026-01-01")
    assert invoices(client, account)[0]["amount"] == 0
    client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    amounts = []
    for month in ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"):
        run_for(client, account, month)
        amounts.append(invoices(client, account)[0]["amount"])
    assert amounts == [0, 100, 300, 0]


def metrics(client: Client, account: str, day: str, number: str | None, **action: object) -> dict[str, Any]:
    """Return the metrics that a preview of one action shows."""
    part: dict[str, Any] = {"orderActions": [{"triggerDates": triggers(day), **action}]}
    body = {
        "orderDate": day,
        "existingAccountNumber": account,
        "previewOptions": {"previewTypes": ["ChargeMetrics", "OrderMetrics"]},
        "subscriptions": [part | ({"subscriptionNumber": number} if number else {})],
    }
    result: dict[str, Any] = client.post("/v1/orders/preview", body)["previewResult"]
    return result


def created(client: Client, account: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what the preview of a new subscription tells of its one charge."""
    kind = "CreateSubscription"
    found = metrics(client, account, "2026-01-01", None, type=kind, createSubscription=wanted)
    (charge,) = found["chargeMetrics"][0]["charges"]
    return dict(charge)


WHOLE_SUBSCRIPTION = {"discountLevel": "subscription"}


def test_a_preview_tells_what_a_charge_brings_with_its_discounts(
    client: Client, tenant: Tenant, account: str, order: "Order"
) -> None:
    """Source: the official SDK, PreviewChargeMetrics; Zuora, order MRR and TCB data sources."""
    wanted = bought(tenant, percentage=WHOLE_SUBSCRIPTION)
    fee = created(client, account, wanted)
    whole = {"regular": 3600, "regularDelta": 3600, "discount": -180, "discountDelta": -180}
    assert fee["cmrr"] == {"regular": 300, "regularDelta": 300, "discount": -15, "discountDelta": -15}
    assert fee["tcb"] == fee["tcv"] == whole
    number = subscribed(order("CreateSubscription", "2026-01-01", createSubscription=wanted))
    plans = [{"ratePlanId": one["id"]} for one in client.get(f"/v1/subscriptions/{number}")["ratePlans"]]
    kept, gone = (
        metrics(client, account, "2026-04-01", number, type="RemoveProduct", removeProduct=plan)
        for plan in reversed(plans)
    )
    (fee,) = kept["chargeMetrics"][0]["charges"]
    assert fee["cmrr"] == {"regular": 300, "regularDelta": 0, "discount": 0, "discountDelta": 15}
    assert fee["tcb"] == {"regular": 3600, "regularDelta": 0, "discount": -45, "discountDelta": 135}
    (shown,) = kept["orderMetrics"][0]["orderActions"][0]["orderMetrics"]
    (one,) = shown["mrr"]
    assert (one["type"], one["startDate"], one["endDate"]) == ("Discount", "2026-04-01", "2027-01-01")
    assert [shown[name][0]["amount"] for name in ("mrr", "tcb", "tcv")] == [15, 135, 135]
    (fee,) = gone["chargeMetrics"][0]["charges"]
    assert [fee["cmrr"]["regularDelta"], fee["tcb"]["regularDelta"], fee["tcb"]["discountDelta"]] == [
        -300,
        -2700,
        135,
    ]


def test_a_discount_of_a_few_months_lessens_no_contracted_revenue(
    client: Client, tenant: Tenant, account: str
) -> None:
    """Source: the official SDK, PreviewChargeMetricsCmrr: only discounts that end with the subscription."""
    wanted = bought(tenant, percentage=WHOLE_SUBSCRIPTION)
    (override,) = wanted["subscribeToRatePlans"][1]["chargeOverrides"]
    override["endDate"] = {"endDateCondition": "Specific_End_Date", "specificEndDate": "2026-04-01"}
    fee = created(client, account, wanted)
    assert (fee["cmrr"]["discount"], fee["tcb"]["discount"]) == (0, -45)
