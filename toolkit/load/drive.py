"""Drives customers through their journeys on schedule, free of any load tool, and records what happens."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import NamedTuple, Protocol

from toolkit.load.arrivals import Arrival
from toolkit.load.client import Answer, Client, Outgoing, RefusedError, Send, fault_of
from toolkit.load.journey import Journey, State
from toolkit.load.profile import Profile
from toolkit.load.recorder import Recorder

_UNFINISHED = "not finished in time"
_GLANCE = 0.02


class Scheduler(Protocol):
    """How time passes for a generator, and how it does several things at once."""

    def now(self) -> float:
        """Return the seconds since the run began."""

    def sleep(self, seconds: float) -> None:
        """Let that much time pass for the caller only."""

    def spawn(self, work: Callable[[], None]) -> None:
        """Do the work beside the caller."""

    def stop(self) -> None:
        """End all spawned work that still goes on."""


class Cast(NamedTuple):
    """Who plays, and through what they speak.

    Attributes:
        journeys: By name, each with what it prepared.
        send: The transport.
        carried: Headers that all customers send.
    """

    journeys: Mapping[str, tuple[Journey, State]]
    send: Send
    carried: dict[str, str]


def drive(profile: Profile, cast: Cast, scheduler: Scheduler, recorder: Recorder) -> None:
    """Run a profile from its first arrival to the end of its drain.

    Every customer starts at the planned moment, whatever became of those before. Each has a journey of
    requests one after the other: the first is due when the customer is, each further one when its
    predecessor was answered.
    """
    stage = _Stage(profile, cast, scheduler, recorder)
    for arrival in profile.arrivals():
        stage.wait_until(arrival.at)
        stage.admit(arrival)
    end = profile.warm_up + profile.seconds
    stage.wait_until(end)
    while stage.in_flight and scheduler.now() < end + profile.drain:
        scheduler.sleep(_GLANCE)
    scheduler.stop()


class _Stage:
    """The customers under way."""

    def __init__(self, profile: Profile, cast: Cast, scheduler: Scheduler, recorder: Recorder) -> None:
        self._profile = profile
        self._cast = cast
        self._scheduler = scheduler
        self._recorder = recorder
        self.in_flight = 0

    def wait_until(self, moment: float) -> None:
        """Sleep, unless the moment has passed."""
        if (left := moment - self._scheduler.now()) > 0:
            self._scheduler.sleep(left)

    def admit(self, arrival: Arrival) -> None:
        """Let a customer start, or turn it away when too many are under way."""
        if self.in_flight >= self._profile.in_flight:
            self._recorder.was_shed(arrival.at)
        else:
            self.in_flight += 1
            self._scheduler.spawn(partial(self._play, arrival))

    def _play(self, arrival: Arrival) -> None:
        came, fault = self._scheduler.now(), _UNFINISHED
        self._recorder.came(arrival.at, came)
        journey, state = self._cast.journeys[arrival.journey]
        client = Client(self._timed(arrival), self._cast.carried)
        luck = Random(f"{self._profile.seed} {arrival.journey} {arrival.number}")  # noqa: S311 - repeatable
        try:
            journey.run(client, state, luck)
            fault = ""
        except RefusedError as error:
            fault = str(error)
        except Exception as error:  # noqa: BLE001 - a fault in a journey is one failed customer, not the end
            fault = f"{arrival.journey}: {type(error).__name__}: {error}"
        finally:  # also when the scheduler stops it
            self.in_flight -= 1
            self._recorder.left(arrival.journey, (arrival.at, came, self._scheduler.now()), fault)

    def _timed(self, arrival: Arrival) -> Send:
        due = arrival.at

        def send(outgoing: Outgoing) -> Answer:
            nonlocal due
            sent, fault = self._scheduler.now(), _UNFINISHED
            try:
                answer = self._cast.send(outgoing)
                fault = fault_of(answer)
            finally:
                ended = self._scheduler.now()
                self._recorder.answered(outgoing.name, arrival.at, (due, sent, ended), fault)
                due = ended
            return answer

        return send
