"""The kernel ends a process with its parent, whatever becomes of the parent."""

import subprocess
import sys
from collections.abc import Callable

import pytest

TIED = """
import os, signal, sys, time
from toolkit.environment import lifeline
parent = os.getpid()
if os.fork() == 0:
    lifeline.tie({parent}, signal.SIGTERM)
    print("tied", flush=True)
    time.sleep(600)
print(os.wait()[1] >> 8, flush=True)
time.sleep(600)
"""

Alive = Callable[[], set[int]]
Until = Callable[[Callable[[], object]], None]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_tied_child_ends_with_its_parent(alive: Alive, until: Until) -> None:
    command = [sys.executable, "-c", TIED.format(parent="parent")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"tied\n"
        assert len(alive()) == 2
        parent.kill()
    until(lambda: not alive())


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    command = [sys.executable, "-c", TIED.format(parent="parent + 1")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"1\n"
        parent.kill()


def test_a_command_that_fails_is_an_error() -> None:
    script = "from toolkit.environment import lifeline; lifeline.run('false')"
    failed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "CalledProcessError: Command '('false',)' returned non-zero exit status 1" in failed.stderr
