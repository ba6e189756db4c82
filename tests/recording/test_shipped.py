"""The cassettes that are shipped play, hold no secret, and are what the simulator answers."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from toolkit.recording import files
from toolkit.recording.playback import play
from toolkit.recording.rerecord import rerecord
from toolkit.recording.scrub import scrub

if TYPE_CHECKING:
    from toolkit.recording.sending import Step

SHIPPED = files.names()


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """The address of a simulator in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "toolkit",
        "serve",
        "zuora",
        "--port",
        "0",
        "--world",
        "gitlab-self-managed",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().removeprefix("ready ").strip()
        finally:
            process.send_signal(signal.SIGTERM)


def test_a_purchase_is_shipped() -> None:
    assert "zuora/purchase" in SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_cassette_plays(name: str) -> None:
    recording = files.read(files.path_to_read(name))
    assert [step.status for step in play(name).steps] == [it.response.status for it in recording.interactions]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_cassette_holds_nothing_to_redact(name: str) -> None:
    interactions = files.read(files.path_to_read(name)).interactions
    assert scrub(interactions) == interactions


def test_the_simulator_answers_the_purchase_as_recorded(
    simulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    played: list[Step] = []
    rerecord("zuora/purchase", simulator, progress=played.append)
    assert [step.status for step in played] == [step.status for step in play("zuora/purchase").steps]
    assert (tmp_path / "cassettes/zuora/purchase.yaml").exists()
