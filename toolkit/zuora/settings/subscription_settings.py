"""Subscription settings: what is set under Billing > Define Default Subscription and Order Settings."""

from decimal import Decimal
from typing import get_args

from msgspec.structs import replace

from toolkit.billing.catalog import PriceChange, PriceChangeOption
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import optional
from toolkit.zuora.settings._rules import Rule, RuleBook
from toolkit.zuora.settings._schema import FLAG, one_of
from toolkit.zuora.settings._setting import Answer, Asked, Document, Operation, Setting

_FIXED: dict[str, object] = {
    "autoRenewByOrder": True,
    "contractRenewal": False,
    "productFeatureOfSubscription": False,
    "subscriptionsInvoicedSeparately": False,
    "updateChargeTriggerCondition": False,
    "updateSubscriptionActivationDate": False,
}
_LACKING = ("initialTerm", "renewalTerm", "termType")
_BOOK = RuleBook(
    {
        "acceptanceOfOrders": Rule("require_customer_acceptance"),
        "implementationPeriod": Rule("require_service_activation"),
        "invoicePastEndOfTerm": Rule("past_term_end"),
    },
    _FIXED,
    {
        **dict.fromkeys(_FIXED, FLAG),
        **{name: {} for name in _LACKING},
        "increasePriceRenewSubscription": FLAG,
        "priceChangeOption": one_of(get_args(PriceChangeOption)),
        "priceIncreasePercentage": {"type": ["number", "null"]},
    },
)
"""Source of the fields: Zuora, the table that compares them with the texts of the user interface; of their
types and of the path, an assumption. Default terms are a gap: every subscription says its own."""


class SubscriptionDocument(Document, frozen=True):
    """The subscription settings."""

    lacking = frozenset({*_FIXED, *_LACKING})


def show(asked: Asked) -> Answer:
    """Show every setting."""
    change = asked.world.rules.price_change
    priced = {
        "increasePriceRenewSubscription": change is not None,
        "priceChangeOption": "NoChange" if change is None else change.option,
        "priceIncreasePercentage": change and optional(change.percentage),
    }
    return Answer({**_BOOK.values(asked.world.rules), **priced})


def change_settings(asked: Asked) -> Answer:
    """Change the settings that are said; the others stay.

    Raises:
        Refusal: One of them cannot be changed, or prices are to change where that is not enabled.
        MissingValueError: Prices are to change by a percentage that is not said.
    """
    said = asked.said
    for name in said.keys() & set(_LACKING):
        raise Refusal(Category.RULE, f"'{name}' is not simulated yet: every subscription says its own.")
    world = _BOOK.change(asked).world or asked.world
    held = world.rules.price_change
    known = held or PriceChange()
    option = said.get("priceChangeOption", known.option)
    percentage = said.get("priceIncreasePercentage", known.percentage)
    if said.get("increasePriceRenewSubscription", held is not None):
        exact = None if percentage is None else Decimal(percentage)
        price_change = PriceChange(option=option, percentage=exact)
    elif said.get("priceChangeOption", "NoChange") != "NoChange" or said.get("priceIncreasePercentage"):
        raise Refusal(Category.RULE, "'increasePriceRenewSubscription' should be true for prices to change.")
    else:
        price_change = None
    world = replace(world, rules=replace(world.rules, price_change=price_change))
    return Answer(show(Asked(world)).body, world)


SETTINGS = (
    Setting(
        "SubscriptionSettings",
        "Default Subscription and Order Settings",
        "/subscription-settings",
        (
            Operation("GET", show, gives=_BOOK.schema),
            Operation("PUT", change_settings, _BOOK.schema, _BOOK.schema, SubscriptionDocument),
        ),
    ),
)
