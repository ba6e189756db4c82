"""Deleting an account over the API: what is left, and what stands in the way."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import subscribed
from toolkit.billing.ramps import Interval, Ramp
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import Change, World

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Find, Run
    from tests.zuora.conftest import Order
    from toolkit.zuora.tenant import Tenant

INTERVAL = Interval(name="All of it", start=date(2026, 1, 1), end=date(2027, 1, 1))
ADA = {"firstName": "Ada", "lastName": "Tanaka"}


def _ramped(world: World, subscription: str) -> World:
    """Return the world with a ramp of a subscription, which an order would have set."""
    change = Change(world)
    ramp = Ramp(id="r1", number="R-1", subscription_number=subscription, name="Deal", intervals=(INTERVAL,))
    change.put(ramp)
    return change.world


def test_what_an_account_did_goes_and_the_account_is_canceled(
    client: Client,
    tenant: "Tenant",
    account: str,
    account_id: "Find",
    subscription: str,
    run_for: "Run",
    order: "Order",
    creation: dict[str, Any],
) -> None:
    key = account_id(client, account)
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    tenant.world = _ramped(tenant.world, subscription)
    run_for(client, account, "2026-02-01", autoPost=True)
    client.post("/v1/payments", {"type": "External", "amount": 5, "currency": "USD", "accountId": key})
    done = client.delete(f"/v1/accounts/{account}")
    assert (done["id"], done["jobStatus"]) == (key, "Completed")
    assert client.get(f"/v1/async-jobs/{done['jobId']}")["status"] == "Completed"
    assert client.get(f"/v1/accounts/{account}")["basicInfo"]["status"] == "Canceled"
    for name in tenant.world.__struct_fields__:
        table = getattr(tenant.world, name)
        if isinstance(table, Table) and name not in {"contacts", "bill_runs"}:
            assert list(table.of(key)) == [], name
    with pytest.raises(RefusedError, match=subscription):
        client.get(f"/v1/subscriptions/{subscription}")
    assert not tenant.world.ramps.rows
    assert not [one for one in tenant.world.subscriptions.rows.values() if one.account_id == key]


def test_a_subscription_of_two_accounts_keeps_both(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    body = {"name": "Payer", "currency": "USD", "billToContact": ADA, "billCycleDay": 1}
    payer = client.post("/v1/accounts", body)["accountNumber"]
    creation["invoiceOwnerAccountNumber"] = payer
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    number = subscribed(made)
    for key in (payer, account):
        with pytest.raises(RefusedError, match=f"{number} has another owner than invoice owner"):
            client.delete(f"/v1/accounts/{key}")
