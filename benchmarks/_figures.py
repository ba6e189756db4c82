"""What a benchmark offers and prints: figures beside their yardsticks, measured in turns in one run."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import NamedTuple

ROUNDS = 5


class Figure(NamedTuple):
    """One comparison.

    Attributes:
        name: What was measured, such as http-get-account.
        ratio: How many times as fast as its yardstick; above 1 is faster.
        floor: The ratio that it must keep.
        detail: Both sides in their own unit.
    """

    name: str
    ratio: float
    floor: float
    detail: str

    @property
    def holds(self) -> bool:
        """Whether the floor is kept."""
        return self.ratio >= self.floor

    def __str__(self) -> str:
        missed = "" if self.holds else " MISSED"
        return f"{self.name} ratio {self.ratio:.2f} (floor {self.floor:.2f}{missed}) {self.detail}"


class Benchmark(NamedTuple):
    """What a file of this folder offers as BENCHMARK.

    Attributes:
        help: One sentence, shown in the list of benchmarks.
        measure: Measures and yields figures as they come.
    """

    help: str
    measure: Callable[[], Iterator[Figure]]


class Sides(NamedTuple):
    """Speeds of both sides: how often a second each does its work."""

    ratio: float
    toolkit: float
    yardstick: float

    def __str__(self) -> str:
        return f"toolkit {self.toolkit:.0f}/s yardstick {self.yardstick:.0f}/s"


def in_turns(toolkit: Callable[[], float], yardstick: Callable[[], float], rounds: int = ROUNDS) -> Sides:
    """Measure both sides in turns, so that a noisy machine disturbs both alike.

    Args:
        toolkit: Measures the toolkit once and returns how often a second it does its work.
        yardstick: The same for the yardstick.
        rounds: How often both are measured, after one round that does not count.

    Returns:
        The medians, and the median of the ratios within the rounds.
    """
    pairs = []
    for number in range(rounds + 1):
        if number % 2:
            ours, theirs = toolkit(), yardstick()
        else:
            theirs, ours = yardstick(), toolkit()
        pairs.append((ours, theirs))
    pairs.pop(0)
    return Sides(
        ratio=median(ours / theirs for ours, theirs in pairs),
        toolkit=median(ours for ours, _ in pairs),
        yardstick=median(theirs for _, theirs in pairs),
    )


def per_second(work: Callable[[], object], times: int) -> float:
    """Do the work so many times and return how often a second that was."""
    start = perf_counter()
    for _ in range(times):
        work()
    return times / (perf_counter() - start)
