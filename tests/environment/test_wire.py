"""Ports that stay free until a service listens, and questions that never fail."""

import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from toolkit.environment import wire
from toolkit.errors import ToolkitError


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that accepts nobody."""
    with socket.create_server((wire.HOST, 0)) as server:
        yield server


def _url(server: socket.socket) -> str:
    return f"http://{wire.HOST}:{server.getsockname()[1]}"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a held port be listened to")
def test_a_held_port_can_be_listened_to_by_its_service() -> None:
    with wire.hold("a") as holder, socket.create_server((wire.HOST, wire.release(holder))) as server:
        assert wire.listens(_url(server))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a held port be listened to")
def test_a_held_port_is_given_to_nobody_else() -> None:
    with wire.hold("a") as holder, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((wire.HOST, wire.release(holder)))


def test_a_taken_port_is_refused(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(ToolkitError, match=f"Port {port} on 127.0.0.1 is taken. .* --port a=N."):
        wire.hold("a", port)


def test_an_impossible_port_is_refused() -> None:
    with pytest.raises(ToolkitError, match="Port 70000 on 127.0.0.1 cannot be used"):
        wire.hold("a", 70000)


def test_no_answer_is_an_empty_answer(listener: socket.socket) -> None:
    assert wire.ask(_url(listener), b"anyone?", b"!") == b""


def test_nobody_there_is_an_empty_answer() -> None:
    with wire.hold("a") as holder:
        assert wire.ask(_url(holder), b"anyone?", b"!") == b""
        assert not wire.listens(_url(holder))


@pytest.mark.parametrize(
    ("answer", "good"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 503 No\r\n\r\n 200 ", False), (b"SSH-2.0\r\n", False)],
)
def test_only_200_is_a_good_answer(listener: socket.socket, answer: bytes, good: bool) -> None:  # noqa: FBT001
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(answer)

    server = threading.Thread(target=serve)
    server.start()
    assert wire.ask_http(_url(listener), "/") is good
    server.join()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://user:secret@db.example.com/app", ("db.example.com", 5432)),
        ("redis://cache", ("cache", 6379)),
        ("https://example.com/x", ("example.com", 443)),
        ("smtp://mail:2525", ("mail", 2525)),
        ("http:///", ("127.0.0.1", 80)),
    ],
)
def test_a_port_follows_from_the_scheme(url: str, place: tuple[str, int]) -> None:
    assert wire.host_and_port(url) == place
