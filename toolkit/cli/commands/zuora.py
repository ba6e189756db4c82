"""`toolkit zuora`: grade the simulator against recordings, and control one that runs."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from toolkit.cli.command import Command
from toolkit.cli.token import add_token, token_of
from toolkit.errors import ToolkitError, UsageError

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
    if said.delete:
        if said.name is None:
            raise UsageError("--delete takes the name of a snapshot away.", "Say which.")
        return remote.ask("DELETE", f"snapshots/{quote(said.name, safe='')}")
    if said.name is None:
        return remote.ask("GET", "snapshots")
    return remote.ask("POST", "snapshots", {"name": said.name})


def _export(remote: "Remote", said: Namespace) -> bytes:
    """Write the file whole or not at all; what is a link or no file, such as /dev/stdout, is written to."""
    content, file = remote.ask("GET", "export"), said.file
    special = file.is_symlink() or (file.exists() and not file.is_file())
    beside = file if special else file.with_name(f"{file.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            if beside != file:
                beside.unlink()
        raise ToolkitError(f"{file} cannot be written: {error.strerror}.") from error
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
    names = ("kind", "method", "path", "times", "skip", "seconds", "category", "message")
    given = {name: value for name in names if (value := getattr(said, name)) is not None}
    if said.clear:
        if given:
            raise UsageError("--clear takes every fault away, whatever it is.", "Give it alone.")
        return remote.ask("DELETE", "faults")
    if given and said.kind is None:
        raise UsageError("A fault has a kind.", f"Begin with one of: {', '.join(_FAULTS)}.")
    return remote.ask("POST", "faults", given) if given else remote.ask("GET", "faults")


def _limits(remote: "Remote", said: Namespace) -> bytes:
    if said.kind is None:
        return remote.ask("GET", "limits")
    return remote.ask("PUT", "limits", {"kind": None if said.kind == "off" else said.kind})


def _tenants(remote: "Remote", said: Namespace) -> bytes:
    if said.add is None and (said.world or said.fork):
        raise UsageError("--world and --fork say what a new tenant begins with.", "Name it with --add.")
    if said.add is not None and said.remove is not None:
        raise UsageError("--add and --remove are two things to do.", "Give one at a time.")
    if said.add is not None:
        return remote.ask("POST", "tenants", {"name": said.add, "world": said.world, "fork": said.fork})
    if said.remove is not None:
        return remote.ask("DELETE", f"tenants/{quote(said.remove, safe='')}")
    return remote.ask("GET", "tenants")


_FAULTS = ("error", "timeout", "hold", "latency")


def _file(help_: str) -> dict[str, dict[str, Any]]:
    return {"file": {"type": Path, "help": help_}}


_GRADE = "Play recorded billing previews against a fresh tenant and count what agrees."
_ACTIONS = {
    "clock": _Action(
        "Show where the tenant's time stands, or move it forward.",
        {
            "--advance": {"metavar": "SPAN", "help": "by an ISO 8601 duration such as P1M"},
            "--to": {"metavar": "MOMENT", "help": "to a date or moment of the tenant's zone"},
        },
        _clock,
    ),
    "snapshot": _Action(
        "Name the present state; without a name, list the snapshots.",
        {
            "name": {"nargs": "?", "help": "up to 64 letters, digits, '_', '-' and '.', and no number"},
            "--delete": {"action": "store_true", "help": "take the name away"},
        },
        _snapshot,
    ),
    "restore": _Action(
        "Go back to a snapshot.",
        {"name": {"help": "as 'toolkit zuora snapshot' lists it"}},
        lambda remote, said: remote.ask("POST", "restore", {"name": said.name}),
    ),
    "rewind": _Action(
        "Go back to the state after a request.",
        {"number": {"type": int, "help": "as 'toolkit zuora journal' lists it; 0 is the beginning"}},
        lambda remote, said: remote.ask("POST", "rewind", {"to": said.number}),
    ),
    "diff": _Action(
        "Tell two states apart, field by field.",
        {
            "before": {"help": "a snapshot, the number of a request, or now"},
            "after": {"nargs": "?", "default": "now", "help": "the same (default %(default)s)"},
        },
        lambda remote, said: remote.ask("GET", "diff", **{"from": said.before, "to": said.after}),
    ),
    "export": _Action("Write the tenant to a file, without its tokens.", _file("where to"), _export),
    "import": _Action(
        "Put the state of a file in place of the tenant's.",
        _file("what 'toolkit zuora export' has written"),
        _sent("import"),
    ),
    "seed": _Action(
        "Add the catalog or the custom fields of a real tenant.",
        _file("what its GET /v1/catalog/products, or GET /settings/custom-fields/zuora, has answered"),
        _sent("catalog"),
    ),
    "journal": _Action(
        "List the requests that have changed the tenant.",
        {
            "--after": {"type": int, "default": 0, "metavar": "NUMBER", "help": "only those after this one"},
            "--size": {
                "type": int,
                "default": 100,
                "metavar": "COUNT",
                "help": "how many (default %(default)s)",
            },
        },
        lambda remote, said: remote.ask("GET", "journal", after=said.after, size=said.size),
    ),
    "coverage": _Action(
        "Count which endpoints were asked for, and which operations of Zuora are not served.",
        {},
        lambda remote, _: remote.ask("GET", "coverage"),
    ),
    "faults": _Action(
        "Let requests fail on demand; without arguments, list what is still to fail.",
        {
            "kind": {
                "nargs": "?",
                "metavar": "kind",
                "choices": _FAULTS,
                "help": f"one of {', '.join(_FAULTS)}",
            },
            "--method": {"help": "only requests of this method"},
            "--path": {"help": "only requests of this path, in which * stands for anything"},
            "--times": {"type": int, "metavar": "COUNT", "help": "how many requests (default 1)"},
            "--skip": {"type": int, "metavar": "COUNT", "help": "how many such requests pass before"},
            "--seconds": {"type": int, "help": "how long they take, or are held open, on the tenant's clock"},
            "--category": {"type": int, "help": "of an error: the last two digits of its code, such as 50"},
            "--message": {"help": "of an error: in place of Zuora's sentence"},
            "--clear": {"action": "store_true", "help": "let nothing fail any more"},
        },
        _faults,
    ),
    "limits": _Action(
        "Show or set the rate and concurrency limits.",
        {
            "kind": {
                "nargs": "?",
                "help": "production, central-sandbox, developer-sandbox, api-sandbox or off",
            }
        },
        _limits,
    ),
    "tenants": _Action(
        "List the tenants, create one or remove one.",
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
    grade = actions.add_parser("grade", help=_GRADE)
    grade.add_argument("directory", type=Path, help="directory of recorded previews, one JSON file each")
    for name, action in _ACTIONS.items():
        below = actions.add_parser(name, help=action.help)
        for word, settings in action.words.items():
            below.add_argument(word, **settings)
        below.add_argument(
            "--url", default="http://127.0.0.1:8080", help="the running simulator (default %(default)s)"
        )
        below.add_argument(
            "--tenant", metavar="NAME", help="which of its tenants (default: the one called default)"
        )
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
    from toolkit.zuora.grading import Grade, explanations, grade
    from toolkit.zuora.recorded import read

    paths = sorted(arguments.directory.glob("*.json"))
    if not paths:
        raise ToolkitError(f"There is no recording in {arguments.directory}.", "Name a directory of *.json.")
    known = explanations()
    grades = list[Grade]()
    for path in paths:
        try:
            one = grade(read(path), known)
        except ToolkitError as error:
            print(error.problem, file=sys.stderr)
            continue
        grades.append(one)
        if one.failure:
            print(f"{path}: {one.failure}", file=sys.stderr)
        for source, charge, start, found, reason in one.differences:
            print(f"{source} {charge} {start}: {found}. {reason or 'UNEXPLAINED'}", file=sys.stderr)
    items, dates, amounts = (
        sum(getattr(one, name) for one in grades) for name in ("items", "dates", "amounts")
    )
    unexplained = sum(one.unexplained for one in grades)
    print(f"items {items} dates {dates} amounts {amounts} unexplained {unexplained}")
    return 1 if unexplained or len(grades) < len(paths) else 0


COMMAND = Command("Work with the simulator: grade it, or control one that runs.", _configure, _run)
