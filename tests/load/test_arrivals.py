"""Arrivals come as their pattern says, always the same for the same seed."""

import math
import statistics
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.load.arrivals import Arrival, Pattern, poisson, schedule, uniform

RATES = st.dictionaries(st.sampled_from(["buy", "look", "renew"]), st.floats(0.5, 50), min_size=1)
PATTERNS: list[Pattern] = ["poisson", "uniform"]


@given(RATES, st.floats(0.1, 20), st.sampled_from(PATTERNS), st.integers())
def test_a_schedule_is_in_order_and_within_its_time(
    rates: dict[str, float], seconds: float, pattern: Pattern, seed: int
) -> None:
    planned = schedule(rates, seconds, pattern, seed)
    assert planned == schedule(rates, seconds, pattern, seed)
    assert all(one.at <= other.at for one, other in pairwise(planned))
    assert all(0 <= arrival.at < seconds for arrival in planned)
    for journey in rates:
        numbers = [arrival.number for arrival in planned if arrival.journey == journey]
        assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_another_journey_in_the_mix_moves_nobody(pattern: Pattern) -> None:
    def buyers(rates: dict[str, float]) -> list[Arrival]:
        return [arrival for arrival in schedule(rates, 10, pattern, 1) if arrival.journey == "buy"]

    assert buyers({"buy": 20}) == buyers({"buy": 20, "look": 40})


def test_another_seed_brings_other_moments() -> None:
    assert schedule({"buy": 20}, 10, "poisson", 1) != schedule({"buy": 20}, 10, "poisson", 2)


@given(st.integers(0, 10**6), st.floats(1, 60))
def test_uniform_arrivals_are_a_gap_apart_and_as_many_as_the_rate_says(seed: int, rate: float) -> None:
    times = list(uniform(rate, 5, Random(seed)))  # noqa: S311 - repeatable
    assert abs(len(times) - 5 * rate) <= 1
    assert [b - a for a, b in pairwise(times)] == pytest.approx([1 / rate] * (len(times) - 1))


def test_poisson_arrivals_have_the_moments_of_their_distribution() -> None:
    """40,000 gaps: mean and deviation 1/rate, no memory, and counts whose variance is their mean."""
    rate, times = 200.0, list(poisson(200, 200, Random(7)))  # noqa: S311 - repeatable
    gaps = [b - a for a, b in pairwise(times)]
    assert statistics.fmean(gaps) == pytest.approx(1 / rate, rel=0.03)
    assert statistics.stdev(gaps) == pytest.approx(1 / rate, rel=0.03)
    assert abs(statistics.correlation(gaps[:-1], gaps[1:])) < 0.02
    seconds = Counter(map(int, times))
    counts = [seconds[second] for second in range(200)]
    assert statistics.fmean(counts) == pytest.approx(rate, rel=0.03)
    assert statistics.variance(counts) == pytest.approx(rate, rel=0.35)


def test_poisson_gaps_are_exponential() -> None:
    """Kolmogorov and Smirnov's distance stays below the 1 % critical value, 1.63 / sqrt(n)."""
    gaps = sorted(b - a for a, b in pairwise(poisson(100, 50, Random(3))))  # noqa: S311 - repeatable
    distance = max(abs((at + 1) / len(gaps) + math.expm1(-100 * gap)) for at, gap in enumerate(gaps))
    assert distance < 1.63 / len(gaps) ** 0.5
