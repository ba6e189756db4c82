"""A project of one's own, with a journey and a way to write profiles."""

from collections.abc import Callable
from pathlib import Path

import pytest

JOURNEY = '''
"""Ask once."""

from toolkit.load.journey import Journey


def run(client, state, random):
    client.get("/ping")


JOURNEY = Journey("Ask once.", lambda client, today: None, run)
'''
PROFILE = '''
"""A test."""

from toolkit.load.profile import Profile

PROFILE = Profile(summary="A test.", {})
'''

WriteProfile = Callable[..., None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with the journey `ping` the working directory."""
    for room in ("journeys", "profiles"):
        (tmp_path / "loadtests" / room).mkdir(parents=True)
    (tmp_path / "loadtests" / "journeys" / "ping.py").write_text(JOURNEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write_profile(project: Path) -> WriteProfile:
    """Write the profile `short` of that project; what is not given has a value that suits most tests."""

    def write(**words: object) -> None:
        usual: dict[str, object] = {
            "journeys": {"ping": 100},
            "objectives": ("errors < 2 %",),
            "seconds": 1.0,
            "warm_up": 0.0,
            "pattern": "uniform",
            "drain": 2.0,
        }
        written = ", ".join(f"{name}={value!r}" for name, value in (usual | words).items())
        (project / "loadtests" / "profiles" / "short.py").write_text(PROFILE.replace("{}", written))

    return write
