"""Paging of /v1 lists: page, pageSize, nextPage."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.endpoint import Call, Reply

Row = TypeVar("Row")

_POSITIVE = re.compile("[1-9][0-9]{0,8}")
_WHOLE = re.compile("[1-9][0-9]*")
_DEFAULT_SIZE, _MOST = 10, 40
"""Source: Zuora, pagination: 10 a page unless told, 40 at most, a larger size is treated as 40."""


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
