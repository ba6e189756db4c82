"""Which process a process id means: the id, when the process started, and in which boot."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Identity(NamedTuple):
    """A process that is never mistaken for another one that was given its id later."""

    pid: int
    started: str
    boot: str

    def alive(self) -> bool:
        """Tell whether this very process still runs."""
        return identify(self.pid) == self


def identify(pid: int) -> Identity | None:
    """Describe the process that has this id now; None if there is none, or it only waits to be reaped."""
    if sys.platform != "linux":
        return _ask_ps(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, started = fields[0], fields[19]  # fields 3 and 22 of proc_pid_stat(5)
    return None if state in "ZX" else Identity(pid, started, boot)


def _ask_ps(pid: int) -> Identity | None:
    command = ("ps", "-o", "lstart=", "-p", str(pid))
    answer = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our words
    return Identity(pid, answer.stdout.strip(), "") if answer.stdout.strip() else None
