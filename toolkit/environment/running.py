"""An environment as its caller holds it: URLs, logs, timings, and its end."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from toolkit.config import state_directory
from toolkit.environment.conversation import Conversation, converse
from toolkit.environment.messages import Request, Timing, revive
from toolkit.errors import ToolkitError

ROOM = "toolkit.environment.services"


class Running:
    """An environment that runs; leaving its `with` stops it, unless it is kept.

    Attributes:
        urls: The URL of each endpoint, such as `postgres`, `redis`, `mail`, `mail-inbox`, `zuora`.
        timings: When each service began and first answered, in the order in which they answered.
        directory: The private directory of this run; it goes when the environment stops.
    """

    def __init__(
        self, urls: Mapping[str, str], timings: Sequence[Timing], directory: Path, supervisor: Conversation
    ) -> None:
        self.urls = urls
        self.timings = timings
        self.directory = directory
        self._supervisor = supervisor

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def logs(self) -> Mapping[str, Path]:
        """The log file of each service that was started here."""
        return {path.stem: path for path in sorted((self.directory / "logs").glob("*.log"))}

    def faults(self) -> Iterator[ToolkitError]:
        """Wait for services that end on their own and yield an error for each; the others go on.

        Raises:
            ToolkitError: The supervisor was killed, so that nothing is left of the environment.
        """
        while True:
            yield revive(self._supervisor.hear())

    def stop(self) -> None:
        """Stop everything and wait until nothing is left; does nothing the second time.

        An environment that is kept goes on; `toolkit down` stops it.
        """
        self._supervisor.end()


def start(  # noqa: PLR0913 - all but the first are words with a default
    services: Sequence[str] = (),
    *,
    world: str | None = None,
    ports: Mapping[str, int] | None = None,
    keep: bool = False,
    told: Callable[[Timing], None] = lambda _: None,
    room: str = ROOM,
) -> Running:
    """Start services and return when all of them answer.

    Args:
        services: Their names; what they need is started as well. None means all of the room.
        world: The named starting state, for the services that know worlds.
        ports: Ports wished for, by endpoint; every other port is chosen among the free ones.
        keep: Let the environment outlive this process, until `toolkit down`.
        told: Called with each service's timing as soon as the service answers.
        room: The package whose modules offer SERVICE.

    Raises:
        UsageError: A service or an endpoint has another name.
        ToolkitError: A service cannot be started; nothing is left running.
    """
    state = str(state_directory())
    request = Request(state, room, list(services), world, dict(ports or {}), keep, time.monotonic())
    supervisor = converse(request)
    try:
        message, timings = supervisor.follow(told)
        if keep:
            supervisor.release()
    except BaseException:
        supervisor.end()
        raise
    return Running(message["urls"], timings, Path(message["directory"]), supervisor)
