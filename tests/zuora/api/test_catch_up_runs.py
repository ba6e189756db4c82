"""Catch-up bill runs bring charges up to date, and nobody gets a document for that."""

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Meter, Record, Run
    from toolkit.zuora.tenant import Tenant


@pytest.fixture
def allowed(tenant: "Tenant") -> None:
    """Let the tenant have catch-up bill runs."""
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, catch_up_runs=True))


def through(client: Client, number: str) -> str:
    """Return the day up to which the subscription's charge is billed."""
    (plan,) = client.get(f"/v1/subscriptions/{number}")["ratePlans"]
    return str(plan["ratePlanCharges"][0]["chargedThroughDate"])


@pytest.mark.usefixtures("allowed")
def test_what_was_billed_elsewhere_is_not_billed_again(
    client: Client, account: str, meter: "Meter", run_for: "Run", invoices: "Invoices"
) -> None:
    """Source: Zuora, catch-up bill run."""
    number = meter({"price": 10}, type="Recurring", model="FlatFee", uom=None)
    run = run_for(client, account, "2026-03-01", billRunType="CatchUp")
    assert client.get(f"/v1/bill-runs/{run['id']}")["status"] == "Completed"
    assert (invoices(client, account), through(client, number)) == ([], "2026-04-01")
    run_for(client, account, "2026-04-01", billRunType="CatchUp")
    run_for(client, account, "2026-05-01", billRunType="Regular")
    (invoice,) = invoices(client, account)
    assert (invoice["amount"], through(client, number)) == (10, "2026-06-01")
    run_for(client, account, "2026-06-01", billRunType="CatchUp")
    assert through(client, number) == "2026-06-01"  # an account with an invoice stays as it is


@pytest.mark.usefixtures("allowed")
def test_usage_that_was_billed_elsewhere_is_not_billed_again(
    client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run", invoices: "Invoices"
) -> None:
    meter({"price": 2}, model="PerUnit")
    used(10, "2026-01-10")
    used(5, "2026-02-10")
    run_for(client, account, "2026-02-01", billRunType="CatchUp")
    run_for(client, account, "2026-03-01")
    assert [one["amount"] for one in invoices(client, account)] == [10]


@pytest.mark.usefixtures("allowed")
def test_a_catch_up_run_is_not_cancelled_or_scheduled(client: Client, account: str, run_for: "Run") -> None:
    """Source: Zuora, catch-up bill run; comparison between regular and catch-up bill runs."""
    run = run_for(client, account, "2026-03-01", billRunType="CatchUp")
    with pytest.raises(RefusedError, match="is completed: it cannot be canceled"):
        client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    schedule = {"repeatFrom": "2026-03-01", "repeatType": "Daily", "runTime": 3}
    with pytest.raises(RefusedError, match="A catch-up bill run cannot be scheduled"):
        run_for(client, account, "2026-03-01", billRunType="CatchUp", schedule=schedule)


def test_a_tenant_has_to_allow_catch_up_runs(client: Client, account: str, run_for: "Run") -> None:
    """Source: Zuora, enable and use the catch-up bill run feature."""
    with pytest.raises(RefusedError, match="do not allow catch-up bill runs"):
        run_for(client, account, "2026-03-01", billRunType="CatchUp")
