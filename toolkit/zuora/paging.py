"""Paging of /v1 lists: page, pageSize, nextPage."""

import re
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.endpoint import Call

Row = TypeVar("Row")

_POSITIVE = re.compile("[1-9][0-9]{0,8}")
_DEFAULT_SIZE, _MOST = 10, 40
"""Source: Zuora, pagination: 10 a page unless told, 40 at most, a larger size is treated as 40."""


def page(call: Call, rows: Sequence[Row], *, relative: bool = False) -> tuple[Sequence[Row], dict[str, str]]:
    """Return the rows of the page asked for, and `nextPage` unless it is the last.

    Args:
        call: The call; its path is rebuilt from `call.url_path`.
        rows: The whole list.
        relative: Whether `nextPage` lacks scheme and host, as recorded for the catalog.

    Raises:
        InvalidValueError: `page` or `pageSize` is no whole number from 1 to 999999999.
    """
    number, size = _positive(call, "page", 1), min(_positive(call, "pageSize", _DEFAULT_SIZE), _MOST)
    end = number * size
    shown = rows[end - size : end]
    if end >= len(rows):
        return shown, {}
    query = urlencode({**call.query, "page": number + 1, "pageSize": size})
    base = "" if relative else call.base_url
    return shown, {"nextPage": f"{base}{quote(call.url_path)}?{query}"}


def _positive(call: Call, name: str, default: int) -> int:
    given = call.query.get(name)
    if given is None:
        return default
    if not _POSITIVE.fullmatch(given):
        raise InvalidValueError(f"'{name}' should be a whole number from 1 to 999999999, not '{given[:20]}'.")
    return int(given)
