"""The store: a directory that keeps a tenant; its journal is the truth, its checkpoint saves time."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Self

import msgspec

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state import archive, replay
from toolkit.zuora.state.history import Entry, check_name, check_number
from toolkit.zuora.state.journal import Fsync, Journal, Reach, force_names
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Accepted

_FEWEST, _MOST = 1000, 10_000
_SHARE = 40
_QUIET = 100
"""Milliseconds without a request after which a checkpoint disturbs nobody."""

_BREATH = 16
_REST = 4
"""After each few lines a checkpoint rests so many times as long as they took, to let requests through."""


class Store:
    """Where a tenant began, every request that has changed it since, and how it stood after one of them.

    A checkpoint is due when a fortieth of the tenant's requests, a thousand at least, have come after the
    last one. It is written at the next quiet moment, or when ten thousand have come, and in any case when
    the store is closed. A world is a value, so that a thread can write it down while the tenant moves on.
    Without a checkpoint, or with one that cannot be read, the journal is answered from its beginning.

    Args:
        directory: Made private to its owner.
        fsync: When the journal forces a request to the disk.

    Raises:
        ToolkitError: The directory or a file in it cannot be used, is in use, or is damaged.
    """

    def __init__(self, directory: Path, fsync: Fsync = "never") -> None:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ToolkitError(
                f"The state directory {directory} cannot be made: {error.strerror}.", "Name another one."
            ) from error
        self._directory = directory
        self._origin, self._checkpoint = directory / "zuora.origin", directory / "zuora.checkpoint"
        self._base = self._latest = self._last_checkpoint()
        self._written = self._base[0]
        self._journal = Journal(directory / "zuora.journal", fsync, self._written)
        self._names = directory / "zuora.snapshots"
        self._saved: dict[int, World] = {}
        self._snapshots = self._named()
        if any(at > self.count for at in self._snapshots.values()):  # what the journal has lost is no more
            self._keep_names({name: at for name, at in self._snapshots.items() if at <= self.count})
        self._writer: Thread | None = None
        self._closing = Event()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write a last checkpoint and let go of the files."""
        self._closing.set()
        if self._writer is not None:
            self._writer.join()
        self._write()
        self._journal.__exit__()

    def begin(self, name: str, load: Callable[[], World]) -> World:
        """Return the world as the store has it, with every noted request answered.

        Args:
            name: Names what was asked for, in one line; a store keeps to what it began with.
            load: Loads that, where nothing has begun yet.

        Raises:
            ToolkitError: The store began with something else, or its requests do not follow from that.
        """
        if not self._origin.exists():
            world = load()
            try:
                write_whole(self._origin, archive.write(world, name))
            except OSError as error:
                raise ToolkitError(
                    f"{self._origin} cannot be written: {error.strerror}.", "Name another directory."
                ) from error
            return self._stands(self._replayed(Reach(), world, self.count))
        began, world = self._beginning()
        if began != name:
            raise ToolkitError(
                f"The state in {self._directory} began with {began}, not with {name}.",
                "Ask for that, or name another directory.",
            )
        return self._stands(self.at(self.count))

    @property
    def began(self) -> str:
        """What the store began with."""
        return self._beginning().remark

    def _beginning(self) -> archive.Archived:
        try:
            return _read(self._origin)
        except (OSError, ValueError, ToolkitError) as error:
            raise ToolkitError(
                f"{self._origin}, with which everything began, cannot be read: {str(error).rstrip('.')}.",
                "Restore the file from a backup, or name another directory.",
            ) from error

    def entries(self) -> Iterator[Request]:
        """Yield nothing: `begin` has answered every request again."""
        return iter(())

    def keep(self, accepted: Sequence[Accepted]) -> None:
        """Note requests, and see to a checkpoint when one is due; when this returns they survive the process.

        Raises:
            OSError: They could not be written, and nothing of them stays.
        """
        self._journal.keep(accepted)
        self._stands(accepted[-1].world)

    def _stands(self, world: World) -> World:
        """Take the world after the latest request, and see to a checkpoint when one is due."""
        self._latest = self._journal.reach, world
        if self._is_due() and (self._writer is None or not self._writer.is_alive()):
            self._writer = Thread(target=self._keep_up, name="zuora-checkpoint")
            self._writer.start()
        return world

    def _is_due(self) -> bool:
        since = self._since
        return since >= _FEWEST and since * _SHARE >= self.count

    @property
    def _since(self) -> int:
        return self._latest[0].count - self._written.count

    def _keep_up(self) -> None:
        """Write a checkpoint whenever one is due, until none is."""
        while self._is_due() and self._rests() and self._write():
            pass

    def _rests(self) -> bool:
        """Wait until no request comes, or very many have come; return whether the store is still open."""
        before = None
        while before != self._latest[0] and self._since < _MOST:
            before = self._latest[0]
            if self._closing.wait(_QUIET / 1000):
                return False
        return True

    @property
    def count(self) -> int:
        """The number of the latest request."""
        return self._journal.reach.count

    @property
    def earliest(self) -> int:
        """Zero: a store remembers everything."""
        return 0

    def listed(self, after: int, most: int) -> list[Entry]:
        """Return up to `most` of the requests after a number."""
        start = max(after, 0)
        noted = islice(self._journal.entries(), start, start + most)
        return [
            Entry(number, one.method, one.path, one.status) for number, one in enumerate(noted, start + 1)
        ]

    def at(self, number: int) -> World:
        """Return the state after a request, answered again from the checkpoint before it or the beginning."""
        check_number(number, self)
        if number in self._saved:
            return self._saved[number]
        reach, world = self._base
        if world is None or reach.count > number:
            reach, world = Reach(), self._beginning().world
        return self._replayed(reach, world, number)

    @property
    def snapshots(self) -> dict[str, int]:
        """After which request each snapshot was taken, by name."""
        return self._snapshots

    def save(self, name: str, world: World) -> None:
        """Give a name to the present state; when this returns the name survives the process."""
        self._keep_names({**self._snapshots, name: self.count})
        self._saved[self.count] = world

    def saved(self, name: str) -> World:
        """Return the state with this name; the first time after a restart it is answered again."""
        check_name(name, self)
        number = self._snapshots[name]
        self._saved[number] = world = self.at(number)
        return world

    def forget(self, name: str) -> None:
        """Take a name away."""
        check_name(name, self)
        self._keep_names({one: at for one, at in self._snapshots.items() if one != name})

    def _named(self) -> dict[str, int]:
        try:
            return msgspec.json.decode(self._names.read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ToolkitError(
                f"The snapshots in {self._names} cannot be read: {error}.",
                "Remove the file: states are found by the numbers of requests, too.",
            ) from error

    def _keep_names(self, snapshots: dict[str, int]) -> None:
        self._journal.force()
        try:
            write_whole(self._names, [msgspec.json.encode(snapshots)])
        except OSError as error:
            raise ToolkitError(f"{self._names} cannot be written: {error.strerror}.") from error
        self._snapshots = snapshots
        for number in self._saved.keys() - snapshots.values():
            del self._saved[number]

    def _replayed(self, start: Reach, world: World, number: int) -> World:
        def following() -> Iterator[Request]:
            return islice(self._journal.entries(start.length), number - start.count)

        wanted = {replay.target(request) for request in following()}
        kept = {start.count: world}
        worlds = replay.replay(world, following(), lambda to: kept[to] if to in kept else self.at(to))
        for reached, after in enumerate(worlds, start.count + 1):
            world = after
            if reached in wanted:
                kept[reached] = world
        return world

    def _write(self) -> bool:
        """Write a checkpoint of what is new; return whether there is one now.

        Nothing is lost without: the journal is the truth, which reaches as far on the disk before.
        """
        reach, world = self._latest
        if world is None or reach == self._written:
            return False
        try:
            self._journal.force()
            lines = archive.write(world, msgspec.json.encode(reach).decode())
            write_whole(self._checkpoint, self._at_leisure(lines))
        except OSError:
            return False
        self._written = reach
        return True

    def _at_leisure(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines, resting in between, and while requests come; never once the store closes."""
        began, seen = perf_counter(), self._latest
        for count, line in enumerate(lines):
            yield line
            if count % _BREATH == 0:
                self._closing.wait(_REST * (perf_counter() - began))
                if self._latest is not seen:
                    self._rests()
                began, seen = perf_counter(), self._latest

    def _last_checkpoint(self) -> tuple[Reach, World | None]:
        try:
            reach, world = _read(self._checkpoint)
            return msgspec.json.decode(reach, type=Reach), world
        except (OSError, ValueError, ToolkitError):
            return Reach(), None


def _read(path: Path) -> archive.Archived:
    with path.open("rb") as file:
        return archive.read(mmap(file.fileno(), 0, access=ACCESS_READ))


def write_whole(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file whole or not at all, and its name to the disk."""
    written = path.with_suffix(f"{path.suffix}.new")
    file = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as out:
        out.writelines(lines)
        out.flush()
        os.fsync(file)
    written.replace(path)
    force_names(path.parent)
