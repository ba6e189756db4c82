"""`toolkit status`: what runs, and how it is."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from toolkit.environment import Running, start

Status = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Status:
    """Run `toolkit status` on a state directory of its own."""
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path))

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "toolkit", "status", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def _services(answer: "subprocess.CompletedProcess[str]") -> list[dict[str, object]]:
    (environment,) = json.loads(answer.stdout)["environments"]
    services: list[dict[str, object]] = environment["services"]
    return services


def _port(running: Running) -> int:
    return int(running.urls["redis"].rpartition(":")[2].removesuffix("/0"))


def test_nothing_up_is_said(status: Status) -> None:
    assert (status().returncode, status().stdout) == (0, "Nothing is up.\n")
    assert json.loads(status("--json").stdout) == {"environments": []}


def test_a_running_service_is_shown(status: Status) -> None:
    with start(["redis"]) as running:
        shown = status()
        (service,) = _services(status("--json"))
    assert shown.returncode == 0
    heading, row = shown.stdout.splitlines()
    assert re.match(r"Up for \d:\d\d:\d\d, in the foreground, supervisor \d+, logs in /", heading)
    assert re.fullmatch(rf"redis  answers  embedded  \d+  {re.escape(running.urls['redis'])}", row)
    assert (service["healthy"], service["ports"]) == (True, {"redis": _port(running)})


def test_a_dead_service_is_shown_and_makes_it_fail(status: Status) -> None:
    with start(["redis"]) as running:
        (service,) = _services(status("--json"))
        os.kill(int(str(service["pid"])), signal.SIGKILL)
        next(running.faults())
        shown = status()
    assert shown.returncode == 1
    assert "redis  DOES NOT ANSWER  embedded" in shown.stdout
