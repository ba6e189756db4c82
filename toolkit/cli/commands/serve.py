"""`toolkit serve zuora`: run the simulator in the foreground."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from functools import partial
from pathlib import Path

from toolkit.cli.command import Command
from toolkit.cli.token import add_token, token_of
from toolkit.errors import ToolkitError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="service", choices=("zuora",), help="what to serve: zuora")
    parser.add_argument(
        "--host", default="127.0.0.1", help="a loopback address, or any with a token (default %(default)s)"
    )
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one (default %(default)s)")
    parser.add_argument("--world", default="gitlab-self-managed", help="state to begin with (%(default)s)")
    parser.add_argument("--start", type=_date, help="first day, YYYY-MM-DD, in place of the world's")
    parser.add_argument(
        "--tenant",
        type=_tenant,
        action="append",
        default=[],
        metavar="NAME=WORLD",
        help="a further tenant, for clients that sign in with its name or its client id; may be repeated",
    )
    parser.add_argument("--state", type=Path, help="directory for the journal; without it nothing is kept")
    parser.add_argument(
        "--callout-host",
        action="append",
        default=[],
        metavar="HOST",
        help="a host that callouts may go to beside this machine; may be given more than once",
    )
    parser.add_argument(
        "--smtp",
        metavar="HOST:PORT",
        help="a mail server on this machine that mails go to; without it they only stand in the history",
    )
    parser.add_argument("--fsync", choices=("never", "always"), default="never", help="force writes to disk")
    add_token(parser)


def _tenant(text: str) -> tuple[str, str]:
    name, sign, world = text.partition("=")
    if not (name and sign and world):
        raise ArgumentTypeError(f"'{text}' is no NAME=WORLD")
    return name, world


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is no day such as 2026-01-31") from error


def _run(arguments: Namespace) -> int:
    from toolkit import worlds
    from toolkit.zuora.agenda import begin
    from toolkit.zuora.messages.courier import Courier
    from toolkit.zuora.simulator import Simulator
    from toolkit.zuora.state.world import World
    from toolkit.zuora.tenant import Tenant
    from toolkit.zuora.tenants import Tenants
    from toolkit.zuora.web.server import serve

    token = token_of(arguments)
    if arguments.host not in _LOOPBACK and token is None:
        raise ToolkitError(
            f"The simulator does not listen on {arguments.host}: others could control it.",
            f"Use one of {', '.join(_LOOPBACK)}, or give it a --control-token.",
        )

    postman = None
    if arguments.smtp is not None:
        from toolkit.zuora.messages.postman import Postman

        postman = Postman(arguments.smtp)

    def load() -> World:
        world = worlds.load(arguments.world)
        return world if arguments.start is None else begin(world, arguments.start)

    name = f"{arguments.world} from {arguments.start or 'its first day'}"
    with Tenants(name, load, arguments.state, arguments.fsync) as tenants:
        for one, world in arguments.tenant:
            if one not in tenants:
                tenants.add(one, partial(worlds.load, world, one))

        def announce(url: str) -> None:
            print(f"ready {url}", flush=True)
            for member in tenants.values():
                for client in member.clients[:1]:
                    print(f"tenant {member.name} client_id {client}", flush=True)

        def every() -> list[Tenant]:
            return [one.tenant for one in tenants.values()]

        simulator = Simulator(tenants, worlds.load, token)
        with Courier(simulator.handle_all, every, arguments.callout_host, postman) as courier:
            serve(courier.handle_all, arguments.host, arguments.port, announce)
    return 0


COMMAND = Command("Run the Zuora simulator in the foreground until Ctrl-C.", _configure, _run)
