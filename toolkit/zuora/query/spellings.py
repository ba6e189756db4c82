"""Spellings: values of charges as queries, CRUD calls and exports spell them."""

from typing import Any

from toolkit.zuora.query.kinds import Reader
from toolkit.zuora.state.world import World

MODELS = {
    "FlatFee": "Flat Fee Pricing",
    "PerUnit": "Per Unit Pricing",
    "Overage": "Overage Pricing",
    "Volume": "Volume Pricing",
    "Tiered": "Tiered Pricing",
    "TieredWithOverage": "Tiered with Overage Pricing",
    "Delivery": "Delivery Pricing",
    "DiscountFixedAmount": "Discount-Fixed Amount",
    "DiscountPercentage": "Discount-Percentage",
}
"""Charge models; others are spelt alike everywhere. Source: the enums of the official SDK."""

_ENDS = {
    "Subscription_End": "SubscriptionEnd",
    "Fixed_Period": "FixedPeriod",
    "Specific_End_Date": "SpecificEndDate",
    "One_Time": "OneTime",
}
_TIMINGS = {"IN_ADVANCE": "In Advance", "IN_ARREARS": "In Arrears"}

PRICE_FORMATS = {"FlatFee": "Flat Fee", "PerUnit": "Per Unit"}

WORDS = {**MODELS, **_ENDS, **_TIMINGS, "Semi_Annual": "Semi-Annual"}
"""REST spellings, and those of queries where they are no mere spaces for underscores.

Source: the enums of the official SDK, product rate plan charge of CRUD.
"""


def spelt(name: str) -> Reader:
    """Return a reader of an attribute of a row's charge terms, spelt as queries do."""

    def read(_: World, row: Any) -> str | None:  # noqa: ANN401 - a charge of any kind
        value = getattr(row.charge.terms, name)
        return value and word(value)

    return read


def word(value: str) -> str:
    """Return a value as queries spell it."""
    return WORDS.get(value) or value.replace("_", " ")
