"""Prepayments, the deprecated feature: the first invoice asks for periods that each of them gives back."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.money import ZERO
from toolkit.billing.rating import Line, period_price
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import grid


def prepayment_lines(lines: Sequence[Line], day: int, rules: BillingRules) -> Iterator[Line]:
    """Yield what a charge's first period prepays for itself and those after it, and what each then credits.

    It is asked for once, with the charge's first period. Source: Zuora, prepayments; process discounts, by
    which prepayments follow them.

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
        if index == 0:
            price = rules.rounded(period_price(charge, span), charge.pricing.currency)
            yield _line(line, price * periods, Decimal(periods))
        if index < periods:
            yield _line(line, -item.amount, -item.quantity)


def _line(line: Line, amount: Decimal, quantity: Decimal) -> Line:
    item = replace(
        line.item, amount=amount, quantity=quantity, processing_type="Prepayment", partial=False, kept=ZERO
    )
    return Line(line.subscription, line.plan, item)
