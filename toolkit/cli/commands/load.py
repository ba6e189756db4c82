"""`toolkit load`: runs a load profile against a service and says whether its objectives hold."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.cli.command import Command
from toolkit.errors import ObjectiveMissedError, ToolkitError

if TYPE_CHECKING:
    from toolkit.load.run import Progress, Result

_WORLD = "gitlab-self-managed"


def _configure(parser: ArgumentParser) -> None:
    below = parser.add_subparsers(metavar="action", dest="action", required=True)
    below.add_parser("list", help="List the profiles there are.").set_defaults(act=_list)
    run = below.add_parser("run", help="Run a profile, judge it and write its reports.")
    run.add_argument("profile", help="its name, as 'toolkit load list' shows it")
    run.add_argument("--host", metavar="URL", help="the service; without it a simulator is started")
    run.add_argument("--out", type=Path, metavar="DIR", help="for the reports (reports/load/PROFILE)")
    run.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a host elsewhere to load on purpose",
    )
    run.set_defaults(act=_load)


def _run(arguments: Namespace) -> int:
    code: int = arguments.act(arguments)
    return code


def _list(_: Namespace) -> int:
    from toolkit.cli.table import align
    from toolkit.load.profile import profiles

    print(align((name, profile.summary) for name, profile in profiles().items()))
    return 0


def _load(arguments: Namespace) -> int:
    from toolkit.load.guard import check_host
    from toolkit.load.profile import workload
    from toolkit.load.run import locust_command, run_profile

    chosen = workload(arguments.profile)  # what is wrong is said before anything is started
    locust_command("")
    if arguments.host:
        check_host(arguments.host, chosen.profile, arguments.allow_host)
    out = arguments.out or Path("reports", "load", arguments.profile)
    with _service(arguments.host) as (host, today), _progress() as show:
        print(f"{arguments.profile} against {host}", flush=True)
        result = run_profile(arguments.profile, host, out, show, allowed=arguments.allow_host, today=today)
    return _conclude(result)


@contextmanager
def _service(host: str | None) -> Iterator[tuple[str, date | None]]:
    """Offer the service that was named, or a simulator that lives as long as this."""
    if host:
        yield host.rstrip("/"), None
        return
    from toolkit.environment import start
    from toolkit.zuora.client import Client

    with start(["zuora"], world=_WORLD) as environment:
        url = environment.urls["zuora"]
        with Client(url) as client:
            today = date.fromisoformat(client.now()[:10])
        yield url, today


@contextmanager
def _progress() -> Iterator[Callable[["Progress"], None]]:
    """Offer a line that says how far the run is; only a terminal shows it."""

    def show(progress: "Progress") -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{_words(progress)}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if sys.stderr.isatty():
            print(file=sys.stderr)


def _words(progress: "Progress") -> str:
    return (
        f"{progress.elapsed:3.0f} of {progress.total:g} s  {progress.arrivals:,} customers came, "
        f"{progress.completed:,} left content, {progress.failed:,} failed, p95 {progress.p95:,.0f} ms"
    )


def _conclude(result: "Result") -> int:
    from toolkit.cli.table import align
    from toolkit.load.verdict import Outcome

    findings = (*result.verdict.objectives, *result.verdict.generator)
    print(align((finding.outcome.value, finding.rule, finding.measured) for finding in findings))
    print(f"report: {result.page}")
    said = f"{result.verdict.outcome.value}: {result.verdict.sentence}"
    match result.verdict.outcome:
        case Outcome.PASS:
            print(said)
            return 0
        case Outcome.FAIL:
            raise ObjectiveMissedError(said)
        case Outcome.INVALID:
            raise ToolkitError(said, "Repair that and run it again.")
        case Outcome.NO_DATA:
            raise ToolkitError(said, "Let the profile run longer, or correct what its objectives name.")
        case Outcome.INCONCLUSIVE:
            raise ToolkitError(said, "Let the profile run longer, or demand less.")


COMMAND = Command("Run load profiles and say whether their objectives hold.", _configure, _run)
