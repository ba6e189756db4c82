"""The zuora mark: what a test says about its world, checked."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pytest

from toolkit.errors import ToolkitError, did_you_mean


class Settings(NamedTuple):
    """What the mark says.

    Attributes:
        world: A file of fixtures/worlds.
        start: The day to begin on, not before the world's own; None for the world's own.
        seed: From which every id follows.
    """

    world: str = "gitlab-self-managed"
    start: date | None = None
    seed: str = "toolkit"


def settings(marks: Iterable[pytest.Mark]) -> Settings:
    """Merge the marks of a test, its class and its module; the nearest, which come first, win.

    Raises:
        ToolkitError: A mark has an argument that is unknown or wrong; the message repeats it.
    """
    said: dict[str, object] = {}
    for mark in marks:
        if mark.args:
            raise ToolkitError(
                f"{_written(mark)} does not name what it says.",
                f"Write {' or '.join(f'{name}=...' for name in Settings._fields)}.",
            )
        for name in mark.kwargs:
            if name not in Settings._fields:
                raise ToolkitError(
                    f"{_written(mark)} has no argument '{name}'.", did_you_mean(name, Settings._fields)
                )
        said = {**mark.kwargs, **said}
    for name in ("world", "seed"):
        if name in said and not isinstance(said[name], str):
            raise ToolkitError(f"zuora({name}={said[name]!r}) is no text.", "Put it in quotes.")
    return Settings(
        world=str(said.get("world", Settings().world)),
        start=_day(said.get("start")),
        seed=str(said.get("seed", Settings().seed)),
    )


def _day(said: object) -> date | None:
    if said is None or type(said) is date:
        return said
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise ToolkitError(f"zuora(start={said!r}) is no date.", "Write start='2026-03-01'.") from error


def _written(mark: pytest.Mark) -> str:
    positional = map(repr, mark.args)
    named = (f"{name}={value!r}" for name, value in mark.kwargs.items())
    return f"zuora({', '.join((*positional, *named))})"
