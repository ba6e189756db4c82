"""The journal: every accepted write, noted on disk before it is answered."""

import os
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self
from zlib import crc32

import msgspec

from toolkit.errors import ToolkitError
from toolkit.zuora.call import Request

Fsync = Literal["never", "always"]

_CHECK = 8
_SECRETS = (
    (re.compile(rb"(client_secret=)[^&]+"), rb"\1redacted"),
    (re.compile(rb'("securityCode"\s*:\s*")[^"]*'), rb"\g<1>000"),
    (re.compile(rb'("cardNumber"\s*:\s*")[\d ]*(?=\d{4}")'), rb"\g<1>000000000000"),
)
_BASIC = "Basic " + b64encode(b"0" * 36 + b":redacted").decode()
_KEPT = frozenset({"content-type", "host", "zuora-version", "authorization", "apiaccesskeyid", "cookie"})


class Journal:
    """A file of requests, one a line, each behind a checksum.

    A line that a crash cut short is dropped when the file is opened; a damaged line before the last
    is an error. Each line is written at once, so that a killed process loses nothing it has answered;
    with `fsync="always"` neither does a machine that loses power. Secrets are replaced by others that
    are answered alike.

    Args:
        path: The file, made private to its owner.
        fsync: When to force a line to the disk.

    Raises:
        ToolkitError: The file cannot be opened or is damaged.
    """

    def __init__(self, path: Path, fsync: Fsync = "never") -> None:
        self._path = path
        self._fsync = fsync
        self._encoder = msgspec.json.Encoder()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ToolkitError(f"The journal {path} cannot be opened: {error.strerror}.") from error
        os.ftruncate(self._file, self._sound_length())

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        os.close(self._file)

    def append(self, request: Request) -> None:
        """Note a request; when this returns it survives the process."""
        line = self._encoder.encode(_without_secrets(request))
        os.write(self._file, b"%08x %s\n" % (crc32(line), line))
        if self._fsync == "always":
            os.fsync(self._file)

    def entries(self) -> Iterator[Request]:
        """Yield the requests in the order in which they were answered."""
        decoder = msgspec.json.Decoder(Request)
        with self._path.open("rb") as lines:
            for line in lines:
                yield decoder.decode(line[_CHECK + 1 :])

    def _sound_length(self) -> int:
        """Return the length up to the end of the last whole line."""
        length = 0
        with self._path.open("rb") as lines:
            for count, line in enumerate(lines, start=1):
                if not _is_sound(line):
                    if lines.read(1):
                        raise ToolkitError(
                            f"Line {count} of the journal {self._path} is damaged.",
                            "Restore the file from a backup, or remove it to begin anew.",
                        )
                    break
                length += len(line)
        return length


def _without_secrets(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name in _KEPT}
    if headers.get("authorization", "").lower().startswith("basic "):
        headers["authorization"] = _BASIC
    body = request.body
    for secret, replacement in _SECRETS:
        body = secret.sub(replacement, body)
    return msgspec.structs.replace(request, headers=headers, body=body)


def _is_sound(line: bytes) -> bool:
    return line.endswith(b"\n") and line[:_CHECK] == b"%08x" % crc32(line[_CHECK + 1 : -1])
