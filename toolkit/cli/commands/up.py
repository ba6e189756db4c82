"""Start the environment, or some of its services."""

import contextlib
import json
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from toolkit.cli.command import Command

if TYPE_CHECKING:
    from toolkit.environment import Running


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "services", nargs="*", metavar="service", help="what to start, with all it needs; default: everything"
    )
    parser.add_argument("--detach", action="store_true", help="let it run until 'toolkit down'")
    parser.add_argument("--json", action="store_true", help="print the URLs as one JSON object")
    parser.add_argument("--world", metavar="NAME", help="the named starting state")
    parser.add_argument(
        "--port",
        type=_port,
        action="append",
        default=[],
        metavar="ENDPOINT=PORT",
        help="a port to use, such as zuora=8080; may be repeated",
    )


def _port(text: str) -> tuple[str, int]:
    endpoint, _, number = text.partition("=")
    if not endpoint or not number.isdecimal() or not 0 < int(number) < 65536:  # noqa: PLR2004 - 16 bits
        raise ArgumentTypeError(f"'{text}' is no endpoint with its port, such as zuora=8080")
    return endpoint, int(number)


def _run(chosen: Namespace) -> int:
    from toolkit.environment import start

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it ends as Ctrl-C does
    environment = start(chosen.services, world=chosen.world, ports=dict(chosen.port), keep=chosen.detach)
    with environment, contextlib.suppress(KeyboardInterrupt):
        print(json.dumps(environment.urls) if chosen.json else _show(environment, chosen.detach), flush=True)
        if not chosen.detach:
            for fault in environment.faults():
                print(f"toolkit: {fault}", file=sys.stderr)
    return 0


def _show(environment: "Running", detached: bool) -> str:  # noqa: FBT001 - one of two texts
    from toolkit.cli.table import align

    seconds = max(timing.ready for timing in environment.timings)
    end = "'toolkit down' stops it" if detached else "Ctrl-C stops it"
    last = f"Up after {seconds:.2f} s; logs in {environment.directory}/logs; {end}."
    return f"{align(environment.urls.items())}\n{last}"


COMMAND = Command("Start the environment, or some of its services.", _configure, _run)
