"""The table of verdicts: which word wins, with which reason."""

from collections.abc import Iterator
from math import comb

import pytest

from toolkit.load.measurement import Measurement, Series
from toolkit.load.profile import Profile, Workload, check
from toolkit.load.verdict import Finding, Outcome, Verdict, judge, show_time

PASS, FAIL, INCONCLUSIVE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE
INVALID, NO_DATA = Outcome.INVALID, Outcome.NO_DATA


def _workload(*objectives: str, seconds: float = 10) -> Workload:
    profile = Profile(
        summary="A test.",
        journeys={"visit": 100},
        objectives=("errors < 1 %", *objectives),
        seconds=seconds,
        warm_up=0,
        pattern="uniform",
    )
    return check("test", profile, ["visit"])


def _series(fast: int, slow: int = 0, failed: int = 0) -> Series:
    series = Series(failed=failed)
    for milliseconds, times in ((10.0, fast), (1000.0, slow)):
        for _ in range(times):
            series.record(milliseconds, milliseconds / 2, failed=False)
    return series


def _measured(fast: int = 1000, slow: int = 0, failed: int = 0, ended: str = "done") -> Measurement:
    series = _series(fast, slow, failed)
    measured = Measurement(requests={"GET /": series}, journeys={"visit": series}, elapsed=10, ended=ended)
    for _ in range(1000):
        measured.lag.record(0.1)
    return measured


def _judged(measured: Measurement, *objectives: str) -> Verdict:
    return judge(_workload(*objectives), measured)


@pytest.mark.parametrize(
    ("objective", "measured", "outcome"),
    [
        ("p95 < 200 ms", _measured(951, 49), PASS),
        ("p95 < 200 ms", _measured(949, 51), FAIL),
        ("p95 of visit < 200 ms", _measured(949, 51), FAIL),
        ("p95 of GET / < 200 ms", _measured(949, 51), FAIL),
        ("p95 of GET /other < 200 ms", _measured(1000), NO_DATA),
        ("p99 < 200 ms", _measured(1000), INCONCLUSIVE),
        ("mean < 50 ms", _measured(1000), PASS),
        ("mean < 50 ms", _measured(900, 100), FAIL),
        ("max < 500 ms", _measured(999, 1), FAIL),
        ("errors < 0.5 %", _measured(failed=4), PASS),
        ("errors <= 0 %", _measured(failed=1), FAIL),
        ("errors of visit < 0.5 %", _measured(failed=6), FAIL),
        ("errors < 0.1 %", _measured(), INCONCLUSIVE),
        ("rate >= 99 %", _measured(failed=10), PASS),
        ("rate of visit >= 99 %", _measured(failed=11), FAIL),
        ("rate >= 99 %", _measured(fast=950), FAIL),
    ],
)
def test_an_objective_comes_to_its_outcome(objective: str, measured: Measurement, outcome: Outcome) -> None:
    assert _judged(measured, objective).objectives[1].outcome == outcome


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        (_measured(380, 20), INCONCLUSIVE),  # as many slow ones as allowed, but too few in all
        (_measured(370, 30), FAIL),  # so many that the sample's size is no excuse
    ],
)
def test_few_samples_miss_an_objective_only_when_luck_cannot_explain_it(
    measured: Measurement, outcome: Outcome
) -> None:
    assert _judged(measured, "p95 < 5 ms", "p95 < 200 ms").objectives[2].outcome == outcome
    slow = measured.requests["GET /"].response.above(200)
    chance = sum(comb(400, bad) * 19 ** (400 - bad) for bad in range(slow, 401)) / 20**400
    assert (chance < 0.05) == (outcome is FAIL)


def _spoilt() -> Iterator[tuple[Measurement, str]]:
    yield _measured(ended="was ended by SIGKILL"), "runs to its end; measured: it was ended by SIGKILL."
    shed = _measured()
    shed.shed = 1
    yield shed, "no customer is shed; measured: 1 of 1,000."
    missing = _measured()
    missing.lag.counts.clear()
    missing.lag.count = 0
    for _ in range(989):
        missing.lag.record(0.1)
    yield missing, "at least 99 % of the planned customers start; measured: 98.9 %."
    late = _measured()
    for _ in range(11):
        late.lag.record(150)
    yield late, "at most 1 % of customers start more than 100 ms late; measured: 1.1 %."
    busy = _measured()
    busy.cpu = 9.1
    yield busy, "uses less than 90 % of its CPU; measured: 91 %."


@pytest.mark.parametrize(("measured", "reason"), list(_spoilt()))
def test_a_run_whose_generator_fell_short_says_nothing(measured: Measurement, reason: str) -> None:
    verdict = _judged(measured, "p95 < 1 ms")  # missed as well, but that is not to be believed
    assert verdict.outcome is INVALID
    assert verdict.sentence.startswith("The run says nothing about the service. ")
    assert verdict.sentence.endswith(reason)


@pytest.mark.parametrize(
    ("objectives", "measured", "outcome", "sentence"),
    [
        (["p95 < 1 s"], _measured(), PASS, "Every objective holds: 2 of 2."),
        (
            ["p95 < 5 ms", "p99 < 1 s", "p50 of GET /x < 1 s"],
            _measured(),
            FAIL,
            "Objectives missed: 1 of 4. p95 < 5 ms: 10.0 ms over 1,000 samples.",
        ),
        (
            ["p99 < 1 s", "p50 of GET /x < 1 s"],
            _measured(),
            NO_DATA,
            (
                "Objectives on something that was never measured: 1 of 3. "
                "p50 of GET /x < 1 s: Nothing was measured of GET /x."
            ),
        ),
        (
            ["p99 < 1 s"],
            _measured(),
            INCONCLUSIVE,
            (
                "None was missed, but there were too few samples for 1 of 2 objectives. "
                "p99 < 1 s: 1,339 samples are needed to judge it, 1,000 were taken."
            ),
        ),
        (
            [],
            Measurement(ended="done"),
            NO_DATA,
            "Not one request was counted, so there is nothing to judge.",
        ),
    ],
)
def test_the_worst_outcome_is_the_runs_and_is_said_with_its_reason(
    objectives: list[str], measured: Measurement, outcome: Outcome, sentence: str
) -> None:
    verdict = _judged(measured, *objectives)
    assert (verdict.outcome, verdict.sentence) == (outcome, sentence)


def test_a_generator_that_died_before_its_first_request_is_invalid_and_not_without_data() -> None:
    assert _judged(Measurement(ended="stopped with exit code 1")).outcome is INVALID


def test_nothing_measured_never_passes() -> None:
    findings = _judged(Measurement(ended="done"), "p95 < 1 s", "rate >= 1 %", "max < 1 s").objectives
    assert {finding.outcome for finding in findings} == {NO_DATA}


def test_service_time_stands_beside_response_time() -> None:
    finding = _judged(_measured(), "p95 < 1 s").objectives[1]
    assert finding == Finding("p95 < 1 s", PASS, "10.0 ms", service="5.0 ms", samples=1000)


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0.04, "0.0 ms"), (41.32, "41.3 ms"), (312.4, "312 ms"), (12345.6, "12,346 ms")],
)
def test_a_time_is_shown_with_the_digits_that_mean_something(milliseconds: float, shown: str) -> None:
    assert show_time(milliseconds) == shown
