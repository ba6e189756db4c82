"""Trino's SQL as SQLite understands it: the words of a query, and the functions that SQLite lacks."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from toolkit.zuora.state.world import World

_WORD = re.compile(r"('(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_]*|\s+|.)", re.DOTALL)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(\S*)")


class Query(NamedTuple):
    """A translated query.

    Attributes:
        words: Its lower-case words, among which are the names of its tables and, unless `every`, columns.
        every: Whether a star may stand for all columns.
    """

    sql: str
    words: frozenset[str]
    every: bool


def translate(text: str, world: World) -> Query:
    """Return a query of Trino in SQLite's words.

    Moments are texts in UTC, so that texts compare as moments do: TIMESTAMP '…' and DATE '…' become texts,
    casts to a date or a timestamp become calls, and the present is the tenant's.

    Raises:
        ValueError: A moment is none.
    """
    words = _WORD.findall(text.strip().rstrip(";"))
    out: list[str] = []
    opened: list[int] = []
    every = False
    for word in words:
        if word.lower() in _PRESENT:
            out.append(_PRESENT[word.lower()](world))
        elif word[0] == "'" and _said(out) in _LITERALS:
            read = _LITERALS[_said(out)]
            _drop(out)
            out.append(f"'{read(word[1:-1], world)}'")
        else:
            if word == "(":
                opened.append(len(out))
            elif word == ")" and opened:
                _uncast(out, opened.pop())
            every = every or (word == "*" and _said(out) != "(")
            out.append(word)
    return Query("".join(out), frozenset(word.lower().strip('"') for word in words), every)


def _said(out: list[str]) -> str:
    """Return the last word."""
    return next((word.lower() for word in reversed(out) if not word.isspace()), "")


def _drop(out: list[str]) -> None:
    """Take the last word away."""
    while out.pop().isspace():
        pass


def _uncast(out: list[str], start: int) -> None:
    """Turn `cast(x as date` into `date(x`, and `cast(x as timestamp` into `timestamp(x`."""
    kind = _said(out)
    if kind not in {"date", "timestamp"} or _said(out[:start]) != "cast":
        return
    _drop(out)
    _drop(out)
    place = max(at for at in range(start) if out[at].lower() == "cast")
    out[place] = kind


def moment(value: datetime) -> str:
    """Return a moment as tables and results have it, 2026-01-01T08:00:00.000Z.

    Source: an assumption; the values that Zuora writes into the files of data queries were not found.
    """
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def _timestamp(written: str, world: World) -> str:
    """Read a moment; without a time zone it is in the tenant's."""
    found = _MOMENT.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"'{written}' is not a valid timestamp literal")
    day, time, zone = found.groups()
    offset = {"": "", "utc": "+00:00", "z": "+00:00", "gmt": "+00:00"}.get(zone.lower(), zone)
    read = datetime.fromisoformat(f"{day}T{time or '00:00'}{offset}")
    return moment(read if read.tzinfo else read.replace(tzinfo=world.zone))


def _date(written: str, _: World) -> str:
    return date.fromisoformat(written.strip()).isoformat()


_LITERALS: Mapping[str, Callable[[str, World], str]] = {"timestamp": _timestamp, "date": _date}
_PRESENT: Mapping[str, Callable[[World], str]] = {
    "current_date": lambda world: f"'{world.today.isoformat()}'",
    "current_timestamp": lambda world: f"'{moment(world.now)}'",
}


def functions(world: World) -> dict[tuple[str, int], Callable[..., Any]]:
    """Return what Trino has and SQLite has not, or has otherwise, by name and number of arguments."""
    return {
        ("now", 0): lambda: moment(world.now),
        ("date", 1): lambda value: value and value[:10],
        ("timestamp", 1): lambda value: value and _timestamp(value, world),
        ("year", 1): lambda value: value and int(value[:4]),
        ("month", 1): lambda value: value and int(value[5:7]),
        ("day", 1): lambda value: value and int(value[8:10]),
        ("date_trunc", 2): _truncated,
        ("concat", -1): lambda *values: None if None in values else "".join(map(str, values)),
    }


def _truncated(unit: str, value: str | None) -> str | None:
    kept = {"year": 4, "month": 7, "day": 10}[unit.lower()]
    if value is None:
        return None
    rest = "0000-01-01T00:00:00.000Z"[kept : len(value)]
    return value[:kept] + rest
