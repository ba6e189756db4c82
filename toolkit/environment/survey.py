"""Which environments run, how their services are, and the end of the one that was kept."""

import os
import signal
import time
from collections.abc import Mapping
from typing import NamedTuple

from toolkit.environment import wire
from toolkit.environment.messages import PATIENCE
from toolkit.environment.record import Entry, Record
from toolkit.environment.running import ROOM
from toolkit.environment.runs import Place, collect, living
from toolkit.environment.service import Service
from toolkit.errors import ToolkitError
from toolkit.rooms import furnish


class ServiceState(NamedTuple):
    """How a service is now.

    Attributes:
        name: Its name.
        source: given, embedded or container.
        healthy: Whether it answers.
        pid: Its process; None if it was given.
        urls: The URL of each endpoint.
        ports: The port of each endpoint.
    """

    name: str
    source: str
    healthy: bool
    pid: int | None
    urls: Mapping[str, str]
    ports: Mapping[str, int]


class EnvironmentState(NamedTuple):
    """How an environment is now.

    Attributes:
        run: Its name.
        detached: Whether it outlives the command that started it.
        pid: Its supervisor.
        uptime: Seconds since it was asked for.
        logs: The directory of its logs.
        services: Its services, in the order in which they were launched.
    """

    run: str
    detached: bool
    pid: int
    uptime: float
    logs: str
    services: tuple[ServiceState, ...]


def survey(place: Place) -> list[EnvironmentState]:
    """Look at every environment that runs on this state directory."""
    room = furnish(ROOM, "SERVICE", Service)
    return [
        EnvironmentState(
            record.run,
            record.kept,
            record.supervisor.pid,
            time.monotonic() - record.origin,
            str(place.logs(record.run)),
            tuple(_look(entry, room) for entry in record.services),
        )
        for record in living(place)
    ]


def stop_kept(place: Place) -> Record | None:
    """Stop the environment that was started to outlive its caller; return what it was, if there was one.

    Raises:
        ToolkitError: It does not end.
    """
    kept = next((record for record in living(place) if record.kept), None)
    if kept and kept.supervisor.alive():
        os.kill(kept.supervisor.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while kept.supervisor.alive():
            if time.monotonic() > deadline:
                raise ToolkitError(
                    f"The environment does not stop within {PATIENCE:.0f} s.",
                    f"Kill its supervisor: kill -9 {kept.supervisor.pid}.",
                )
            time.sleep(0.002)
    collect(place)
    return kept


def _look(entry: Entry, room: Mapping[str, Service]) -> ServiceState:
    process, service = entry.process, room.get(entry.name)
    alive = process is None or process.alive()
    if process and service:
        healthy = alive and service.answers(entry.urls)
    else:
        healthy = alive and all(map(wire.listens, entry.urls.values()))
    ports = {endpoint: wire.host_and_port(url)[1] for endpoint, url in entry.urls.items()}
    return ServiceState(
        entry.name, entry.source, healthy, process.pid if process else None, entry.urls, ports
    )
