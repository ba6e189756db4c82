"""A real HTTP server that invents ids, numbers and tokens, and three HTTP clients to ask it with."""

import gzip
import http.server
import json
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import httpx2
import pytest
import requests

Answer = tuple[int, dict[str, str], bytes]
Client = Callable[..., tuple[int, bytes]]


def json_answer(body: object, status: int = 200) -> Answer:
    """Answer as a JSON API does, in compact form."""
    return status, {"Content-Type": "application/json"}, json.dumps(body, separators=(",", ":")).encode()


class Shop:
    """What the server knows; every instance invents other ids, numbers and tokens."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.accounts: dict[str, str] = {}
        self.token = uuid.uuid4().hex
        self.plans = [
            {"id": uuid.uuid4().hex, "name": "Premium", "price": 19.00},
            {"id": uuid.uuid4().hex, "name": "Ultimate", "price": 99.00},
        ]

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one request."""
        self.asked.append((method, target, headers, body))
        path = target.partition("?")[0]
        if path == "/oauth/token":
            return json_answer({"access_token": self.token, "token_type": "bearer"})
        if headers.get("authorization") != f"Bearer {self.token}":
            return json_answer({"message": "please sign in first"}, 401)
        if method == "GET":
            return self._look_up(path)
        return self._order(json.loads(body)) if path == "/orders" else self._open_account()

    def _look_up(self, path: str) -> Answer:
        if path == "/plans":
            return json_answer({"plans": self.plans})
        number = path.removeprefix("/accounts/")
        if number in self.accounts:
            return json_answer({"id": self.accounts[number], "balance": 0.00})
        return json_answer({"message": f"no {path}"}, 404)

    def _open_account(self) -> Answer:
        number = f"A{uuid.uuid4().int % 10**8:08}"
        self.accounts[number] = uuid.uuid4().hex
        return json_answer({"success": True, "id": self.accounts[number], "accountNumber": number})

    def _order(self, order: dict[str, str]) -> Answer:
        names = {str(plan["id"]): plan["name"] for plan in self.plans}
        if order["account"] not in self.accounts or order["plan"] not in names:
            return json_answer({"message": f"no {order}"}, 404)
        return json_answer({"plan": names[order["plan"]], "amount": 100.00})


class Server(NamedTuple):
    """A running server and what it knows."""

    url: str
    shop: Any


class Fixed:
    """Answers everything with the same."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._answer = status, headers, body

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one request."""
        self.asked.append((method, target, headers, body))
        return self._answer


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers on ports of their own: a shop, or a status, headers and a body for every request."""
    with ExitStack() as running:

        def start(*fixed: Any) -> Server:  # noqa: ANN401 - a status, headers and a body, or nothing
            shop = Fixed(*fixed) if fixed else Shop()
            server = running.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(shop)))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            running.callback(thread.join)
            running.callback(server.shutdown)
            return Server(f"http://127.0.0.1:{server.server_port}", shop)

        yield start


def _handler(shop: Shop | Fixed) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def _respond(self) -> None:
            given = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, lines, body = shop.answer(self.command, self.path, headers, given)
            self.send_response(status)
            for name, value in lines.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler


def with_httpx2(
    method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    """Ask with the project's own client."""
    with httpx2.Client(trust_env=False) as client:
        answer = client.request(method, url, headers=headers, content=body)
    return answer.status_code, answer.content


def with_requests(
    method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    """Ask with requests, which stands on urllib3 and http.client."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, url, headers=headers, data=body, timeout=30)
    return answer.status_code, answer.content


def with_urllib(
    method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    """Ask with the standard library, which decompresses nothing by itself."""
    asked = urllib.request.Request(url, data=body or None, headers=headers or {}, method=method)  # noqa: S310 - ours
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(asked, timeout=30) as answer:
        content: bytes = answer.read()
        zipped = answer.headers.get("content-encoding") == "gzip"
    return answer.status, gzip.decompress(content) if zipped else content


CLIENTS: dict[str, Client] = {"httpx2": with_httpx2, "requests": with_requests, "urllib": with_urllib}


@pytest.fixture
def clients() -> dict[str, Client]:
    """Three HTTP clients that share no code above the socket."""
    return CLIENTS


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    """Each of the clients in turn."""
    return CLIENTS[request.param]
