"""Countries: Zuora shows one name for each, whichever code a client sends."""

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_suffix(".tsv")
"""ISO 3166-1: code of two letters, code of three, English short name."""


def country_name(given: str | None) -> str | None:
    """Return the English short name for a name or an ISO 3166 code of two or three letters, in any case.

    A word that names no country is kept as it is. Source: recorded, USA became United States.
    """
    return _names().get(given.casefold(), given) if given else None


@cache
def _names() -> dict[str, str]:
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines())
    return {word.casefold(): row[2] for row in rows for word in row}
