"""What a run measured; a part of a run is one too, and parts add up."""

import msgspec

from toolkit.load.histogram import Histogram


class Series(msgspec.Struct):
    """The samples of one journey or one kind of request.

    Attributes:
        response: Milliseconds from the intended start to the end.
        service: Milliseconds from the actual start to the end.
        failed: How many of them came to no good end.
    """

    response: Histogram = msgspec.field(default_factory=Histogram)
    service: Histogram = msgspec.field(default_factory=Histogram)
    failed: int = 0

    def record(self, response: float, service: float, *, failed: bool) -> None:
        """Count one sample."""
        self.response.record(response)
        self.service.record(service)
        self.failed += failed

    def add(self, other: "Series") -> None:
        """Count the samples of another series too."""
        self.response.add(other.response)
        self.service.add(other.service)
        self.failed += other.failed


class Second(msgspec.Struct):
    """One second of the run, warm-up included.

    Attributes:
        started: Customers who came.
        completed: Customers who came to a good end.
        failed: Customers who did not.
        response: Response times of the requests whose intended start lies in this second.
    """

    started: int = 0
    completed: int = 0
    failed: int = 0
    response: Histogram = msgspec.field(default_factory=Histogram)

    def add(self, other: "Second") -> None:
        """Count what happened in the same second elsewhere."""
        self.started += other.started
        self.completed += other.completed
        self.failed += other.failed
        self.response.add(other.response)


class Measurement(msgspec.Struct):
    """What was measured after the warm-up, and second by second.

    Attributes:
        requests: Samples by kind of request.
        journeys: Samples by journey.
        seconds: Seconds after the beginning, warm-up included.
        lag: Milliseconds from intended to actual start of each customer: how late the generator was.
        shed: Customers who were turned away by the limit on those in flight.
        faults: What went wrong, and how often, warm-up included.
        cpu: Seconds of CPU that the generator used.
        elapsed: Seconds that this part covers.
        ended: How the generator ended: empty while it runs, `done`, or words that go on after "it".
    """

    requests: dict[str, Series] = {}
    journeys: dict[str, Series] = {}
    seconds: dict[int, Second] = {}
    lag: Histogram = msgspec.field(default_factory=Histogram)
    shed: int = 0
    faults: dict[str, int] = {}
    cpu: float = 0.0
    elapsed: float = 0.0
    ended: str = ""

    def add(self, other: "Measurement") -> None:
        """Take up another part of the same run."""
        for name, series in other.requests.items():
            self.requests.setdefault(name, Series()).add(series)
        for name, series in other.journeys.items():
            self.journeys.setdefault(name, Series()).add(series)
        for number, second in other.seconds.items():
            self.seconds.setdefault(number, Second()).add(second)
        for fault, count in other.faults.items():
            self.faults[fault] = self.faults.get(fault, 0) + count
        self.lag.add(other.lag)
        self.shed += other.shed
        self.cpu += other.cpu
        self.elapsed += other.elapsed
        self.ended = other.ended or self.ended

    def all_requests(self) -> Series:
        """Put all kinds of request together."""
        return _sum(self.requests)

    def all_journeys(self) -> Series:
        """Put all journeys together."""
        return _sum(self.journeys)


def _sum(series: dict[str, Series]) -> Series:
    together = Series()
    for one in series.values():
        together.add(one)
    return together
