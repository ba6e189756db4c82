"""The demonstration's report as a page."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from toolkit.cli.demo.year import Check, Step
from toolkit.environment import Timing
from toolkit.load.report import report_page
from toolkit.load.run import Result
from toolkit.pages import (
    Badge,
    Bar,
    Column,
    Facts,
    Figure,
    Heading,
    Line,
    Page,
    Paragraph,
    Section,
    Table,
    Tone,
    Verdict,
    bar_chart,
    line_chart,
)
from toolkit.recording.playback import PlayResult


class Findings(NamedTuple):
    """Everything that the demonstration found.

    Attributes:
        said: What each service said of itself.
        load: The load test's result; None when it was left out.
        seconds: How long everything took.
        problems: What did not hold, as sentences.
    """

    timings: Sequence[Timing]
    said: Mapping[str, str]
    steps: Sequence[Step]
    checks: Sequence[Check]
    played: PlayResult
    load: Result | None
    seconds: Decimal
    problems: Sequence[str]


def demo_page(findings: Findings) -> Page:
    """Lay out the page."""
    return Page(
        "From an empty machine to a customer who is billed",
        list(_sections(findings)),
        "Real services, one customer's year with Zuora over HTTP, a cassette"
        + (", no load test." if findings.load is None else " and a load test."),
    )


def _sections(findings: Findings) -> Iterator[Section]:
    if findings.problems:
        yield Verdict("FAIL", " ".join(findings.problems), Tone.BAD)
    else:
        yield Verdict("PASS", "Every figure is what it should be.", Tone.GOOD)
    billed = sum((check.found for check in findings.checks[:-1] if check.found > 0), Decimal(0))
    yield Facts(
        (
            ("Environment ready", f"{findings.timings[-1].ready:.2f} s"),
            ("Billed", f"{billed:,.2f} USD"),
            ("Everything", f"{findings.seconds} s"),
        )
    )
    yield from _year(findings)
    yield from _environment(findings)
    yield Heading("A cassette, played back")
    yield Paragraph(f"{findings.played.name}: {len(findings.played.steps)} requests, none reached a network.")
    yield _cassette(findings.played)
    if findings.load is not None:
        load = findings.load
        yield Heading("Ten seconds of load")
        yield from report_page(load.workload, load.verdict, load.measured).sections


def _year(findings: Findings) -> Iterator[Section]:
    yield Heading("One customer's year")
    balances = [(step.day, step.balance) for step in findings.steps]
    moved = [step.outcome.amount or Decimal(0) for step in findings.steps]
    invoiced = accumulate(
        amount if step.outcome.numbers and step.outcome.numbers[0].startswith("BR-") else Decimal(0)
        for step, amount in zip(findings.steps, moved, strict=True)
    )
    billed = [(step.day, total) for step, total in zip(findings.steps, invoiced, strict=True)]
    lines = (Line("billed so far", billed), Line("account balance", balances))
    yield Figure(
        line_chart(lines, x="tenant's date", y="USD", steps=True), "What was billed, and what was owed"
    )
    columns = ("Date", "Step", "Zuora numbers", Column("USD", numeric=True), Column("Owed", numeric=True))
    rows = [
        (
            str(step.day),
            step.title,
            " ".join(step.outcome.numbers),
            "" if step.outcome.amount is None else f"{step.outcome.amount:,.2f}",
            f"{step.balance:,.2f}",
        )
        for step in findings.steps
    ]
    yield Table(columns, rows, "Every step, over HTTP")
    yield Table(
        ("Figure", Column("By hand", numeric=True), Column("From Zuora", numeric=True), "Agrees"),
        [
            (check.name, f"{check.expected:,.2f}", f"{check.found:,.2f}", _badge(holds=check.holds))
            for check in findings.checks
        ],
        "Figures worked out by hand beside those that came back",
    )


def _badge(*, holds: bool) -> Badge:
    return Badge("yes", Tone.GOOD) if holds else Badge("no", Tone.BAD)


def _environment(findings: Findings) -> Iterator[Section]:
    yield Heading("The environment")
    bars = [
        Bar(timing.service, round(timing.ready * 1000), f"{timing.ready * 1000:.0f} ms")
        for timing in findings.timings
    ]
    yield Figure(bar_chart(bars, y="ms"), "When each service first answered")
    sources = {timing.service: timing.source for timing in findings.timings}
    rows = [(name, sources.get(name, ""), said) for name, said in findings.said.items()]
    yield Table(("Service", "From", "What it says"), rows, "Real servers, on loopback only")


def _cassette(played: PlayResult) -> Table:
    rows = [(step.method, step.path, step.status) for step in played.steps]
    return Table(("Method", "Path", Column("Status", numeric=True)), rows, "What was played")
