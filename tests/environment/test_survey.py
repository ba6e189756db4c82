"""What runs, how it is, and the end of the environment that was kept."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from toolkit.environment import start
from toolkit.environment.runs import Place
from toolkit.environment.survey import stop_kept, survey
from toolkit.errors import ToolkitError

WEB = "SERVICE = Service('stub', ('a',), web, web_answers)"

Room = Callable[..., str]
Alive = Callable[[], set[int]]
Until = Callable[[Callable[[], object]], None]


def test_nothing_runs_at_first(place: Place) -> None:
    assert survey(place) == []
    assert stop_kept(place) is None


def test_a_service_of_the_room_is_asked_in_its_own_way(place: Place) -> None:
    with start(["redis"]) as running:
        (seen,) = survey(place)
        assert (seen.detached, seen.logs) == (False, str(running.directory / "logs"))
        (service,) = seen.services
        assert (service.name, service.source, service.healthy) == ("redis", "embedded", True)
        assert service.urls == running.urls
        assert running.urls["redis"].endswith(f":{service.ports['redis']}/0")


def test_a_service_of_another_room_is_healthy_when_it_listens(place: Place, room: Room) -> None:
    with start(room=room(a=WEB)):
        assert survey(place)[0].services[0].healthy


def test_a_dead_service_is_not_healthy(place: Place, until: Until) -> None:
    with start(["redis"]):
        (service,) = survey(place)[0].services
        assert service.pid
        os.kill(service.pid, signal.SIGKILL)
        until(lambda: not survey(place)[0].services[0].healthy)


def test_a_given_service_is_shown_without_a_process(
    place: Place, monkeypatch: pytest.MonkeyPatch, room: Room
) -> None:
    with start(room=room(a=WEB)) as theirs:
        monkeypatch.setenv("TOOLKIT_REDIS_URL", theirs.urls["a"])
        with start(["redis"]) as ours:
            seen = next(state for state in survey(place) if state.run == ours.directory.name)
            assert seen.services[0].source == "given"
            assert seen.services[0].pid is None
            assert seen.services[0].healthy


def test_a_kept_environment_goes_on_until_it_is_stopped(place: Place, room: Room, alive: Alive) -> None:
    with start(room=room(a=WEB), keep=True) as running:
        pass
    assert survey(place)[0].detached
    assert survey(place)[0].services[0].healthy
    with pytest.raises(ToolkitError, match="An environment is up already, with a."):
        start(["redis"], keep=True)
    stopped = stop_kept(place)
    assert stopped
    assert stopped.run == running.directory.name
    assert alive() == set()
    assert list(place.runs.iterdir()) == []


def test_an_environment_that_is_not_kept_is_not_stopped(place: Place, room: Room) -> None:
    with start(room=room(a=WEB)):
        assert stop_kept(place) is None
        assert survey(place)[0].services[0].healthy


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process's files")
def test_an_environment_that_is_let_go_survives_though_it_hears_of_it_late(
    place: Place, until: Until
) -> None:
    script = """
        import os, signal
        from toolkit.environment.conversation import converse
        from toolkit.environment.messages import Request
        state = os.environ["TOOLKIT_STATE"]
        supervisor = converse(Request(state, "toolkit.environment.services", ["redis"], None, {}, True, 0.0))
        supervisor.follow(lambda timing: None)
        pid = supervisor._supervisor.pid
        os.kill(pid, signal.SIGSTOP)
        while ") T " not in open(f"/proc/{pid}/stat").read():
            pass
        supervisor.release()
        print(pid)
    """
    done = subprocess.run([sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=True)
    os.kill(int(done.stdout), signal.SIGCONT)
    until(lambda: Path(f"/proc/{int(done.stdout)}/fd/0").readlink() == Path("/dev/null"))
    with start(["redis"]):  # meanwhile it would have ended
        assert [state.detached for state in survey(place)].count(True) == 1
    assert stop_kept(place)
