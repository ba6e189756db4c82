"""Remembering: what was made of a record is kept beside it, since a record never changes."""

from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")

KEPT = 16_384
"""How many records are kept at most by each function that remembers."""


def remembered(make: Callable[[Any], Made]) -> Callable[[Any], Made]:
    """Return a function that makes the same of a record, but of one that it has met lately only once.

    Records are told apart by identity, which costs less than a look at what they hold. Beyond `KEPT` of
    them all are forgotten.
    """
    kept: dict[int, tuple[object, Made]] = {}

    def recall(record: object) -> Made:
        found = kept.get(id(record))
        if found is None:
            if len(kept) >= KEPT:
                kept.clear()
            found = kept[id(record)] = record, make(record)  # a record that is kept shares its id with none
        return found[1]

    return recall
