"""What a run leaves can be read by others: JUnit, OpenMetrics, JSON and a page."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from toolkit.load.artefacts import junit, open_metrics, read_record, write_artefacts
from toolkit.load.measurement import Measurement, Second, Series
from toolkit.load.profile import Profile, Workload, check
from toolkit.load.verdict import Verdict, judge

SLOW = 'GET /v1/"odd"\\{key}'


@pytest.fixture
def workload() -> Workload:
    """A profile whose objectives come to four different outcomes."""
    profile = Profile(
        summary="A test of <everything>.",
        journeys={"visit": 100},
        objectives=("errors < 1 %", "p95 < 50 ms", "p99.9 < 1 s", "max of GET /x < 1 s"),
        seconds=10,
        warm_up=0,
        pattern="uniform",
    )
    return check("test", profile, ["visit"])


@pytest.fixture
def measured() -> Measurement:
    """A thousand visits, a tenth of them slow and four of them failed."""
    series = Series(failed=4)
    measured = Measurement(
        requests={"GET /v1/accounts": series, SLOW: series},
        journeys={"visit": series},
        seconds={0: Second(500, 498, 2), 1: Second(500, 498, 2)},
        elapsed=10,
        cpu=1,
        faults={"GET /v1/accounts: HTTP 500": 4},
        ended="done",
    )
    for number in range(1000):
        milliseconds = 100.0 if number % 10 == 0 else 10.0
        series.record(milliseconds, milliseconds / 2, failed=False)
        measured.seconds[number // 500].response.record(milliseconds)
        measured.lag.record(0.2)
    return measured


@pytest.fixture
def verdict(workload: Workload, measured: Measurement) -> Verdict:
    """What that comes to."""
    return judge(workload, measured)


def test_junit_has_a_case_for_each_rule(workload: Workload, verdict: Verdict) -> None:
    (suite,) = ET.fromstring(junit(workload, verdict))  # noqa: S314 - we wrote it
    assert {name: suite.get(name) for name in ("name", "tests", "failures", "errors")} == {
        "name": "load test",
        "tests": "9",
        "failures": "1",
        "errors": "2",
    }
    troubles = {case.get("name"): case[0] for case in suite if len(case)}
    assert {name: (trouble.tag, trouble.get("type")) for name, trouble in troubles.items()} == {
        "p95 < 50 ms": ("failure", "FAIL"),
        "p99.9 < 1 s": ("error", "INCONCLUSIVE"),
        "max of GET /x < 1 s": ("error", "NO_DATA"),
    }
    assert troubles["p95 < 50 ms"].get("message") == "100 ms over 2,000 samples."


def test_metrics_are_what_an_openmetrics_parser_reads(
    workload: Workload, verdict: Verdict, measured: Measurement
) -> None:
    written = open_metrics(workload, verdict, measured)
    families = list(text_string_to_metric_families(written))  # type: ignore[no-untyped-call]  # it has no types
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }
    assert samples["load_passed", "test"] == 0
    assert samples["load_journey_response_seconds", "0.5", "test", "visit"] == 0.01
    assert samples["load_request_response_seconds", "0.95", SLOW, "test"] == 0.1
    assert samples["load_request_failed_ratio", "GET /v1/accounts", "test"] == 0.004
    assert len(samples) == 1 + 3 * (4 + 1)


def test_a_series_without_samples_has_no_failures() -> None:
    profile = Profile(summary="", journeys={"visit": 1}, objectives=("errors < 1 %",), seconds=1)
    workload, measured = check("test", profile, ["visit"]), Measurement(journeys={"visit": Series()})
    assert 'ratio{profile="test",journey="visit"} 0.0000' in open_metrics(
        workload, judge(workload, measured), measured
    )


def test_the_record_holds_all_that_is_needed_to_judge_again(
    tmp_path: Path, workload: Workload, verdict: Verdict, measured: Measurement
) -> None:
    write_artefacts(tmp_path, workload, verdict, measured)
    record = read_record(tmp_path / "verdict.json")
    assert judge(record.workload, record.measured) == record.verdict == verdict
    assert json.loads((tmp_path / "verdict.json").read_text())["verdict"]["outcome"] == "FAIL"


def test_the_page_shows_verdict_rules_samples_plots_and_faults(
    tmp_path: Path, workload: Workload, verdict: Verdict, measured: Measurement
) -> None:
    write_artefacts(tmp_path, workload, verdict, measured)
    page = (tmp_path / "report.html").read_text().removeprefix("<!doctype html>\n")
    root = ET.fromstring(page)  # noqa: S314 - we wrote it
    words = ["".join(element.itertext()) for element in root.iter()]
    (banner,) = root.iter("section")
    assert "".join(banner.itertext()) == f"✕FAIL {verdict.sentence}"
    assert {"A test of <everything>.", "p95 < 50 ms", SLOW, "GET /v1/accounts: HTTP 500"} <= set(words)
    assert [badge.text for badge in root.findall(".//td/span")].count("PASS") == 6
    assert len(root.findall(".//figure")) == 4
    (first, *_) = root.findall(".//figure/svg")
    assert "limit p95 < 50 ms" in str(first.get("aria-label"))


def test_a_run_without_any_sample_has_a_page_too(tmp_path: Path, workload: Workload) -> None:
    nothing = Measurement(ended="was interrupted")
    write_artefacts(tmp_path, workload, judge(workload, nothing), nothing)
    assert "INVALID" in (tmp_path / "report.html").read_text()
