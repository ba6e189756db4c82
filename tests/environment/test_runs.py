"""Runs on disk: which live, which are left over, and what removing those spares."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolkit.environment.identity import Identity, identify
from toolkit.environment.record import Entry, Record
from toolkit.environment.runs import Place, Run, claim, collect, leftovers, living, scratch_root
from toolkit.errors import ToolkitError

STRANGER = 65534

Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def run(place: Place) -> Iterator[Run]:
    """A run that this process answers for."""
    run = claim(place, kept=False, origin=time.monotonic())
    yield run
    run.close()


@pytest.fixture
def sleeper() -> Iterator[Identity]:
    """A process that does nothing."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        identity = identify(process.pid)
        assert identity
        yield identity
        process.kill()


def _abandon(place: Place, *services: Entry) -> Record:
    """Write what a killed supervisor leaves: a record, a lock file that nobody holds, data."""
    me = identify(os.getpid())
    assert me
    name = f"abandoned{len(services)}"
    scratch = place.state / "scratch"
    record = Record(name, me, kept=False, origin=0.0, scratch=str(scratch), services=services)
    for directory in (scratch, place.directory(name)):
        directory.mkdir(parents=True)
    place.lock(name).touch()
    (place.directory(name) / "record.json").write_text(record.encode())
    return record


def test_a_run_lives_until_it_is_closed(place: Place) -> None:
    run = claim(place, kept=False, origin=1.0)
    assert living(place) == [run.record]
    assert leftovers(place) == []
    run.close()
    assert living(place) == []
    assert list(place.runs.iterdir()) == []


def test_a_record_is_replaced_as_a_whole(place: Place, run: Run) -> None:
    entry = Entry("redis", "embedded", {"redis": "redis://127.0.0.1:1"}, run.record.supervisor)
    run.write(run.record._replace(services=(entry,)))
    assert living(place)[0].services == (entry,)


def test_the_next_run_removes_what_a_killed_one_left(place: Place) -> None:
    record = _abandon(place)
    assert leftovers(place) == [record.run]
    run = claim(place, kept=False, origin=0.0)
    assert leftovers(place) == []
    assert not Path(record.scratch).exists()
    assert not place.lock(record.run).exists()
    run.close()


def test_collecting_ends_processes_that_were_left(place: Place, sleeper: Identity, until: Until) -> None:
    _abandon(place, Entry("sleeper", "embedded", {}, sleeper), Entry("given", "given", {}, None))
    collect(place)
    until(lambda: not sleeper.alive())


def test_collecting_spares_a_process_that_was_given_the_id_later(place: Place, sleeper: Identity) -> None:
    _abandon(place, Entry("gone", "embedded", {}, sleeper._replace(started="0")))
    assert collect(place) == ["abandoned1"]
    os.kill(sleeper.pid, 0)
    assert sleeper.alive()


def test_collecting_spares_a_run_that_lives(place: Place, run: Run) -> None:
    assert collect(place) == []
    assert living(place) == [run.record]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"run": 1}'])
def test_a_damaged_record_is_removed_like_any_other(place: Place, text: str) -> None:
    record = _abandon(place)
    (place.directory(record.run) / "record.json").write_text(text)
    assert collect(place) == [record.run]
    assert list(place.runs.iterdir()) == []


def test_a_run_killed_before_its_first_record_is_removed(place: Place) -> None:
    place.runs.mkdir(parents=True)
    place.lock("begun").touch()
    assert collect(place) == ["begun"]
    assert list(place.runs.iterdir()) == []


def test_foreign_files_are_left_alone(place: Place) -> None:
    place.runs.mkdir(parents=True)
    (place.runs / "notes").touch()
    assert collect(place) == []
    assert (place.runs / "notes").exists()


def test_only_one_run_is_kept(place: Place) -> None:
    first = claim(place, kept=True, origin=0.0)
    with pytest.raises(ToolkitError, match="An environment is up already"):
        claim(place, kept=True, origin=0.0)
    claim(place, kept=False, origin=0.0).close()
    first.close()
    claim(place, kept=True, origin=0.0).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's file")
def test_a_run_of_another_user_is_left_alone() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        place = Place(Path(home))
        record = _abandon(place)
        place.lock(record.run).chmod(0o600)
        for path in (Path(home), place.runs.parent):
            os.chown(path, STRANGER, STRANGER)
        os.seteuid(STRANGER)
        try:
            assert collect(place) == []
        finally:
            os.seteuid(0)
        assert leftovers(place) == [record.run]


def test_data_lies_in_a_place_that_can_be_written_and_executed() -> None:
    disk = os.statvfs(scratch_root())
    assert os.access(scratch_root(), os.W_OK | os.X_OK)
    assert not disk.f_flag & os.ST_NOEXEC
