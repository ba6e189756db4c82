"""Bill runs, made, posted, cancelled and deleted over /v1/object and by actions."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from tests.zuora.objects.conftest import Create, Refuse, Shown
    from toolkit.zuora.client import Client

DATES = {"InvoiceDate": "2026-01-02", "TargetDate": "2026-01-01"}


@pytest.fixture
def run(client: "Client", account: str, subscription: str, create: "Create") -> str:
    """A run that has billed ten seats for a year: 3480."""
    assert subscription
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    return create("bill-run", DATES, AccountId=key)


def invoices(client: "Client", account: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]]
    listed = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    return listed


def test_a_run_bills_an_account_and_is_posted(
    client: "Client", call: "Caller", account: str, run: str, shown: "Shown"
) -> None:
    """Source of the fields: Zuora, CRUD: retrieve a bill run."""
    made = shown(f"bill-run/{run}")
    assert made.items() >= {**DATES, "Status": "Completed", "Batch": "AllBatches", "AutoPost": False}.items()
    assert (made["BillRunNumber"], made["NumberOfInvoices"]) == ("BR-00000001", 1)
    assert call("PUT", f"/v1/object/bill-run/{run}", {"Status": "Posted"}).body == {
        "Success": True,
        "Id": run,
    }
    assert shown(f"bill-run/{run}")["Status"] == "Posted"
    (invoice,) = invoices(client, account)
    assert (invoice["status"], invoice["amount"]) == ("Posted", 3480)


def test_a_run_is_cancelled_and_deleted(
    client: "Client", call: "Caller", account: str, run: str, refused: "Refuse"
) -> None:
    assert refused("DELETE", f"bill-run/{run}")[0] == "INVALID_VALUE"
    call("PUT", f"/v1/object/bill-run/{run}", {"Status": "Canceled"})
    assert call("DELETE", f"/v1/object/bill-run/{run}").body == {"success": True, "id": run}
    assert call("GET", f"/v1/object/bill-run/{run}").status == 404
    assert invoices(client, account) == []


@pytest.mark.usefixtures("subscription")
def test_a_run_of_a_batch_leaves_out_types_of_charges(
    client: "Client", account: str, create: "Create", shown: "Shown"
) -> None:
    batch = {"Batch": "Batch1", "BillCycleDay": "01", "ChargeTypeToExclude": "Recurring, Usage", **DATES}
    run = create("bill-run", batch)
    assert shown(f"bill-run/{run}")["ChargeTypeToExclude"] == "Recurring,Usage"
    assert invoices(client, account) == []


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("query", ["select Status from BillRun", "select Status from BillingRun"])
def test_queries_know_it_by_both_names(call: "Caller", query: str) -> None:
    """Source: Zuora, BillRun of the SOAP API; the data source Billing Run of exports."""
    found = call("POST", "/v1/action/query", {"queryString": query}).body
    assert [one["Status"] for one in found["records"]] == ["Completed"]


@pytest.mark.parametrize("body", [{}, {"InvoiceDate": "2026-01-01"}, {"TargetDate": "2026-01-01"}])
def test_a_run_without_dates_is_refused_as_recorded(call: "Caller", body: dict[str, Any]) -> None:
    """Source: contactually/zuora-ruby, a BillRun that an API sandbox refused."""
    answer = call("POST", "/v1/action/create", {"type": "BillRun", "objects": [body]})
    (error,) = answer.body[0]["Errors"]
    assert (error["Code"], error["Message"]) == (
        "MISSING_REQUIRED_VALUE",
        "InvoiceDate and TargetDate are required fields",
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**DATES}, "INVALID_VALUE"),
        ({**DATES, "AccountId": "x", "Batch": "Batch1"}, "INVALID_VALUE"),
        ({**DATES, "AccountId": "x"}, "INVALID_ID"),
        ({**DATES, "BillCycleDay": "32"}, "INVALID_VALUE"),
        ({**DATES, "Batch": "Batch1", "ChargeTypeToExclude": "OneTme"}, "INVALID_VALUE"),
    ],
)
def test_what_a_run_cannot_be(refused: "Refuse", body: dict[str, Any], code: str) -> None:
    assert refused("POST", "bill-run", body)[0] == code


def test_a_run_is_posted_or_cancelled_only(refused: "Refuse", run: str) -> None:
    assert refused("PUT", f"bill-run/{run}", {}) == (
        "MISSING_REQUIRED_VALUE",
        "Missing required value: Status",
    )
    assert refused("PUT", f"bill-run/{run}", {"Status": "Pending"})[0] == "INVALID_VALUE"
