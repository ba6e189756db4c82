"""Open-loop arrival schedules: when customers come, decided before the run and whatever the service does."""

from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from random import Random
from typing import Literal, NamedTuple

Pattern = Literal["poisson", "uniform"]


class Arrival(NamedTuple):
    """One customer's intended start.

    Attributes:
        at: Seconds after the beginning of the run.
        journey: What the customer came for.
        number: Counts the customers of this journey from 0.
    """

    at: float
    journey: str
    number: int


def poisson(rate: float, seconds: float, random: Random) -> Iterator[float]:
    """Yield the times of independent arrivals: exponential gaps with a mean of 1/rate seconds."""
    at = random.expovariate(rate)
    while at < seconds:
        yield at
        at += random.expovariate(rate)


def uniform(rate: float, seconds: float, random: Random) -> Iterator[float]:
    """Yield evenly spaced times, 1/rate seconds apart, from a random point of the first gap on."""
    shift = random.random()
    return takewhile(lambda at: at < seconds, ((step + shift) / rate for step in count()))


_PATTERNS = {"poisson": poisson, "uniform": uniform}


def schedule(rates: Mapping[str, float], seconds: float, pattern: Pattern, seed: int) -> tuple[Arrival, ...]:
    """Plan all arrivals of a run in the order of time.

    Each journey has a random stream of its own, so another journey in the mix moves nobody.

    Args:
        rates: Arrivals a second for each journey; above zero.
        seconds: How long customers arrive.
        pattern: How arrivals are spread.
        seed: The same seed gives the same schedule.
    """
    times = {
        journey: _PATTERNS[pattern](rate, seconds, Random(f"{seed} {journey}"))  # noqa: S311 - repeatable
        for journey, rate in rates.items()
    }
    return tuple(
        sorted(
            Arrival(at, journey, number)
            for journey, moments in times.items()
            for number, at in enumerate(moments)
        )
    )
