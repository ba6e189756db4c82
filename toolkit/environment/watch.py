"""What a supervisor listens to: its caller's pipe, its caller's life, and signals."""

import contextlib
import math
import os
import select
import signal

from toolkit.environment.messages import RELEASE


class Watch:
    """Waits for something to happen, and knows when it is time to end.

    Args:
        signals: The descriptor that becomes readable when a signal arrives.
        caller: The descriptor that becomes readable when the caller ends, where the kernel has one.
    """

    def __init__(self, signals: int, caller: int | None) -> None:
        self._over = False
        self._signals = signals
        self._caller = caller
        self._poll = select.poll()
        for descriptor in (0, signals, caller):
            if descriptor is not None:
                self._poll.register(descriptor, select.POLLIN)

    def read_request(self) -> bytes | None:
        """Read the caller's first line; None if the caller was gone before it had said it."""
        line = b""
        while not line.endswith(b"\n"):
            piece = os.read(0, 65536)
            if not piece:
                return None
            line += piece
        return line

    def wait(self, seconds: float | None) -> bool:
        """Sleep until something happens or the time is over; False when it is time to end."""
        pause = None if seconds is None else max(0, math.ceil(seconds * 1000))
        happened = {descriptor for descriptor, _ in self._poll.poll(pause)}
        if self._signals in happened:
            os.read(self._signals, 4096)
        if 0 in happened:  # before the caller's end: what it said last may be that it lets go
            said = os.read(0, 4096)
            self._over |= not said
            if said == RELEASE:
                self._let_go()
        elif self._caller in happened:
            self._over = True
        return not self._over

    def end(self, *_: object) -> None:
        """Make it time to end; a signal handler."""
        self._over = True

    def _let_go(self) -> None:
        self._poll.unregister(0)
        if self._caller is not None:
            self._poll.unregister(self._caller)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(nothing, descriptor)
        os.close(nothing)


def open_watch() -> Watch:
    """Listen to the parent of this process and to the signals that matter."""
    signals, wake = os.pipe()
    for descriptor in (signals, wake):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    watch = Watch(signals, _open_process(os.getppid()))
    signal.signal(signal.SIGTERM, watch.end)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return watch


def _open_process(pid: int) -> int | None:
    """Open a descriptor that becomes readable when the process ends; None where the kernel has none."""
    with contextlib.suppress(OSError, AttributeError):
        return os.pidfd_open(pid)
    return None
