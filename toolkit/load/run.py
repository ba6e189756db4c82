"""Runs a profile against a service, from the check before to the reports after."""

import os
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from toolkit.content import find, folders
from toolkit.errors import ToolkitError
from toolkit.load.artefacts import ARTEFACTS, write_artefacts
from toolkit.load.feed import Plan
from toolkit.load.generator import generate
from toolkit.load.guard import check_host
from toolkit.load.measurement import Measurement
from toolkit.load.profile import Workload, workload
from toolkit.load.verdict import Verdict, judge


class Progress(NamedTuple):
    """How far a run is.

    Attributes:
        elapsed: Seconds since the first arrival was due.
        total: Seconds that arrivals take, warm-up included.
        arrivals: Customers who came.
        completed: Customers who came to a good end.
        failed: Customers who did not.
        p95: Response time in milliseconds that 95 % of the requests so far did not exceed.
    """

    elapsed: float
    total: float
    arrivals: int
    completed: int
    failed: int
    p95: float


class Result(NamedTuple):
    """What a run came to, and where its reports lie: `report.html` and others, in `out`."""

    workload: Workload
    verdict: Verdict
    measured: Measurement
    out: Path

    @property
    def page(self) -> Path:
        """The report for a person."""
        return self.out / "report.html"


def run_profile(  # noqa: PLR0913 - the last ones have defaults that fit nearly always
    name: str,
    host: str,
    out: Path,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    allowed: Collection[str] = (),
    today: date | None = None,
    command: Sequence[str] = (),
) -> Result:
    """Run a profile, judge it and write its reports.

    Args:
        name: The profile, a file of the room `loadtests/profiles`.
        host: The base URL of the service.
        out: The folder for the reports; made private to its owner; an earlier run's are removed first.
        progress: Called about once a second.
        allowed: Hosts beside this machine that may be loaded, by name.
        today: The service's date; the wall's when it is not given.
        command: Another generator's command line; Locust's when it is empty.

    Raises:
        ToolkitError: The profile is wrong, the host not allowed, Locust not installed, `out` unusable.
        KeyboardInterrupt: It was interrupted; what was measured by then is written first.
    """
    chosen = workload(name)
    check_host(host, chosen.profile, allowed)
    command = command or locust_command(host)
    log = _clear(out)
    day = today or datetime.now(UTC).date()
    places = tuple(str(folder) for folder in folders("loadtests", "journeys"))
    plan = Plan(profile=chosen.profile, journeys=places, today=day.isoformat(), feed=-1, parent=os.getpid())
    measured = Measurement()
    try:
        with closing(generate(command, plan, log)) as parts:
            for part in parts:
                measured.add(part)
                progress(_progress(chosen, measured))
    except KeyboardInterrupt:
        measured.ended = "was interrupted"
        _conclude(chosen, measured, out)
        raise
    return _conclude(chosen, measured, out)


def _conclude(chosen: Workload, measured: Measurement, out: Path) -> Result:
    verdict = judge(chosen, measured)
    write_artefacts(out, chosen, verdict, measured)
    return Result(chosen, verdict, measured, out)


def locust_command(host: str) -> tuple[str, ...]:
    """Return the command line that runs the load generator on Locust.

    Raises:
        ToolkitError: Locust is not installed.
    """
    if find_spec("locust") is None:
        raise ToolkitError("Locust is not installed.", "Install it: pip install 'fulfillment-toolkit[load]'.")
    locustfile = find("loadtests", "", "locustfile", ".py")
    options = ("--headless", "--only-summary", "--users", "1", "--spawn-rate", "1", "--host", host)
    return (sys.executable, "-P", "-m", "locust", "-f", str(locustfile), *options)


def _clear(out: Path) -> Path:
    """Make the folder, take what an earlier run left out of it, and return where the log goes."""
    log = out / "generator.log"
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ARTEFACTS:
            (out / name).unlink(missing_ok=True)
        log.write_bytes(b"")
    except OSError as error:
        raise ToolkitError(
            f"The folder {out} cannot be written: {error.strerror}.", "Choose another --out."
        ) from error
    return log


def _progress(chosen: Workload, measured: Measurement) -> Progress:
    seconds = measured.seconds.values()
    return Progress(
        elapsed=min(measured.elapsed, chosen.profile.warm_up + chosen.profile.seconds),
        total=chosen.profile.warm_up + chosen.profile.seconds,
        arrivals=sum(second.started for second in seconds),
        completed=sum(second.completed for second in seconds),
        failed=sum(second.failed for second in seconds),
        p95=measured.all_requests().response.percentile(95),
    )
