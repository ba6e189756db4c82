"""`toolkit up --detach` and `toolkit down`: an environment in the background, and its end."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

Toolkit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def toolkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toolkit]:
    """Run the toolkit on a state directory of its own."""
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path))

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "toolkit", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    yield run
    run("down")


def test_what_was_detached_runs_until_down(toolkit: Toolkit, tmp_path: Path) -> None:
    urls = json.loads(toolkit("up", "redis", "--detach", "--json").stdout)
    with redis.Redis.from_url(urls["redis"]) as client:
        assert client.ping()
        done = toolkit("down")
        assert (done.returncode, done.stdout) == (0, "Stopped redis.\n")
        with pytest.raises(redis.ConnectionError):
            client.ping()
    assert list((tmp_path / "environment" / "runs").iterdir()) == []


def test_nothing_to_stop_is_no_fault(toolkit: Toolkit) -> None:
    done = toolkit("down")
    assert (done.returncode, done.stdout) == (0, "Nothing is up that 'toolkit up --detach' started.\n")


def test_a_second_environment_is_not_detached(toolkit: Toolkit) -> None:
    assert "'toolkit down' stops it" in toolkit("up", "redis", "--detach").stdout
    again = toolkit("up", "redis", "--detach")
    assert again.returncode == 1
    assert again.stderr == (
        "toolkit: An environment is up already, with redis. "
        "Use it (toolkit status), or stop it first: toolkit down.\n"
    )
