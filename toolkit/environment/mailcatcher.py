"""The process behind the mail service: catches over SMTP, keeps in memory, shows as JSON over HTTP.

`GET /messages` lists what was caught, oldest first, and with `?to=ADDRESS` only what one recipient got;
`GET /messages/3` shows one, `GET /messages/3.eml` as it came; `DELETE /messages` forgets all.
"""

import email
import email.policy
import json
import sys
import threading
from collections import deque
from email.message import EmailMessage
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from toolkit.environment.wire import HOST

_ROOM = 10_000
"""Messages kept; the oldest go first."""


class Caught(NamedTuple):
    """A message as it came.

    Attributes:
        number: Counts from 1 and is never given twice.
        sender: The address in MAIL FROM.
        recipients: The addresses in RCPT TO.
        content: Headers and body.
    """

    number: int
    sender: str
    recipients: tuple[str, ...]
    content: bytes

    def show(self) -> dict[str, object]:
        """Return what a test wants to know of it, ready for JSON."""
        message = email.message_from_bytes(self.content, policy=email.policy.default)
        return {
            "number": self.number,
            "from": self.sender,
            "to": self.recipients,
            "subject": message["subject"] or "",
            "headers": dict(message.items()),
            "text": _body(message, "plain"),
            "html": _body(message, "html"),
        }


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    content = part.get_payload(decode=True)
    text = content if isinstance(content, bytes) else b""
    try:
        return text.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a character set that nobody knows
        return text.decode("utf-8", "replace")


class Inbox:
    """What was caught; the SMTP server adds to it in one thread, the HTTP server reads it in others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._caught: deque[Caught] = deque(maxlen=_ROOM)

    def messages(self) -> tuple[Caught, ...]:
        """Return all messages, oldest first."""
        with self._lock:
            return tuple(self._caught)

    def forget(self) -> None:
        """Drop all messages."""
        with self._lock:
            self._caught.clear()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Catch one message; aiosmtpd calls this."""
        content = envelope.original_content or b""
        with self._lock:
            self._count += 1
            recipients = tuple(envelope.rcpt_tos)
            self._caught.append(Caught(self._count, envelope.mail_from or "", recipients, content))
        return "250 OK"


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, inbox: Inbox) -> None:
        super().__init__((HOST, port), _Reader)
        self.inbox = inbox


class _Reader(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        messages = self.server.inbox.messages()
        name, _, form = target.path.removeprefix("/messages/").partition(".")
        found = next((message for message in messages if str(message.number) == name), None)
        if target.path == "/messages":
            wanted = set(parse_qs(target.query).get("to", ()))
            shown = [m.show() for m in messages if not wanted or wanted & set(m.recipients)]
            self._answer(HTTPStatus.OK, "application/json", json.dumps({"messages": shown}).encode())
        elif found is None:
            self._answer(HTTPStatus.NOT_FOUND, "application/json", b'{"error": "There is no such message."}')
        elif form == "eml":
            self._answer(HTTPStatus.OK, "message/rfc822", found.content)
        else:
            self._answer(HTTPStatus.OK, "application/json", json.dumps(found.show()).encode())

    def do_DELETE(self) -> None:
        self.server.inbox.forget()
        self._answer(HTTPStatus.NO_CONTENT, "application/json", b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay silent: the log is for what goes wrong."""

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(smtp_port: int, http_port: int) -> None:
    """Catch mail until the process is ended."""
    inbox = Inbox()
    with _Server(http_port, inbox) as server:
        Controller(inbox, HOST, smtp_port, server_hostname="localhost").start()
        server.serve_forever()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
