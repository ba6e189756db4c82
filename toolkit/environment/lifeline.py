"""Ties a process's life to its parent's by the kernel's means, so that no kill leaves an orphan."""

import ctypes
import os
import signal
import subprocess
import sys
from typing import NoReturn

_PR_SET_PDEATHSIG = 1


def tie(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Let the kernel send `how` to this process when the thread that forked it ends.

    It holds across exec and is undone by a change of user or namespace, after which it must be called
    again. Where the kernel cannot do it (macOS) it does nothing.

    Args:
        parent: The process id of the parent; this process ends at once if the parent is gone already.
        how: The signal.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def become(*command: str) -> NoReturn:
    """Replace this process by a command."""
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def run(*command: str) -> None:
    """Run a command to its end from a child process without threads; it dies with the caller.

    Raises:
        subprocess.CalledProcessError: It failed; what it wrote went to the caller's output.
    """
    caller = os.getpid()
    subprocess.run(  # noqa: S603 - our own words; and the caller has no threads
        command, check=True, stdin=subprocess.DEVNULL, preexec_fn=lambda: tie(caller)
    )
