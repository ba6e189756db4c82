"""The store: a directory that keeps a tenant; its journal is the truth, its checkpoint saves time."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Self

import msgspec

from toolkit.errors import ToolkitError
from toolkit.zuora import archive
from toolkit.zuora.call import Request
from toolkit.zuora.journal import Fsync, Journal, Reach
from toolkit.zuora.world import World

_FEWEST = 1000
_SHARE = 40
_BREATH = 64


class Store:
    """Where a tenant began, every request that has changed it since, and how it stood after one of them.

    A checkpoint is written beside the running tenant when a fortieth of its requests, a thousand at least,
    have come after the last one, and when the store is closed. A world is a value, so that a thread can write
    it down while the tenant moves on. Without a checkpoint, or with one that cannot be read, the journal is
    answered from its beginning.

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
        self._written, self._world = self._last_checkpoint()
        self._journal = Journal(directory / "zuora.journal", fsync, self._written)
        self._writer: Thread | None = None

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write a last checkpoint and let go of the files."""
        if self._writer is not None:
            self._writer.join()
        if self._world is not None and self._written != self._journal.reach:
            self._write(self._journal.reach, self._world)
        self._journal.__exit__()

    def begin(self, name: str, load: Callable[[], World]) -> World:
        """Return the world to begin with, which `entries` follow.

        Args:
            name: Names what was asked for, in one line; a store keeps to what it began with.
            load: Loads that, where nothing has begun yet.

        Raises:
            ToolkitError: The store began with something else.
        """
        if not self._origin.exists():
            world = load()
            _replace(self._origin, archive.write(world, name))
            return world
        began, world = _read(self._origin)
        if began != name:
            raise ToolkitError(
                f"The state in {self._directory} began with {began}, not with {name}.",
                "Ask for that, or name another directory.",
            )
        return world if self._world is None else self._world

    def entries(self) -> Iterator[Request]:
        """Yield the requests to answer again, in the order in which they were answered."""
        return self._journal.entries(self._written.length)

    def note(self, request: Request) -> None:
        """Note a request; when this returns it survives the process.

        Raises:
            OSError: It could not be written, and nothing of it stays.
        """
        self._journal.note(request)

    def keep(self, world: World) -> None:
        """Take the world after the latest request, and begin a checkpoint of it when one is due."""
        self._world = world
        reach = self._journal.reach
        since = reach.count - self._written.count
        if since < _FEWEST or since * _SHARE < reach.count:
            return
        if self._writer is None or not self._writer.is_alive():
            self._writer = Thread(target=self._write, args=(reach, world), name="zuora-checkpoint")
            self._writer.start()

    def _write(self, reach: Reach, world: World) -> None:
        with suppress(OSError):  # nothing is lost: the journal is the truth
            _replace(self._checkpoint, archive.write(world, msgspec.json.encode(reach).decode()))
            self._written = reach

    def _last_checkpoint(self) -> tuple[Reach, World | None]:
        try:
            reach, world = _read(self._checkpoint)
            return msgspec.json.decode(reach, type=Reach), world
        except (OSError, ValueError, ToolkitError):
            return Reach(), None


def _read(path: Path) -> archive.Archived:
    with path.open("rb") as file:
        return archive.read(mmap(file.fileno(), 0, access=ACCESS_READ))


def _replace(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file whole or not at all, and let other threads run meanwhile."""
    written = path.with_suffix(f"{path.suffix}.new")
    file = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as out:
        for count, line in enumerate(lines):
            out.write(line)
            if count % _BREATH == 0:
                sleep(0)
        out.flush()
        os.fsync(file)
    written.replace(path)
