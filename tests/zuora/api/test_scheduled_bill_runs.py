"""Bill runs that are executed when it is time, and the runs that follow them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.clock import Clock
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state import archive
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.state.world import Change, starting
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Find, Invoices, Run
    from tests.zuora.conftest import Order

FIRST = {"repeatFrom": "2026-02-01", "repeatType": "Monthly", "runTime": 6}
KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
YEAR = Decimal(3480)  # ten seats of Premium


@pytest.fixture
def plan(client: Client) -> "Callable[..., dict[str, Any]]":
    """Plan a bill run of everybody."""

    def planned(schedule: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
        return client.post("/v1/bill-runs", {"schedule": {**FIRST, **(schedule or {})}, **more})

    return planned


def runs(tenant: Tenant) -> list[tuple[str, str, str, str]]:
    found = sorted(tenant.world.bill_runs.latest(), key=lambda run: run.number)
    return [(str(run.run_at), run.status, str(run.invoice_date), str(run.target_date)) for run in found]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            {
                "schedule": {"repeatFrom": "2024-04-25", "repeatType": "Monthly", "runTime": 0},
                "invoiceDate": "2024-04-25",
                "targetDate": None,
                "targetDateMonthOffset": 0,
                "targetDateDayOfMonth": 31,
            },
            [
                ("2024-04-25", "2024-04-25", "2024-04-30"),
                ("2024-05-25", "2024-05-25", "2024-05-31"),
                ("2024-06-25", "2024-06-25", "2024-06-30"),
            ],
        ),
        (
            {
                "schedule": {"repeatFrom": "2024-05-16", "repeatType": "Monthly", "runTime": 0},
                "invoiceDateMonthOffset": 1,
                "invoiceDateDayOfMonth": 1,
                "targetDateMonthOffset": 1,
                "targetDateDayOfMonth": 31,
            },
            [
                ("2024-05-16", "2024-06-01", "2024-06-30"),
                ("2024-06-16", "2024-07-01", "2024-07-31"),
                ("2024-07-16", "2024-08-01", "2024-08-31"),
            ],
        ),
        (
            {
                "schedule": {
                    "repeatFrom": "2024-06-30",
                    "repeatType": "Monthly",
                    "runTime": 0,
                    "monthlyOnEndOfMonth": True,
                },
                "invoiceDateMonthOffset": 1,
                "invoiceDateDayOfMonth": 1,
                "targetDateMonthOffset": 1,
                "targetDateDayOfMonth": 1,
            },
            [
                ("2024-06-30", "2024-07-01", "2024-07-01"),
                ("2024-07-31", "2024-08-01", "2024-08-01"),
                ("2024-08-31", "2024-09-01", "2024-09-01"),
            ],
        ),
    ],
    ids=["BP-052", "BP-053", "use case 3"],
)
def test_a_monthly_run_recurs_with_its_dates(
    tenant: Tenant, client: Client, said: dict[str, Any], found: list[tuple[str, ...]]
) -> None:
    """Source: Zuora, monthly scheduled bill run use cases 1 to 3, configuration through API."""
    tenant.world = starting(tenant.world, date(2024, 4, 1))
    client.post("/v1/bill-runs", said)
    client.post("/__toolkit/clock", {"to": f"{found[-1][0]}T12:00:00-07:00"})
    done = [run for run in runs(tenant) if run[1] == "Completed"]
    assert [(run[0][:10], *run[2:]) for run in done] == found
    assert [run[1] for run in runs(tenant)] == [*["Completed"] * 3, "Pending"]


@pytest.mark.usefixtures("subscription")
def test_a_scheduled_run_waits_for_its_hour_and_is_followed_by_another(
    client: Client, tenant: Tenant, plan: "Callable[..., dict[str, Any]]", account: str, invoices: "Invoices"
) -> None:
    planned = plan(autoPost=True, name="Monthly")
    assert (planned["status"], planned["scheduledExecutionTime"]) == ("Pending", "2026-02-01 06:00:00")
    assert (planned["invoiceDate"], planned["invoiceDateOffset"]) == (None, 0)
    client.post("/__toolkit/clock", {"to": "2026-02-01T05:59:59-08:00"})
    assert invoices(client, account) == []
    client.advance("PT1S")
    assert [(one["amount"], one["invoiceDate"]) for one in invoices(client, account)] == [
        (YEAR, "2026-02-01")
    ]
    done = client.get(f"/v1/bill-runs/{planned['id']}")
    assert (done["status"], done["targetDate"]) == ("Posted", "2026-02-01")
    following = client.get("/v1/bill-runs/BR-00000002")
    assert (following["name"], following["status"], following["schedule"]["repeatFrom"]) == (
        "Monthly",
        "Pending",
        "2026-03-01",
    )
    assert [one[0] for one in runs(tenant)] == ["2026-02-01 06:00:00-08:00", "2026-03-01 06:00:00-08:00"]


def test_a_run_that_does_not_repeat_is_the_only_one(
    client: Client, tenant: Tenant, plan: "Callable[..., dict[str, Any]]"
) -> None:
    plan({"repeatType": "None"})
    client.advance("P1Y")
    assert [run[1] for run in runs(tenant)] == ["Completed"]


def test_a_run_as_of_its_day_bills_accounts_of_that_day(
    client: Client,
    plan: "Callable[..., dict[str, Any]]",
    account: str,
    order: "Order",
    creation: dict[str, Any],
    invoices: "Invoices",
) -> None:
    client.put(f"/v1/accounts/{account}", {"billCycleDay": 31})
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    plan({"repeatType": "Daily", "repeatFrom": "2026-02-26"}, batches=["AllBatches"], billCycleDay="AsRunDay")
    client.post("/__toolkit/clock", {"to": "2026-02-28"})
    assert invoices(client, account) == []
    client.advance("P1D")
    assert [one["invoiceDate"] for one in invoices(client, account)] == ["2026-02-28"]


@pytest.mark.usefixtures("subscription")
def test_what_a_run_leaves_out_is_not_billed(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    shown = run_for(client, account, "2026-01-01", includeSubscriptions=False, includeOrderLineItems=False)
    assert (shown["includeSubscriptions"], shown["includeOrderLineItems"]) == (False, False)
    run_for(client, account, "2026-01-01", chargeTypeToExclude=["Recurring"])
    assert invoices(client, account) == []


def test_a_run_that_cannot_bill_is_an_error_and_is_followed_all_the_same(
    client: Client, tenant: Tenant, plan: "Callable[..., dict[str, Any]]", account: str, account_id: "Find"
) -> None:
    named = {"filterType": "Account", "accountId": account_id(client, account)}
    planned = plan(billRunFilters=[named])
    change = Change(tenant.world)
    change.drop(tenant.world.accounts.find(account))
    tenant.world = change.world
    client.advance("P1M1D")
    assert [run[1] for run in runs(tenant)] == ["Error", "Pending"]
    client.delete(f"/v1/bill-runs/{planned['id']}")
    assert [run[1] for run in runs(tenant)] == ["Pending"]


def test_a_run_is_cancelled_once_and_the_next_one_waits(
    client: Client, tenant: Tenant, plan: "Callable[..., dict[str, Any]]"
) -> None:
    """Source: Zuora, cancel a bill run, the sample: the next run has a number of its own."""
    planned = plan()
    canceled = client.put(f"/v1/bill-runs/{planned['id']}/cancel", {})
    following = canceled["nextRun"]
    assert (canceled["status"], following["status"]) == ("Canceled", "Pending")
    assert following["billRunNumber"] != planned["billRunNumber"]
    assert (following["schedule"]["repeatFrom"], following["invoiceDate"]) == ("2026-03-01", None)
    assert (following["invoiceDateOffset"], following["targetDateOffset"]) == (0, 0)
    last = client.put(f"/v1/bill-runs/{following['id']}/cancel", {"cancelOnce": False})
    assert (last["status"], "nextRun" in last) == ("Canceled", False)
    client.advance("P1Y")
    assert [run[1] for run in runs(tenant)] == ["Canceled", "Canceled"]


@pytest.mark.usefixtures("subscription")
def test_a_cancelled_run_is_deleted_with_its_invoices(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run = run_for(client, account, "2026-01-01")
    with pytest.raises(RefusedError, match="Only bill runs with Canceled or Error status can be deleted"):
        client.delete(f"/v1/bill-runs/{run['id']}")
    client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    client.delete(f"/v1/bill-runs/{run['id']}")
    assert invoices(client, account) == []
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get(f"/v1/bill-runs/{run['id']}")


def test_a_run_that_waits_can_be_changed(client: Client, plan: "Callable[..., dict[str, Any]]") -> None:
    key = f"/v1/bill-runs/{plan({'repeatFrom': '2026-01-31'}, batches=['Batch1'])['id']}"
    assert client.put(key, {"schedule": {"runTime": 7}, "name": "Seven"})["schedule"]["runTime"] == 7
    changed = client.put(
        key, {"targetDateMonthOffset": 1, "targetDateDayOfMonth": 31, "invoiceDate": "2026-02-02"}
    )
    assert (changed["name"], changed["batches"]) == ("Seven", ["Batch1"])
    assert (changed["targetDateOffset"], changed["targetDateMonthOffset"]) == (None, 1)
    assert (changed["targetDateDayOfMonth"], changed["invoiceDateOffset"]) == (31, 2)
    client.put(key, {"targetDate": None, "batches": None, "chargeTypeToExclude": None})
    following = client.put(f"{key}/cancel", {})["nextRun"]
    assert following["schedule"]["repeatFrom"] == "2026-02-28"
    key = f"/v1/bill-runs/{following['id']}"
    weekly = client.put(key, {"schedule": {"repeatType": "Weekly", "weeklyOnDay": ["Mon"]}})
    assert weekly["scheduledExecutionTime"] == "2026-03-02 07:00:00"
    assert (weekly["schedule"]["repeatFrom"], weekly["targetDateOffset"]) == ("2026-02-28", 0)
    client.advance("P3M")
    with pytest.raises(RefusedError, match="Only bill runs with Pending status can be updated"):
        client.put(key, {"name": "Late"})


def test_a_run_of_the_31st_returns_to_it_after_a_short_month(
    client: Client, tenant: Tenant, plan: "Callable[..., dict[str, Any]]"
) -> None:
    plan({"repeatFrom": "2026-01-31"})
    client.put("/v1/bill-runs/BR-00000001/cancel", {})
    client.put("/v1/bill-runs/BR-00000002", {"schedule": {"runTime": 5, "repeatTo": "2026-03-31"}})
    client.advance("P1Y")
    assert [run[0][:13] for run in runs(tenant)] == ["2026-01-31 06", "2026-02-28 05", "2026-03-31 05"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"schedule": {"repeatType": "Daily", "runTime": 0}}, "'schedule.repeatFrom' may not be null"),
        ({"schedule": {**FIRST, "runTime": 24}}, "'runTime' should be 0 to 23"),
        (
            {"schedule": {**FIRST, "repeatFrom": "2025-12-31"}},
            "The first run, 2025-12-31 06:00:00, has passed",
        ),
        (
            {
                "schedule": {**FIRST, "repeatType": "Weekly"},
                "targetDateMonthOffset": 1,
                "targetDateDayOfMonth": 1,
            },
            "only valid for monthly scheduled bill runs",
        ),
        (
            {"targetDate": "2026-01-01", "invoiceDateMonthOffset": 1},
            "only valid for monthly scheduled bill runs",
        ),
        ({"schedule": FIRST, "targetDateMonthOffset": 1}, "both an offset in months"),
        (
            {"schedule": FIRST, "targetDateMonthOffset": 300, "targetDateDayOfMonth": 1},
            "'targetDate' should be within 20 years",
        ),
        (
            {"targetDate": "2026-01-01", "billCycleDay": "AsRunDay"},
            "for a scheduled bill run, not 'AsRunDay'",
        ),
        ({"targetDate": "2026-01-01", "billCycleDay": "32"}, "not '32'"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(client: Client, said: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/bill-runs", said)


def test_at_most_500_runs_wait(plan: "Callable[..., dict[str, Any]]") -> None:
    """Source: Zuora, create a bill run, restrictions."""
    for _ in range(500):
        plan()
    with pytest.raises(RefusedError, match="There are 500 Pending bill runs already"):
        plan()


def test_filters_are_shown_as_they_were_said(
    client: Client, subscription: str, account: str, account_id: "Find"
) -> None:
    key = account_id(client, account)
    one = {"filterType": "Subscription", "accountId": key, "subscriptionId": subscription}
    shown = client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "billRunFilters": [one]})
    wanted = client.get(f"/v1/subscriptions/{subscription}")["id"]
    assert shown["billRunFilters"] == [{**one, "subscriptionId": wanted}]


@pytest.mark.usefixtures("subscription")
def test_a_year_passes_alike_at_once_in_steps_and_from_an_archive(
    tenant: Tenant, plan: "Callable[..., dict[str, Any]]"
) -> None:
    plan(autoPost=True)
    stepwise, read = tenant.fork(), Tenant(archive.read(b"".join(archive.write(tenant.world))).world)
    clock = Clock(tenant.world.now)
    for one in (stepwise, read):
        clock.join(one)
    for _ in range(12):
        clock.advance("P1M")
    tenant.advance_to(clock.now)
    assert len(runs(tenant)) == 12
    assert tenant.world == stepwise.world
    assert told(read) == told(tenant)


@pytest.mark.usefixtures("subscription")
def test_what_ran_is_there_after_a_restart_and_runs_again_after_a_rewind(
    tenant: Tenant, plan: "Callable[..., dict[str, Any]]", tmp_path: Path
) -> None:
    plan(autoPost=True)
    begun = tenant.world
    month = Request("POST", "/__toolkit/clock", "", KEYS, b'{"advance": "P1M1D"}')
    with Store(tmp_path) as store:
        timeline = Timeline(Tenant.recover(store.begin("runs", lambda: begun), store), store)
        timeline.tenant.handle(month)
        timeline.tenant.handle(month)
        noted = told(timeline.tenant)
    with Store(tmp_path) as store:
        timeline = Timeline(Tenant.recover(store.begin("runs", lambda: begun), store), store)
        assert told(timeline.tenant) == noted
        timeline.rewind(1)
        assert [run[1] for run in runs(timeline.tenant)] == ["Posted", "Pending"]
        timeline.tenant.handle(month)
        assert told(timeline.tenant) == noted


def told(tenant: Tenant) -> list[bytes]:
    """Return the records of a tenant, in an order of their own."""
    return sorted(b"".join(archive.write(tenant.world)).splitlines()[1:-2])
