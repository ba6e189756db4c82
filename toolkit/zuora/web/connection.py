"""One client's HTTP/1.1 connection: the one module that knows the HTTP parser, httptools."""

import asyncio
import functools
import gzip
import re
import time
from collections import deque
from email.utils import formatdate
from http import HTTPStatus
from typing import cast

import httptools

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.web.heads import Head, request_of
from toolkit.zuora.web.turns import Turns

HEAD_LIMIT = 64 * 1024
"""Bytes of request line and headers after which a request that still sends them is refused with 431."""

BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of body beyond which a request is refused with 413."""

GZIP_ABOVE = 1000
"""Bytes of body above which an answer is compressed for a client that accepts gzip, as Zuora does."""

PATIENCE = 1.0
"""Seconds that a client is given to take the last answer of its connection."""

_STATUS_LINES = {int(status): f"HTTP/1.1 {status} {status.phrase}" for status in HTTPStatus}
_BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_ORIGIN = re.compile(rb"^http://[^/?]+/?")


class _RefusedError(Exception):
    """A request that HTTP or a limit forbids, before any handler sees it."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def _too_large() -> _RefusedError:
    return _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body takes at most {BODY_LIMIT} bytes")


class Connection(asyncio.Protocol):
    """One client: its requests are parsed, answered in their order, and the answers written.

    While the client does not take its answers, its further requests wait and nothing more is read.
    """

    transport: asyncio.Transport
    gone: asyncio.Future[None]

    _expecting: bool

    def __init__(self, turns: Turns, connections: "set[Connection]") -> None:
        self._turns = turns
        self._connections = connections
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)  # nobody looks at it
        self._waiting: deque[tuple[Request, bool]] = deque()  # with: does the connection stay open?
        self._in_turn = False
        self._choked = False  # the client does not take its answers
        self._paused = False  # nor is anything read until it has taken all of them
        self._ended = False  # the client sends no more
        self._deaf = False  # nothing more is read
        self._refusal: Response | None = None  # what is still to be said then
        self._received = 0  # bytes since the last whole request
        self._head: Head | None = None  # that of the last request, which the next may repeat
        self.on_message_begin()
        self._between = True  # nothing of another request has come

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(0)  # an answer leaves at once, not behind those to others
        self.gone = asyncio.get_running_loop().create_future()
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """End, whoever closed."""
        self._connections.discard(self)
        self.gone.set_result(None)
        del self._parser  # it refers back to this connection

    def pause_writing(self) -> None:
        """Stop reading and answering: answers pile up unread."""
        self._choked = self._paused = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on after `pause_writing`."""
        self._choked = False
        if not self.transport.is_closing():
            self._go_on()

    def data_received(self, data: bytes) -> None:
        """Parse what came, and have every request answered that is whole."""
        if self._deaf:
            return
        between, head, self._head = self._between, self._head, None
        if head is not None and between and (again := head.request(data)) is not None:
            self._head = head
            self._waiting.append((again, True))
        else:
            try:
                self._parse(data)
            except (httptools.HttpParserError, _RefusedError) as error:
                self._deaf = True
                self._refusal = _refusal(error.__context__ or error)  # a callback's error is the context
            if between and self._between and len(self._waiting) == 1:
                request, stays = self._waiting[0]
                self._head = Head.of(data, request) if stays else None
        self._go_on()

    def eof_received(self) -> bool:
        """Keep a connection whose client sends no more until it has its answers."""
        self._ended = bool(self._waiting)
        return self._ended

    def _parse(self, data: bytes) -> None:
        self._received += len(data)
        while True:
            try:
                self._parser.feed_data(data)
                break
            except httptools.HttpParserUpgrade as stop:  # the parser stopped behind the head
                data = self._head_without_offer() + data[stop.args[0] :]
        if self._in_head and self._received > HEAD_LIMIT:
            raise _RefusedError(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"Headers take at most {HEAD_LIMIT} bytes"
            )
        if self._received > HEAD_LIMIT + BODY_LIMIT:
            raise _too_large()

    def _head_without_offer(self) -> bytes:
        kept = ((k, v) for k, v in self._headers.items() if k not in {"upgrade", "connection"})
        fields = "".join(f"{name}: {value}\r\n" for name, value in kept).encode("latin-1")
        return b"%b %b HTTP/1.1\r\n%b\r\n" % (self._parser.get_method(), self._target, fields)

    # Called by the parser.

    def on_message_begin(self) -> None:
        """Forget the last request."""
        self._between = False
        self._in_head = True
        self._offering = False  # the client offers to go on in another protocol, such as h2c
        self._expecting = False  # the client waits for leave to send its body
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def on_url(self, part: bytes) -> None:
        """Collect the target, which may come in parts."""
        self._target += part

    def on_header(self, raw_name: bytes, raw_value: bytes) -> None:
        """Collect one header; repeated ones are joined as RFC 9110 (5.3) says."""
        if self._in_head:  # and not in a trailer
            name, value, headers = _name(raw_name), raw_value.decode("latin-1"), self._headers
            headers[name] = f"{headers[name]}, {value}" if name in headers else value

    def on_headers_complete(self) -> None:
        """Refuse early what cannot be served."""
        self._in_head = False
        headers = self._headers
        if not self._target.startswith(b"/"):
            self._target = _ORIGIN.sub(b"/", self._target)
            if not self._target.startswith(b"/"):
                raise _RefusedError(HTTPStatus.BAD_REQUEST, f"'{self._target.decode()}' is no path")
        if "content-length" in headers and int(headers["content-length"]) > BODY_LIMIT:
            raise _too_large()
        self._offering = "upgrade" in headers and self._parser.should_upgrade()
        self._expecting = "expect" in headers and headers["expect"].lower() == "100-continue"

    def on_body(self, part: bytes) -> None:
        """Collect the body, freed of its chunks."""
        self._body.append(part)

    def on_message_complete(self) -> None:
        """Put the whole request in line."""
        if self._offering:
            return
        self._received = 0
        self._expecting = False
        self._between = True
        parser = self._parser
        request = request_of(parser.get_method(), self._target, self._headers, b"".join(self._body))
        stays = parser.should_keep_alive() and parser.get_http_version() == "1.1"
        self._waiting.append((request, stays))

    # Answers.

    def _go_on(self) -> None:
        """Ask for a turn while requests wait; when none does, say what is to be said behind them."""
        if self._waiting:
            if not self._in_turn and not self._choked:
                self._in_turn = True
                self._turns.add(self)
            return
        if self._paused and not self._choked:
            self._paused = False
            self.transport.resume_reading()
        if self._refusal is not None:
            self._refuse(self._refusal)
            self._refusal = None
        elif self._ended:
            self.transport.close()
        elif self._expecting:
            self._expecting = False
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    @property
    def request(self) -> Request:
        """The request that has waited longest."""
        return self._waiting[0][0]

    def render(self, response: Response) -> bytes:
        """Return what is to be sent as the answer to that; raises ValueError if it cannot be."""
        request, stays = self._waiting[0]
        return _render(request, response, stays=stays)

    def send(self, answer: bytes) -> None:
        """Send that, and go on with what waits behind it."""
        self._in_turn = False
        _, stays = self._waiting.popleft()
        if self.transport.is_closing():  # the client is gone
            return
        self.transport.write(answer)
        if stays:
            self._go_on()
        else:
            self._waiting.clear()
            self.transport.close()

    def fail(self, error: Exception) -> None:
        """End without an answer, for a fault of the handler."""
        self.transport.abort()
        asyncio.get_running_loop().call_exception_handler({"message": "No answer", "exception": error})

    def _refuse(self, refusal: Response) -> None:
        self.transport.write(_render(Request("", ""), refusal, stays=False))
        self.transport.write_eof()  # closing at once would reset a client that still sends
        asyncio.get_running_loop().call_later(PATIENCE, self.transport.close)


def _refusal(error: BaseException) -> Response:
    status = error.status if isinstance(error, _RefusedError) else HTTPStatus.BAD_REQUEST
    return Response(status, (("content-type", "text/plain; charset=utf-8"),), f"{error}.\n".encode())


def _render(request: Request, response: Response, *, stays: bool) -> bytes:
    status, body = response.status, response.body
    lines = [_STATUS_LINES.get(status) or f"HTTP/1.1 {status} ", _date(int(time.time()))]
    lines += map(": ".join, response.headers)
    if len(body) > GZIP_ABOVE and _wants_gzip(request, response):
        body = gzip.compress(body, 1, mtime=0)
        lines.append("content-encoding: gzip")
    if status in _BODILESS:
        body = b""
    else:
        lines.append(f"content-length: {len(body)}")
    if not stays:
        lines.append("connection: close")
    head = "\r\n".join(lines)
    if not head.count("\n") == head.count("\r") == len(lines) - 1:
        raise ValueError(f"A header of {response.headers} holds a line break.")
    return f"{head}\r\n\r\n".encode() + (b"" if request.method == "HEAD" else body)


def _wants_gzip(request: Request, response: Response) -> bool:
    accepted = request.headers.get("accept-encoding")
    if accepted is None or not _ACCEPTS_GZIP.search(accepted):
        return False
    return all(name.lower() != "content-encoding" for name, _ in response.headers)


@functools.lru_cache(maxsize=256)
def _name(raw: bytes) -> str:
    return raw.decode("latin-1").lower()


@functools.lru_cache(maxsize=1)
def _date(second: int) -> str:
    return f"date: {formatdate(second, usegmt=True)}"
