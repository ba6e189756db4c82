"""What a supervisor listens to: its caller's pipe, its caller's life, and signals."""

import contextlib
import math
import os
import select
import signal

from toolkit.environment.messages import RELEASE


class Watch:
    """Waits for something to happen, and knows when it is time to end."""

    def __init__(self) -> None:
        self._over = False
        self._poll = select.poll()
        self._poll.register(0, select.POLLIN)
        self._caller = _open_process(os.getppid())
        if self._caller is not None:
            self._poll.register(self._caller, select.POLLIN)
        self._signals, wake = os.pipe()
        for descriptor in (self._signals, wake):
            os.set_blocking(descriptor, False)
        self._poll.register(self._signals, select.POLLIN)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGCHLD, lambda *_: None)

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
        for descriptor, _ in self._poll.poll(pause):
            if descriptor == self._signals:
                os.read(descriptor, 4096)
            elif descriptor == self._caller or not (said := os.read(0, 4096)):
                self._over = True
            elif said == RELEASE:
                self._let_go()
        return not self._over

    def _end(self, *_: object) -> None:
        self._over = True

    def _let_go(self) -> None:
        self._poll.unregister(0)
        if self._caller is not None:
            self._poll.unregister(self._caller)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(nothing, descriptor)
        os.close(nothing)


def _open_process(pid: int) -> int | None:
    """Open a descriptor that becomes readable when the process ends; None where the kernel has none."""
    with contextlib.suppress(OSError, AttributeError):
        return os.pidfd_open(pid)
    return None
