"""Ramp metrics are deltas by interval; the documented figures are among the worked examples."""

from datetime import date
from typing import TYPE_CHECKING

from toolkit.billing.deltas import billed, deltas
from toolkit.billing.rampmetrics import Stretch, change, worth
from toolkit.billing.ramps import Interval, Ramp
from toolkit.billing.rules import DEFAULT_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

BILL = billed(1, DEFAULT_RULES)
YEAR = Interval(name="2026", start=date(2026, 1, 1), end=date(2027, 1, 1))


def ramp(*charges: str) -> Ramp:
    return Ramp(id="1", number="R-1", subscription_number="A-S1", name="", intervals=(YEAR,), charges=charges)


def shown(stretches: tuple[Stretch, ...]) -> list[tuple[str, str, int, int]]:
    return [(str(one.start), str(one.end), int(one.amount.gross), int(one.amount.net)) for one in stretches]


def test_a_ramp_may_hold_some_charges_only(yearly: "Customer") -> None:
    first, second = yearly.charges
    assert [one.delta.charge for one in worth(deltas(None, yearly.subscription), ramp(), YEAR, BILL)] == [
        first,
        second,
    ]
    (held,) = worth(deltas(None, yearly.subscription), ramp(second.number), YEAR, BILL)
    assert (held.delta.charge, held.end, int(held.tcb.gross)) == (second, date(2027, 1, 1), 240)


def test_the_revenue_of_an_interval_has_a_stretch_for_each_amount(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, key metrics for ramps: one for each period in which the net price stays the same."""
    one = customer()
    half = {"end_date_condition": "Specific_End_Date", "end": date(2026, 7, 1)}
    discount = sold(model="DiscountPercentage", percentage=10, discount_level="subscription", **half)
    one.subscribe(sold(100), discount, start=date(2026, 1, 1))
    (held,) = worth(deltas(None, one.subscription), ramp(), YEAR, BILL)
    assert shown(held.mrr) == [
        ("2026-01-01", "2026-07-01", 100, 90),
        ("2026-07-01", "2027-01-01", 100, 100),
    ]
    assert shown(held.quantities) == [("2026-01-01", "2027-01-01", 1, 1)]


def test_a_change_of_price_leaves_the_quantity(yearly: "Customer") -> None:
    yearly.update(date(2026, 7, 1), price="12")
    (held,) = change(deltas(yearly.former, yearly.subscription), ramp(), YEAR, BILL)
    assert shown(held.mrr) == [("2026-07-01", "2027-01-01", 2, 2)]
    assert held.quantities == ()
    assert int(held.tcv.gross) == 12


def test_what_lies_outside_an_interval_does_not_count(yearly: "Customer") -> None:
    later = Interval(name="2027", start=date(2027, 1, 1), end=date(2028, 1, 1))
    assert worth(deltas(None, yearly.subscription), ramp(), later, BILL) == []
