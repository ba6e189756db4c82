"""Many clients of one server, each on a socket of its own, are answered in turns."""

import asyncio
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from time import sleep

import httpx2
import pytest

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.web.server import running
from toolkit.zuora.web.turns import MOST, Turns

GET = b"GET /%b HTTP/1.1\r\nHost: here\r\n\r\n"


def handle(request: Request) -> Response:
    """Answer with the path; sleep over `/slow`, and fail at `/bug`."""
    if request.path == "/slow":
        sleep(0.2)
    if request.path == "/bug":
        raise ZeroDivisionError
    return Response(200, (), request.path.encode())


@pytest.fixture
def url() -> Iterator[str]:
    with running(handle) as url:
        yield url


def connected(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def test_more_clients_at_once_than_a_turn_has_places_are_all_answered(url: str) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(url)) for _ in range(3 * MOST)]
        for client in clients:  # the server has accepted all of them
            client.sendall(GET % b"first")
            assert client.recv(65536).endswith(b"/first")
        clients[0].sendall(GET % b"slow")
        for number, client in enumerate(clients[1:]):
            client.sendall(GET % (b"%d" % number))
        for number, client in enumerate(clients[1:]):
            assert client.recv(65536).endswith(b"\r\n\r\n/%d" % number)


def test_clients_that_leave_before_they_are_answered_disturb_nobody(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(url) as slow:
        slow.sendall(GET % b"slow")
        for _ in range(3 * MOST):
            with connected(url) as leaving:
                leaving.sendall(3 * (GET % b"gone"))
    assert httpx2.get(f"{url}/after").text == "/after"
    assert not caplog.records


def test_answers_that_break_off_leave_nobody_waiting() -> None:
    class Client:
        request = Request("GET", "/")

        def render(self, response: Response) -> bytes:
            raise AssertionError(response)

        def send(self, answer: bytes) -> None:
            raise AssertionError(answer)

        def fail(self, error: Exception) -> None:
            failed.append(error)

    def answers(_: Sequence[Request]) -> list[Response]:
        raise error

    async def turn() -> None:
        turns = Turns(answers)
        for _ in range(2):
            turns.add(Client())
        await asyncio.sleep(0)

    failed: list[Exception] = []
    error = ZeroDivisionError()
    asyncio.run(turn())
    assert failed == [error, error]


def test_a_handlers_bug_costs_one_connection_only(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, "asyncio"), connected(url) as slow:
        slow.sendall(GET % b"slow")
        with connected(url) as failing, connected(url) as other:
            failing.sendall(GET % b"bug")
            other.sendall(GET % b"other")
            assert failing.recv(65536) == b""
            assert other.recv(65536).endswith(b"/other")
