"""Requests and responses: what passes between a transport and a tenant, free of any HTTP framework."""

from collections.abc import Callable, Mapping

import msgspec


class Request(msgspec.Struct, frozen=True):
    """An HTTP request.

    Attributes:
        method: In upper case.
        path: Percent-decoded, without the query, beginning with a slash.
        query: The raw query string without its question mark.
        headers: Names in lower case.
        body: The bytes as they arrived.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Response(msgspec.Struct, frozen=True):
    """An HTTP response; `headers` lack Content-Length and Date, which the transport adds."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Handler = Callable[[Request], Response]
"""What a transport serves: a request in, a response out, synchronous and never raising."""
