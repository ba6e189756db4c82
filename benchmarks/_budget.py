"""Time budgets that travel: so many microseconds on the reference machine, as work for any machine."""

from collections.abc import Callable

from benchmarks._figures import Figure, in_turns, per_second

_STEPS_PER_MICROSECOND = 2.2
"""Steps of `_spend` in a microsecond of the reference machine: Python 3.11 on an idle EPYC at 2.4 GHz."""

_US = 1e6


def within(name: str, microseconds: int, work: Callable[[], object], times: int) -> Figure:
    """Compare work with plain Python that takes its budget on the reference machine.

    Args:
        name: What the figure is called.
        microseconds: The budget on the reference machine.
        work: What must not take longer.
        times: How often it is done a round.
    """
    steps = round(microseconds * _STEPS_PER_MICROSECOND)
    sides = in_turns(
        lambda: per_second(work, times),
        lambda: per_second(lambda: _spend(steps), max(1, round(times * 10 / microseconds))),
        rounds=9,
    )
    detail = f"toolkit {_US / sides.toolkit:.2f} us yardstick {_US / sides.yardstick:.2f} us"
    return Figure(name, sides.ratio, 1.0, f"{detail} ({microseconds} us on the reference machine)")


def _spend(steps: int) -> dict[str, int]:
    """Do what Python programs do: format, look up, add, store."""
    lengths: dict[str, int] = {}
    for step in range(steps):
        key = f"A{step % 97:08}"
        lengths[key] = lengths.get(key, 0) + len(key)
    return lengths
