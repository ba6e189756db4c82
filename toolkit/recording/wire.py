"""Messages between their form on the wire and their form in a cassette: chosen headers, plain text."""

import gzip
import zlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from toolkit.errors import ToolkitError
from toolkit.recording.fields import Kind, kind_of
from toolkit.recording.interactions import Headers, Request, Response, shown

Header = tuple[str, str]

_TELLING = (
    "content-type",
    "idempotency-key",
    "x-zuora-wsdl-version",
    "zuora-entity-ids",
    "zuora-org-ids",
    "zuora-track-id",
    "zuora-version",
)
_GZIP = b"\x1f\x8b"
_NOISE = (
    "concurrency-limit-remaining",
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "ratelimit-remaining",
    "ratelimit-reset",
    "server",
    "transfer-encoding",
    "zuora-request-id",
)


def request_from_wire(method: str, address: str, headers: Iterable[Header], body: bytes) -> Request:
    """Keep of a request what says what is asked and with which credentials, not which client asks.

    Raises:
        ToolkitError: The body is no text, so that no secret could be found in it.
    """
    parts = urlsplit(address)
    return Request(
        method=method.upper(),
        path=parts.path or "/",
        query=parts.query,
        headers=_grouped(pair for pair in headers if pair[0].lower() in _TELLING or _is_secret(pair[0])),
        body=shown(_text(f"The body of the request {method} {parts.path}", body)),
    )


def response_from_wire(asked: Request, status: int, headers: Iterable[Header], body: bytes) -> Response:
    """Keep of a response all but the headers that are others each time and tell nothing.

    Raises:
        ToolkitError: The body is no text, so that no secret could be found in it.
    """
    text = _text(f"The body of the response to {asked.method} {asked.path}", body)
    kept = _grouped(pair for pair in headers if pair[0].lower() not in _NOISE)
    return Response(status=status, headers=kept, body=shown(text))


def response_to_wire(response: Response) -> tuple[list[Header], bytes]:
    """Return headers and body for a client; not compressed, because some clients would leave it so."""
    body = response.text.encode()
    return [*response.header_lines(), ("content-length", str(len(body)))], body


def _is_secret(name: str) -> bool:
    return kind_of(name) is Kind.SECRET


def _grouped(pairs: Iterable[Header]) -> Headers:
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        grouped[name.lower()] = (*grouped.get(name.lower(), ()), value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


def _text(what: str, body: bytes) -> str:
    try:  # whether it still is compressed hangs on the client, so the header does not tell
        return (gzip.decompress(body) if body.startswith(_GZIP) else body).decode()
    except (UnicodeDecodeError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ToolkitError(
            f"{what} is no text, plain or gzip, so that no secret could be found in it.",
            "Leave this request out of the recording, or send 'Accept-Encoding: gzip'.",
        ) from error
