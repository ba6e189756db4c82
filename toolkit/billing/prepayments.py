"""Prepayments, the deprecated feature: the first invoice asks for periods that each of them gives back."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.money import ZERO
from toolkit.billing.rating import Line, RatedItem, period_price
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, Subscription, grid

_DAY = timedelta(days=1)


def prepayment_lines(lines: Sequence[Line], day: int, rules: BillingRules) -> Iterator[Line]:
    """Yield what a charge's first period prepays for itself and those after it, and what each then credits.

    It is asked for once, with the charge's first period if it was not asked for before that. Source: Zuora,
    prepayments; process discounts, by which prepayments follow them.

    Args:
        lines: Those of charges and discounts.
        day: The account's bill cycle day, 1-31.
        rules: The tenant's.
    """
    for line in lines:
        item, charge = line.item, line.item.charge
        periods = charge.terms.prepaid_periods
        if not periods or item.processing_type != "Charge" or item.credit:
            continue
        span = grid(line.subscription, charge, day)
        index = span.ordinal(item.start) - span.ordinal(charge.trigger_day)
        if index == 0 and charge.processed_through is None:
            yield _line(line, _asked(line.subscription, charge, periods, day, rules), Decimal(periods))
        if index < periods:
            yield _line(line, -item.amount, -item.quantity)


def asked_ahead(
    subscription: Subscription, charge: Charge, target: date, day: int, rules: BillingRules
) -> RatedItem | None:
    """Return what a charge asks for in advance before it begins to be billed, from its contract's day on.

    The charge's `processed_through` notes that it was asked for. Source: Zuora, prepayments: 60 for six
    months on 1 December, when the contract is effective, of a service that is activated on 1 January. That
    the item is for that day is an assumption.
    """
    periods, start = charge.terms.prepaid_periods, subscription.contract_effective
    if not periods or charge.charged_through or charge.processed_through or target < start:
        return None
    return RatedItem(
        charge=charge,
        start=start,
        end=start + _DAY,
        amount=_asked(subscription, charge, periods, day, rules),
        quantity=Decimal(periods),
        processing_type="Prepayment",
    )


def _asked(
    subscription: Subscription, charge: Charge, periods: int, day: int, rules: BillingRules
) -> Decimal:
    price = period_price(charge, grid(subscription, charge, day))
    return periods * rules.rounded(price, charge.pricing.currency)


def _line(line: Line, amount: Decimal, quantity: Decimal) -> Line:
    item = replace(
        line.item, amount=amount, quantity=quantity, processing_type="Prepayment", partial=False, kept=ZERO
    )
    return Line(line.subscription, line.plan, item)
