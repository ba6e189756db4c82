"""Collects what happens to customers into parts of a measurement; all times are seconds of the run."""

from toolkit.load.measurement import Measurement, Second, Series

_KINDS_OF_FAULT = 50
_OTHER = "other faults"


class Recorder:
    """Counts samples until they are taken.

    Args:
        warm_up: Customers who were due earlier than this are in the seconds only, not in the series.
    """

    def __init__(self, warm_up: float) -> None:
        self._warm_up = warm_up
        self._part = Measurement()
        self._kinds: set[str] = set()

    def came(self, due: float, now: float) -> None:
        """A customer who was due then starts now."""
        self._second(now).started += 1
        if due >= self._warm_up:
            self._part.lag.record((now - due) * 1000)

    def was_shed(self, due: float) -> None:
        """A customer who was due then was turned away."""
        self._part.shed += due >= self._warm_up

    def answered(self, request: str, arrival: float, times: tuple[float, float, float], fault: str) -> None:
        """A request ended.

        Args:
            request: Its kind.
            arrival: When its customer was due.
            times: When it was due, was sent, and ended.
            fault: Why it failed; empty when it did not.
        """
        due, _, ended = times
        self._second(due).response.record((ended - due) * 1000)
        self._sample(self._part.requests, request, arrival, times, fault)

    def left(self, journey: str, times: tuple[float, float, float], fault: str) -> None:
        """A customer who was due, came and left at these times is through with a journey."""
        second = self._second(times[2])
        second.completed += not fault
        second.failed += bool(fault)
        self._sample(self._part.journeys, journey, times[0], times, fault)
        if fault:
            self._count(fault)

    def take(self) -> Measurement:
        """Hand over what was collected since the last time."""
        part, self._part = self._part, Measurement()
        return part

    def _sample(
        self,
        series: dict[str, Series],
        name: str,
        arrival: float,
        times: tuple[float, float, float],
        fault: str,
    ) -> None:
        due, sent, ended = times
        if arrival >= self._warm_up:
            one = series.setdefault(name, Series())
            one.record((ended - due) * 1000, (ended - sent) * 1000, failed=bool(fault))

    def _second(self, now: float) -> Second:
        return self._part.seconds.setdefault(int(now), Second())

    def _count(self, fault: str) -> None:
        known = fault in self._kinds or len(self._kinds) < _KINDS_OF_FAULT
        kind = fault if known else _OTHER
        self._kinds.add(kind)
        self._part.faults[kind] = self._part.faults.get(kind, 0) + 1
