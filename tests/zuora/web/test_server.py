"""The server as a process and as a thread: how it starts, what it says, how it ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from toolkit.errors import ToolkitError, UsageError
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.web.server import running, serve
from toolkit.zuora.web.turns import each

SERVER = """
from toolkit.zuora.calls.call import Response
from toolkit.zuora.web.server import serve
from toolkit.zuora.web.turns import each

large = Response(200, (), b"x" * 10_000_000)
serve(each(lambda _: large), "127.0.0.1", {port}, lambda url: print(url, flush=True))
print("ended")
"""


def hello(_: Request) -> Response:
    return Response(200, (), b"hello")


@contextmanager
def process(port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER.format(port=port)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield server, server.stdout.readline().strip()
        finally:
            server.kill()


def address(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").rpartition(":")
    return host, int(port)


def test_a_thread_serves_as_long_as_the_block_runs() -> None:
    threads = threading.active_count()
    with running(hello) as url:
        assert httpx2.get(url).text == "hello"
    assert threading.active_count() == threads
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)


def test_a_thread_ends_with_a_block_that_fails() -> None:
    threads = threading.active_count()
    with pytest.raises(ZeroDivisionError), running(hello):
        raise ZeroDivisionError
    assert threading.active_count() == threads


def test_it_serves_other_addresses_of_this_machine() -> None:
    with running(hello, "127.0.0.9") as url:
        assert url.startswith("http://127.0.0.9:")
        assert httpx2.get(url).text == "hello"


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_it_serves_ipv6() -> None:
    with running(hello, "::1") as url:
        assert url.startswith("http://[::1]:")
        assert httpx2.get(url).text == "hello"


def test_a_taken_port_is_named_with_a_remedy() -> None:
    with running(hello) as url:
        port = address(url)[1]
        with pytest.raises(ToolkitError, match=f"^Port {port} on 127.0.0.1 is taken. Stop what uses it, or "):
            serve(each(hello), "127.0.0.1", port, print)


def test_an_address_of_another_machine_cannot_be_opened() -> None:
    said = "^Port 0 on 192.0.2.1 cannot be opened: Cannot assign requested address. Choose another port"
    with pytest.raises(ToolkitError, match=said), running(hello, "192.0.2.1"):
        pass


def test_a_port_beyond_the_last_does_not_exist() -> None:
    with pytest.raises(UsageError, match="^There is no port 70000. Ports go from 0 to 65535.$"):
        serve(each(hello), "127.0.0.1", 70000, print)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_with_a_signal_and_gives_the_signals_back(signum: signal.Signals) -> None:
    def visit_and_stop(url: str) -> None:
        answers.append(httpx2.get(url).text)
        os.kill(os.getpid(), signum)

    def ready(url: str) -> None:
        visitor = threading.Thread(target=visit_and_stop, args=(url,))
        visitors.append(visitor)
        visitor.start()

    answers: list[str] = []
    visitors: list[threading.Thread] = []
    ours, before = signal.Handlers.SIG_IGN, signal.getsignal(signum)
    signal.signal(signum, ours)
    try:
        serve(each(hello), "127.0.0.1", 0, ready)
        assert signal.getsignal(signum) == ours
    finally:
        signal.signal(signum, before)
    visitors[0].join()
    assert answers == ["hello"]


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_whatever_its_clients_do(signum: signal.Signals) -> None:
    with (
        process() as (server, url),
        httpx2.Client() as idle,
        socket.socket() as half,
        socket.socket() as deaf,
    ):
        idle.head(url)
        half.connect(address(url))
        half.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
        deaf.connect(address(url))
        deaf.sendall(b"GET / HTTP/1.1\r\n\r\n" * 3)
        deaf.recv(1)
        server.send_signal(signum)
        assert server.wait(timeout=30) == 0
        assert server.stdout
        assert server.stdout.read() == "ended\n"


def test_the_port_of_a_killed_server_is_free_at_once() -> None:
    with process() as (first, url):
        with httpx2.Client() as client:
            client.head(url)
            first.kill()
            first.wait(timeout=30)
        with process(address(url)[1]) as (_, again):
            assert again == url
            assert httpx2.head(again).status_code == 200


def test_the_server_is_one_process() -> None:
    with process() as (server, url):
        httpx2.head(url)
        assert Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text() == ""
