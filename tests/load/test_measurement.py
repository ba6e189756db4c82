"""Parts of a run add up to the whole."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from toolkit.load.measurement import Measurement
from toolkit.load.recorder import Recorder

SECONDS = st.floats(0, 5).map(lambda value: round(value, 3))
EVENTS = st.lists(st.tuples(SECONDS, SECONDS, st.sampled_from(["", "HTTP 500"])), max_size=20)


def _record(events: list[tuple[float, float, str]], recorder: Recorder) -> Measurement:
    for due, length, fault in events:
        times = (due, due + length / 4, due + length)
        recorder.came(due, times[1])
        recorder.answered("GET /", due, times, fault)
        recorder.left("visit", times, fault)
        if fault:
            recorder.was_shed(due)
    return recorder.take()


@given(EVENTS, EVENTS)
def test_two_parts_added_are_what_one_recorder_would_have_collected(
    one: list[tuple[float, float, str]], other: list[tuple[float, float, str]]
) -> None:
    whole = _record(one + other, Recorder(1))
    recorder, added = Recorder(1), Measurement()
    for events in (one, other):
        part = msgspec.json.encode(_record(events, recorder))
        added.add(msgspec.json.decode(part, type=Measurement))
    for series in (*whole.requests.values(), *whole.journeys.values(), *added.requests.values()):
        series.response.total = series.service.total = 0  # the order of addition shows in the last digit
    for series in added.journeys.values():
        series.response.total = series.service.total = 0
    for second in (*whole.seconds.values(), *added.seconds.values()):
        second.response.total = 0
    whole.lag.total = added.lag.total = 0
    assert added == whole


def test_how_it_ended_is_remembered_whatever_comes_after() -> None:
    whole = Measurement()
    whole.add(Measurement(ended="done", cpu=1, elapsed=2))
    whole.add(Measurement(cpu=1, elapsed=2))
    assert (whole.ended, whole.cpu, whole.elapsed) == ("done", 2, 4)
