"""Days and moments of Export ZOQL, by the examples of Zuora's documentation."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import read as read_query
from toolkit.zuora.query.moments import Day, read
from toolkit.zuora.query.selecting import select
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

PACIFIC = ZoneInfo("America/Los_Angeles")
SIX = World(zone=PACIFIC).at(datetime(2026, 1, 15, 18, tzinfo=PACIFIC))
SPRING = World(zone=PACIFIC).at(datetime(2026, 3, 8, 18, tzinfo=PACIFIC))
"""The evening of the day on which the clocks went forward."""


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019-11-05T08:15:30-05:00", "2019-11-05T13:15:30Z"),
        ("2019-11-05T13:15:30Z", "2019-11-05T13:15:30Z"),
        ("2019-11-05T13:15:30", "2019-11-05T21:15:30Z"),
        ("2019-11-05 13:15:30", "2019-11-05T21:15:30Z"),
        ("2019-11-05T13:15:30 (+00:00)", "2019-11-05T13:15:30Z"),
        ("now", "2026-01-16T02:00:00Z"),
        ("now - 1 day", "2026-01-15T02:00:00Z"),
        ("NOW + 90 minutes", "2026-01-16T03:30:00Z"),
        ("now-1 second (America/New_York)", "2026-01-16T01:59:59Z"),
    ],
)
def test_a_moment_is_written_by_its_zone_or_from_now_on(written: str, moment: str) -> None:
    assert read(written, SIX) == datetime.fromisoformat(moment)


def test_a_day_ago_is_the_same_hour_where_clocks_changed() -> None:
    """Source: Zuora: it could include the previous 23 hours."""
    assert (
        read("now - 1 day", SPRING) == read("now - 23 hours", SPRING) == datetime(2026, 3, 8, 2, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("written", "day", "zone"),
    [
        ("2011-02-01", date(2011, 2, 1), PACIFIC),
        ("2008-09-12Z", date(2008, 9, 12), UTC),
        ("today", date(2026, 1, 15), PACIFIC),
        ("today - 30 days", date(2025, 12, 16), PACIFIC),
        ("today + 1 week", date(2026, 1, 22), PACIFIC),
        ("today + 1 month", date(2026, 2, 15), PACIFIC),
        ("today - 1 year", date(2025, 1, 15), PACIFIC),
        ("today - 1 hour", date(2026, 1, 14), PACIFIC),
        ("today - 30 days (America/Los_Angeles)", date(2025, 12, 16), PACIFIC),
        ("today - 30 days (Los Angeles)", date(2025, 12, 16), PACIFIC),
    ],
)
def test_a_day_is_written_as_such_or_from_today_on(written: str, day: date, zone: ZoneInfo) -> None:
    assert read(written, SIX) == Day(day, zone)


def test_today_is_another_day_elsewhere() -> None:
    """Source: Zuora: midnight comes at different times depending on the time zone."""
    found = read("today (+09:00)", SIX)
    assert isinstance(found, Day)
    assert found.day == date(2026, 1, 16)


@pytest.mark.parametrize(
    "written", ["yesterday", "today - 1", "today (Nowhere)", "now - 999999 years", "today (+x)", "2026-02-30"]
)
def test_what_is_no_moment_is_refused(full: Tenant, written: str) -> None:
    query = f"select Id from Account where CreatedDate = '{written}'"  # noqa: S608 - this is no SQL
    with pytest.raises(Fault) as fault:
        select(full.world, read_query(query, export=True))
    assert (fault.value.code, written in fault.value.message) == ("INVALID_VALUE", True)


def count(tenant: Tenant, where: str) -> int:
    query = f"select Id from Account where {where}"  # noqa: S608 - this is no SQL
    return len(select(tenant.world, read_query(query, export=True)).rows)


@pytest.mark.parametrize(
    ("condition", "found"),
    [("=", 4), ("<=", 4), (">=", 4), (">", 0), ("<", 0), ("!=", 0)],
)
def test_a_day_is_all_of_its_moments(full: Tenant, condition: str, found: int) -> None:
    """Source: Zuora, compare datetimes with dates."""
    tenant = full.fork()
    assert count(tenant, "CreatedDate > '2025-12-31T23:59:59'") == 4
    tenant.world = tenant.world.at(tenant.world.now.replace(hour=20))
    assert count(tenant, f"CreatedDate {condition} '2026-01-01'") == found
    assert count(tenant, f"CreatedDate {condition} 'today'") == found


def test_dates_are_compared_with_days_and_with_the_days_of_moments(traded: Tenant) -> None:
    def invoices(where: str) -> int:
        query = f"select Id from Invoice where {where}"  # noqa: S608 - this is no SQL
        return len(select(traded.world, read_query(query, export=True)).rows)

    every = invoices("InvoiceDate != null")
    assert every
    assert invoices("InvoiceDate >= 'today - 1 year' and InvoiceDate < 'today + 1 year'") == every
    assert invoices("InvoiceDate < 'now - 1 year'") == 0


def test_zoql_itself_knows_moments_and_first_ones_of_days(full: Tenant) -> None:
    """Source: Zuora: these features are not supported in standard ZOQL."""
    with pytest.raises(Fault):
        select(full.world, read_query("select Id from Account where CreatedDate >= 'today'"))
    assert select(full.world, read_query("select Id from Account where CreatedDate >= '2026-01-01'")).rows
