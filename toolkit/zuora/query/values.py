"""Values: what fields hold, as JSON answers and as CSV files spell it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from toolkit.zuora.calls.wire import number
from toolkit.zuora.query.kinds import Kind, Row
from toolkit.zuora.state.world import World


def spell(value: Any) -> Any:  # noqa: ANN401 - a field has any of its types
    """Return a value as action and CRUD calls answer it.

    Source: recorded query: 1.2, 2016-10-20, 2016-10-20T05:46:14.000+02:00.
    """
    match value:
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case date():
            return value.isoformat()
        case Decimal():
            return number(value)
        case _:
            return value


def show(kind: Kind, world: World, row: Row) -> dict[str, Any]:
    """Return every field of a row that has a value, as CRUD calls answer it."""
    return {name: spell(value) for name, value in kind.values(world, row).items()}


def in_file(value: Any, *, utc: bool) -> str:  # noqa: ANN401 - a field has any of its types
    """Return a value as exported files spell it, an absent one as nothing.

    Args:
        value: The value.
        utc: Whether moments are in UTC, or in their own time zone.

    Source: Zuora, aggregate query, dateTimeUtc: 2017-03-01T00:11:13-0800 in the tenant's time zone, and
    with dateTimeUtc 2017-03-01T08:11:13+0000.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return (value.astimezone(UTC) if utc else value).strftime("%Y-%m-%dT%H:%M:%S%z")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{number(value):f}"
        case _:
            return str(value)
