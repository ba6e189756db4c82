"""`toolkit serve zuora`: run the simulator in the foreground."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.cli.command import Command
from toolkit.cli.token import add_token, token_of
from toolkit.errors import ToolkitError, UsageError

if TYPE_CHECKING:
    from toolkit.zuora.state.world import World
    from toolkit.zuora.tenants import Tenants

_HOST = re.compile(r"[\w.-]+|[0-9a-f:]+", re.ASCII | re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="service", choices=("zuora",), help="what to serve: zuora")
    parser.add_argument(
        "--host", default="127.0.0.1", help="a loopback address, or any with a token (default %(default)s)"
    )
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one (default %(default)s)")
    parser.add_argument(
        "--world", default="gitlab-self-managed", help="what to begin with (default %(default)s)"
    )
    parser.add_argument(
        "--start", type=_date, metavar="DAY", help="first day of all tenants, in place of their worlds'"
    )
    parser.add_argument(
        "--tenant",
        type=_tenant,
        action="append",
        default=[],
        metavar="NAME=WORLD",
        help="a further tenant, for clients that sign in with its name or its client id; may be repeated",
    )
    parser.add_argument(
        "--state", type=_directory, metavar="DIR", help="where all is kept; without it nothing is"
    )
    parser.add_argument(
        "--callout-host",
        type=_host,
        action="append",
        default=[],
        metavar="HOST",
        help="a host that callouts may go to beside this machine; may be repeated",
    )
    parser.add_argument(
        "--smtp",
        metavar="HOST:PORT",
        help="a mail server on this machine that mails go to; without it they only stand in the history",
    )
    parser.add_argument(
        "--fsync",
        choices=("never", "always"),
        default="never",
        help="always forces each write to the disk before it is answered (default %(default)s)",
    )
    add_token(parser)


def _tenant(text: str) -> tuple[str, str]:
    name, sign, world = text.partition("=")
    if not (name and sign and world):
        raise ArgumentTypeError(f"'{text}' is no NAME=WORLD")
    return name, world


def _directory(text: str) -> Path:
    if not text:
        raise ArgumentTypeError("'' is no directory")
    return Path(text)


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ArgumentTypeError(f"'{text}' is no name of a host such as hooks.example.com")
    return text.lower()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is no day such as 2026-01-31") from error


def _beginnings(arguments: Namespace) -> dict[str, str]:
    """Return the world with which each tenant begins."""
    from toolkit.zuora.tenants import DEFAULT

    worlds = {DEFAULT: arguments.world}
    for name, world in arguments.tenant:
        if name in worlds:
            remedy = "Name its world by --world." if name == DEFAULT else "Give each a name of its own."
            raise UsageError(f"The tenant '{name}' is there already.", remedy)
        worlds[name] = world
    return worlds


def _load(start: date | None, *world_and_seed: str) -> "World":
    from toolkit import worlds
    from toolkit.zuora.agenda import begin

    world = worlds.load(*world_and_seed)
    return world if start is None else begin(world, start)


def _called(world: str, start: date | None) -> str:
    return f"{world} from {start or 'its first day'}"


def _join(tenants: "Tenants", name: str, world: str, start: date | None) -> None:
    """Add a tenant, unless it is there from a former life; one that was made while that ran may be any."""
    called = _called(world, start)
    if name not in tenants:
        tenants.add(name, partial(_load, start, world, name), began=called)
    elif tenants.began(name) not in {called, name}:
        raise ToolkitError(
            f"The tenant '{name}' began with {tenants.began(name)}, not with {called}.",
            "Ask for that, choose another name, or name another directory.",
        )


def _run(arguments: Namespace) -> int:
    from toolkit import worlds
    from toolkit.zuora.messages.courier import Courier
    from toolkit.zuora.simulator import Simulator
    from toolkit.zuora.tenant import Tenant
    from toolkit.zuora.tenants import DEFAULT, Tenants
    from toolkit.zuora.web.server import serve

    token = token_of(arguments)
    if arguments.host not in _LOOPBACK and token is None:
        raise ToolkitError(
            f"The simulator does not listen on '{arguments.host}': others could control it.",
            f"Use one of {', '.join(_LOOPBACK)}, or give it a --control-token.",
        )

    postman = None
    if arguments.smtp is not None:
        from toolkit.zuora.messages.postman import Postman

        postman = Postman(arguments.smtp)

    start = arguments.start
    beginnings = _beginnings(arguments)
    world = beginnings.pop(DEFAULT)
    began, load = _called(world, start), partial(_load, start, world)
    with Tenants(began, load, arguments.state, arguments.fsync) as tenants:
        for further in beginnings.items():
            _join(tenants, *further, start)

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
