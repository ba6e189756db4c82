"""Order metrics are what the delta rows of a charge add up to."""

from datetime import date
from typing import TYPE_CHECKING

from toolkit.billing.deltas import deltas, monthly, quantity, rows
from toolkit.billing.ordermetrics import slices

if TYPE_CHECKING:
    from tests.billing.conftest import Customer


def test_what_is_lost_and_gained_is_one_amount(yearly: "Customer") -> None:
    yearly.update(date(2026, 7, 1), price="12")
    changes = list(deltas(yearly.former, yearly.subscription, discounted=False))
    (found,) = slices(rows(changes, monthly))
    assert (found.start, found.end) == (date(2026, 7, 1), date(2027, 1, 1))
    assert (found.charge_number, found.term) == (yearly.charges[0].number, 1)
    assert found.amount == 2
    assert list(slices(rows(changes, quantity))) == []


def test_what_leads_to_different_amounts_in_turn_stays_apart(yearly: "Customer") -> None:
    former = yearly.subscription
    yearly.update(date(2026, 7, 1), price="12")
    yearly.update(date(2026, 9, 1), price="14")
    changes = deltas(former, yearly.subscription, discounted=False)
    assert [(one.start.month, int(one.amount)) for one in slices(rows(changes, monthly))] == [(7, 2), (9, 4)]
