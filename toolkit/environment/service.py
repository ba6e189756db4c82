"""What a file of the SERVICE room offers, and what a service learns about the run that it is part of."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from toolkit.errors import ToolkitError


class NotInstalledError(ToolkitError):
    """A service's embedded form is absent from this machine; its container may do instead."""


class Site(NamedTuple):
    """Where a service lives during one run.

    Attributes:
        directory: Its own, private (0700), empty at first, removed at the end.
        cache: Private and kept between runs.
        staging: Private and empty, on the cache's disk, to be moved into it as a whole.
        ports: The port on 127.0.0.1 for each of its endpoints, held free for it.
        urls: The URLs of the services that it needs, which answer already, and of those that it wants.
        world: The named starting state that the caller asked for.
    """

    directory: Path
    cache: Path
    staging: Path
    ports: Mapping[str, int]
    urls: Mapping[str, str]
    world: str | None = None


class Plan(NamedTuple):
    """How a service will be run.

    Attributes:
        urls: The URL of each endpoint.
        launch: Becomes the service. Called in a child process whose output goes to the service's log;
            it prepares what is needed, slowly if it must, and then executes the server.
        stop: The signal that ends the service at once and leaves nothing behind.
    """

    urls: Mapping[str, str]
    launch: Callable[[], NoReturn]
    stop: signal.Signals = signal.SIGKILL


class Service(NamedTuple):
    """One service of the environment, named after its file.

    Attributes:
        summary: What it is, in a few words.
        endpoints: The names of its URLs, the most important first. A given URL stands in the
            environment as `TOOLKIT_<ENDPOINT>_URL`.
        embedded: Plans a run from binaries in wheels without touching anything; raises
            NotInstalledError where they are absent.
        answers: Asks by wire whether the service at these URLs is ready; quick, and never raises.
        container: Plans a run in a container; its `launch` stays as long as the container does.
        needs: The names of the services that must answer before this one is launched.
        wants: Those whose URLs it is given if they are started with it; it does not wait for their answer.
        patience: Seconds that it may take until it answers.
    """

    summary: str
    endpoints: tuple[str, ...]
    embedded: Callable[[Site], Plan]
    answers: Callable[[Mapping[str, str]], bool]
    container: Callable[[Site], Plan] | None = None
    needs: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    patience: float = 60.0

    def plan(self, site: Site) -> tuple[str, Plan]:
        """Plan a run from wheels, or in a container where the wheels are absent and one is offered.

        Returns:
            The source, `embedded` or `container`, and the plan.
        """
        try:
            return "embedded", self.embedded(site)
        except NotInstalledError:
            if self.container is None:
                raise
            return "container", self.container(site)
