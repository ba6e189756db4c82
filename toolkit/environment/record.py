"""What a run writes down about itself, so that others can show it, stop it and clean up after it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

from toolkit.environment.identity import Identity


class Entry(NamedTuple):
    """One service of a run; `process` is None where the service was given and nothing was started."""

    name: str
    source: str
    urls: Mapping[str, str]
    process: Identity | None


class Record(NamedTuple):
    """A run.

    Attributes:
        run: Its name, which nobody can guess.
        supervisor: The process that answers for it.
        kept: Whether it outlives its caller.
        origin: When it was asked for, in seconds of the monotonic clock.
        scratch: The directory of the services' data, outside the run's own directory.
        services: Those launched so far.
    """

    run: str
    supervisor: Identity
    kept: bool
    origin: float
    scratch: str
    services: tuple[Entry, ...] = ()

    def encode(self) -> str:
        """Write the record as JSON; the parts are lists in the order of their fields."""
        return json.dumps(self._asdict())

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read what `encode` wrote.

        Raises:
            ValueError, TypeError: The text is something else.
        """
        fields = json.loads(text)
        fields["supervisor"] = Identity(*fields["supervisor"])
        fields["services"] = tuple(
            Entry(name, source, urls, Identity(*process) if process else None)
            for name, source, urls, process in fields["services"]
        )
        return cls(**fields)

    @classmethod
    def read(cls, directory: Path) -> Self | None:
        """Read the record of the run in this directory; None if it was never written or is damaged."""
        try:
            return cls.decode((directory / "record.json").read_text())
        except (OSError, ValueError, TypeError, KeyError):
            return None
