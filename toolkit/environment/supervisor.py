"""The process that starts the services of one run, watches them, and stops them when its caller is gone."""

import contextlib
import os
import sys
import time
import traceback
from pathlib import Path

from toolkit.environment import children, given, graph
from toolkit.environment.messages import Request, Timing, encode, fault
from toolkit.environment.record import Entry
from toolkit.environment.runs import Place, Run, claim
from toolkit.environment.service import Service
from toolkit.environment.starting import Starting, launch
from toolkit.environment.watch import Watch, open_watch
from toolkit.errors import ToolkitError
from toolkit.rooms import furnish


class Supervisor:
    """Starts services in parallel, each as soon as what it needs answers.

    Args:
        request: What the caller asked for.
        run: The run that the services belong to.
    """

    def __init__(self, request: Request, run: Run) -> None:
        self._request = request
        self._run = run
        self._started: dict[str, Starting] = {}
        self._ready: dict[str, Entry] = {}

    def bring_up(self, watch: Watch) -> bool:
        """Start everything; False if the time to end came before all services answered.

        Raises:
            ToolkitError: The request does not fit the room, or a service cannot be started.
        """
        services = graph.choose(furnish(self._request.room, "SERVICE", Service), self._request.services)
        graph.check_ports(services, self._request.ports)
        while len(self._ready) < len(services):
            for name, service in services.items():
                begun = self._ready | self._started
                wanted = services.keys() & set(service.wants)
                if name not in begun and self._ready.keys() >= set(service.needs) and begun.keys() >= wanted:
                    self._begin(name, service)
            starting = [start for name, start in self._started.items() if name not in self._ready]
            if not watch.wait(min((start.pause() for start in starting), default=0)):
                return False
            for start in starting:
                if start.answers():
                    self._settle(start.entry, start.begun)
        _report(encode({"directory": str(self._run.directory), "urls": self._urls()}))
        return True

    def stay(self, watch: Watch) -> None:
        """Watch the services until the time to end; one that ends is reported, the others go on."""
        running = {name: start.child for name, start in self._started.items()}
        while watch.wait(None):
            for name, child in list(running.items()):
                if end := child.reap():
                    del running[name]
                    _report(fault(ToolkitError(f"{name} ended with {end}: {child.last_words()}")))

    def stop(self) -> None:
        """End everything that was started."""
        children.stop(start.child for start in self._started.values())

    def _begin(self, name: str, service: Service) -> None:
        begun = time.monotonic()
        entry = given.take(name, service)
        if entry:
            self._settle(entry, begun)
        else:
            urls = self._urls()
            for wanted in self._started.keys() & set(service.wants):
                urls |= self._started[wanted].entry.urls
            start = self._started[name] = launch(name, service, self._request, self._run, urls)
            entry = start.entry
        record = self._run.record
        self._run.write(record._replace(services=(*record.services, entry)))

    def _settle(self, entry: Entry, begun: float) -> None:
        self._ready[entry.name] = entry
        origin = self._request.origin
        _report(encode(Timing(entry.name, entry.source, begun - origin, time.monotonic() - origin)._asdict()))

    def _urls(self) -> dict[str, str]:
        return {name: url for entry in self._ready.values() for name, url in entry.urls.items()}


def _report(line: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(1, line)


def main() -> int:
    """Serve one caller: read its request, do it, and leave nothing behind."""
    os.umask(0o077)  # passwords and data are the user's alone
    watch = open_watch()
    line = watch.read_request()
    if line is None:
        return 0
    try:
        _serve(Request.decode(line), watch)
    except ToolkitError as error:
        _report(fault(error))
        return error.exit_code
    except OSError as error:
        _report(fault(ToolkitError(f"{error.filename or 'The system'}: {error.strerror}.")))
        return 1
    except Exception:  # noqa: BLE001 - the caller has the only place where a bug can be shown
        _report(encode({"bug": traceback.format_exc()}))
        return 3
    return 0


def _serve(request: Request, watch: Watch) -> None:
    run = claim(Place(Path(request.state)), kept=request.keep, origin=request.origin)
    supervisor = Supervisor(request, run)
    try:
        os.environ.setdefault("TOOLKIT_PROJECT", str(Path.cwd()))  # where a service's content is looked for
        os.chdir(run.directory)
        os.dup2(os.open(run.directory / "supervisor.log", os.O_WRONLY | os.O_CREAT, 0o600), 2)
        if supervisor.bring_up(watch):
            supervisor.stay(watch)
    finally:
        supervisor.stop()
        run.close()


if __name__ == "__main__":
    sys.exit(main())
