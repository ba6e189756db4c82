"""Prices that change with each renewal; what the documentation says in words is in examples (AMD-031)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.catalog import PriceChange
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.rules import BillingRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)
LATEST = BillingRules(price_change=PriceChange(option="UseLatestProductCatalogPricing"))
TENTH = BillingRules(price_change=PriceChange(option="SpecificPercentageValue", percentage=Decimal(10)))
TIERS: list[dict[str, Any]] = [{"tier": 1, "starting_unit": 0, "ending_unit": 10, "price": 100}]


@pytest.fixture
def buy(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Callable[..., Customer]":
    """Return a customer of a tenant with these rules who has bought charges for a year."""

    def buying(rules: BillingRules, *charges: dict[str, Any]) -> "Customer":
        one = customer(rules=rules)
        said = ({"price": 100, "billing_period": "Annual", **terms} for terms in charges)
        one.subscribe(*(sold(**terms) for terms in said), start=START)
        return one

    return buying


def prices(one: "Customer") -> list[Decimal | None]:
    return [charge.pricing.price for charge in one.charges]


@pytest.mark.parametrize(
    ("change", "price"),
    [
        ({"price": 130}, 130),
        ({"price": 130, "billing_period": "Quarter"}, 100),
        ({"price": 130, "model": "PerUnit"}, 100),
        ({"price": 130, "uom": "Seat"}, 100),
        ({"price": 130, "cards": [{"when": {}, "price": 1}]}, 100),
    ],
)
def test_the_latest_price_of_the_catalog_counts_where_the_charge_is_still_alike(
    change: dict[str, Any], price: int, buy: "Callable[..., Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = buy(LATEST, {})
    one.catalog(0, sold(**{"billing_period": "Annual", **change}))
    one.renew()
    assert prices(one)[-1] == price


@pytest.mark.parametrize(
    ("quantity", "amount"), [(5, 550), (10, 1100), (11, 1000)], ids=["within", "at the end", "beyond"]
)
def test_a_price_table_counts_where_it_has_the_quantity(
    quantity: int, amount: int, buy: "Callable[..., Customer]", sold: "Callable[..., Sold]"
) -> None:
    tiered = {"model": "Volume", "quantity": quantity, "price": None, "billing_period": "Annual"}
    open_end = [{**TIERS[0], "ending_unit": None, "price": 1000, "price_format": "FlatFee"}]
    one = buy(LATEST, {**tiered, "tiers": open_end})
    one.catalog(0, sold(**{**tiered, "tiers": [{**TIERS[0], "price": 110}]}))
    one.renew()
    assert one.bill(date(2027, 1, 1)).lines[-1].item.amount == amount


def test_what_the_catalog_no_longer_has_keeps_its_price(buy: "Callable[..., Customer]") -> None:
    one = buy(LATEST, {}, {})
    one.withdraw(0)
    one.catalog(1)
    one.renew()
    assert prices(one) == [100, 100]


def test_a_percentage_raises_tables_and_overage_prices_too(buy: "Callable[..., Customer]") -> None:
    usage = {"type": "Usage", "price": None, "billing_period": "Month"}
    one = buy(
        TENTH,
        {**usage, "model": "TieredWithOverage", "tiers": TIERS, "overage_price": 50},
    )
    one.renew()
    pricing = one.charges[-1].pricing
    assert [pricing.price, pricing.tiers[0].price, pricing.overage_price] == [None, 110, 55]


def test_discounts_removed_plans_and_what_only_begins_stay(buy: "Callable[..., Customer]") -> None:
    one = buy(
        TENTH,
        {},
        {"model": "DiscountPercentage", "percentage": 10, "discount_level": "subscription"},
        {"trigger_event": "SpecificDate", "trigger": date(2027, 1, 1)},
    )
    one.remove(date(2026, 7, 1))
    one.renew()
    assert len(one.charges) == 3


def test_a_renewal_measures_what_it_changes(buy: "Callable[..., Customer]") -> None:
    one = buy(TENTH, {})
    one.renew()
    before, after = one.charges
    assert (before.effective_end, after.effective_start) == (date(2027, 1, 1), date(2027, 1, 1))
    assert round(after.dmrc, 2) == Decimal("0.83")
    assert after.segment == 2


def test_the_tenants_later_change_is_for_later_subscriptions(buy: "Callable[..., Customer]") -> None:
    """Source: Zuora, override the price increase options."""
    one = buy(BillingRules(price_change=PriceChange()), {})
    one.rules = TENTH
    one.renew()
    assert prices(one) == [100]


def test_an_order_cannot_ask_for_what_the_tenant_has_not_enabled(buy: "Callable[..., Customer]") -> None:
    asked = {"own_change": {"option": "SpecificPercentageValue", "percentage": 5}}
    with pytest.raises(InvalidValueError, match="automatic price change is not enabled"):
        buy(BillingRules(), asked)
    assert prices(buy(BillingRules(), {"own_change": {"option": "NoChange"}})) == [100]


def test_a_percentage_is_needed_and_takes_off_no_more_than_all() -> None:
    """Source: the official SDK: at least -100."""
    with pytest.raises(MissingValueError, match="priceIncreasePercentage"):
        PriceChange(option="SpecificPercentageValue")
    with pytest.raises(InvalidValueError, match="at least -100, not -101"):
        replace(PriceChange(), percentage=Decimal(-101))
