"""Where state is kept."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.config import STATE_VARIABLE, state_directory
from toolkit.errors import ToolkitError


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(STATE_VARIABLE, raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def test_state_is_kept_below_the_home_directory(tmp_path: Path) -> None:
    assert state_directory() == tmp_path / "home/.local/state/fulfillment-toolkit"


def test_the_desktop_standard_moves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    assert state_directory() == tmp_path / "xdg/fulfillment-toolkit"


def test_the_own_variable_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "own"))
    assert state_directory() == tmp_path / "own"


def test_a_given_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, "~/own")
    assert state_directory() == tmp_path / "home/own"


def test_a_relative_place_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(STATE_VARIABLE, "own")
    assert state_directory() == tmp_path / "own"


def test_the_directory_is_private_to_its_owner() -> None:
    assert stat.S_IMODE(state_directory().stat().st_mode) == 0o700


def test_it_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "own"))
    (state_directory() / "kept").touch()
    assert (state_directory() / "kept").exists()


def test_a_file_in_its_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(ToolkitError, match=f"{tmp_path}/file cannot be written. Set {STATE_VARIABLE} to"):
        state_directory()


def test_a_home_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_VARIABLE, "~nobody-of-this-name/state")
    with pytest.raises(ToolkitError, match="~nobody-of-this-name/state cannot be written"):
        state_directory()


AS_AN_ORDINARY_USER = """
import os
from toolkit.config import state_directory
from toolkit.errors import ToolkitError
root = os.getuid() == 0  # who may write anywhere
if root:
    os.setresuid(65534, 65534, 0)
try:
    print(state_directory())
except ToolkitError as error:
    print(error)
if root:
    os.setresuid(0, 0, 0)
"""


def test_a_directory_of_somebody_else_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_AN_ORDINARY_USER],
        env={**os.environ, STATE_VARIABLE: "/"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        done.stdout
        == f"The state directory / cannot be written. Set {STATE_VARIABLE} to a writable directory.\n"
    )
