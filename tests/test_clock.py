"""Time stands still until it is told to move, and what is due on the way happens in order."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clock import Clock, Span, add_months, days_in_month
from toolkit.errors import ToolkitError

PACIFIC = ZoneInfo("America/Los_Angeles")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class Repeating:
    """A part with work due every `step`, which notes what it did and when."""

    def __init__(
        self, name: str, first: datetime, step: timedelta, notes: list[tuple[str, datetime]]
    ) -> None:
        self.name, self.due, self.step, self.notes = name, first, step, notes

    def next_due(self) -> datetime:
        return self.due

    def advance_to(self, instant: datetime) -> None:
        while self.due <= instant:
            self.notes.append((self.name, self.due))
            self.due += self.step


class Idle:
    """A part that has nothing planned and remembers where it was taken."""

    def __init__(self) -> None:
        self.seen: list[datetime] = []

    def next_due(self) -> None:
        return None

    def advance_to(self, instant: datetime) -> None:
        self.seen.append(instant)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_date_moves_by_whole_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)), st.integers(-1200, 1200))
def test_months_move_as_the_calendar_counts_them(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == min(start.day, days_in_month(end))


@pytest.mark.parametrize("months", [12, 10**30, -120_000])
def test_no_month_lies_beyond_the_calendar(months: int) -> None:
    with pytest.raises(OverflowError, match=f"There is no day {months} months after 9999-01-31"):
        add_months(date(9999, 1, 31), months)


@given(st.dates(max_value=date(9999, 11, 30)))
def test_a_month_has_as_many_days_as_lie_before_the_next(day: date) -> None:
    first = day.replace(day=1)
    assert days_in_month(day) == (add_months(first, 1) - first).days


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P1M", Span(months=1)),
        ("P1Y2M10D", Span(months=14, days=10)),
        ("P2W", Span(days=14)),
        ("PT30M", Span(seconds=1800)),
        ("P1DT2H3M4S", Span(days=1, seconds=7384)),
        ("P0D", Span()),
    ],
)
def test_a_span_is_read_from_iso_8601(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1M", "P1.5M", "-P1M", "p1m", "P1DT", "P1M ", "P1D1M", "P\u0661M"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ToolkitError, match="is not an ISO 8601 duration. Write P1M"):
        Span.parse(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P1M", "2026-01-31T18:30:00-08:00", "2026-02-28T18:30:00-08:00"),
        ("P1M1D", "2026-01-31T00:00:00-08:00", "2026-03-01T00:00:00-08:00"),
        ("P1D", "2026-03-07T12:00:00-08:00", "2026-03-08T12:00:00-07:00"),
        ("PT24H", "2026-03-07T12:00:00-08:00", "2026-03-08T13:00:00-07:00"),
        ("PT1H", "2026-11-01T01:30:00-07:00", "2026-11-01T01:30:00-08:00"),
        ("P1D", "2026-03-07T02:30:00-08:00", "2026-03-08T03:30:00-07:00"),
    ],
)
def test_days_keep_the_time_of_day_and_seconds_pass(text: str, start: str, end: str) -> None:
    moved = Span.parse(text).after(datetime.fromisoformat(start).astimezone(PACIFIC))
    assert moved.isoformat() == end


@pytest.mark.parametrize(
    "text", ["P9000Y", "P99999999999999M", "P4000000D", "P99999999999999999D", "PT999999999999999S"]
)
def test_a_span_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ToolkitError, match="There is no moment .* Choose a shorter span"):
        Span.parse(text).after(NEW_YEAR)


def test_time_stands_still() -> None:
    clock = Clock(NEW_YEAR)
    assert clock.now == clock.now == NEW_YEAR


def test_a_clock_may_start_where_the_wall_clock_is() -> None:
    before = datetime.now(UTC)
    clock = Clock.from_wall()
    assert before <= clock.now <= datetime.now(UTC)
    assert Clock.from_wall(lambda: NEW_YEAR).now == NEW_YEAR


def test_time_moves_by_a_written_or_a_made_span() -> None:
    clock = Clock(NEW_YEAR)
    assert clock.advance("P1M") == datetime(2026, 2, 1, tzinfo=UTC)
    assert clock.advance(Span(days=1)) == datetime(2026, 2, 2, tzinfo=UTC)
    assert clock.now == datetime(2026, 2, 2, tzinfo=UTC)


def test_a_part_is_brought_to_the_present_when_it_joins() -> None:
    part = Idle()
    Clock(NEW_YEAR).join(part)
    assert part.seen == [NEW_YEAR]


def test_time_stops_at_each_moment_at_which_work_is_due() -> None:
    clock, watcher = Clock(NEW_YEAR), Idle()
    clock.join(watcher)
    clock.join(Repeating("daily", NEW_YEAR + timedelta(hours=6), timedelta(days=1), []))
    clock.advance("P2D")
    assert [seen.isoformat() for seen in watcher.seen[1:]] == [
        "2026-01-01T06:00:00+00:00",
        "2026-01-02T06:00:00+00:00",
        "2026-01-03T00:00:00+00:00",
    ]


def test_parts_due_at_one_moment_work_in_the_order_in_which_they_joined() -> None:
    clock, notes = Clock(NEW_YEAR), list[tuple[str, datetime]]()
    noon = NEW_YEAR + timedelta(hours=12)
    for name in ("zuora", "customersdot", "mail"):
        clock.join(Repeating(name, noon, timedelta(days=9), notes))
    clock.advance("P1D")
    assert notes == [("zuora", noon), ("customersdot", noon), ("mail", noon)]


@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=5),
    st.lists(st.integers(0, 300), min_size=1, max_size=5),
)
def test_many_small_moves_do_what_one_large_move_does(steps: list[int], moves: list[int]) -> None:
    def work(parts: list[int]) -> list[tuple[str, datetime]]:
        clock, notes = Clock(NEW_YEAR), list[tuple[str, datetime]]()
        for step in steps:
            length = timedelta(minutes=step)
            clock.join(Repeating(str(step), NEW_YEAR + length, length, notes))
        for minutes in parts:
            clock.advance(Span(seconds=minutes * 60))
        return notes

    assert work(moves) == work([sum(moves)])


def test_the_repeated_hour_of_autumn_passes_twice() -> None:
    clock = Clock(datetime(2026, 11, 1, 1, 30, tzinfo=PACIFIC))
    assert clock.advance("PT1H").isoformat() == "2026-11-01T01:30:00-08:00"
    assert clock.advance("PT1H").isoformat() == "2026-11-01T02:30:00-08:00"


def test_a_clock_keeps_the_zone_of_its_start() -> None:
    clock = Clock(datetime(2026, 1, 30, 18, tzinfo=PACIFIC))
    clock.join(Repeating("utc", datetime(2026, 2, 1, 2, tzinfo=UTC), timedelta(days=99), []))
    clock.advance_to(datetime(2026, 2, 1, 2, tzinfo=UTC))
    assert clock.now.isoformat() == "2026-01-31T18:00:00-08:00"
    assert clock.advance("P1M").isoformat() == "2026-02-28T18:00:00-08:00"


def test_moving_to_the_present_changes_nothing() -> None:
    clock, part = Clock(NEW_YEAR), Idle()
    clock.join(part)
    assert clock.advance_to(NEW_YEAR) == NEW_YEAR
    assert part.seen == [NEW_YEAR]


def test_time_does_not_go_back() -> None:
    clock = Clock(NEW_YEAR)
    with pytest.raises(ToolkitError, match="cannot go back to 2025-12-31T00:00:00.00:00. Restore a snapshot"):
        clock.advance_to(datetime(2025, 12, 31, tzinfo=UTC))
    assert clock.now == NEW_YEAR


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the fault under test
    with pytest.raises(ToolkitError, match="cannot start at 2026-01-01T00:00:00. Give it a time zone"):
        Clock(naive)
    with pytest.raises(ToolkitError, match="cannot move to 2026-01-01T00:00:00. Give it a time zone"):
        Clock(NEW_YEAR).advance_to(naive)
