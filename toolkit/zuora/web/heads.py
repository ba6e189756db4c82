"""Heads: a client that keeps its connection repeats its headers, which are then read only once."""

import re
from collections.abc import Mapping
from typing import NamedTuple, Self
from urllib.parse import unquote

from toolkit.zuora.calls.call import Request

_LINE = re.compile(rb"(GET|POST|PUT|PATCH|DELETE) (/[!$-~]*) HTTP/1\.1")
_ODD = frozenset({"expect", "transfer-encoding", "upgrade"})


class Head(NamedTuple):
    """The headers of a request as they came, with the blank line, and as read, and the length of its body."""

    raw: bytes
    headers: Mapping[str, str]
    body: int

    @classmethod
    def of(cls, data: bytes, request: Request) -> Self | None:
        """Return the head of a request that came as `data`; None of one in which anything is unusual."""
        line, _, rest = data.partition(b"\r\n")
        raw = rest[: len(rest) - len(request.body)]
        if not _LINE.fullmatch(line) or raw.find(b"\r\n\r\n") != len(raw) - 4:
            return None
        return None if _ODD & request.headers.keys() else cls(raw, request.headers, len(request.body))

    def request(self, data: bytes) -> Request | None:
        """Return the request that came as `data` if it is a whole one behind the same headers, else None.

        Only its first line is read; one with anything unusual in it is left to the parser.
        """
        line, _, rest = data.partition(b"\r\n")
        if len(rest) != len(self.raw) + self.body or not rest.startswith(self.raw):
            return None
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        method, target = found.groups()
        return request_of(method, target, self.headers, rest[len(self.raw) :])


def request_of(method: bytes, target: bytes, headers: Mapping[str, str], body: bytes) -> Request:
    """Return the request for a target, whose path is percent-decoded."""
    path, _, query = target.decode().partition("?")
    return Request(method.decode(), unquote(path) if "%" in path else path, query, headers, body)
