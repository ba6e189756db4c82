"""An environment as a library: its lifetime, its faults and what it tells its caller."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toolkit.environment import Timing, start
from toolkit.environment.runs import Place, living
from toolkit.errors import ToolkitError, UsageError

WEB = "SERVICE = Service('stub', ({name!r},), web, web_answers)"
A, B = (WEB.format(name=name) for name in "ab")

Room = Callable[..., str]
Alive = Callable[[], set[int]]
Until = Callable[[Callable[[], object]], None]


def test_leaving_the_with_leaves_nothing(room: Room, place: Place, alive: Alive) -> None:
    with start(room=room(a=A)) as running:
        data = Path(living(place)[0].scratch)
        assert len(alive()) == 2
        assert data.is_dir()
    assert alive() == set()
    assert not data.exists()
    assert not running.directory.exists()
    assert list(place.runs.iterdir()) == []


def test_stopping_twice_is_stopping_once(room: Room) -> None:
    running = start(room=room(a=A))
    running.stop()
    running.stop()


def test_each_service_is_told_and_timed(room: Room) -> None:
    told: list[Timing] = []
    with start(room=room(a=A, b=B), told=told.append) as running:
        assert tuple(told) == running.timings
        assert {timing.service for timing in told} == {"a", "b"}
        assert all(0 < timing.begun < timing.ready for timing in told)


def test_each_service_has_a_log(room: Room) -> None:
    with start(room=room(a=A)) as running:
        assert "GET / HTTP" in running.logs["a"].read_text()
        assert running.logs["a"].stat().st_mode & 0o777 == 0o600


def test_everything_of_a_run_is_private(room: Room, place: Place) -> None:
    with start(room=room(a=A)):
        (record,) = living(place)
        private = [place.directory(record.run), place.logs(record.run), Path(record.scratch)]
        assert {path.stat().st_mode & 0o777 for path in private} == {0o700}


def test_a_subset_brings_what_it_needs(room: Room) -> None:
    needs_a = "SERVICE = Service('stub', ('b',), web, web_answers, needs=('a',))"
    with start(["b"], room=room(a=A, b=needs_a, c=WEB.format(name="c"))) as running:
        assert set(running.urls) == {"a", "b"}


def test_a_service_starts_after_what_it_needs_and_knows_its_url(room: Room) -> None:
    needs_a = """
        def plan(site):
            assert web_answers({"a": site.urls["a"]})
            return web(site)
        SERVICE = Service('stub', ('b',), plan, web_answers, needs=('a',))
    """
    with start(room=room(a=A, b=needs_a)) as running:
        first, second = running.timings
        assert (first.service, second.service) == ("a", "b")
        assert first.ready <= second.begun


def test_services_start_side_by_side(room: Room, tmp_path: Path) -> None:
    waits = """
        def wait():
            open({mine!r}, "w").close()
            while not os.path.exists({other!r}):
                pass
        SERVICE = Service('stub', ({name!r},), lambda site: web(site, wait), web_answers)
    """
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    one = waits.format(name="a", mine=a, other=b)
    two = waits.format(name="b", mine=b, other=a)
    with start(room=room(a=one, b=two)) as running:
        assert set(running.urls) == {"a", "b"}


@pytest.mark.usefixtures("state")
def test_a_misspelt_service_is_named_right() -> None:
    with pytest.raises(UsageError, match="There is no service 'postgress'. Did you mean 'postgres'?"):
        start(["postgress"])


def test_a_service_that_dies_while_starting_says_why(room: Room, alive: Alive) -> None:
    dies = """
        words = (sys.executable, "-c", "print('the disk is on fire'); raise SystemExit(7)")
        launch = partial(lifeline.become, *words)
        SERVICE = Service('stub', ('dies',), lambda site: Plan({}, launch), lambda urls: False)
    """
    silent = "SERVICE = Service('stub', ('a',), web, lambda urls: False)"
    with pytest.raises(ToolkitError, match=r"dies did not start \(exit code 7\): the disk is on fire"):
        start(room=room(dies=dies, a=silent))
    assert alive() == set()


def test_a_service_that_cannot_be_prepared_says_why(room: Room) -> None:
    source = """
        def launch():
            raise ToolkitError("The moon is full.", "Wait.")
        SERVICE = Service('stub', ('a',), lambda site: Plan({}, launch), lambda urls: False)
    """
    with pytest.raises(ToolkitError, match=r"a did not start \(exit code 1\): The moon is full. Wait."):
        start(room=room(a=source))


def test_a_bug_in_a_launch_shows_its_last_lines(room: Room) -> None:
    source = "SERVICE = Service('stub', ('a',), lambda site: Plan({}, lambda: 1 / 0), lambda urls: False)"
    with pytest.raises(ToolkitError, match="ZeroDivisionError: division by zero"):
        start(room=room(a=source))


def test_a_service_that_never_answers_is_given_up(room: Room, alive: Alive) -> None:
    silent = "SERVICE = Service('stub', ('a',), web, lambda urls: False, patience=0.2)"
    with pytest.raises(ToolkitError, match=r"a did not start \(no answer within 0.2 s\)"):
        start(room=room(a=silent))
    assert alive() == set()


def test_a_bug_in_a_plan_is_shown_with_its_traceback(room: Room) -> None:
    source = "SERVICE = Service('stub', ('a',), lambda site: 1 / 0, web_answers)"
    with pytest.raises(RuntimeError, match="ZeroDivisionError: division by zero"):
        start(room=room(a=source))


def test_a_taken_port_is_one_sentence(room: Room, alive: Alive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ToolkitError, match=f"^Port {port} on 127.0.0.1 is taken. Stop what uses it"):
            start(room=room(a=A), ports={"a": port})
    assert alive() == set()


def test_a_wished_port_is_used(room: Room) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with start(room=room(a=A), ports={"a": port}) as running:
        assert running.urls == {"a": f"http://127.0.0.1:{port}"}


def test_a_world_reaches_the_service(room: Room) -> None:
    source = """
        def plan(site):
            raise ToolkitError(f"The world is {site.world}.")
        SERVICE = Service('stub', ('a',), plan, web_answers)
    """
    with pytest.raises(ToolkitError, match="The world is flat."):
        start(room=room(a=source), world="flat")


def test_a_service_without_its_wheel_comes_from_a_container(room: Room) -> None:
    source = """
        def absent(site):
            raise NotInstalledError("No wheel.")
        SERVICE = Service('stub', ('a',), absent, web_answers, container=web)
    """
    with start(room=room(a=source)) as running:
        assert running.timings[0].source == "container"


def test_a_service_without_wheel_or_container_says_so(room: Room) -> None:
    source = """
        def absent(site):
            raise NotInstalledError("No wheel.", "Install it.")
        SERVICE = Service('stub', ('a',), absent, web_answers)
    """
    with pytest.raises(ToolkitError, match=r"^No wheel\. Install it\.$"):
        start(room=room(a=source))


def test_a_given_service_is_used_and_left_alone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    stubs = room(a=A)
    with start(room=stubs) as theirs:
        monkeypatch.setenv("TOOLKIT_A_URL", theirs.urls["a"])
        with start(room=stubs) as ours:
            assert ours.urls == theirs.urls
            assert ours.timings[0].source == "given"
            assert ours.logs == {}
        monkeypatch.delenv("TOOLKIT_A_URL")
        socket.create_connection(("127.0.0.1", int(theirs.urls["a"].rpartition(":")[2]))).close()


def test_a_service_that_ends_later_is_reported_and_the_others_go_on(room: Room, place: Place) -> None:
    with start(room=room(a=A, b=B)) as running:
        first = living(place)[0].services[0]
        assert first.process
        os.kill(first.process.pid, signal.SIGKILL)
        fault = next(running.faults())
        assert str(fault).startswith(f"{first.name} ended with signal SIGKILL:")
        assert [entry.process.alive() for entry in living(place)[0].services if entry.process] == [
            False,
            True,
        ]


def test_a_supervisor_that_is_killed_is_reported_and_cleaned_up_after(
    room: Room, place: Place, alive: Alive, until: Until
) -> None:
    with start(room=room(a=A)) as running:
        os.kill(living(place)[0].supervisor.pid, signal.SIGKILL)
        with pytest.raises(ToolkitError, match="supervisor ended"):
            next(running.faults())
        until(lambda: not alive())
    assert list(place.runs.iterdir()) == []


def test_a_killed_caller_takes_everything_along_though_a_child_holds_its_pipes(
    room: Room, place: Place, alive: Alive, until: Until
) -> None:
    script = (
        "import os, sys, time; from toolkit.environment import start; running = start(room=sys.argv[1])\n"
        "if os.fork() == 0: time.sleep(600)\n"
        "print(os.getpid(), flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script, room(a=A)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as caller:
        assert caller.stdout
        assert caller.stdout.readline()
        caller.kill()
        until(lambda: len(alive()) == 1)  # the caller's own child
        (child,) = alive()
        os.kill(child, signal.SIGKILL)
    until(lambda: not list(place.runs.iterdir()))


def test_an_unwritable_state_directory_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TOOLKIT_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(ToolkitError, match="cannot be written. Set TOOLKIT_STATE to a writable directory."):
        start(["redis"])


def test_a_caller_that_gives_up_while_services_start_leaves_nothing(room: Room, alive: Alive) -> None:
    def give_up(_: Timing) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start(room=room(a=A, b=B), told=give_up)
    assert alive() == set()


def test_an_environment_outlives_the_thread_that_started_it(room: Room) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(start, room=room(a=A)).result()
    with running:
        host, port = running.urls["a"].rpartition("/")[2].split(":")
        socket.create_connection((host, int(port))).close()


def test_environments_start_at_the_same_time(room: Room, place: Place) -> None:
    stubs = room(a=A)
    with ThreadPoolExecutor(4) as threads:
        started = [threads.submit(start, room=stubs) for _ in range(4)]
        runs = [future.result() for future in started]
    assert len({running.urls["a"] for running in runs}) == 4
    assert len(living(place)) == 4
    for running in runs:
        running.stop()
    assert list(place.runs.iterdir()) == []
