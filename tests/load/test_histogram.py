"""The histogram is as exact as it says, and adds up."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.load.histogram import ERROR, Histogram

MILLISECONDS = st.floats(0.001, 1e7)
SAMPLES = st.lists(MILLISECONDS, min_size=1, max_size=60)
PERCENT = st.floats(0, 100, exclude_min=True)


def _filled(samples: list[float]) -> Histogram:
    histogram = Histogram()
    for sample in samples:
        histogram.record(sample)
    return histogram


def _exact(samples: list[float], percent: float) -> float:
    """Find the nearest rank by sorting."""
    return sorted(samples)[max(math.ceil(round(percent * len(samples) / 100, 6)), 1) - 1]


@given(SAMPLES, PERCENT)
def test_a_percentile_is_within_one_per_cent_of_the_sorted_one(samples: list[float], percent: float) -> None:
    assert _filled(samples).percentile(percent) == pytest.approx(_exact(samples, percent), rel=ERROR + 1e-9)
    assert ERROR < 0.01


@given(SAMPLES)
def test_sum_and_extremes_are_exact(samples: list[float]) -> None:
    histogram = _filled(samples)
    assert histogram.mean == pytest.approx(sum(samples) / len(samples))
    assert (histogram.smallest, histogram.largest) == (min(samples), max(samples))
    assert histogram.percentile(100) == pytest.approx(max(samples), rel=ERROR + 1e-9)


@given(SAMPLES, SAMPLES)
def test_two_histograms_added_are_the_histogram_of_all(one: list[float], other: list[float]) -> None:
    added = _filled(one)
    added.add(_filled(other))
    together = _filled(one + other)
    assert added.total == pytest.approx(together.total)
    added.total = together.total
    assert added == together


@given(SAMPLES)
def test_it_survives_the_wire(samples: list[float]) -> None:
    histogram = _filled(samples)
    assert msgspec.json.decode(msgspec.json.encode(histogram), type=Histogram) == histogram


@given(SAMPLES, st.floats(0.001, 1e7))
def test_what_lies_above_a_limit_is_counted_to_within_a_bucket(samples: list[float], limit: float) -> None:
    surely = sum(sample > limit * 1.021 for sample in samples)
    perhaps = sum(sample > limit / 1.021 for sample in samples)
    assert surely <= _filled(samples).above(limit) <= perhaps


def test_nothing_recorded_is_zero_everywhere() -> None:
    assert (Histogram().percentile(95), Histogram().mean, Histogram().above(0)) == (0, 0, 0)


@pytest.mark.parametrize("milliseconds", [0.0, -5.0])
def test_no_time_at_all_counts_as_a_sample(milliseconds: float) -> None:
    histogram = _filled([milliseconds])
    assert (histogram.count, histogram.percentile(50), histogram.smallest) == (1, 0, 0)
