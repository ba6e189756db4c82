"""Discounts over the API: ordered, shown, used up by bills and taken back."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named, subscribed
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
