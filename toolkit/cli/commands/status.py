"""Show the environments that run, and how their services are."""

import json
from argparse import ArgumentParser, Namespace
from datetime import timedelta
from typing import TYPE_CHECKING

from toolkit.cli.command import Command

if TYPE_CHECKING:
    from toolkit.environment.survey import EnvironmentState


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(chosen: Namespace) -> int:
    from toolkit.config import state_directory
    from toolkit.environment.runs import Place
    from toolkit.environment.survey import survey

    states = survey(Place(state_directory()))
    if chosen.json:
        shown = [{**state._asdict(), "services": [s._asdict() for s in state.services]} for state in states]
        print(json.dumps({"environments": shown}))
    else:
        print("\n\n".join(map(_show, states)) or "Nothing is up.")
    return 0 if all(service.healthy for state in states for service in state.services) else 1


def _show(state: "EnvironmentState") -> str:
    from toolkit.cli.table import align

    kind = "detached" if state.detached else "in the foreground"
    uptime = timedelta(seconds=round(state.uptime))
    rows = [
        (
            endpoint,
            "answers" if service.healthy else "DOES NOT ANSWER",
            service.source,
            service.pid or "-",
            url,
        )
        for service in state.services
        for endpoint, url in service.urls.items()
    ]
    return f"Up for {uptime}, {kind}, supervisor {state.pid}, logs in {state.logs}\n{align(rows)}"


COMMAND = Command("Show the environments that run, and how their services are.", _configure, _run)
