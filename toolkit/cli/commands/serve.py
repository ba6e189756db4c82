"""`toolkit serve zuora`: run the simulator in the foreground."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from toolkit.cli.command import Command
from toolkit.errors import ToolkitError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="service", choices=("zuora",), help="what to serve: zuora")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one (default %(default)s)")
    parser.add_argument("--world", default="gitlab-self-managed", help="state to begin with (%(default)s)")
    parser.add_argument("--start", type=_date, help="first day, YYYY-MM-DD, in place of the world's")
    parser.add_argument("--state", type=Path, help="directory for the journal; without it nothing is kept")
    parser.add_argument("--fsync", choices=("never", "always"), default="never", help="force writes to disk")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is no day such as 2026-01-31") from error


def _run(arguments: Namespace) -> int:
    from toolkit import worlds
    from toolkit.zuora.agenda import begin
    from toolkit.zuora.server import serve
    from toolkit.zuora.store import Store
    from toolkit.zuora.tenant import Tenant
    from toolkit.zuora.world import World

    if arguments.host not in _LOOPBACK:
        raise ToolkitError(
            f"The simulator does not listen on {arguments.host}: it has no access control.",
            f"Use one of {', '.join(_LOOPBACK)}.",
        )

    def load() -> World:
        world = worlds.load(arguments.world)
        return world if arguments.start is None else begin(world, arguments.start)

    with ExitStack() as stack:
        if arguments.state is None:
            tenant = Tenant(load())
        else:
            store = stack.enter_context(Store(arguments.state, arguments.fsync))
            name = f"{arguments.world} from {arguments.start or 'its first day'}"
            tenant = Tenant.recover(store.begin(name, load), store)
        serve(tenant.handle, arguments.host, arguments.port, _announce)
    return 0


def _announce(url: str) -> None:
    print(f"ready {url}", flush=True)


COMMAND = Command("Run the Zuora simulator in the foreground until Ctrl-C.", _configure, _run)
