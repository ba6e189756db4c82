"""Customers come on schedule whatever becomes of those before, and every one of them is accounted for."""

import contextlib
import threading
import time
from collections.abc import Callable
from random import Random

import pytest

from toolkit.load.client import Answer, Client, Outgoing, Send
from toolkit.load.drive import Cast, Scheduler, drive
from toolkit.load.journey import Journey
from toolkit.load.measurement import Measurement
from toolkit.load.profile import Profile
from toolkit.load.recorder import Recorder

FINE = Answer(200, b"{}")
Run = Callable[[Client, object, Random], None]


class StoppedError(BaseException):
    """What a scheduler ends work with, as gevent does with GreenletExit."""


class Threads:
    """A scheduler in real time; whoever waits through it can be stopped."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._threads: list[threading.Thread] = []
        self.stopped = threading.Event()

    def now(self) -> float:
        return time.perf_counter() - self._began

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def spawn(self, work: Callable[[], None]) -> None:
        def run() -> None:
            with contextlib.suppress(StoppedError):
                work()

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self._threads:
            thread.join()


class Paper:
    """A scheduler on paper: time passes only where somebody spends it, and sleep may last too long."""

    def __init__(self, oversleep: float = 0.0) -> None:
        self._now = 0.0
        self._oversleep = oversleep

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds + self._oversleep

    def spawn(self, work: Callable[[], None]) -> None:
        work()

    def stop(self) -> None:
        """Nothing goes on beside the caller."""


def _profile(rate: float = 10, seconds: float = 1, **more: float) -> Profile:
    words = {"warm_up": 0.0, "drain": 0.0, "in_flight": 500, **more}
    return Profile(
        summary="A test.",
        journeys={"visit": rate},
        objectives=("errors < 1 %",),
        seconds=seconds,
        pattern="uniform",
        warm_up=words["warm_up"],
        drain=words["drain"],
        in_flight=int(words["in_flight"]),
    )


def _ask(client: Client, _state: object, _random: Random) -> None:
    client.get("/")


def _drive(profile: Profile, scheduler: Scheduler, send: Send, run: Run = _ask) -> Measurement:
    recorder = Recorder(profile.warm_up)
    journey = Journey("Visit.", lambda _client, _today: None, run)
    drive(profile, Cast({"visit": (journey, None)}, send, {}), scheduler, recorder)
    return recorder.take()


def test_nobody_waits_for_those_before() -> None:
    """All twenty must be under way at once before the first is answered: a closed loop would never end."""
    everybody = threading.Barrier(20)

    def send(_: Outgoing) -> Answer:
        everybody.wait(timeout=30)
        return FINE

    measured = _drive(_profile(rate=40, seconds=0.5, drain=30), Threads(), send)
    assert (measured.journeys["visit"].response.count, measured.journeys["visit"].failed) == (20, 0)


def test_a_stall_is_in_the_response_time_of_everyone_whom_it_keeps_waiting() -> None:
    """On paper the visits are served one after the other, as by a service with one worker."""
    paper = Paper()
    stalls = [1.0, *[0.0] * 9]

    def send(_: Outgoing) -> Answer:
        paper.sleep(stalls.pop(0))
        return FINE

    series = _drive(_profile(), paper, send).requests["GET /"]
    assert series.response.percentile(50) == pytest.approx(500, rel=0.05)
    assert series.service.percentile(50) < 0.01  # what a closed loop would have seen


def test_a_further_request_is_due_when_its_predecessor_was_answered() -> None:
    paper = Paper()

    def send(_: Outgoing) -> Answer:
        paper.sleep(0.25)
        return FINE

    def twice(client: Client, _state: object, _random: Random) -> None:
        client.get("/one")
        client.get("/two")

    measured = _drive(_profile(rate=1), paper, send, twice)
    assert measured.requests["GET /two"].response.largest == pytest.approx(250)
    assert measured.journeys["visit"].response.largest == pytest.approx(500)


def test_one_too_many_under_way_is_shed_and_counted() -> None:
    threads = Threads()

    def send(_: Outgoing) -> Answer:
        threads.stopped.wait()
        return FINE

    measured = _drive(_profile(rate=40, seconds=0.5, in_flight=3), threads, send)
    assert (measured.shed, measured.lag.count) == (17, 3)


def test_who_is_not_through_in_time_has_failed() -> None:
    threads = Threads()

    def send(_: Outgoing) -> Answer:
        threads.stopped.wait()
        raise StoppedError

    measured = _drive(_profile(rate=40, seconds=0.1), threads, send)
    assert measured.faults == {"not finished in time": 4}
    assert (measured.requests["GET /"].failed, measured.journeys["visit"].failed) == (4, 4)
    assert sum(second.failed for second in measured.seconds.values()) == 4


def test_a_generator_that_oversleeps_is_late() -> None:
    measured = _drive(_profile(), Paper(oversleep=0.05), lambda _: FINE)
    assert measured.lag.percentile(50) == pytest.approx(50, rel=0.01)


def test_the_warm_up_is_sent_but_not_counted() -> None:
    sent: list[Outgoing] = []

    def send(outgoing: Outgoing) -> Answer:
        sent.append(outgoing)
        return FINE

    measured = _drive(_profile(rate=10, seconds=2, warm_up=1), Paper(), send)
    assert (len(sent), measured.requests["GET /"].response.count, measured.lag.count) == (30, 20, 20)
    assert sum(second.started for second in measured.seconds.values()) == 30


def test_a_refusal_and_a_fault_of_the_journey_are_failed_customers_and_not_the_end() -> None:
    answers = [Answer(500), FINE, FINE]

    def run(client: Client, _state: object, _random: Random) -> None:
        raise KeyError(client.get("/").get("orderNumber"))

    measured = _drive(_profile(rate=3), Paper(), lambda _: answers.pop(0), run)
    assert measured.faults == {"GET /: HTTP 500": 1, "visit: KeyError: None": 2}
    assert (measured.requests["GET /"].failed, measured.journeys["visit"].failed) == (1, 3)


def test_every_customer_has_luck_of_their_own_and_the_same_in_each_run() -> None:
    def drawn() -> list[float]:
        luck: list[float] = []
        _drive(_profile(rate=5), Paper(), lambda _: FINE, lambda _c, _s, random: luck.append(random.random()))
        return luck

    assert drawn() == drawn()
    assert len(set(drawn())) == 5


def test_kinds_of_fault_are_counted_up_to_a_limit() -> None:
    def run(client: Client, _state: object, random: Random) -> None:
        client.get("/")
        raise ValueError(random.random())

    measured = _drive(_profile(rate=80), Paper(), lambda _: FINE, run)
    assert len(measured.faults) == 51
    assert measured.faults["other faults"] == 30
