"""Charts show the values that they were given, inside their frame, whatever these are."""

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toolkit.pages import Bar, Chart, Line, Mark, bar_chart, line_chart, percentile_chart
from toolkit.pages.scales import calendar, linear, tail

VALUES = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6)
PERCENTILES = st.floats(0, 99.99)


def _parse(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314 - we wrote it


def _drawn(chart: Chart) -> list[list[tuple[float, float]]]:
    """Read back the points of each line."""
    paths = [path.get("d", "") for path in _parse(chart).iter("path")]
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)] for path in paths]


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30).map(sorted))
def test_points_keep_their_order_and_stay_inside(points: list[tuple[float, float]]) -> None:
    (drawn,) = _drawn(line_chart((Line("values", points),), x="x", y="y"))
    assert all(0 <= x <= 640 and 0 <= y <= 320 for x, y in drawn)
    assert all(left[0] <= right[0] for left, right in pairwise(drawn))
    for (one, other), (a, b) in zip(pairwise(points), pairwise(drawn), strict=True):
        assert (one[1] - other[1]) * (b[1] - a[1]) >= 0  # what is more lies higher


def test_steps_hold_a_value_until_the_next() -> None:
    path = _parse(line_chart((Line("a", ((0, 0), (1, 10))),), x="x", y="y", steps=True)).find("path")
    assert path is not None
    assert re.fullmatch(r"M84\.0 262\.0H616\.0V40\.0", path.get("d", ""))


def test_days_are_labelled_by_their_months() -> None:
    points = ((date(2026, 1, 15), 0), (date(2026, 4, 1), Decimal("10.5")))
    chart = _parse(line_chart((Line("billed", points),), x="day", y="USD"))
    words = [text.text for text in chart.iter("text")]
    assert [word for word in words if word and "2026" in word] == ["Feb 2026", "Mar 2026", "Apr 2026"]


def test_a_chart_is_described_for_those_who_do_not_see_it() -> None:
    chart = percentile_chart(
        (Line("all", ((50, 10), (99, 80))),), y="ms", marks=(Mark(90, "p99 < 90 ms", 99),)
    )
    assert _parse(chart).get("aria-label") == "ms by percentile: all from 10 to 80; limit p99 < 90 ms."


def test_a_lone_point_is_a_dot_and_an_empty_series_only_a_name() -> None:
    chart = line_chart((Line("one", ((1, 1),)), Line("none", ())), x="x", y="y")
    assert len(list(_parse(chart).iter("circle"))) == 1
    assert chart.legend == ("one", "none")
    assert "none: nothing" in str(_parse(chart).get("aria-label"))


def test_a_limit_is_drawn_at_its_height_and_at_its_percentile() -> None:
    chart = percentile_chart(
        (Line("all", ((0, 0), (90, 100))),), y="ms", marks=(Mark(50, "p50", 50), Mark(50, "all"))
    )
    short, long = _parse(chart).findall("line[@class='mark']")
    assert short.get("y1") == long.get("y1") == "151"
    assert (long.get("x1"), long.get("x2")) == ("84", "616")
    assert float(short.get("x2", "")) - float(short.get("x1", "")) == pytest.approx(60)


@given(st.lists(st.floats(0, 1e9), max_size=10))
def test_bars_are_as_long_as_their_values(values: list[float]) -> None:
    bars = bar_chart([Bar(f"bar {value}", value) for value in values], y="USD")
    widths = [float(rect.get("width", "")) for rect in _parse(bars).iter("rect")]
    assert all(2 <= width <= 500 for width in widths)
    longest = max(values, default=0) or 1
    assert widths == pytest.approx([max(value / longest * 500, 2) for value in values], abs=0.01)


def test_a_bar_shows_the_words_it_was_given() -> None:
    chart = _parse(bar_chart((Bar("Premium", Decimal("3480.00"), "3,480.00 USD"),), y="USD"))
    assert [text.text for text in chart.iter("text")] == ["Premium", "3,480.00 USD"]


@given(VALUES, VALUES)
def test_a_linear_scale_spans_its_values_with_few_ticks_that_differ(low: float, high: float) -> None:
    assume(low <= high)
    assume(
        low == high or high - low > max(abs(low), abs(high)) * 1e-6
    )  # below that, labels run out of digits
    scale = linear(low, high)
    labels = [label for _, label in scale.ticks]
    assert -1e-6 <= scale.place(low) <= scale.place(high) <= 1 + 1e-6
    assert 2 <= len(labels) <= 9
    assert len(set(labels)) == len(labels)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 4000))
def test_a_calendar_has_few_ticks_inside_its_span(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    ticks = calendar(start, end).ticks
    assert 1 <= len({label for _, label in ticks}) <= 6
    assert all(start.toordinal() <= value <= end.toordinal() for value, _ in ticks)


@given(PERCENTILES, PERCENTILES)
def test_percentiles_keep_their_order_and_each_nine_has_the_same_room(one: float, other: float) -> None:
    scale = tail(99.99)
    assert (one <= other) == (scale.place(one) <= scale.place(other)) or one == pytest.approx(other)
    assert scale.place(99) - scale.place(90) == pytest.approx(scale.place(99.9) - scale.place(99))
