"""Paging: page and pageSize of /v1 lists, start and limit of those of notifications and events."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.endpoint import Call, Reply

Row = TypeVar("Row")

_POSITIVE = re.compile("[1-9][0-9]{0,8}")
_WHOLE = re.compile("[1-9][0-9]*")
_COUNT = re.compile("[0-9]{1,9}")
_DEFAULT_SIZE, _MOST = 10, 40
"""Source: Zuora, pagination: 10 a page unless told, 40 at most, a larger size is treated as 40."""

_DEFAULT_LIMIT, _MOST_ROWS = 50, 100
"""Of lists with `start` and `limit`: an assumption."""


def page(call: Call, rows: Sequence[Row], *, relative: bool = False) -> tuple[Sequence[Row], dict[str, str]]:
    """Return the rows of the page asked for, and `nextPage` unless it is the last.

    Args:
        call: The call; its path is rebuilt from `call.url_path`.
        rows: The whole list.
        relative: Whether `nextPage` lacks scheme and host, as recorded for the catalog.

    Raises:
        InvalidValueError: `page` is no whole number from 1 to 999999999.
    """
    number, size = _number(call), _size(call)
    end = number * size
    shown = rows[end - size : end]
    if end >= len(rows):
        return shown, {}
    query = urlencode({**call.query, "page": number + 1, "pageSize": size})
    base = "" if relative else call.base_url
    return shown, {"nextPage": f"{base}{quote(call.url_path)}?{query}"}


def listing(
    call: Call, name: str, rows: Sequence[Row], show: Callable[[Row], object] = lambda row: row
) -> Reply:
    """Answer with the page asked for, under the name of the list; `show` makes what is shown of a row."""
    shown, following = page(call, rows)
    return Reply({name: [show(row) for row in shown], **following, "success": True})


def _number(call: Call) -> int:
    given = call.query.get("page", "1")
    if not _POSITIVE.fullmatch(given):
        raise InvalidValueError(f"'page' should be a whole number from 1 to 999999999, not '{given[:20]}'.")
    return int(given)


def _size(call: Call) -> int:
    """Return the rows of a page; the default where it is empty or invalid. Source: Zuora, pagination."""
    given = call.query.get("pageSize", "")
    if not _WHOLE.fullmatch(given):
        return _DEFAULT_SIZE
    return min(int(given[:3]), _MOST)  # three digits are more than that already


def part(call: Call, rows: Sequence[object]) -> Reply:
    """Answer with the part of a list that `start` and `limit` ask for, and where the next part is.

    Source: the official SDK: `next` is null on the last page.

    Raises:
        InvalidValueError: One of them is no such number.
    """
    start, limit = _count(call, "start", 0), _count(call, "limit", _DEFAULT_LIMIT)
    if not 1 <= limit <= _MOST_ROWS:
        raise InvalidValueError(f"'limit' should be a whole number from 1 to {_MOST_ROWS}, not '{limit}'.")
    end = start + limit
    query = urlencode({**call.query, "start": end, "limit": limit})
    following = f"{call.url_path}?{query}" if end < len(rows) else None
    return Reply({"next": following, "data": rows[start:end]})


def _count(call: Call, name: str, usual: int) -> int:
    given = call.query.get(name, str(usual))
    if not _COUNT.fullmatch(given):
        raise InvalidValueError(f"'{name}' should be a whole number, not '{given[:20]}'.")
    return int(given)
