"""A state directory to throw away, rooms of stub services, and a count of every process of a test."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from toolkit.environment import Running, start
from toolkit.environment.runs import Place

_PR_SET_CHILD_SUBREAPER = 36
_PRELUDE = """
import os, signal, sys
from functools import partial
from toolkit.environment import lifeline, wire
from toolkit.environment.service import NotInstalledError, Plan, Service
from toolkit.errors import ToolkitError

def web(site, *before):
    (endpoint, port), = site.ports.items()
    program = f"import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={port}, bind='127.0.0.1')"
    words = (sys.executable, "-c", program)
    def launch():
        for step in before:
            step()
        lifeline.become(*words)
    return Plan({endpoint: f"http://127.0.0.1:{port}"}, launch)

def web_answers(urls):
    return all(wire.ask_http(url, "/") for url in urls.values())
"""

Room = Callable[..., str]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh state directory, for this process and those it starts."""
    place = tmp_path / "state"
    monkeypatch.setenv("TOOLKIT_STATE", str(place))
    return place


@pytest.fixture
def place(state: Path) -> Place:
    """The environments of that state directory."""
    return Place(state)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory whose cache fills with the first start."""
    return tmp_path_factory.mktemp("warm")


@pytest.fixture
def warm_state(warm: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The warm state directory, for this process and those it starts."""
    monkeypatch.setenv("TOOLKIT_STATE", str(warm))
    return warm


@pytest.fixture(scope="session")
def environment(warm: Path) -> Iterator[Running]:
    """Real servers for tests that only talk to them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOOLKIT_STATE", str(warm))
        running = start(["postgres", "redis", "mail"])
    with running:
        yield running


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Path) -> Room:  # noqa: ARG001 - used by all
    """Make a room of stub services, each given by its source, and return the room's name."""

    def furnish(**services: str) -> str:
        name = f"room_{tmp_path.name}".replace("-", "_")
        folder = tmp_path / "rooms" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        for service, source in services.items():
            (folder / f"{service}.py").write_text(_PRELUDE + dedent(source))
        monkeypatch.setenv("PYTHONPATH", str(folder.parent))
        return name

    return furnish


Alive = Callable[[], set[int]]


@pytest.fixture
def alive() -> Iterator[Alive]:
    """Count what a test started and what that started: orphans come back to this process."""
    if sys.platform != "linux":
        pytest.skip("only Linux hands orphans to a process that asks for them")
    kernel = ctypes.CDLL(None)
    kernel.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, children = _descendants(), _children()
    yield lambda: _descendants() - before
    kernel.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
    for orphan in _children() - children:
        os.waitpid(orphan, os.WNOHANG)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for something to become true, and fail if it never does."""

    def wait(happens: Callable[[], object]) -> None:
        deadline = time.monotonic() + 30
        while not happens():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.002)

    return wait


def _descendants() -> set[int]:
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())
    parents = {pid: _parent(pid) for pid in pids}
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def _children() -> set[int]:
    threads = Path("/proc/self/task").iterdir()
    return {int(pid) for thread in threads for pid in (thread / "children").read_text().split()}


def _parent(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, parent, *_ = text.rpartition(")")[2].split()  # fields 3 and 4 of proc_pid_stat(5)
    return None if state in "ZX" else int(parent)
