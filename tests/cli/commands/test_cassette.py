"""`toolkit cassette` lists, plays and records, as a person runs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest

from toolkit.recording.recorder import cassette

Run = Callable[..., subprocess.CompletedProcess[str]]


class Greeter(BaseHTTPRequestHandler):
    """Answers every GET with a number that it counts up."""

    asked = 0

    def do_GET(self) -> None:
        Greeter.asked += 1
        body = f'{{"orderNumber":"O-{Greeter.asked:08}"}}'.encode()
        self.send_response(404 if self.path == "/v1/gone" and Greeter.asked > 2 else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that counts."""
    monkeypatch.setattr(Greeter, "asked", 0)
    with HTTPServer(("127.0.0.1", 0), Greeter) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def run(host: str, tmp_path: Path) -> Run:
    """Runs the command in a project whose cassette has two orders."""
    with cassette(tmp_path / "cassettes/zuora/orders.yaml", "record"):
        for path in ("/v1/orders/1", "/v1/gone"):
            urlopen(host + path).close()  # noqa: S310 - our own server

    def run_it(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "toolkit", "cassette", *arguments],
            cwd=tmp_path,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run_it


def test_cassettes_are_listed_with_their_origin(run: Run) -> None:
    done = run("list")
    assert done.returncode == 0
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("zuora/orders "))
    assert line.startswith("zuora/orders  2 interactions, recorded 20")
    assert line.endswith(" against a simulator")


def test_a_cassette_is_played_request_by_request(run: Run) -> None:
    done = run("play", "zuora/orders")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "GET  /v1/orders/1 200 O-00000001",
        "GET  /v1/gone 200 O-00000002",
        "2 interactions played from zuora/orders; nothing was sent.",
    ]
    assert Greeter.asked == 2


def test_a_cassette_is_recorded_anew(run: Run, host: str, tmp_path: Path) -> None:
    done = run("record", "zuora/orders", "--host", host, "--any-status", ZUORA_CLIENT_ID="x")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "GET  /v1/orders/1 200 O-00000003",
        "GET  /v1/gone 404 O-00000004",
        f"Recorded {tmp_path}/cassettes/zuora/orders.yaml.",
    ]
    assert run("play", "zuora/orders").stdout.splitlines()[1] == "GET  /v1/gone 404 O-00000004"


def test_a_changed_status_is_said_and_the_old_cassette_stays(run: Run, host: str) -> None:
    done = run("record", "zuora/orders", "--host", host)
    assert done.returncode == 1
    assert "GET /v1/gone was answered with 404, recorded is 200" in done.stderr
    assert run("play", "zuora/orders").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("play", "zuora/ordres"), 1, "Did you mean 'zuora/orders'?"),
        (("record", "zuora/orders"), 2, "--host"),
        (("ply",), 2, "There is no action 'ply'. Did you mean 'play'?"),
    ],
)
def test_a_slip_gets_one_sentence(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
