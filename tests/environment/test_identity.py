"""A process is told apart from a later one with the same id."""

import os
import subprocess
import sys

from toolkit.environment.identity import identify


def test_this_process_is_alive() -> None:
    me = identify(os.getpid())
    assert me
    assert me.alive()


def test_another_process_with_the_same_id_is_not_the_same() -> None:
    me = identify(os.getpid())
    assert me
    assert not me._replace(started="0").alive()
    assert not me._replace(boot="another").alive()


def test_a_dead_process_is_not_alive_even_before_it_is_reaped() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.read()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert identify(process.pid) is None
    assert identify(process.pid) is None
