"""`toolkit zuora`: grade the simulator against recordings, and control one that runs."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from toolkit.cli.command import Command
from toolkit.cli.token import add_token, token_of
from toolkit.errors import ToolkitError

if TYPE_CHECKING:
    from toolkit.zuora.remote import Remote


class _Action(NamedTuple):
    """One thing to do with a running simulator.

    Attributes:
        help: One sentence.
        words: The names and settings of its arguments.
        run: Asks the simulator and returns what it answers.
    """

    help: str
    words: dict[str, dict[str, Any]]
    run: Callable[["Remote", Namespace], bytes]


def _clock(remote: "Remote", said: Namespace) -> bytes:
    if said.advance is None and said.to is None:
        return remote.ask("GET", "clock")
    return remote.ask("POST", "clock", {"advance": said.advance, "to": said.to})


def _snapshot(remote: "Remote", said: Namespace) -> bytes:
    if said.name is None:
        return remote.ask("GET", "snapshots")
    if said.delete:
        return remote.ask("DELETE", f"snapshots/{said.name}")
    return remote.ask("POST", "snapshots", {"name": said.name})


def _export(remote: "Remote", said: Namespace) -> bytes:
    try:
        said.file.write_bytes(remote.ask("GET", "export"))
    except OSError as error:
        raise ToolkitError(f"{said.file} cannot be written: {error.strerror}.") from error
    return b""


def _sent(route: str) -> Callable[["Remote", Namespace], bytes]:
    def send(remote: "Remote", said: Namespace) -> bytes:
        try:
            content = said.file.read_bytes()
        except OSError as error:
            raise ToolkitError(f"{said.file} cannot be read: {error.strerror}.") from error
        return remote.ask("POST", route, content)

    return send


def _faults(remote: "Remote", said: Namespace) -> bytes:
    if said.clear:
        return remote.ask("DELETE", "faults")
    if said.kind is None:
        return remote.ask("GET", "faults")
    names = ("kind", "method", "path", "times", "skip", "seconds", "category", "message")
    return remote.ask(
        "POST", "faults", {name: value for name in names if (value := getattr(said, name)) is not None}
    )


def _limits(remote: "Remote", said: Namespace) -> bytes:
    if said.kind is None:
        return remote.ask("GET", "limits")
    return remote.ask("PUT", "limits", {"kind": None if said.kind == "off" else said.kind})


def _tenants(remote: "Remote", said: Namespace) -> bytes:
    if said.add is not None:
        return remote.ask("POST", "tenants", {"name": said.add, "world": said.world, "fork": said.fork})
    if said.remove is not None:
        return remote.ask("DELETE", f"tenants/{said.remove}")
    return remote.ask("GET", "tenants")


_FILE: dict[str, dict[str, Any]] = {"file": {"type": Path}}
_ACTIONS = {
    "clock": _Action(
        "show where the tenant's time stands, or move it forward",
        {
            "--advance": {"metavar": "SPAN", "help": "by an ISO 8601 duration such as P1M"},
            "--to": {"metavar": "MOMENT", "help": "to a date or moment of the tenant's zone"},
        },
        _clock,
    ),
    "snapshot": _Action(
        "name the present state; without a name, list the snapshots",
        {"name": {"nargs": "?"}, "--delete": {"action": "store_true", "help": "take the name away"}},
        _snapshot,
    ),
    "restore": _Action(
        "go back to a snapshot",
        {"name": {}},
        lambda remote, said: remote.ask("POST", "restore", {"name": said.name}),
    ),
    "rewind": _Action(
        "go back to the state after a request of the journal; 0 is the beginning",
        {"number": {"type": int}},
        lambda remote, said: remote.ask("POST", "rewind", {"to": said.number}),
    ),
    "diff": _Action(
        "tell two states apart, each a snapshot, the number of a request, or now",
        {"before": {}, "after": {"nargs": "?", "default": "now"}},
        lambda remote, said: remote.ask("GET", "diff", **{"from": said.before, "to": said.after}),
    ),
    "export": _Action("write the tenant to a file, without its tokens", _FILE, _export),
    "import": _Action("put the state of a file in place of the tenant's", _FILE, _sent("import")),
    "seed": _Action(
        "add the catalog of a real tenant, what its GET /v1/catalog/products answers, or its custom fields, "
        "what its GET /settings/custom-fields/zuora answers",
        _FILE,
        _sent("catalog"),
    ),
    "journal": _Action(
        "list the requests that have changed the tenant",
        {
            "--after": {"type": int, "default": 0, "help": "begin behind this number"},
            "--size": {"type": int, "default": 100, "help": "how many (default %(default)s)"},
        },
        lambda remote, said: remote.ask("GET", "journal", after=said.after, size=said.size),
    ),
    "coverage": _Action(
        "count which endpoints were asked for, and which operations of Zuora are not served",
        {},
        lambda remote, _: remote.ask("GET", "coverage"),
    ),
    "faults": _Action(
        "let requests fail on demand; without arguments, list what is still to fail",
        {
            "kind": {"nargs": "?", "help": "error, timeout, hold or latency"},
            "--method": {"help": "only requests of this method"},
            "--path": {"help": "only requests of this path, in which * stands for any signs"},
            "--times": {"type": int, "help": "how many requests (default 1)"},
            "--skip": {"type": int, "help": "how many such requests pass before"},
            "--seconds": {"type": int, "help": "how long they take, or are held open, on the tenant's clock"},
            "--category": {"type": int, "help": "of an error: the last two digits of its code, such as 50"},
            "--message": {"help": "of an error: in place of Zuora's sentence"},
            "--clear": {"action": "store_true", "help": "let nothing fail any more"},
        },
        _faults,
    ),
    "limits": _Action(
        "show or set the rate and concurrency limits",
        {
            "kind": {
                "nargs": "?",
                "help": "production, central-sandbox, developer-sandbox, api-sandbox or off",
            }
        },
        _limits,
    ),
    "tenants": _Action(
        "list the tenants, create one or remove one",
        {
            "--add": {"metavar": "NAME", "help": "create a tenant, from --world or as a --fork"},
            "--world": {"help": "the world that it begins with"},
            "--fork": {"metavar": "TENANT", "help": "the tenant whose present state it begins with"},
            "--remove": {"metavar": "NAME", "help": "remove a tenant and all that is kept of it"},
        },
        _tenants,
    ),
}


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="action", dest="action", required=True)
    grade = actions.add_parser(
        "grade", help="play recorded billing previews against a fresh tenant and count what agrees"
    )
    grade.add_argument("directory", type=Path, help="directory of recorded previews, one JSON file each")
    for name, action in _ACTIONS.items():
        below = actions.add_parser(name, help=action.help)
        for word, settings in action.words.items():
            below.add_argument(word, **settings)
        below.add_argument(
            "--url", default="http://127.0.0.1:8080", help="the running simulator (default %(default)s)"
        )
        below.add_argument("--tenant", help="which of its tenants (default: its default one)")
        add_token(below)


def _run(arguments: Namespace) -> int:
    if arguments.action == "grade":
        return _grade(arguments)
    import msgspec

    from toolkit.zuora.remote import Remote

    remote = Remote(arguments.url, arguments.tenant, token_of(arguments))
    answer = _ACTIONS[arguments.action].run(remote, arguments)
    if answer:
        print(msgspec.json.format(answer, indent=2).decode())
    return 0


def _grade(arguments: Namespace) -> int:
    from toolkit.zuora.grading import explanations, grade
    from toolkit.zuora.recorded import read

    paths = sorted(arguments.directory.glob("*.json"))
    if not paths:
        raise ToolkitError(f"There is no recording in {arguments.directory}.", "Name a directory of *.json.")
    known = explanations()
    grades = [grade(read(path), known) for path in paths]
    for one in grades:
        for source, charge, start, found, reason in one.differences:
            print(f"{source} {charge} {start}: {found}. {reason or 'UNEXPLAINED'}", file=sys.stderr)
    items, dates, amounts = (
        sum(getattr(one, name) for one in grades) for name in ("items", "dates", "amounts")
    )
    unexplained = sum(one.unexplained for one in grades)
    print(f"items {items} dates {dates} amounts {amounts} unexplained {unexplained}")
    return 1 if unexplained else 0


COMMAND = Command("Work with the simulator: grade it, or control one that runs.", _configure, _run)
