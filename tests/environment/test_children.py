"""Child processes of a supervisor: how they end, and with whom."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from toolkit.environment import lifeline
from toolkit.environment.children import Child, fork, stop

Until = Callable[[Callable[[], object]], None]
Alive = Callable[[], set[int]]
Launch = Callable[..., Child]

SLEEP = "import time; time.sleep(600)"


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    """Launch a child that runs this Python."""

    def launch(script: str, how: signal.Signals = signal.SIGKILL) -> Child:
        words = (sys.executable, "-c", script)
        return fork(partial(lifeline.become, *words), tmp_path, tmp_path / "log", how)

    return launch


def test_a_child_runs_in_its_directory_and_writes_to_its_log(
    launch: Launch, until: Until, tmp_path: Path
) -> None:
    child = launch("import os, sys; print(os.getcwd()); sys.stderr.write('end')")
    until(child.reap)
    assert (tmp_path / "log").read_text() == f"{tmp_path}\nend"


def test_a_child_that_ended_says_how(launch: Launch, until: Until) -> None:
    child = launch("raise SystemExit(3)")
    until(child.reap)
    assert child.reap() == "exit code 3"


def test_last_words_are_the_last_lines(launch: Launch, until: Until) -> None:
    child = launch("print('one', 'two', '', 'three', 'four', sep='\\n')")
    until(child.reap)
    assert child.last_words() == "two / three / four"


def test_no_words_are_no_fault(launch: Launch) -> None:
    child = launch(SLEEP)
    child.log = Path("absent")
    assert child.last_words() == ""
    stop([child])


def test_stopping_ends_a_child_and_what_it_started(launch: Launch, alive: Alive, until: Until) -> None:
    child = launch(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEP!r}])")
    until(lambda: len(alive()) == 2)
    stop([child])
    assert child.ended == "signal SIGKILL"
    until(lambda: not alive())


def test_what_a_child_started_ends_with_it(launch: Launch, alive: Alive, until: Until) -> None:
    child = launch(f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}])")
    until(child.reap)
    until(lambda: not alive())


def test_who_ignores_the_stop_signal_is_killed(launch: Launch, until: Until) -> None:
    ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
    child = launch(ignore + SLEEP, signal.SIGTERM)
    until(lambda: child.last_words() == "deaf")
    stop([child], grace=0.05)
    assert child.ended == "signal SIGKILL"


def test_stopping_what_ended_already_does_nothing(launch: Launch, until: Until) -> None:
    child = launch("")
    until(child.reap)
    stop([child])
    assert child.ended == "exit code 0"


def test_a_child_finds_no_descriptor_of_its_parent(launch: Launch, until: Until) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)  # noqa: FBT003 - as os has it
    child = launch(
        "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:3], os.get_inheritable(1))"
    )
    until(child.reap)
    os.close(writing)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_a_child_gets_signals_as_the_system_has_them(launch: Launch, until: Until) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = launch("import signal; print(signal.getsignal(signal.SIGINT).__name__)")
    signal.signal(signal.SIGINT, before)
    until(child.reap)
    assert child.last_words() == "default_int_handler"
