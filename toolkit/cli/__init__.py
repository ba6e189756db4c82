"""The `toolkit` command: finds the command's file, runs it, translates faults into exit codes."""

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import NoReturn

from toolkit.cli.command import Command
from toolkit.errors import ToolkitError, UsageError, did_you_mean
from toolkit.rooms import furnish

DONE, BUG, INTERRUPTED = 0, 3, 130


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint about a misspelt word names the likely right one."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See '{self.prog} --help'.")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            word = action.metavar or action.dest
            raise UsageError(f"There is no {word} '{value}'.", did_you_mean(str(value), known))


def parser(commands: dict[str, Command]) -> argparse.ArgumentParser:
    """Build the parser for these commands."""
    top = _Parser(prog="toolkit", description=__doc__.partition(":")[0] + ".")
    choices = top.add_subparsers(metavar="command", dest="command", required=True, parser_class=_Parser)
    for name, command in commands.items():
        below = choices.add_parser(name, help=command.help, description=command.help)
        command.configure(below)
        below.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1, 2, 3, 4 or 130 (see toolkit.errors)."""
    try:
        chosen = parser(furnish("toolkit.cli.commands", "COMMAND", Command)).parse_args(arguments)
        code: int = chosen.run(chosen)
        sys.stdout.flush()
    except ToolkitError as error:
        return _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _complain("interrupted.", INTERRUPTED)
    except BrokenPipeError:  # the reader went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes an exit code
        return _complain(f"{_report(error)} This is a bug in the toolkit, please report it.", BUG)
    return code


def _report(error: Exception) -> str:
    with tempfile.NamedTemporaryFile("w", prefix="toolkit-", suffix=".log", delete=False) as log:
        traceback.print_exception(error, file=log)
    return f"{type(error).__name__}: {error} (traceback in {log.name})."


def _complain(sentence: str, code: int) -> int:
    print(f"toolkit: {sentence}", file=sys.stderr)  # noqa: T201 - the command line speaks to a person
    return code
