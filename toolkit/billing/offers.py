"""Offers: the discounts that an account has, in which order they apply, and to which lines of a bill."""

from collections.abc import Iterable
from typing import NamedTuple

from toolkit.billing.rating import Line
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription


class Offer(NamedTuple):
    """A segment of a discount charge, with the subscription and the rate plan that hold it."""

    subscription: Subscription
    plan: RatePlan
    charge: Charge

    @property
    def fixed(self) -> bool:
        """Whether it is an amount, which can be used up, and not a percentage."""
        return self.charge.terms.model == "DiscountFixedAmount"


_LEVELS = {"rateplan": 0, "subscription": 1, "account": 2}

Rank = tuple[int, int, int, int, str]


def in_order(offers: Iterable[Offer], rules: BillingRules) -> list[tuple[int, Offer]]:
    """Return the discounts in the order in which they apply, each with the rank of its class.

    The order is that of classes, with discounts without one last; then stacked percentages, other
    percentages, fixed amounts; then rate plan, subscription, account; then the smallest charge number.
    Stacked percentages come before any class where the rules let them ignore theirs.
    Source: Zuora, process discounts; discount class and stacked discounts.
    """
    places = {name: place for place, name in enumerate(rules.discount_classes)}
    follow = rules.stacked_discounts == "follow_class"

    def rank(offer: Offer) -> Rank:
        terms, number = offer.charge.terms, offer.charge.number
        place = places.get(terms.discount_class or "", len(places)) if follow or not terms.stacked else -1
        kind = 2 if offer.fixed else int(not terms.stacked)
        return place, kind, _LEVELS[terms.discount_level or "account"], len(number), number

    ranked = sorted(((rank(offer), offer) for offer in offers), key=_first)
    return [(place, offer) for (place, *_), offer in ranked]


def _first(ranked: tuple[Rank, Offer]) -> Rank:
    return ranked[0]


def in_scope(offer: Offer, line: Line) -> bool:
    """Tell whether a discount is of the level and for the type of a line's charge.

    Without a level it is the account's, and without types it is for recurring charges. Source: recorded
    previews.
    """
    terms = offer.charge.terms
    match terms.discount_level:
        case "rateplan":
            within = offer.plan.id == line.plan.id
        case "subscription":
            within = offer.subscription.id == line.subscription.id
        case _:
            within = True
    return within and line.item.charge.terms.type.upper() in (terms.apply_discount_to or "RECURRING")
