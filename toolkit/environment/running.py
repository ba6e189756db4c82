"""The caller's side of an environment: asks a supervisor for services and keeps it as long as it lives."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from toolkit.config import state_directory
from toolkit.environment.messages import RELEASE, Request, Timing, revive
from toolkit.environment.runs import Place, collect
from toolkit.errors import ToolkitError

ROOM = "toolkit.environment.services"

_PATIENCE = 20.0
"""Seconds that a supervisor may take to stop everything."""


class Running:
    """An environment that runs; leaving its `with` stops it.

    Attributes:
        urls: The URL of each endpoint, such as `postgres`, `redis`, `mail`, `mail-inbox`, `zuora`.
        timings: When each service began and first answered, in the order in which they answered.
        directory: The private directory of this run; it goes when the environment stops.
    """

    def __init__(self, request: Request, told: Callable[[Timing], None]) -> None:
        self._request = request
        self._supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "toolkit.environment.supervisor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._pipe_in, self._pipe_out = _pipes(self._supervisor)
        self.urls: Mapping[str, str] = {}
        self.timings: tuple[Timing, ...] = ()
        self.directory = Path()
        try:
            self._say(request.encode())
            self._follow(told)
            if request.keep:
                self._release()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._request.keep:
            self.stop()

    @property
    def logs(self) -> Mapping[str, Path]:
        """The log file of each service that was started here."""
        return {path.stem: path for path in sorted((self.directory / "logs").iterdir())}

    def faults(self) -> Iterator[ToolkitError]:
        """Wait for services that end on their own and yield an error for each; the others go on.

        Raises:
            ToolkitError: The supervisor was killed, so that nothing is left of the environment.
        """
        while True:
            yield revive(self._hear())

    def stop(self) -> None:
        """Stop everything and wait until nothing is left; does nothing the second time.

        An environment that is kept stops with `toolkit down` instead.
        """
        self._hang_up()
        try:
            code = self._supervisor.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            code = self._supervisor.wait()
        if code < 0:
            collect(Place(Path(self._request.state)))

    def _follow(self, told: Callable[[Timing], None]) -> None:
        while not self.urls:
            message = self._hear()
            if "problem" in message:
                raise revive(message)
            if "service" in message:
                self.timings = (*self.timings, Timing(**message))
                told(self.timings[-1])
            else:
                self.directory, self.urls = Path(message["directory"]), message["urls"]

    def _say(self, line: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # what went wrong over there is heard from there
            self._pipe_in.write(line)
            self._pipe_in.flush()

    def _hear(self) -> dict[str, Any]:
        line = self._pipe_out.readline()
        if not line:
            raise ToolkitError(
                "The environment's supervisor ended, and everything it had started with it.",
                "Start again; what it left on disk is removed then.",
            )
        message: dict[str, Any] = json.loads(line)
        if "bug" in message:
            raise RuntimeError(message["bug"])
        return message

    def _release(self) -> None:
        self._say(RELEASE)
        self._hang_up()
        self._supervisor.returncode = 0  # it lives on, and is no longer ours to wait for

    def _hang_up(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._pipe_in.close()
        self._pipe_out.close()


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
    state = str(state_directory().absolute())
    request = Request(state, room, list(services), world, dict(ports or {}), keep, time.monotonic())
    return Running(request, told)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("A process with pipes has no pipes.")
    return process.stdin, process.stdout
