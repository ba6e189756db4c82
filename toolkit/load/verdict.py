"""From a measurement to one word, with the reason for every rule.

| word         | when                                                                              |
|--------------|-----------------------------------------------------------------------------------|
| INVALID      | the generator did not do its part, so the numbers say nothing about the service   |
| FAIL         | an objective was missed                                                           |
| NO_DATA      | an objective is on something that was never measured, or nothing was              |
| INCONCLUSIVE | no objective was missed, but there are too few samples to say that one holds      |
| PASS         | every objective holds                                                             |

A word higher in the table wins; only when the generator did its part and yet nothing was measured is the
word NO_DATA and not INVALID.
"""

import math
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from toolkit.load.histogram import Histogram
from toolkit.load.measurement import Measurement, Series
from toolkit.load.objectives import Objective
from toolkit.load.profile import Workload

LATE = 100.0
"""A customer who starts this many milliseconds after the intended moment is late."""
_MOST_LATE, _LEAST_STARTED, _MOST_CPU = 1.0, 99.0, 90.0  # per cent
_DOUBT = 0.05
_FINE = 100.0


class Outcome(StrEnum):
    """What a rule, or a run, came to."""

    PASS = "PASS"  # noqa: S105 - a word, not a password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    INVALID = "INVALID"
    NO_DATA = "NO_DATA"


_TROUBLES = {
    Outcome.FAIL: "Objectives missed: {} of {}.",
    Outcome.NO_DATA: "Objectives on something that was never measured: {} of {}.",
    Outcome.INCONCLUSIVE: "None was missed, but there were too few samples for {} of {} objectives.",
}


class Finding(msgspec.Struct, frozen=True):
    """What became of one rule.

    Attributes:
        rule: An objective as it was written, or what is demanded of the generator.
        outcome: Its outcome.
        measured: The measured value with its unit.
        reason: One sentence; empty when the rule simply holds.
        service: The same metric of the service time, counted from the actual start; for times only.
        samples: How many samples it rests on.
    """

    rule: str
    outcome: Outcome
    measured: str = ""
    reason: str = ""
    service: str = ""
    samples: int = 0


class Verdict(msgspec.Struct, frozen=True):
    """The word, one sentence of reason, and what became of each rule."""

    outcome: Outcome
    sentence: str
    objectives: tuple[Finding, ...]
    generator: tuple[Finding, ...]


def judge(workload: Workload, measured: Measurement) -> Verdict:
    """Judge a run."""
    planned = dict.fromkeys(workload.profile.journeys, 0)
    for arrival in workload.profile.arrivals():
        planned[arrival.journey] += arrival.at >= workload.profile.warm_up
    objectives = tuple(_judge(objective, measured, planned) for objective in workload.objectives)
    generator = tuple(_examine(measured, sum(planned.values())))
    return Verdict(*_conclude(objectives, generator, measured), objectives, generator)


def _conclude(
    objectives: tuple[Finding, ...], generator: tuple[Finding, ...], measured: Measurement
) -> tuple[Outcome, str]:
    if measured.ended == "done" and not measured.all_requests().response.count:
        return Outcome.NO_DATA, "Not one request was counted, so there is nothing to judge."
    if broken := [finding.reason for finding in generator if finding.outcome is not Outcome.PASS]:
        reasons = broken if measured.ended == "done" else broken[:1]  # the others follow from an early end
        return Outcome.INVALID, " ".join(["The run says nothing about the service.", *reasons])
    for outcome, what in _TROUBLES.items():
        if found := [finding for finding in objectives if finding.outcome is outcome]:
            listed = " ".join(f"{finding.rule}: {finding.reason}" for finding in found)
            return outcome, f"{what.format(len(found), len(objectives))} {listed}"
    return Outcome.PASS, f"Every objective holds: {len(objectives)} of {len(objectives)}."


def _examine(measured: Measurement, planned: int) -> Iterator[Finding]:
    whole = measured.ended == "done"
    yield _demand("the generator runs to its end", "yes" if whole else f"it {measured.ended}", holds=whole)
    yield _demand("no customer is shed", f"{measured.shed:,} of {planned:,}", holds=not measured.shed)
    started = _percent(measured.lag.count, planned)
    rule = f"at least {_LEAST_STARTED:g} % of the planned customers start"
    yield _demand(rule, f"{started:.1f} %", holds=started >= _LEAST_STARTED)
    late = _percent(measured.lag.above(LATE), measured.lag.count)
    rule = f"at most {_MOST_LATE:g} % of customers start more than {LATE:g} ms late"
    yield _demand(rule, f"{late:.1f} %", holds=late <= _MOST_LATE)
    busy = _percent(measured.cpu, measured.elapsed)
    rule = f"the generator uses less than {_MOST_CPU:g} % of its CPU"
    yield _demand(rule, f"{busy:.0f} %", holds=busy < _MOST_CPU)


def _demand(rule: str, measured: str, *, holds: bool) -> Finding:
    reason = "" if holds else f"Demanded: {rule}; measured: {measured}."
    return Finding(rule, Outcome.PASS if holds else Outcome.INVALID, measured, reason)


def _judge(objective: Objective, measured: Measurement, planned: dict[str, int]) -> Finding:
    series = _select(objective.of, measured, journeys=objective.metric == "rate")
    samples = series.response.count
    if not samples:
        reason = f"Nothing was measured of {objective.of or 'any request'}."
        return Finding(objective.text, Outcome.NO_DATA, "nothing", reason)
    expected = planned[objective.of] if objective.of in planned else sum(planned.values())
    value = _value(objective, series, series.response, expected)
    shown, service = _show(objective, value), ""
    if objective.is_time:
        service = _show(objective, _value(objective, series, series.service, expected))
    outcome, reason = _decide(objective, series, holds=objective.holds(value))
    return Finding(objective.text, outcome, shown, reason.format(shown=shown), service, samples)


def _select(of: str, measured: Measurement, *, journeys: bool) -> Series:
    if not of:
        return measured.all_journeys() if journeys else measured.all_requests()
    return measured.journeys.get(of) or measured.requests.get(of) or Series()


def _value(objective: Objective, series: Series, times: Histogram, expected: int) -> float:
    match objective.metric:
        case "errors":
            return _percent(series.failed, times.count)
        case "rate":
            return _percent(times.count - series.failed, expected)
        case "mean":
            return times.mean
        case "max":
            return times.largest
        case _:
            return times.percentile(objective.percent)


def _decide(objective: Objective, series: Series, *, holds: bool) -> tuple[Outcome, str]:
    samples, needed = series.response.count, objective.needed
    if holds and samples >= needed:
        return Outcome.PASS, ""
    if not holds and (samples >= needed or _is_surely_missed(objective, series)):
        return Outcome.FAIL, f"{{shown}} over {samples:,} samples."
    return Outcome.INCONCLUSIVE, f"{needed:,} samples are needed to judge it, {samples:,} were taken."


def _is_surely_missed(objective: Objective, series: Series) -> bool:
    """Say whether so many bad samples would be rarer than 1 in 20 if the objective held (binomial tail)."""
    if objective.allowed is None:
        return False
    bad = series.failed if objective.metric == "errors" else series.response.above(objective.limit)
    return _tail(bad, series.response.count, objective.allowed) < _DOUBT


def _tail(bad: int, count: int, share: float) -> float:
    """Return the chance of at least `bad` of `count` when each is bad with probability `share`."""
    odds = (math.log(share), math.log1p(-share))
    return sum(
        math.exp(_log_ways(count, number) + number * odds[0] + (count - number) * odds[1])
        for number in range(bad, count + 1)
    )


def _log_ways(count: int, chosen: int) -> float:
    return math.lgamma(count + 1) - math.lgamma(chosen + 1) - math.lgamma(count - chosen + 1)


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _show(objective: Objective, value: float) -> str:
    return show_time(value) if objective.is_time else f"{value:.3g} %"


def show_time(milliseconds: float) -> str:
    """Write a duration as a person reads it: about three digits."""
    return f"{milliseconds:,.{1 if milliseconds < _FINE else 0}f} ms"
