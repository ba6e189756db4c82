"""Offers: the discounts that an account has, in which order they apply, and to which charges."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

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

_Rank = tuple[int, int, int, int, str]


def in_order(offers: Collection[Offer], rules: BillingRules) -> Iterator[Sequence[Offer]]:
    """Yield the discounts in the order in which they apply, stacked percentages of one class together.

    The order is that of classes, with discounts without one last; then stacked percentages, other
    percentages, fixed amounts; then rate plan, subscription, account; then the smallest charge number.
    Stacked percentages come before any class where the rules let them ignore theirs.
    Source: Zuora, process discounts; discount class and stacked discounts.
    """
    if len(offers) == 1:
        yield tuple(offers)
        return
    places = {name: place for place, name in enumerate(rules.discount_classes)}
    follow = rules.stacked_discounts == "follow_class"

    def rank(offer: Offer) -> _Rank:
        terms, number = offer.charge.terms, offer.charge.number
        place = places.get(terms.discount_class or "", len(places)) if follow or not terms.stacked else -1
        kind = 2 if offer.fixed else int(not terms.stacked)
        return place, kind, _LEVELS[terms.discount_level or "account"], len(number), number

    stacked: list[Offer] = []
    stacked_in: int | None = None
    for (place, kind, *_), offer in sorted(((rank(offer), offer) for offer in offers), key=_first):
        if stacked and (kind or place != stacked_in):
            yield stacked
            stacked = []
        if kind:
            yield (offer,)
        else:
            stacked.append(offer)
            stacked_in = place
    if stacked:
        yield stacked


def _first(ranked: tuple[_Rank, Offer]) -> _Rank:
    return ranked[0]


def in_scope(offer: Offer, subscription: Subscription, plan: RatePlan, charge: Charge) -> bool:
    """Tell whether a discount is of the level and for the type of a charge.

    Without a level it is the account's, and without types it is for recurring charges. Source: recorded
    previews.
    """
    terms = offer.charge.terms
    match terms.discount_level:
        case "rateplan":
            within = offer.plan.id == plan.id
        case "subscription":
            within = offer.subscription.id == subscription.id
        case _:
            within = True
    return within and charge.terms.type.upper() in (terms.apply_discount_to or "RECURRING")
