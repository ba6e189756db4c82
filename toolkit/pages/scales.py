"""Scales: from a value to a place on an axis, with round numbers as ticks."""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from toolkit.pages.series import Place

_STEPS = (1, 2, 5, 10)
_FEW = 6


class Scale(NamedTuple):
    """An axis from 0 to 1.

    Attributes:
        place: Where a value lies; 0 is the axis's beginning, 1 its end.
        ticks: Values worth a label, with the label.
    """

    place: Callable[[float], float]
    ticks: Sequence[tuple[float, str]]


def linear(low: float, high: float) -> Scale:
    """Span `low` to `high`, widened to round numbers, with about five ticks."""
    step = _round_step((high - low) / _FEW) if high > low else 1.0
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    decimals = max(0, -math.floor(math.log10(step)))
    ticks = [(index * step, f"{index * step:,.{decimals}f}") for index in range(first, last + 1)]
    return Scale(lambda value: (value / step - first) / (last - first), ticks)


def calendar(low: date, high: date) -> Scale:
    """Span two dates, days as ordinals; ticks at month starts, or at both ends of a short span."""
    start, length = low.toordinal(), max(1, high.toordinal() - low.toordinal())
    months = [day for day in _days(low, high) if day.day == 1]
    chosen = months[:: math.ceil(len(months) / _FEW)] if len(months) > 1 else [low, high]
    label = "%b %Y" if len(months) > 1 else "%d %b %Y"
    ticks = [(float(day.toordinal()), day.strftime(label)) for day in chosen]
    return Scale(lambda value: (value - start) / length, ticks)


def tail(highest: float) -> Scale:
    """Span percentiles 0 to `highest` (below 100) so that each further nine has the same room."""
    depth = max(1.0, -math.log10(1 - highest / 100))
    known = [0.0, 50.0, 90.0, 95.0, 99.0, 99.9, 99.99, 99.999]
    ticks = [(value, f"p{value:g}") for value in known if value <= highest]
    return Scale(lambda value: -math.log10(1 - min(value, highest) / 100) / depth, ticks)


def number(place: Place) -> float:
    """Return a number for any place; a day is its ordinal."""
    return float(place.toordinal() if isinstance(place, date) else place)


def _round_step(rough: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(rough))
    return next(step * magnitude for step in _STEPS if step * magnitude >= rough * (1 - 1e-9))


def _days(low: date, high: date) -> list[date]:
    return [low + timedelta(days=count) for count in range((high - low).days + 1)]
