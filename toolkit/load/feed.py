"""The line between a generator and who started it: a plan one way, parts of a measurement the other."""

import time
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from toolkit.load.measurement import Measurement
from toolkit.load.profile import Profile

VARIABLE = "TOOLKIT_LOAD_PLAN"
"""The environment variable that holds a generator's plan as JSON."""


class Plan(msgspec.Struct, frozen=True):
    """A run, as a generator needs to know it.

    Attributes:
        profile: What to run.
        journeys: Folders of journeys, those that hide others first.
        today: The service's date, ISO 8601.
        feed: The file descriptor that the parts of the measurement are written to.
        parent: The process id of who reads them.
    """

    profile: Profile
    journeys: tuple[str, ...]
    today: str
    feed: int
    parent: int


class Feed:
    """Writes parts of a measurement, one JSON line each, and with each the CPU used since the last one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at, self._cpu = time.perf_counter(), time.process_time()

    def write(self, part: Measurement) -> None:
        """Write a part; raises OSError when nobody reads any more."""
        now, used = time.perf_counter(), time.process_time()
        part.elapsed, part.cpu = now - self._at, used - self._cpu
        self._at, self._cpu = now, used
        self._stream.write(msgspec.json.encode(part) + b"\n")
        self._stream.flush()


def read_parts(stream: BinaryIO) -> Iterator[Measurement]:
    """Yield the parts as they come, to the end of the stream; half a line of a killed writer is dropped."""
    for line in stream:
        if line.endswith(b"\n"):
            yield msgspec.json.decode(line, type=Measurement)
