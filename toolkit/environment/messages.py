"""What a caller and its supervisor say to one another: lines of JSON over two pipes."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

from toolkit.errors import ToolkitError, UsageError

PATIENCE = 20.0
"""Seconds that a supervisor may take to stop everything."""
RELEASE = b"release\n"
"""Said by the caller of a kept environment: live on without me."""


class Timing(NamedTuple):
    """When a service began to start and when it first answered, in seconds since the caller began."""

    service: str
    source: str
    begun: float
    ready: float


class Request(NamedTuple):
    """What the caller asks for.

    Attributes:
        state: The directory for everything that is kept.
        room: The package whose modules offer SERVICE.
        services: The names of the services wanted; empty means all of the room.
        world: The named starting state, for services that know worlds.
        ports: Ports wished for, by endpoint.
        keep: Whether the environment outlives its caller.
        origin: When the caller began, in seconds of the monotonic clock.
    """

    state: str
    room: str
    services: Sequence[str]
    world: str | None
    ports: Mapping[str, int]
    keep: bool
    origin: float

    def encode(self) -> bytes:
        """Write the request as one line."""
        return encode(self._asdict())

    @classmethod
    def decode(cls, line: bytes) -> Self:
        """Read what `encode` wrote."""
        return cls(**json.loads(line))


def encode(message: Mapping[str, object]) -> bytes:
    """Write any message as one line."""
    return json.dumps(message).encode() + b"\n"


def fault(error: ToolkitError) -> bytes:
    """Write an error as one line, to be raised again by `revive` on the other side."""
    usage = isinstance(error, UsageError)
    return encode({"problem": error.problem, "remedy": error.remedy, "usage": usage})


def revive(message: Mapping[str, str]) -> ToolkitError:
    """Make the error again that `fault` wrote."""
    kind = UsageError if message["usage"] else ToolkitError
    return kind(message["problem"], message["remedy"])
