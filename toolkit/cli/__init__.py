"""The `toolkit` command: finds the command's file, runs it, translates faults into exit codes."""

import argparse
import os
import re
import select
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any, NoReturn

from toolkit.cli.command import Command
from toolkit.errors import ToolkitError, UsageError, did_you_mean
from toolkit.rooms import furnish

DONE, BUG, INTERRUPTED = 0, 3, 130

_DESCRIPTION = "Run, bill, record and load-test order-to-cash on this machine."


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint about a misspelt word names the likely right one."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - as inherited
        super().__init__(allow_abbrev=False, **settings)  # else a new option may break a shortened one
        self.register("action", "parsers", _Choices)

    def parse_known_args(  # type: ignore[override]  # one signature for both overloads
        self,
        args: Sequence[str] | None = None,
        namespace: Any = None,  # noqa: ANN401 - as inherited
    ) -> tuple[Any, list[str]]:
        words = list(sys.argv[1:] if args is None else args)
        own = words[:1] if self._subparsers else words
        for word in takewhile("--".__ne__, own):
            option = word.partition("=")[0]
            if option.startswith("--") and option not in self._option_string_actions:
                raise UsageError(
                    f"'{self.prog}' has no option '{option}'.",
                    did_you_mean(option, self._option_string_actions),
                )
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        message = re.sub(r"invalid int value: ('.*')", r"\1 is no whole number", message)
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See '{self.prog} --help'.")

    def print_help(self, file: Any = None) -> None:  # noqa: ANN401 - as inherited
        super().print_help(file)
        sys.stdout.flush()  # here, where main still hears that the reader went away

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            word = action.metavar or action.dest
            raise UsageError(f"There is no {word} '{value}'.", did_you_mean(str(value), known))


class _Choices(argparse._SubParsersAction):  # type: ignore[type-arg]  # noqa: SLF001 - none is public
    """Commands that say in their own help what the list of commands says of them."""

    def add_parser(self, name: str, **settings: Any) -> Any:  # noqa: ANN401 - as inherited
        return super().add_parser(name, **{"description": settings.get("help"), **settings})


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 - it takes longer than most commands

        parser.exit(message=f"{parser.prog} {version('fulfillment-toolkit')}\n")


def parser(commands: dict[str, Command]) -> argparse.ArgumentParser:
    """Build the parser for these commands."""
    top = _Parser(prog="toolkit", description=_DESCRIPTION)
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    choices = top.add_subparsers(metavar="command", dest="command", required=True, parser_class=_Parser)
    for name, command in commands.items():
        below = choices.add_parser(name, help=command.help)
        command.configure(below)
        below.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1, 2, 3, 4 or 130 (see toolkit.errors)."""
    code = DONE
    try:
        chosen = parser(furnish("toolkit.cli.commands", "COMMAND", Command)).parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = chosen.run
        code = INTERRUPTED
        code = run(chosen)
        sys.stdout.flush()
    except ToolkitError as error:
        return _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _complain("interrupted.", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes an exit code
        if isinstance(error, BrokenPipeError) and _reader_left():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return code
        return _complain(f"{_report(error)} This is a bug in the toolkit, please report it.", BUG)
    return code


def _reader_left() -> bool:
    """Say whether standard output is a pipe that nobody reads any more, as after `| head`."""
    watch = select.poll()
    watch.register(sys.stdout.fileno(), 0)
    return bool(watch.poll(0))


def _report(error: Exception) -> str:
    sentence = f"{type(error).__name__}: {error}"
    try:
        with tempfile.NamedTemporaryFile("w", prefix="toolkit-", suffix=".log", delete=False) as log:
            traceback.print_exception(error, file=log)
    except OSError as fault:
        return f"{sentence} (the traceback cannot be kept: {fault})."
    return f"{sentence} (traceback in {log.name})."


def _complain(sentence: str, code: int) -> int:
    print(f"toolkit: {sentence}", file=sys.stderr)  # noqa: T201 - the command line speaks to a person
    return code
