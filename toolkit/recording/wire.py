"""Messages between their form on the wire and their form in a cassette: chosen headers, plain text."""

import gzip
import zlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from toolkit.errors import ToolkitError
from toolkit.recording.fields import Kind, kind_of
from toolkit.recording.interactions import Headers, Request, Response, shown

_TELLING = (
    "content-encoding",
    "content-type",
    "idempotency-key",
    "x-zuora-wsdl-version",
    "zuora-entity-ids",
    "zuora-org-ids",
    "zuora-track-id",
    "zuora-version",
)
_NOISE = ("connection", "content-length", "date", "keep-alive", "server", "transfer-encoding")


def request_from_wire(method: str, address: str, headers: Iterable[tuple[str, str]], body: bytes) -> Request:
    """Keep of a request what says what is asked and with which credentials, not which client asks.

    Raises:
        ToolkitError: The body is no text, so that no secret could be found in it.
    """
    parts = urlsplit(address)
    kept = _grouped(pair for pair in headers if pair[0].lower() in _TELLING or _is_secret(pair[0]))
    text = _text(f"The body of the request {method} {parts.path}", kept, body)
    return Request(
        method=method.upper(), path=parts.path or "/", query=parts.query, headers=kept, body=shown(text)
    )


def response_from_wire(
    asked: Request, status: int, headers: Iterable[tuple[str, str]], body: bytes
) -> Response:
    """Keep of a response all but the headers that each connection sets anew.

    Raises:
        ToolkitError: The body is no text, so that no secret could be found in it.
    """
    kept = _grouped(pair for pair in headers if pair[0].lower() not in _NOISE)
    text = _text(f"The body of the response to {asked.method} {asked.path}", kept, body)
    return Response(status=status, headers=kept, body=shown(text))


def body_to_wire(message: Request | Response) -> bytes:
    """Return the body as it travels: compressed again if it was."""
    body = message.text.encode()
    return gzip.compress(body, mtime=0) if message.headers.get("content-encoding") == "gzip" else body


def _is_secret(name: str) -> bool:
    return kind_of(name) is Kind.SECRET


def _grouped(pairs: Iterable[tuple[str, str]]) -> Headers:
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        grouped[name.lower()] = (*grouped.get(name.lower(), ()), value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


def _text(what: str, headers: Headers, body: bytes) -> str:
    encoding = headers.get("content-encoding", "identity")
    if body and encoding not in ("gzip", "identity"):
        raise ToolkitError(f"{what} is compressed by '{encoding}'.", "Send 'Accept-Encoding: gzip'.")
    try:
        return (gzip.decompress(body) if encoding == "gzip" and body else body).decode()
    except (UnicodeDecodeError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ToolkitError(
            f"{what} is {len(body)} bytes that are no UTF-8 text, in which secrets could not be found.",
            "Leave this request out of the recording.",
        ) from error
