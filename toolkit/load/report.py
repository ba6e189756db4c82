"""The page that shows a run: verdict, rules, and plots."""

from collections.abc import Iterator, Sequence

from toolkit.load.histogram import Histogram
from toolkit.load.measurement import Measurement, Second, Series
from toolkit.load.objectives import Objective
from toolkit.load.profile import Workload
from toolkit.load.verdict import Finding, Outcome, Verdict, show_time
from toolkit.pages import (
    Badge,
    Cell,
    Chart,
    Column,
    Facts,
    Figure,
    Heading,
    Line,
    Mark,
    Page,
    Paragraph,
    Section,
    Table,
    Tone,
    line_chart,
    percentile_chart,
)
from toolkit.pages import Verdict as Banner

TONES = {
    Outcome.PASS: Tone.GOOD,
    Outcome.FAIL: Tone.BAD,
    Outcome.INCONCLUSIVE: Tone.UNSURE,
    Outcome.INVALID: Tone.UNSURE,
    Outcome.NO_DATA: Tone.UNSURE,
}
_CURVE = (*range(1, 90), *(90 + step / 4 for step in range(36)), *(99 + step / 20 for step in range(20)))


def report_page(workload: Workload, verdict: Verdict, measured: Measurement) -> Page:
    """Lay out the page of a run."""
    profile = workload.profile
    sections: list[Section] = [
        Banner(verdict.outcome.value, verdict.sentence, TONES[verdict.outcome]),
        _facts(workload, measured),
        Heading("Objectives"),
        Paragraph(
            "Response time counts from the moment at which a customer meant to start; service time counts "
            "from the moment at which the request was sent. They differ when customers had to wait."
        ),
        _objectives(verdict.objectives),
        _generator(verdict.generator),
        Heading("What was measured"),
        *_figures(workload, measured),
        Heading("Samples"),
        _series("By journey", "Journey", measured.journeys),
        _series("By kind of request", "Request", measured.requests),
    ]
    if measured.faults:
        counted = sorted(measured.faults.items(), key=lambda item: -item[1])
        sections.append(
            Table(("Fault", Column("Times", numeric=True)), counted, "What went wrong, warm-up included")
        )
    return Page(f"Load: {workload.name}", sections, profile.summary)


def _facts(workload: Workload, measured: Measurement) -> Facts:
    profile, requests = workload.profile, measured.all_requests()
    length = f"{profile.warm_up:g} + {profile.seconds:g} s"
    return Facts(
        (
            ("Customers a second", f"{profile.rate:g}"),
            ("Warm-up + counted", length),
            ("Requests", requests.response.count),
            ("p95", show_time(requests.response.percentile(95))),
            ("Failed requests", requests.failed),
        )
    )


def _badge(finding: Finding) -> Badge:
    return Badge(finding.outcome.value, TONES[finding.outcome])


def _objectives(findings: Sequence[Finding]) -> Table:
    numbers = [Column(name, numeric=True) for name in ("Response time or ratio", "Service time", "Samples")]
    rows: list[tuple[Cell, ...]] = [
        (finding.rule, _badge(finding), finding.measured, finding.service, finding.samples)
        for finding in findings
    ]
    return Table(["Objective", "Outcome", *numbers], rows, "What the profile demands of the service")


def _generator(findings: Sequence[Finding]) -> Table:
    rows = [(finding.rule, _badge(finding), finding.measured) for finding in findings]
    columns = ("Demand", "Outcome", Column("Measured", numeric=True))
    return Table(columns, rows, "What is demanded of the generator, so that the numbers mean something")


def _series(caption: str, kind: str, named: dict[str, Series]) -> Table:
    numbers = [Column(name, numeric=True) for name in ("Samples", "Failed", "p50", "p95", "p99", "max")]
    rows: list[tuple[Cell, ...]] = [
        (name, one.response.count, one.failed, *_times(one.response)) for name, one in sorted(named.items())
    ]
    return Table([kind, *numbers], rows, f"{caption}: response times")


def _times(times: Histogram) -> Iterator[str]:
    yield from (show_time(times.percentile(percent)) for percent in (50, 95, 99))
    yield show_time(times.largest)


def _figures(workload: Workload, measured: Measurement) -> Iterator[Figure]:
    requests = measured.all_requests()
    overall = [objective for objective in workload.objectives if not objective.of]
    curves = (
        Line("response time", _curve(requests.response)),
        Line("service time", _curve(requests.service)),
    )
    yield Figure(percentile_chart(curves, y="ms", marks=_marks(overall)), "All requests, by percentile")
    journeys = [Line(name, _curve(one.response)) for name, one in sorted(measured.journeys.items())]
    yield Figure(percentile_chart(journeys, y="ms"), "Whole journeys, by percentile")
    seconds = sorted(measured.seconds.items())
    yield Figure(_over_time(seconds), "Response time of requests, by the second in which they were due")
    yield Figure(_flow(seconds), "Customers who came and who left")


def _curve(times: Histogram) -> list[tuple[float, float]]:
    known = [percent for percent in _CURVE if times.count * (1 - percent / 100) >= 1]
    return [(percent, times.percentile(percent)) for percent in known]


def _marks(objectives: Sequence[Objective]) -> list[Mark]:
    return [
        Mark(objective.limit, objective.text, objective.percent)
        for objective in objectives
        if objective.metric == "percentile"
    ]


def _over_time(seconds: Sequence[tuple[int, Second]]) -> Chart:
    lines = [
        Line(f"p{percent}", [(at, second.response.percentile(percent)) for at, second in seconds])
        for percent in (50, 95, 99)
    ]
    return line_chart(lines, x="second of the run", y="ms")


def _flow(seconds: Sequence[tuple[int, Second]]) -> Chart:
    closed = [
        *seconds,
        *((at + 1, second) for at, second in seconds[-1:]),
    ]  # the last one is a second wide too
    lines = (
        Line("came", [(at, second.started) for at, second in closed]),
        Line("left content", [(at, second.completed) for at, second in closed]),
        Line("failed", [(at, second.failed) for at, second in closed]),
    )
    return line_chart(lines, x="second of the run", y="customers a second", steps=True)
