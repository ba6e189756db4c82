"""Unfilled: fields of object query that nothing here gives a value, listed in `unfilled.tsv` by kind."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_suffix(".tsv")


@cache
def unfilled() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the fields by kind. Source: the official SDK, ExpandedAccount and its like."""
    rows = (line.partition("\t") for line in _TABLE.read_text("utf-8").splitlines())
    return {kind: tuple(names.split()) for kind, _, names in rows}
