"""Days and moments as Export ZOQL writes them: in ISO 8601, or from now or today on."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from toolkit.billing.periods import TermUnit, add_term
from toolkit.zuora.state.world import World

_ZONED = re.compile(r"(.+?) *\(([^()]+)\)")
_RELATIVE = re.compile(
    r"(now|today)(?: *([+-]) *(\d{1,6}) *(second|minute|hour|day|week|month|year)s?)?", re.IGNORECASE
)
_CLOCKED = {"second": 1, "minute": 60, "hour": 3600}
_DATED: dict[str, TermUnit] = {"day": "Day", "week": "Week", "month": "Month", "year": "Year"}


class Day(NamedTuple):
    """A day of a time zone: a moment is compared with it by the day that it is there."""

    day: date
    zone: tzinfo


def read(written: str, world: World) -> datetime | Day:
    """Read a moment, or a day.

    Raises:
        ValueError: It is neither.

    Source: Zuora, special date/time features in Export ZOQL; 2008-09-12Z is in its filter statements. There
    a time zone in parentheses is behind expressions alone, pipelinewise-tap-zuora has it behind moments.
    """
    zoned = _ZONED.fullmatch(written.strip())
    text, zone = (zoned[1], _zone(zoned[2])) if zoned else (written.strip(), world.zone)
    relative = _RELATIVE.fullmatch(text)
    if relative is not None:
        sign, quantity, unit = relative[2], int(relative[3] or 0), (relative[4] or "day").lower()
        return _relative(relative[1].lower(), -quantity if sign == "-" else quantity, unit, world, zone)
    if text[10:] == "Z":
        text, zone = text[:10], UTC
    moment = datetime.fromisoformat(text)
    if len(text) == len("2011-02-01"):
        return Day(moment.date(), zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _relative(keyword: str, quantity: int, unit: str, world: World, zone: tzinfo) -> datetime | Day:
    """Return a moment, or a day; days and longer units leave the hour as it is, as clocks change."""
    start = world.now.astimezone(zone)
    if keyword == "today":
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit in _CLOCKED:
        moved = (start.astimezone(UTC) + timedelta(seconds=quantity * _CLOCKED[unit])).astimezone(zone)
    else:
        moved = datetime.combine(add_term(start.date(), quantity, _DATED[unit]), start.timetz())
    return moved if keyword == "now" else Day(moved.date(), zone)


def _zone(name: str) -> tzinfo:
    """Return a time zone by its offset, by its name in the database, or by a city alone: Los Angeles."""
    if name[0] in "+-":
        return datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo or UTC
    return ZoneInfo(_cities().get(name.lower(), name))


@cache
def _cities() -> dict[str, str]:
    return {name.rpartition("/")[2].replace("_", " ").lower(): name for name in sorted(available_timezones())}
