"""Requests and responses: what passes between a transport and a tenant, free of any HTTP framework."""

import zlib
from collections.abc import Callable, Mapping, Sequence

import msgspec

SCHEME = "x-forwarded-proto"
"""The header that says whether the client speaks http, as it does without it, or https."""

_GZIP = 16 + zlib.MAX_WBITS
_MOST_UNPACKED = 64 * 1024 * 1024


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


def secure(scheme: str) -> Mapping[str, str]:
    """Return the headers by which links in the answer are https for a client that speaks it."""
    return {SCHEME: scheme} if scheme == "https" else {}


def unpacked(request: Request) -> Request:
    """Return a request whose body is not compressed. Source: Zuora, the header Content-Encoding: gzip.

    What is no gzip or unpacks to more than 64 MiB stays as it is: read if it can be, else malformed.
    """
    if request.headers["content-encoding"].strip().lower() != "gzip":
        return request
    unpacking = zlib.decompressobj(_GZIP)
    try:
        body = unpacking.decompress(request.body, _MOST_UNPACKED)
    except zlib.error:
        return request
    if not unpacking.eof:
        return request
    headers = {name: value for name, value in request.headers.items() if name != "content-encoding"}
    return Request(request.method, request.path, request.query, headers, body)


class Response(msgspec.Struct, frozen=True):
    """An HTTP response; `headers` lack Content-Length and Date, which the transport adds."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Handler = Callable[[Request], Response]
"""What a transport serves: a request in, a response out, synchronous and never raising."""

Handlers = Callable[[Sequence[Request]], Sequence[Response]]
"""The same for several requests, answered in their order."""
