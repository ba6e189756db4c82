"""What power loss leaves of a directory begins again: journal, checkpoint, names of snapshots, torn files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.zuora.business import JSON
from toolkit import worlds
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state.journal import Fsync
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

NAME = "gitlab-self-managed"
FILES = ("zuora.journal", "zuora.checkpoint", "zuora.snapshots", "zuora.origin")
Left = dict[str, bytes]
"""The files of a directory."""


class Disk:
    """Knows of a directory what power loss cannot take: what was forced to the disk.

    Attributes:
        lost: What each moment would have left, with how many writes had been acknowledged. Of file names
            those are left that were forced, or all: a disk may do either.
    """

    def __init__(self, directory: Path) -> None:
        self.lost: list[tuple[Left, int]] = []
        self.acknowledged = 0
        self._directory = directory
        self._content: dict[int, bytes] = {}
        self._names: dict[str, int] = {}

    def force(self, file: int) -> None:
        """Take what is in a file, or the names in the directory."""
        path, number = Path(f"/proc/self/fd/{file}").readlink(), os.fstat(file).st_ino
        if path.is_dir():
            self._names = self._present()
        else:
            self._content[number] = path.read_bytes()
        self.look()

    def acknowledge(self) -> None:
        """Count a write that was answered."""
        self.acknowledged += 1
        self.look()

    def look(self) -> None:
        """Note what would be left now."""
        for names in (self._names, self._present()):
            left = {name: self._content.get(number, b"") for name, number in names.items()}
            self.lost.append((left, self.acknowledged))

    def _present(self) -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in self._directory.iterdir()}


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Watches what is forced of the state in `tmp_path / "state"`."""
    (tmp_path / "state").mkdir()
    watched, force = Disk(tmp_path / "state"), os.fsync

    def forced(file: int) -> None:
        force(file)
        watched.force(file)

    monkeypatch.setattr(os, "fsync", forced)
    return watched


def load() -> World:
    return worlds.load(NAME)


@contextmanager
def opened(directory: Path, fsync: Fsync = "never") -> Iterator[Timeline]:
    with Store(directory, fsync) as kept:
        yield Timeline(Tenant.recover(kept.begin(NAME, load), kept), kept)


def note(timeline: Timeline, text: str) -> World:
    body = b'{"notes": "%s"}' % text.encode()
    assert timeline.tenant.handle(Request("PUT", "/v1/accounts/A00000001", "", JSON, body)).status == 200
    return timeline.tenant.world


def written(directory: Path, left: Left) -> Path:
    directory.mkdir()
    for name, content in left.items():
        (directory / name).write_bytes(content)
    return directory


def work(directory: Path, fsync: Fsync = "never", disk: Disk | None = None) -> list[World]:
    """Write twice, with a restart between, each time with a snapshot; return the worlds before and after."""
    passed: list[World] = []
    for _ in range(2):
        with opened(directory, fsync) as timeline:
            passed = passed or [timeline.tenant.world]
            for number in range(3):
                passed.append(note(timeline, str(len(passed))))
                if disk is not None:
                    disk.acknowledge()
                if number == 1:
                    timeline.snapshot(f"after-{timeline.history.count}")
    return passed


def check(directory: Path, passed: list[World]) -> int:
    """Begin again from a directory, whose names mean what they meant; return after how many writes it is."""
    with opened(directory) as timeline:
        reached = timeline.history.count
        assert timeline.tenant.world == passed[reached]
        for name, number in timeline.history.snapshots.items():
            assert name == f"after-{number}"
            assert timeline.state(name) == passed[number]
    return reached


@pytest.mark.parametrize("fsync", ["never", "always"])
def test_power_may_be_lost_at_any_moment(tmp_path: Path, disk: Disk, fsync: Fsync) -> None:
    passed = work(tmp_path / "state", fsync, disk)
    lost = {repr(sorted(left.items())): (left, count) for left, count in disk.lost}
    assert len(lost) > 8
    for number, (left, acknowledged) in enumerate(lost.values()):
        reached = check(written(tmp_path / str(number), left), passed)
        assert reached >= acknowledged or fsync == "never"


@pytest.fixture
def state(tmp_path: Path) -> tuple[Left, list[World]]:
    """What six writes leave, and the worlds that they went through."""
    passed = work(tmp_path / "state")
    return {name: (tmp_path / "state" / name).read_bytes() for name in FILES}, passed


def cuts(content: bytes) -> list[int]:
    """Return offsets: some all over a file, and all near its end."""
    return sorted({*range(0, len(content), len(content) // 20 + 1), *range(len(content) - 20, len(content))})


def test_a_journal_is_cut_anywhere_in_its_last_lines(tmp_path: Path, state: tuple[Left, list[World]]) -> None:
    """Names of what is cut away are gone for good, also when as many other writes have come."""
    left, passed = state
    lines = left.pop("zuora.journal").splitlines(keepends=True)
    del left["zuora.checkpoint"]  # it forces what it has read, so that no more than what follows it is cut
    start, last = len(b"".join(lines[:3])), b"".join(lines[3:])
    for length in cuts(last):
        cut = b"".join(lines)[: start + length]
        directory = written(tmp_path / str(length), {**left, "zuora.journal": cut})
        reached = check(directory, passed)
        assert reached == cut.count(b"\n")
        with opened(directory) as timeline:
            names = dict(timeline.history.snapshots)
            others = [note(timeline, "other") for _ in lines]
        assert check(directory, [*passed[: reached + 1], *others]) == reached + len(lines)
        with opened(directory) as timeline:
            assert timeline.history.snapshots == names


@pytest.mark.parametrize(
    "name", ["zuora.checkpoint", "zuora.checkpoint.new", "zuora.snapshots.new", "zuora.origin.new"]
)
def test_a_torn_file_is_none(tmp_path: Path, state: tuple[Left, list[World]], name: str) -> None:
    left, passed = state
    whole = left[name.removesuffix(".new")]
    for length in cuts(whole):
        assert check(written(tmp_path / str(length), {**left, name: whole[:length]}), passed) == 6


@pytest.mark.parametrize("name", ["zuora.checkpoint", "zuora.snapshots", "zuora.origin"])
def test_a_missing_file_costs_what_it_says_and_nothing_else(
    tmp_path: Path, state: tuple[Left, list[World]], name: str
) -> None:
    left, passed = state
    others = {one: content for one, content in left.items() if one != name}
    assert check(written(tmp_path / "left", others), passed) == 6
