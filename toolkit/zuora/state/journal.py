"""The journal: every accepted write, noted on disk before it is answered."""

import os
from collections.abc import Iterator, Sequence
from errno import ENOSPC
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Literal, Self
from zlib import crc32

import msgspec

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state import redaction
from toolkit.zuora.tenant import Accepted

Fsync = Literal["never", "always"]

_CHECK = 8


class Reach(msgspec.Struct, frozen=True):
    """How far a journal reaches: so many bytes, so many requests."""

    length: int = 0
    count: int = 0


class Noted(Request, frozen=True):
    """A request as a journal has it, with the status that answered it."""

    status: int = 200


class Journal:
    """A file of requests, one a line, each behind a checksum.

    A line that a crash cut short is dropped when the file is opened; a damaged line before the last
    is an error. Each line is written at once, so that a killed process loses nothing it has answered;
    with `fsync="always"` neither does a machine that loses power. Secrets are replaced by others that
    are answered alike. One simulator at a time uses a file.

    Args:
        path: The file, made private to its owner.
        fsync: When to force a line to the disk.
        trusted: Up to where somebody has read the file before, which is not checked again.

    Attributes:
        reach: How far it reaches.

    Raises:
        ToolkitError: The file cannot be opened, is in use, is damaged, or is shorter than what is trusted.
    """

    def __init__(self, path: Path, fsync: Fsync = "never", trusted: Reach = Reach()) -> None:  # noqa: B008 - a value
        self.path = path
        self._fsync = fsync
        self._encoder = msgspec.json.Encoder()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ToolkitError(
                f"The journal {path} cannot be opened: {error.strerror}.", "Name another directory."
            ) from error
        try:
            self._lock()
            self.reach = self._sound(trusted)
        except ToolkitError:
            os.close(self._file)
            raise
        os.ftruncate(self._file, self.reach.length)
        if fsync == "always":
            force_names(path.parent)

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        os.close(self._file)

    def keep(self, accepted: Sequence[Accepted]) -> None:
        """Note requests; when this returns they survive the process.

        Raises:
            OSError: They could not be written, and nothing of them stays in the file.
        """
        lines = b"".join([self._line(one.request, one.status) for one in accepted])
        try:
            self._write(lines)
        except OSError:
            os.ftruncate(self._file, self.reach.length)
            raise
        self.reach = Reach(self.reach.length + len(lines), self.reach.count + len(accepted))

    def _line(self, request: Request, status: int) -> bytes:
        noted = self._encoder.encode(_without_secrets(request, status))
        return b"%08x %s\n" % (crc32(noted), noted)

    def entries(self, after: int = 0) -> Iterator[Noted]:
        """Yield the requests behind so many bytes, in the order in which they were answered."""
        decoder = msgspec.json.Decoder(Noted)
        with self.path.open("rb") as lines:
            lines.seek(after)
            for line in lines:
                yield decoder.decode(line[_CHECK + 1 :])

    def force(self) -> None:
        """Force what is noted to the disk."""
        os.fsync(self._file)

    def _write(self, lines: bytes) -> None:
        if os.write(self._file, lines) < len(lines):
            raise OSError(ENOSPC, os.strerror(ENOSPC), str(self.path))
        if self._fsync == "always":
            os.fsync(self._file)

    def _lock(self) -> None:
        try:
            flock(self._file, LOCK_EX | LOCK_NB)
        except OSError as error:
            raise ToolkitError(
                f"The journal {self.path} is in use by another simulator.",
                "Stop that one, or name another directory.",
            ) from error

    def _sound(self, trusted: Reach) -> Reach:
        """Return how far the file reaches in whole lines."""
        length, count = trusted.length, trusted.count
        with self.path.open("rb") as lines:
            if lines.seek(0, os.SEEK_END) < length:
                raise ToolkitError(
                    f"The journal {self.path} ends before what its checkpoint has read.",
                    "Restore the file from a backup, or remove the checkpoint.",
                )
            lines.seek(length)
            for line in lines:
                if not _is_sound(line):
                    if lines.read(1):
                        raise ToolkitError(
                            f"Line {count + 1} of the journal {self.path} is damaged.",
                            "Restore the file from a backup, or remove it to begin anew.",
                        )
                    break
                length, count = length + len(line), count + 1
        return Reach(length, count)


def force_names(directory: Path) -> None:
    """Force to the disk which files a directory has; what is in them is forced by itself."""
    file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _without_secrets(request: Request, status: int) -> Noted:
    return Noted(
        request.method,
        request.path,
        redaction.query_without_secrets(request.query),
        redaction.headers_without_secrets(request.headers),
        redaction.body_without_secrets(request.path, request.body),
        status,
    )


def _is_sound(line: bytes) -> bool:
    return line.endswith(b"\n") and line[:_CHECK] == b"%08x" % crc32(line[_CHECK + 1 : -1])
