"""A simulator that is killed at any moment has what it acknowledged when it is back, and nothing half."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

import msgspec
from msgspec.structs import replace

from tests.zuora.business import JSON
from tests.zuora.forking import NAME
from tests.zuora.streaming import Stream
from tests.zuora.wired import Wire
from toolkit import worlds
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state import archive
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.world import World

AT_ONCE = 4
"""Writes that are on their way together."""

EXPORT, JOURNAL = (Request("GET", f"/__toolkit/{word}", "", JSON) for word in ("export", "journal"))


class Servers:
    """Serves from a directory, by one process after another.

    Args:
        process: Runs `tests.zuora.forking`.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._wanted, self._said = process.stdin, process.stdout

    @contextmanager
    def one(self, seconds: float | None = None) -> Iterator[tuple[str, Callable[[float], None]]]:
        """Serve until the server is killed: so many seconds after its start, when asked to, or at the end.

        Receives the URL, which is empty where the server was killed before it had one, and a function that
        has it killed in so many seconds. The block ends where it loses its connection.
        """
        print(file=self._wanted, flush=True)
        process = int(self._said.readline())
        killers: list[Timer] = []

        def kill(after: float) -> None:
            killers.append(Timer(after, os.kill, (process, signal.SIGKILL)))
            killers[-1].start()

        if seconds is not None:
            kill(seconds)
        url = self._said.readline().strip()
        try:
            with suppress(ConnectionError):
                yield "" if url == "gone" else url, kill
        finally:
            if not killers:
                kill(0)
            for killer in killers:
                killer.join()
            while url != "gone":
                url = self._said.readline().strip()


@contextmanager
def serving(directory: Path) -> Iterator[Servers]:
    """Serve from a directory."""
    command = [sys.executable, "-m", "tests.zuora.forking", str(directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Servers(process)


def shown(world: World) -> World:
    """Return what an export of the world holds."""
    return replace(world, tokens=World().tokens, answers=World().answers)


def killed(directory: Path, kills: int, seed: int) -> Counter[str]:
    """Kill servers in a stream of writes; compare what each finds, and the journal at last.

    Returns:
        How many writes were answered, and how many are there without an answer.
    """
    stream = Stream(worlds.load(NAME), seed)
    chance = random.Random(seed)  # noqa: S311 - no secret follows from it
    passed = [stream.tenant.world]  # the last that was acknowledged, and those after it that may be there
    counted: Counter[str] = Counter()
    with serving(directory) as servers:
        for kill in range(kills + 1):
            in_start = kill < kills and kill % 4 == 0
            wanted = None if in_start or kill == kills else chance.randrange(60)
            with servers.one(chance.uniform(0, 0.03) if in_start else None) as (url, end):
                if not url:
                    continue
                with Wire(url) as server:
                    server.send(EXPORT, JOURNAL)
                    found = archive.read(server.answer()).world
                    more = msgspec.json.decode(server.answer())["count"] - counted.total()
                    assert 0 <= more < len(passed), "an acknowledged write is not there"
                    assert shown(passed[more]) == found, "the state is none that the writes have left"
                    counted["there without an answer"] += more
                    stream.tenant.world = passed[more]
                    passed = [stream.tenant.world]
                    while kill < kills:
                        if wanted is not None and wanted < AT_ONCE:  # at any moment of the next ones
                            end(chance.uniform(0, 0.01))
                        wanted = None if wanted is None or wanted < AT_ONCE else wanted - AT_ONCE
                        writes = []
                        for _ in range(AT_ONCE):
                            writes.append(stream.next())
                            passed.append(stream.tenant.world)
                        server.send(*(request for request, _ in writes))
                        for _, said in writes:
                            assert server.answer() == said
                            del passed[0]
                            counted["answered"] += 1
    with Store(directory) as store:
        assert store.at(store.count) == passed[0]
        assert store.count == counted.total()
    return counted


def test_a_killed_simulator_has_what_it_acknowledged_whole_and_nothing_half(tmp_path: Path) -> None:
    counted = killed(tmp_path, kills=12, seed=1)
    assert counted["answered"] > 100
    assert (tmp_path / "zuora.checkpoint").exists()
