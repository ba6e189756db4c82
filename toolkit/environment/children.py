"""The child processes of a supervisor: forked without threads, tied to it, stopped with all their own."""

import contextlib
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from toolkit.environment.lifeline import tie
from toolkit.errors import ToolkitError

_RESET = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGCHLD, signal.SIGPIPE)
"""Signals that a service finds as the system has them, whatever Python or a shell made of them."""

_FEW = 256
"""More descriptors than a supervisor ever has open: its lock must not be held by a child."""


class Child:
    """A service's process, the leader of a session of its own.

    Args:
        pid: Its process id, which nobody but this object reaps.
        log: The file for what it writes.
        stop: The signal that ends it.
    """

    def __init__(self, pid: int, log: Path, stop: signal.Signals) -> None:
        self.pid = pid
        self.log = log
        self.stop = stop
        self.ended: str | None = None

    def reap(self) -> str | None:
        """Return how the process ended, such as `exit code 1`; None while it runs."""
        if self.ended is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.ended = _describe(os.waitstatus_to_exitcode(status))
                with contextlib.suppress(ProcessLookupError):  # what it started ends with it
                    os.killpg(self.pid, signal.SIGKILL)
        return self.ended

    def last_words(self) -> str:
        """Return the last lines of the log, as part of a sentence."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return " / ".join([line.strip() for line in lines if line.strip()][-3:])

    def send(self, how: signal.Signals) -> None:
        """Send the process a signal, if it still runs."""
        if self.ended is None:
            os.kill(self.pid, how)


def fork(launch: Callable[[], NoReturn], directory: Path, log: Path, stop: signal.Signals) -> Child:
    """Start a child that becomes a service.

    Args:
        launch: Becomes the service; its output goes to `log`.
        directory: The child's working directory.
        log: The file for what it writes.
        stop: The signal that ends it.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _serve(launch, parent, directory, log)
    return Child(pid, log, stop)


def stop(children: Iterable[Child], grace: float = 5.0) -> None:
    """End all children and whatever they started.

    Args:
        children: Those to end, at the same time.
        grace: Seconds after the stop signal until those that still run are killed.
    """
    waiting = list(children)
    for child in waiting:
        child.send(child.stop)
    deadline = time.monotonic() + grace
    while waiting := [child for child in waiting if child.reap() is None]:
        if time.monotonic() > deadline:
            for child in waiting:
                child.send(signal.SIGKILL)
        time.sleep(0.001)


def _serve(launch: Callable[[], NoReturn], parent: int, directory: Path, log: Path) -> NoReturn:
    """Do what a child does: it never returns into the supervisor's code."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in _RESET:
            signal.signal(number, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, target)
        os.closerange(3, _FEW)
        tie(parent)
        os.chdir(directory)
        launch()
    except ToolkitError as error:
        os.write(2, f"{error}\n".encode())
    except BaseException:  # noqa: BLE001 - whatever it is, it must not run on as a second supervisor
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(1)


def _describe(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
