"""What a tenant does by itself as its time passes."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from tests.zuora.conftest import subscribed
from toolkit.clock import Clock
from toolkit.errors import ToolkitError
from toolkit.zuora import agenda
from toolkit.zuora.dues import day_of, due
from toolkit.zuora.state import archive
from toolkit.zuora.state.world import Change, empty
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.client import Client
    from toolkit.zuora.state.tables import Table


def renewing(creation: dict[str, Any]) -> dict[str, Any]:
    return {**creation, "terms": {**creation["terms"], "autoRenew": True}}


def test_a_subscription_renews_by_itself_at_one_oclock(
    tenant: Tenant, order: "Order", creation: dict[str, Any]
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    clock = Clock(tenant.world.now)
    clock.join(tenant)
    latest = tenant.world.subscriptions
    number = next(one.number for one in latest.latest() if one.start == date(2026, 1, 1))
    zone = tenant.world.zone
    clock.advance_to(datetime(2027, 1, 1, 0, 59, tzinfo=zone))
    assert tenant.world.subscriptions.find(number).version == 1
    clock.advance_to(datetime(2027, 1, 1, 1, tzinfo=zone))
    renewed = tenant.world.subscriptions.find(number)
    assert (renewed.version, renewed.term_start, renewed.term_end) == (2, date(2027, 1, 1), date(2028, 1, 1))
    former = tenant.world.subscriptions.find(renewed.previous_id or "")
    assert former.status == "Expired"
    assert renewed.updated == datetime(2027, 1, 1, 1, tzinfo=zone)


def test_years_pass_in_one_step_as_in_many(tenant: Tenant, order: "Order", creation: dict[str, Any]) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    stepwise = tenant.fork()
    clock = Clock(stepwise.world.now)
    clock.join(stepwise)
    for _ in range(12):
        clock.advance("P3M")
    tenant.advance_to(clock.now)
    assert tenant.world == stepwise.world


def test_renewals_of_many_subscriptions_run_in_order_of_time(
    tenant: Tenant, order: "Order", creation: dict[str, Any]
) -> None:
    monthly = {**renewing(creation)["terms"], "renewalTerms": [{"period": 1, "periodType": "Month"}]}
    order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    order("CreateSubscription", "2026-01-02", createSubscription={**creation, "terms": monthly})
    stepwise = tenant.fork()
    clock = Clock(stepwise.world.now)
    clock.join(stepwise)
    clock.advance("P3Y")
    tenant.advance_to(clock.now)
    assert tenant.world == stepwise.world


def test_a_clock_that_lags_behind_does_not_take_the_tenant_back(client: "Client", tenant: Tenant) -> None:
    clock = Clock(tenant.world.now.astimezone(tenant.world.zone))
    clock.join(tenant)
    client.advance("P2M")
    clock.advance("P1M")
    assert client.now() == "2026-03-01T00:00:00-08:00"
    clock.advance("P2M")
    assert client.now() == "2026-04-01T00:00:00-07:00"


def test_a_world_begins_on_a_later_day_with_what_fell_due_until_then(
    tenant: Tenant, order: "Order", creation: dict[str, Any]
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    world = agenda.begin(tenant.world, date(2029, 7, 1))
    assert world.now.isoformat() == "2029-07-01T00:00:00-07:00"
    tenant.advance_to(world.now)
    assert world == tenant.world
    assert agenda.begin(world, world.today) == world


def test_a_world_does_not_begin_before_its_own_first_day(tenant: Tenant) -> None:
    with pytest.raises(
        ToolkitError, match="cannot start on 2025-12-31, before its own first day, 2026-01-01"
    ):
        agenda.begin(tenant.world, date(2025, 12, 31))


def test_a_world_does_not_begin_after_the_last_year(tenant: Tenant) -> None:
    with pytest.raises(ToolkitError, match="cannot start on 9999-12-31: .* before the year 10000"):
        agenda.begin(tenant.world, date(9999, 12, 31))


def test_nothing_is_planned_without_automatic_renewal(tenant: Tenant, subscription: str) -> None:
    tenant.advance_to(datetime(2030, 1, 1, tzinfo=tenant.world.zone))
    assert tenant.world.subscriptions.find(subscription).version == 1


def test_a_tenant_without_subscriptions_plans_nothing() -> None:
    assert Tenant(empty()).next_due() is None


def test_the_clock_moves_over_http_by_a_span_or_to_a_day(call: "Caller") -> None:
    assert call("GET", "/__toolkit/clock").body == {
        "now": "2026-01-01T00:00:00-08:00",
        "zone": "America/Los_Angeles",
    }
    assert call("POST", "/__toolkit/clock", {"advance": "P1M"}).body["now"] == "2026-02-01T00:00:00-08:00"
    assert call("POST", "/__toolkit/clock", {"to": "2026-07-01"}).body["now"] == "2026-07-01T00:00:00-07:00"
    answer = call("POST", "/__toolkit/clock", {"to": "2026-07-02T12:00:00+00:00"})
    assert answer.body["now"] == "2026-07-02T05:00:00-07:00"


def test_time_moves_through_the_hour_that_comes_twice(call: "Caller") -> None:
    call("POST", "/__toolkit/clock", {"to": "2026-11-01T01:30:00-07:00"})
    assert call("POST", "/__toolkit/clock", {"advance": "PT45M"}).body["now"] == "2026-11-01T01:15:00-08:00"
    assert call("POST", "/__toolkit/clock", {"to": "2026-11-01T01:45:00-07:00"}).body["success"] is False


def test_a_move_that_says_nothing_or_nonsense_is_refused(call: "Caller") -> None:
    assert call("POST", "/__toolkit/clock", {}).reason[1] == "'advance' may not be null"
    assert (
        "'1 month' is not an ISO 8601 duration"
        in call("POST", "/__toolkit/clock", {"advance": "1 month"}).reason[1]
    )
    assert call("POST", "/__toolkit/clock", {"advance": "P9999Y"}).body["success"] is False
    assert call("POST", "/__toolkit/clock", {"to": "tomorrow"}).body["success"] is False


def test_the_client_moves_the_clock_and_reads_it(client: "Client") -> None:
    assert client.advance("P1D") == client.now() == "2026-01-02T00:00:00-08:00"


def due_days(table: "Table[Any]", zone: ZoneInfo) -> dict[str, set[str]]:
    """Return what the index of a table should hold, by a look at each of its records."""
    found: dict[str, set[str]] = {}
    for row in table.latest():
        day = day_of(due(row, zone), zone)
        if day is not None:
            found.setdefault(day, set()).add(row.number)
    return found


def test_tables_know_on_which_day_work_falls_due(
    tenant: Tenant, client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    made = order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    schedule = {"repeatFrom": "2026-02-01", "repeatType": "Monthly", "runTime": 6}
    client.post("/v1/bill-runs", {"schedule": schedule})
    client.post("/v1/bill-runs", {"schedule": {**schedule, "repeatFrom": "2026-01-15"}})
    number = subscribed(made)
    worlds = [tenant.world]
    client.put(f"/v1/subscriptions/{number}", {"autoRenew": False})
    worlds.append(tenant.world)
    client.put("/v1/bill-runs/BR-00000001/cancel", {"cancelOnce": False})
    client.delete("/v1/bill-runs/BR-00000001")
    worlds.append(tenant.world)
    client.advance("P14M")
    worlds.append(tenant.world)
    change = Change(tenant.world)
    change.drop(tenant.world.subscriptions.find(number))
    for row in list(tenant.world.bill_runs.latest()):
        change.drop(row)
    worlds.append(change.world)
    worlds += [archive.read(b"".join(archive.write(world))).world for world in worlds]
    for world in worlds:
        for table in (world.subscriptions, world.bill_runs):
            assert {day: set(numbers) for day, numbers in table.due.items()} == due_days(table, world.zone)
    assert any(worlds[0].bill_runs.due.values())
    assert not worlds[4].bill_runs.due


def test_a_day_on_which_nothing_falls_due_reads_no_archived_record(
    tenant: Tenant, client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    lines = b"".join(archive.write(tenant.world)).splitlines()
    spoilt = [b"?" * len(line) if b'"term_end"' in line else line for line in lines]
    read = Tenant(archive.read(b"\n".join((*spoilt, b""))).world)
    assert tenant.world.subscriptions.due
    read.advance_to(tenant.world.now + timedelta(days=20))
    with pytest.raises(ValueError, match="malformed"):
        read.advance_to(tenant.world.now + timedelta(days=800))
    assert client.now() == "2026-01-01T00:00:00-08:00"


def test_what_something_else_has_done_is_not_done_again(
    tenant: Tenant, client: "Client", order: "Order", creation: dict[str, Any]
) -> None:
    """A bill run at midnight renews what would have renewed by itself at one."""
    made = order("CreateSubscription", "2026-01-01", createSubscription=renewing(creation))
    number = subscribed(made)
    schedule = {"repeatFrom": "2027-01-01", "repeatType": "None", "runTime": 0}
    client.post("/v1/bill-runs", {"schedule": schedule, "autoRenewal": True})
    client.advance("P12M1D")
    renewed = tenant.world.subscriptions.find(number)
    assert (renewed.version, renewed.updated.hour) == (2, 0)
