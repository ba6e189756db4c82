"""Runs on disk: one private directory a run, locked while its supervisor lives, collected afterwards."""

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from toolkit.environment.identity import Identity, identify
from toolkit.environment.record import Record
from toolkit.errors import ToolkitError

MEMORY = "/dev/shm"  # noqa: S108 - a private directory is made in it
_GRACE = 1.0
"""Seconds that a process whose supervisor was killed has to end by itself."""
ROOMY = 512 * 2**20
"""Bytes that must be free in memory for services to keep their data there."""


class Place(NamedTuple):
    """Where environments keep what they keep."""

    state: Path

    @property
    def runs(self) -> Path:
        """The directory of all runs."""
        return self.state / "environment" / "runs"

    @property
    def cache(self) -> Path:
        """The directory of what services keep between runs."""
        return self.state / "environment" / "cache"

    def directory(self, run: str) -> Path:
        """The directory of one run, with its record and its logs."""
        return self.runs / run

    def logs(self, run: str) -> Path:
        """The directory of a run's logs, one file a service."""
        return self.directory(run) / "logs"

    def lock(self, run: str) -> Path:
        """The file that a run's supervisor keeps locked as long as it lives."""
        return self.runs / f"{run}.lock"


class Run:
    """A run that this process answers for.

    Args:
        place: Where runs live.
        record: What others may know of it.
        lock: The descriptor of the run's lock, held until the run is closed.
    """

    def __init__(self, place: Place, record: Record, lock: int) -> None:
        self.record = record
        self.directory = place.directory(record.run)
        self.scratch = Path(record.scratch)
        self._place = place
        self._lock = lock

    @property
    def logs(self) -> Path:
        """The directory of the logs, one file a service."""
        return self._place.logs(self.record.run)

    @property
    def staging(self) -> Path:
        """The directory of what is about to be moved into the cache."""
        return self.directory / "staging"

    @property
    def cache(self) -> Path:
        """The directory of what services keep between runs."""
        return self._place.cache

    def write(self, record: Record) -> None:
        """Replace the record, so that a reader sees the old or the new one and nothing between."""
        self.record = record
        fresh = self.directory / "record.new"
        fresh.write_text(record.encode())
        fresh.replace(self.directory / "record.json")

    def close(self) -> None:
        """Remove everything of this run and give up its lock."""
        _remove(self._place, self.record.run, self.record)
        os.close(self._lock)


def claim(place: Place, *, kept: bool, origin: float) -> Run:
    """Begin a run that this process answers for, after removing what killed runs left.

    Args:
        place: Where runs live.
        kept: Whether the run outlives its caller.
        origin: When it was asked for, in seconds of the monotonic clock.

    Raises:
        ToolkitError: A kept environment is there already and this one is to be kept as well, or the
            state directory cannot be written.
    """
    name = os.urandom(8).hex()
    me = identify(os.getpid())
    if me is None:
        raise ToolkitError("This process cannot see itself under /proc.", "Mount /proc.")
    record = Record(name, me, kept, origin, str(scratch_root() / f"fulfillment-toolkit-{name}"))
    with _guarding(place):
        _collect(place)
        if kept and (other := _kept(place)):
            raise ToolkitError(
                f"An environment is up already, with {', '.join(e.name for e in other.services)}.",
                "Use it (toolkit status), or stop it first: toolkit down.",
            )
        lock = os.open(place.lock(name), os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = Run(place, record, lock)
        for private in (place.cache, run.directory, run.logs, run.staging):
            private.mkdir(mode=0o700, exist_ok=True)
        run.write(record)
    run.scratch.mkdir(mode=0o700)
    return run


def living(place: Place) -> list[Record]:
    """Read the records of the runs whose supervisors live."""
    with _guarding(place):
        return _living(place)


def leftovers(place: Place) -> list[str]:
    """Name the runs whose supervisors were killed before they could clean up."""
    with _guarding(place):
        return [run for run in _known(place) if not _locked(place, run)]


def collect(place: Place) -> list[str]:
    """Remove what killed runs left: processes, data, logs and records; return their names."""
    with _guarding(place):
        return _collect(place)


def scratch_root() -> Path:
    """Return the quickest place for data that nobody will miss: memory if it has room, else the disk.

    A directory without permission to execute does not do, because a server may be copied there.
    """
    disk_place = Path(tempfile.gettempdir())
    try:
        memory = os.statvfs(MEMORY)
    except OSError:
        return disk_place
    free = memory.f_bavail * memory.f_frsize
    usable = os.access(MEMORY, os.W_OK | os.X_OK) and not memory.f_flag & getattr(os, "ST_NOEXEC", 0)
    return Path(MEMORY) if usable and free >= ROOMY else disk_place


@contextlib.contextmanager
def _guarding(place: Place) -> Iterator[None]:
    """Let one process at a time make, list or collect runs."""
    try:
        place.runs.mkdir(parents=True, exist_ok=True, mode=0o700)
        guard = os.open(place.runs.parent / "guard", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise ToolkitError(
            f"The state directory {place.state} cannot be written: {error.strerror}.",
            "Set TOOLKIT_STATE to a writable directory.",
        ) from error
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield
    finally:
        os.close(guard)


def _known(place: Place) -> list[str]:
    found = (path for path in place.runs.iterdir() if path.suffix == ".lock" or path.is_dir())
    return sorted({path.name.removesuffix(".lock") for path in found})


def _living(place: Place) -> list[Record]:
    records = (Record.read(place.directory(run)) for run in _known(place) if _locked(place, run))
    return [record for record in records if record]


def _kept(place: Place) -> Record | None:
    return next((record for record in _living(place) if record.kept), None)


def _locked(place: Place, run: str) -> bool:
    try:
        lock = os.open(place.lock(run), os.O_RDWR)
    except FileNotFoundError:
        return False
    except PermissionError:  # another user's, and none of our business
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _collect(place: Place) -> list[str]:
    dead = [run for run in _known(place) if not _locked(place, run)]
    for run in dead:
        record = Record.read(place.directory(run))
        for entry in record.services if record else ():
            if entry.process:
                _see_off(entry.process)
        _remove(place, run, record)
    return dead


def _see_off(process: Identity) -> None:
    """Wait for a process that the kernel was to end with its supervisor, and end it where it was not."""
    deadline = time.monotonic() + _GRACE
    while process.alive():
        if time.monotonic() > deadline:
            os.kill(process.pid, signal.SIGKILL)
        time.sleep(0.002)


def _remove(place: Place, run: str, record: Record | None) -> None:
    if record:
        shutil.rmtree(record.scratch, ignore_errors=True)
        if Path(record.scratch).exists():  # to be tried again: the record knows where it is
            return
    shutil.rmtree(place.directory(run), ignore_errors=True)
    place.lock(run).unlink(missing_ok=True)
