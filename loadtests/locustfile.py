"""The load generator: Locust's HTTP client and event loop under the toolkit's open loop."""

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn

import gevent
import msgspec
from gevent.pool import Group
from locust import FastHttpUser, task
from locust.exception import StopUser

from toolkit.environment.lifeline import tie
from toolkit.load.client import Answer, Client, Outgoing
from toolkit.load.drive import Cast, drive
from toolkit.load.feed import VARIABLE, Feed, Plan
from toolkit.load.measurement import Measurement
from toolkit.load.profile import journeys
from toolkit.load.recorder import Recorder

if VARIABLE not in os.environ:
    raise SystemExit("This file is run by `toolkit load run PROFILE`, which passes it a plan.")
PLAN = msgspec.json.decode(os.environ[VARIABLE], type=Plan)
tie(PLAN.parent)


class Greenlets:
    """Time and simultaneity, as gevent has them."""

    def __init__(self) -> None:
        self._group = Group()
        self._began = time.perf_counter()

    def now(self) -> float:
        """Return the seconds since the run began."""
        return time.perf_counter() - self._began

    def sleep(self, seconds: float) -> None:
        """Let other greenlets run for that long."""
        gevent.sleep(seconds)

    def spawn(self, work: Callable[[], None]) -> None:
        """Start a greenlet."""
        self._group.spawn(work)

    def stop(self) -> None:
        """Kill the greenlets that still run, and wait for their last words."""
        self._group.kill()


class Customers(FastHttpUser):
    """One Locust user who sends all customers: when they come is the schedule's business, not Locust's."""

    fixed_count = 1
    concurrency = PLAN.profile.in_flight  # a smaller pool would quietly close the loop
    network_timeout = PLAN.profile.warm_up + PLAN.profile.seconds + PLAN.profile.drain

    @task
    def send_customers(self) -> NoReturn:
        """Play the whole profile and report every second, then end the test."""
        self.environment.process_exit_code = 0  # the verdict is for whoever reads the feed
        with os.fdopen(PLAN.feed, "wb") as stream:
            feed = Feed(stream)
            try:
                self._play(feed)
            except Exception as error:  # noqa: BLE001 - whoever started this shall hear of it, whatever it is
                feed.write(Measurement(ended=f"could not begin: {error}"))
        gevent.spawn(self.environment.runner.quit)
        raise StopUser

    def _play(self, feed: Feed) -> None:
        carried: dict[str, str] = {}
        known = journeys(map(Path, PLAN.journeys))
        client, today = Client(self._send, carried), date.fromisoformat(PLAN.today)
        cast = {name: (known[name], known[name].prepare(client, today)) for name in PLAN.profile.journeys}
        recorder = Recorder(PLAN.profile.warm_up)
        feed.write(Measurement())  # what was used until now was not used for load
        reporter = gevent.spawn(_report, recorder, feed)
        drive(PLAN.profile, Cast(cast, self._send, carried), Greenlets(), recorder)
        reporter.kill()
        last = recorder.take()
        last.ended = "done"
        feed.write(last)

    def _send(self, outgoing: Outgoing) -> Answer:
        body, headers = outgoing.body.decode(), dict(outgoing.headers)
        response = self.client.request(
            outgoing.method, outgoing.path, name=outgoing.name, data=body, headers=headers
        )
        fault = getattr(response, "error", None)
        return Answer(response.status_code, response.content or b"", str(fault or ""))


def _report(recorder: Recorder, feed: Feed) -> None:
    while True:
        gevent.sleep(1)
        feed.write(recorder.take())
