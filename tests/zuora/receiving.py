"""A receiver of callouts: a real HTTP server that writes down what it gets and answers as it is told."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

import msgspec


class Received(NamedTuple):
    """A request as it came; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """What the body says."""
        return msgspec.json.decode(self.body)


class Receiver:
    """What a server has got, and what it answers next.

    Attributes:
        received: Every request, in the order in which they came.
        answers: Status and body of the answers to come; after them it is 200 and `{"success": true}`.
        password: Where it is set, requests without these credentials of `zuora` are answered 401.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self.answers: list[tuple[int, bytes]] = []
        self.password: str | None = None
        self.challenge = True

    def answer(self, request: Received) -> tuple[int, dict[str, str], bytes]:
        """Write a request down and return what to answer."""
        self.received.append(request)
        if self.password is not None:
            basic = b64encode(f"zuora:{self.password}".encode()).decode()
            if request.headers.get("authorization") != f"Basic {basic}":
                return 401, {"WWW-Authenticate": 'Basic realm="billing"'} if self.challenge else {}, b""
        status, body = self.answers.pop(0) if self.answers else (200, b'{"success": true}')
        return status, {"Content-Type": "application/json", "Location": f"{self.url}/elsewhere"}, body


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive callouts on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, fields, content = receiver.answer(Received(self.command, self.path, headers, body))
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def definition(url: str, event: str = "AccountCreated", **callout: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the body of a notification that calls `url` about an event."""
    return {
        "name": event,
        "eventTypeName": event,
        "calloutActive": True,
        "callout": {"name": "call", "calloutBaseurl": url, "httpMethod": "POST", **callout},
    }


ACCOUNT = {
    "name": "Acme",
    "currency": "USD",
    "billCycleDay": 1,
    "billToContact": {
        "firstName": "Ada",
        "lastName": "Tanaka",
        "country": "USA",
        "workEmail": "ada@example.com",
    },
}
