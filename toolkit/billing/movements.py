"""Movements: by how much a change of a subscription moves its MRR and TCV."""

from decimal import Decimal
from typing import NamedTuple

from toolkit.billing.money import ZERO
from toolkit.billing.subscriptions import Subscription


class Movement(NamedTuple):
    """Changes of monthly recurring revenue and of total contract value, to nine decimal places."""

    mrr: Decimal
    tcv: Decimal


def movement(before: Subscription, after: Subscription) -> Movement:
    """Return what the charges that changed between two following versions gain or lose.

    Source: Zuora, cancel and update a subscription, totalDeltaMrr and totalDeltaTcv (AMD-029, AMD-030).
    """
    known = {charge.id: charge for charge in before.charges}
    changed = [charge for charge in after.charges if known.get(charge.id) != charge]
    return Movement(
        sum((charge.dmrc for charge in changed), ZERO), sum((charge.dtcv for charge in changed), ZERO)
    )
