"""What goes wrong, said in one sentence that a person can act on, with its exit code."""

import difflib
from collections.abc import Iterable
from typing import ClassVar

_LISTED = 40


class ToolkitError(Exception):
    """Something the person at the keyboard can fix: exit code 1.

    Args:
        problem: What was wrong, with the value and the place.
        remedy: What to do about it; a sentence of its own, empty if the problem says it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem = problem
        self.remedy = remedy


class UsageError(ToolkitError):
    """The command line was wrong: exit code 2."""

    exit_code = 2


class ObjectiveMissedError(ToolkitError):
    """A run finished and an objective did not hold: exit code 4."""

    exit_code = 4


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Name the likely right word as a sentence, or list what is known, the first of very many."""
    names = sorted(known)
    near = difflib.get_close_matches(given, names, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"Known: {', '.join(names[:_LISTED])}{more}." if names else ""
