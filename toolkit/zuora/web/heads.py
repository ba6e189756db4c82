"""Heads: a client that keeps its connection repeats its headers, which are then read only once."""

import re
from collections.abc import Mapping
from typing import NamedTuple, Self
from urllib.parse import unquote

from toolkit.zuora.calls.call import Request

_LINE = re.compile(rb"(GET|POST|PUT|PATCH|DELETE) (/[!$-~]*) HTTP/1\.1")
_DIGITS = re.compile(rb"[0-9]{1,8}")
_LENGTH = re.compile(rb"(?i)(?:\A|\r\n)content-length: ?(%b)(?=\r\n)" % _DIGITS.pattern)
_ODD = frozenset({"expect", "transfer-encoding", "upgrade"})


class Head(NamedTuple):
    """The headers of a request, as they came and as they were read.

    Attributes:
        before: What came before the length of the body, or everything if none is stated.
        length: That length, in digits; None if none is stated.
        after: What came behind it, with the blank line.
        headers: The headers as read.
    """

    before: bytes
    length: bytes | None
    after: bytes
    headers: Mapping[str, str]

    @classmethod
    def of(cls, data: bytes, request: Request) -> Self | None:
        """Return the head of a request that came as `data`; None of one in which anything is unusual."""
        line, _, rest = data.partition(b"\r\n")
        raw = rest[: len(rest) - len(request.body)]
        if not _LINE.fullmatch(line) or raw.find(b"\r\n\r\n") != len(raw) - 4:
            return None
        if _ODD & request.headers.keys():
            return None
        if "content-length" not in request.headers:
            return cls(raw, None, b"", request.headers)
        found = _LENGTH.search(raw)
        if found is None or found[1] != request.headers["content-length"].encode():
            return None
        return cls(raw[: found.start(1)], found[1], raw[found.end() :], request.headers)

    def request(self, data: bytes) -> Request | None:
        """Return the request that came as `data` if it is a whole one behind the same headers, else None.

        Only its first line and the length of its body are read; one with anything unusual in it is left to
        the parser.
        """
        line, _, rest = data.partition(b"\r\n")
        start, headers = len(self.before), self.headers
        if not rest.startswith(self.before):
            return None
        size = 0
        if self.length is not None:
            end = rest.find(b"\r\n", start)
            length = rest[start:end]
            if not rest.startswith(self.after, end) or not _DIGITS.fullmatch(length):
                return None
            start, size = end + len(self.after), int(length)
            if length != self.length:
                headers = {**headers, "content-length": length.decode()}
        if len(rest) - start != size:
            return None
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        method, target = found.groups()
        return request_of(method, target, headers, rest[start:])


def request_of(method: bytes, target: bytes, headers: Mapping[str, str], body: bytes) -> Request:
    """Return the request for a target, whose path is percent-decoded."""
    path, _, query = target.decode().partition("?")
    return Request(method.decode(), unquote(path) if "%" in path else path, query, headers, body)
