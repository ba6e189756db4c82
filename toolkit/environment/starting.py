"""A service on its way: launched, then asked again and again until it answers."""

import time
from collections.abc import Mapping, Sequence
from socket import socket

from toolkit.environment import children, wire
from toolkit.environment.children import Child
from toolkit.environment.identity import identify
from toolkit.environment.messages import Request
from toolkit.environment.record import Entry
from toolkit.environment.runs import Run
from toolkit.environment.service import Service, Site
from toolkit.errors import ToolkitError

_FIRST, _LONGEST, _GROWTH = 0.002, 0.05, 1.5
"""Seconds between two questions: short at first, then longer by a factor each time."""


class Starting:
    """A service that was launched and does not answer yet.

    Args:
        entry: What the run's record says about it.
        service: What the room offers under its name.
        child: Its process.
        holders: The sockets that keep its ports free until it answers.
        begun: When it began, in seconds of the monotonic clock.
    """

    def __init__(
        self, entry: Entry, service: Service, child: Child, holders: Sequence[socket], begun: float
    ) -> None:
        self.entry = entry
        self.child = child
        self.begun = begun
        self._service = service
        self._holders = holders
        self._pause = _FIRST
        self._due = begun

    def pause(self) -> float:
        """Return the seconds until it should be asked again."""
        return max(0.0, self._due - time.monotonic())

    def answers(self) -> bool:
        """Ask whether it is ready, if it is time to ask.

        Raises:
            ToolkitError: It ended, or has taken too long; the message has its last words.
        """
        if end := self.child.reap():
            raise self._failure(end)
        now = time.monotonic()
        if now < self._due:
            return False
        if self._service.answers(self.entry.urls):
            for holder in self._holders:
                holder.close()
            return True
        if now > self.begun + self._service.patience:
            raise self._failure(f"no answer within {self._service.patience:g} s")
        self._pause = min(self._pause * _GROWTH, _LONGEST)
        self._due = now + self._pause
        return False

    def _failure(self, why: str) -> ToolkitError:
        return ToolkitError(f"{self.entry.name} did not start ({why}): {self.child.last_words()}")


def launch(name: str, service: Service, request: Request, run: Run, urls: Mapping[str, str]) -> Starting:
    """Launch a service.

    Args:
        name: Its name in the room.
        service: What the room offers under this name.
        request: What the caller asked for.
        run: The run that it becomes part of.
        urls: The URLs of what it needs.

    Raises:
        ToolkitError: A port is taken, or the service is not installed.
    """
    begun = time.monotonic()
    holders = [wire.hold(endpoint, request.ports.get(endpoint)) for endpoint in service.endpoints]
    ports = dict(zip(service.endpoints, map(wire.release, holders), strict=True))
    directory, staging = run.scratch / name, run.staging / name
    for private in (directory, staging):
        private.mkdir(mode=0o700)
    source, plan = service.plan(Site(directory, run.cache, staging, ports, urls, request.world))
    child = children.fork(plan.launch, directory, run.logs / f"{name}.log", plan.stop)
    return Starting(Entry(name, source, plan.urls, identify(child.pid)), service, child, holders, begun)
