"""Filtering and sorting of /v1 lists by the fields that they show."""

from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any, TypeVar

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.endpoint import Call
from toolkit.zuora.state.tables import Record, Table

_MOST_SORTED = 2

AnyRecord = TypeVar("AnyRecord", bound=Record)


def latest_first(call: Call, table: Table[AnyRecord]) -> list[AnyRecord]:
    """Return the records of a table by number, last ones first: all, or those of the account asked for.

    Raises:
        NotFoundError: There is no account of this `accountId` or `accountNumber`.
    """
    key = call.query.get("accountId") or call.query.get("accountNumber")
    found = table.of(call.world.accounts.find(key).id) if key else table.latest()
    return sorted(found, key=attrgetter("number"), reverse=True)


def narrow(call: Call, rows: Iterable[dict[str, Any]], fields: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows whose fields have the values of the query, in the order that `sort` asks for.

    Source: Zuora, list payments: each of `fields` is a query parameter; the value `null` asks for rows
    without one; `sort` names at most two fields, separated by a comma, each behind + for ascending (default)
    or - for descending.

    Raises:
        InvalidValueError: A number is none, or `sort` names more than two fields or another one.
    """
    found = list(rows)
    for field in call.query.keys() & set(fields):
        wanted = call.query[field]
        found = [row for row in found if _equal(field, row[field], wanted)]
    keys = [key for key in call.query.get("sort", "").replace(" ", "+").split(",") if key]
    if len(keys) > _MOST_SORTED:
        raise InvalidValueError(f"'sort' names at most {_MOST_SORTED} fields, not {len(keys)}.")
    for key in reversed(keys):
        field = key.lstrip("+-")
        if field not in fields:
            raise InvalidValueError(f"'sort' cannot name '{field}'. It knows {', '.join(sorted(fields))}.")
        found.sort(
            key=lambda row: (row[field] is not None, row[field]),
            reverse=key.startswith("-"),
        )
    return found


def _equal(field: str, value: object, wanted: str) -> bool:
    if wanted == "null":
        return value is None
    if not isinstance(value, Decimal):
        return str(value) == wanted
    try:
        return value == Decimal(wanted)
    except InvalidOperation as error:
        raise InvalidValueError(f"'{field}' should be a number, not '{wanted[:20]}'.") from error
