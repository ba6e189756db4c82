"""Whoever is killed, at whatever moment: no process stays behind, and the next start works."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from toolkit.environment import start
from toolkit.environment.record import Record
from toolkit.environment.runs import Place, living

MEMORY = Path("/dev/shm")  # noqa: S108 - where Postgres would leave shared memory

Alive = Callable[[], set[int]]
Until = Callable[[Callable[[], object]], None]


@contextmanager
def _up() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "toolkit", "up", "--json"]
    unmeasured = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL, env=unmeasured) as process:
        try:
            yield process
        finally:
            process.kill()


def _begun(place: Place) -> list[Record]:
    return [record for record in living(place) if record.services]


def _works(place: Place) -> bool:
    with start() as running, psycopg.connect(running.urls["postgres"]) as connection:
        answer = connection.execute("select 1").fetchone()
    return answer == (1,) and list(place.runs.iterdir()) == []


def test_ten_kills_of_the_command_at_random_moments_leave_nothing(
    place: Place, alive: Alive, until: Until
) -> None:
    moments = random.Random(2)  # noqa: S311 - reproducible, not secret
    for _ in range(10):
        with _up() as process:
            time.sleep(moments.uniform(0, 1))
            process.kill()
        until(lambda: not alive())
    assert _works(place)


@pytest.mark.parametrize("victims", ["supervisor", "supervisor and caller"])
def test_a_killed_supervisor_leaves_one_directory_that_the_next_start_removes(
    place: Place, alive: Alive, until: Until, victims: str
) -> None:
    with _up() as process:
        assert process.stdout
        assert process.stdout.readline()
        (record,) = living(place)
        os.kill(record.supervisor.pid, signal.SIGKILL)
        if "caller" in victims:
            process.kill()
        else:
            assert process.wait() == 1
    until(lambda: not alive())
    assert _works(place)
    assert not Path(record.scratch).exists()


@pytest.mark.parametrize("victim", ["command", "supervisor"])
def test_a_kill_while_the_cluster_is_made_leaves_nothing(
    place: Place, alive: Alive, until: Until, victim: str
) -> None:
    before = set(MEMORY.glob("PostgreSQL.*"))
    with _up() as process:
        until(lambda: any(_runs(pid, "initdb") for pid in alive()))
        if victim == "command":
            process.kill()
        else:
            os.kill(_begun(place)[0].supervisor.pid, signal.SIGKILL)
            process.wait()
    until(lambda: not alive())
    until(lambda: not set(MEMORY.glob("PostgreSQL.*")) - before)
    assert _works(place)


def test_a_busy_backend_does_not_outlive_its_server(place: Place, alive: Alive, until: Until) -> None:
    with start(["postgres"]) as running:
        connection = psycopg.connect(running.urls["postgres"])
        connection.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000000)")
        os.kill(living(place)[0].supervisor.pid, signal.SIGKILL)
        until(lambda: not alive())
        connection.close()


def _runs(pid: int, program: str) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == program
    except OSError:
        return False
