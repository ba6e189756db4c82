"""Bill runs: whom they bill, what they make, and how they are posted or cancelled."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import subscribed
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Find, Invoices, Meter, Record, Run
    from tests.zuora.conftest import Order

YEAR = Decimal(3480)  # ten seats of Premium


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_makes_drafts_that_posting_makes_due(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run = run_for(client, account, "2026-01-01")
    assert run["status"] == "Pending"
    assert client.get(f"/v1/bill-runs/{run['id']}")["status"] == "Completed"
    draft = invoices(client, account)[0]
    assert (draft["status"], draft["balance"], draft["sourceId"]) == ("Draft", YEAR, run["billRunNumber"])
    posted = client.put(f"/v1/bill-runs/{run['billRunNumber']}/post", {"invoiceDate": "2026-01-02"})
    assert posted["status"] == "Posted"
    invoice = client.get(f"/v1/invoices/{draft['id']}")
    assert (invoice["status"], invoice["balance"], invoice["invoiceDate"]) == ("Posted", YEAR, "2026-01-02")
    with pytest.raises(RefusedError, match="Only bill runs with Completed status can be posted"):
        client.put(f"/v1/bill-runs/{run['id']}/post")


@pytest.mark.usefixtures("subscription")
def test_nothing_is_billed_twice(client: Client, account: str, run_for: "Run", invoices: "Invoices") -> None:
    run_for(client, account, "2026-06-01", autoPost=True)
    run_for(client, account, "2026-06-01", autoPost=True)
    assert [one["amount"] for one in invoices(client, account)] == [YEAR]


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_may_take_batches_days_or_single_subscriptions(
    client: Client,
    account: str,
    order: "Order",
    creation: dict[str, Any],
    invoices: "Invoices",
    account_id: "Find",
) -> None:
    client.put(f"/v1/accounts/{account}", {"batch": "Batch9"})
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["Batch8"]})
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["Batch9"], "billCycleDay": "2"})
    assert invoices(client, account) == []
    other = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    one = {
        "filterType": "Subscription",
        "accountId": account_id(client, account),
        "subscriptionId": subscribed(other),
    }
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "billRunFilters": [one], "autoPost": True})
    billed = {item["subscriptionName"] for item in invoices(client, account)[0]["invoiceItems"]}
    assert billed == {one["subscriptionId"]}
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["Batch9"], "autoPost": True})
    assert len(invoices(client, account)) == 2


@pytest.mark.usefixtures("subscription")
def test_all_batches_are_every_account(client: Client, account: str, invoices: "Invoices") -> None:
    client.put(f"/v1/accounts/{account}", {"batch": "Batch9"})
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["AllBatches"]})
    assert len(invoices(client, account)) == 1


@pytest.mark.usefixtures("subscription")
def test_posting_a_run_leaves_an_invoice_that_was_posted_before(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run = run_for(client, account, "2026-01-01")
    number = invoices(client, account)[0]["invoiceNumber"]
    client.put(f"/v1/invoices/{number}/post")
    posted = client.get(f"/v1/invoices/{number}")
    client.advance("P3D")
    client.put(f"/v1/bill-runs/{run['id']}/post", {"invoiceDate": "2026-01-04"})
    assert client.get(f"/v1/invoices/{number}") == posted


def named(kind: str, account: str, subscription: str | None = None) -> dict[str, Any]:
    return {"filterType": kind, "accountId": account, "subscriptionId": subscription}


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([named("Account", "A00000001"), named("Account", "A00000002")], "should name one account"),
        (
            [named("Account", "A00000001"), named("Subscription", "A00000001", "A-S00000001")],
            "should name one account, or subscriptions of one account",
        ),
        ([named("Subscription", "A00000001")], "'billRunFilters.subscriptionId' may not be null"),
        ([named("Subscription", "A00000002", "A-S00000001")], "Cannot find entity by key: 'A-S00000001'"),
    ],
)
def test_filters_name_one_account_or_subscriptions_of_it(
    client: Client, filters: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "billRunFilters": filters})


def test_a_bill_run_renews_what_renews_by_itself_when_told(
    client: Client,
    account: str,
    order: "Order",
    creation: dict[str, Any],
    run_for: "Run",
    invoices: "Invoices",
) -> None:
    terms = {**creation["terms"], "autoRenew": True}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    run_for(client, account, "2027-01-01", autoPost=True, autoRenewal=True)
    starts = [item["serviceStartDate"] for item in invoices(client, account)[0]["invoiceItems"]]
    assert starts == ["2026-01-01", "2027-01-01"]
    renewed = client.get(f"/v1/subscriptions/accounts/{account}")["subscriptions"][0]
    assert (renewed["version"], renewed["termStartDate"]) == (2, "2027-01-01")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'targetDate' may not be null"),
        (
            {
                "targetDate": "2026-01-01",
                "batches": ["B"],
                "billRunFilters": [{"filterType": "Account", "accountId": "A00000001"}],
            },
            "either 'batches' or 'billRunFilters'",
        ),
        (
            {
                "targetDate": "2026-01-01",
                "billRunFilters": [{"filterType": "Account", "accountId": "A00000001"}] * 51,
            },
            "at most 50 filters",
        ),
        (
            {
                "targetDate": "2026-01-01",
                "billRunFilters": [{"filterType": "Account", "accountId": "nobody"}],
            },
            "Cannot find entity",
        ),
    ],
)
def test_a_bill_run_that_cannot_be_is_refused(client: Client, body: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/bill-runs", body)


@pytest.mark.usefixtures("subscription")
def test_a_cancelled_bill_run_leaves_what_it_billed_to_be_billed_again(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run = run_for(client, account, "2026-01-01")
    canceled = client.put(f"/v1/bill-runs/{run['id']}/cancel", {"cancelOnce": True})
    assert canceled["status"] == "Canceled"
    first = invoices(client, account)[0]
    assert (first["status"], first["balance"]) == ("Canceled", 0)
    run_for(client, account, "2026-01-01", autoPost=True)
    assert [one["amount"] for one in invoices(client, account)] == [YEAR, YEAR]
    assert client.get(f"/v1/accounts/{account}")["metrics"]["balance"] == YEAR


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_is_cancelled_only_while_it_is_the_last_and_a_draft(
    client: Client,
    account: str,
    order: "Order",
    creation: dict[str, Any],
    run_for: "Run",
    invoices: "Invoices",
) -> None:
    terms = {**creation["terms"], "initialTerm": {"period": 24, "periodType": "Month", "termType": "TERMED"}}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    first = run_for(client, account, "2026-01-01")
    second = run_for(client, account, "2027-01-01")
    with pytest.raises(RefusedError, match="was billed again since, through 2028-01-01"):
        client.put(f"/v1/bill-runs/{first['id']}/cancel")
    number = invoices(client, account)[0]["invoiceNumber"]
    client.put(f"/v1/invoices/{number}/post")
    with pytest.raises(RefusedError, match="Only invoices with Draft status can be canceled"):
        client.put(f"/v1/bill-runs/{second['id']}/cancel")


def test_a_cancelled_bill_run_leaves_time_without_usage_to_be_billed_again(
    client: Client,
    account: str,
    meter: "Meter",
    used: "Record",
    require: "Callable[..., None]",
    run_for: "Run",
    invoices: "Invoices",
) -> None:
    require(skip_unused=True)
    meter({"price": 2}, model="PerUnit")
    run = run_for(client, account, "2026-02-01")
    assert invoices(client, account) == []
    client.put(f"/v1/bill-runs/{run['id']}/cancel")
    used(3, "2026-01-15")
    run_for(client, account, "2026-02-01")
    assert [one["amount"] for one in invoices(client, account)] == [6]


def test_a_cancelled_account_is_not_billed_until_it_is_active_again(
    client: Client,
    account: str,
    subscription: str,
    order: "Order",
    run_for: "Run",
    invoices: "Invoices",
    account_id: "Find",
) -> None:
    path = f"/v1/object/account/{account_id(client, account)}"
    with pytest.raises(RefusedError, match="is to be cancelled before its account is"):
        client.put(path, {"Status": "Canceled"})
    ends = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    order("CancelSubscription", "2026-07-01", subscription, cancelSubscription=ends)
    client.put(path, {"Status": "Canceled"})
    run = run_for(client, account, "2026-01-01")
    assert (client.get(f"/v1/bill-runs/{run['id']}")["status"], invoices(client, account)) == (
        "Completed",
        [],
    )
    client.put(path, {"Status": "Active"})
    run_for(client, account, "2026-01-01")
    assert len(invoices(client, account)) == 1
