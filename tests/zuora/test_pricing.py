"""Prices as answers show them."""

from decimal import Decimal

from toolkit.billing.catalog import ChargeTerms, Pricing, Tier
from toolkit.zuora.pricing import pricing_summary, show_pricing

FLAT = ChargeTerms(name="c", type="Recurring", model="FlatFee")


def test_a_flat_fee_is_its_currency_and_price() -> None:
    # recorded: GBP13.75 (subscription), AUD100 (catalog)
    assert pricing_summary(FLAT, Pricing(currency="GBP", price=Decimal("13.75"))) == "GBP13.75"
    assert pricing_summary(FLAT, Pricing(currency="AUD", price=Decimal("100.00"))) == "AUD100"


def test_a_discount_is_a_percentage() -> None:
    terms = ChargeTerms(name="c", type="Recurring", model="DiscountPercentage")
    pricing = Pricing(currency="GBP", discount_percentage=Decimal("50.0"))
    assert pricing_summary(terms, pricing) == "50% discount"


def test_a_price_without_an_amount_is_zero() -> None:
    assert pricing_summary(FLAT, Pricing(currency="USD")) == "USD0"


def test_tiers_are_shown_in_order() -> None:
    tiers = (
        Tier(tier=1, starting_unit=Decimal(0), ending_unit=Decimal(10), price=Decimal(10)),
        Tier(tier=2, starting_unit=Decimal(11), ending_unit=None, price=Decimal(8), price_format="FlatFee"),
    )
    shown = show_pricing(Pricing(currency="USD", tiers=tiers))["tiers"]
    assert [(one["tier"], one["endingUnit"], one["price"], one["priceFormat"]) for one in shown] == [
        (1, 10, 10, "PerUnit"),
        (2, None, 8, "FlatFee"),
    ]
