"""`toolkit demo`: the whole way, from an empty machine to a customer who is billed, and a verdict."""

import time
from argparse import ArgumentParser, Namespace
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.cli.command import Command
from toolkit.errors import ObjectiveMissedError, ToolkitError

if TYPE_CHECKING:
    from toolkit.cli.demo.report import Findings
    from toolkit.cli.demo.year import Step
    from toolkit.environment import Timing
    from toolkit.load.run import Progress, Result

_CASSETTE = "zuora/purchase"
_PROFILE = "smoke"
_NEEDED = ("psycopg", "redis")


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="leave out the load test")
    parser.add_argument(
        "--out", type=Path, default=Path("reports/demo"), metavar="DIR", help="for the report (%(default)s)"
    )


def _run(arguments: Namespace) -> int:
    begun = time.monotonic()
    for package in _NEEDED if arguments.quick else (*_NEEDED, "locust"):
        if find_spec(package) is None:
            raise ToolkitError(
                f"The demo needs the package {package}, which is not installed.",
                "Run: pip install 'fulfillment-toolkit[all]'.",
            )
    from toolkit.cli.demo.report import Findings, demo_page
    from toolkit.cli.demo.services import try_services
    from toolkit.cli.demo.year import Year
    from toolkit.environment import start
    from toolkit.pages import write_page
    from toolkit.recording.playback import play
    from toolkit.zuora.client import Client

    _say("Environment")
    with start(told=_show_timing) as environment, Client(environment.urls["zuora"]) as client:
        said = try_services(environment.urls)
        for name, words in said.items():
            print(f"  {name:<10} {words}")
        _say("One customer's year, over HTTP")
        year, steps = Year(client), []
        for step in year.steps():
            _show_step(step)
            steps.append(step)
        _say(f"Cassette {_CASSETTE}, played back without a network")
        played = play(_CASSETTE)
        print(f"  {len(played.steps)} requests, each answered as it was recorded")
        load = None if arguments.quick else _load(environment.urls["zuora"], client.now(), arguments.out)
    problems = [
        f"{check.name}: by hand {check.expected:,.2f}, from Zuora {check.found:,.2f}."
        for check in year.checks
        if not check.holds
    ]
    if load is not None and load.verdict.outcome.value != "PASS":
        problems.append(f"Load {load.verdict.outcome.value}: {load.verdict.sentence}")
    seconds = Decimal(round((time.monotonic() - begun) * 10)) / 10
    findings = Findings(environment.timings, said, steps, year.checks, played, load, seconds, problems)
    page = write_page(demo_page(findings), arguments.out / "report.html")
    return _conclude(findings, page)


def _say(title: str) -> None:
    print(f"\n{title}", flush=True)


def _show_timing(timing: "Timing") -> None:
    print(
        f"  {timing.service:<10} answers after {timing.ready * 1000:4.0f} ms  ({timing.source})", flush=True
    )


def _show_step(step: "Step") -> None:
    amount = "" if step.outcome.amount is None else f"{step.outcome.amount:,.2f}"
    numbers = " ".join(step.outcome.numbers)
    words = f"  {step.day}  {step.title:<27}{numbers:<26}{amount:>11}  owed {step.balance:>10,.2f}"
    print(f"{words}  {step.milliseconds:>6} ms", flush=True)


def _load(host: str, now: str, out: Path) -> "Result":
    from toolkit.load.run import run_profile

    _say(f"Ten seconds of load, profile {_PROFILE}")
    result = run_profile(_PROFILE, host, out / "load", _show_progress, today=date.fromisoformat(now[:10]))
    print(f"  {result.verdict.outcome.value}: {result.verdict.sentence}")
    return result


def _show_progress(progress: "Progress") -> None:
    words = f"  {progress.elapsed:3.0f} of {progress.total:g} s, {progress.arrivals:,} customers came"
    print(f"{words}, {progress.failed:,} failed, p95 {progress.p95:,.0f} ms", flush=True)


def _conclude(findings: "Findings", page: Path) -> int:
    """Print the summary and return the exit code; what did not hold decides it."""
    from toolkit.cli.table import align

    _say("Summary")
    rows = [
        (check.name, f"{check.expected:,.2f} USD", "holds" if check.holds else f"but {check.found:,.2f}")
        for check in findings.checks
    ]
    rows.append(
        ("Environment ready", f"{findings.timings[-1].ready:.2f} s", f"{len(findings.said)} services")
    )
    rows.append((f"Cassette {findings.played.name}", f"{len(findings.played.steps)} requests", "played"))
    if findings.load is not None:
        verdict = findings.load.verdict
        rows.append(("Load objectives", f"{len(verdict.objectives)}", verdict.outcome.value))
    rows.append(("Everything", f"{findings.seconds} s", "FAIL" if findings.problems else "PASS"))
    print(align(rows))
    print(f"report: {page.absolute()}")
    if not findings.problems:
        return 0
    if findings.load is not None and findings.load.verdict.outcome.value == "FAIL":
        raise ObjectiveMissedError(" ".join(findings.problems))
    raise ToolkitError(" ".join(findings.problems))


COMMAND = Command("Start everything, drive a customer's year, and report with a verdict.", _configure, _run)
