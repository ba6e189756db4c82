"""POST /v1/action/generate and execute."""

from typing import Any

import pytest

from tests.zuora.conftest import Caller

JANUARY = "2026-01-01"


def generate(call: Caller, body: dict[str, Any]) -> dict[str, Any]:
    answer = call("POST", "/v1/action/generate", {"type": "Invoice", "objects": [body]}).body
    result: dict[str, Any] = answer[0]
    return result


@pytest.fixture
def wanted(call: Caller, account: str, subscription: str) -> dict[str, Any]:
    """An invoice of the account with ten seats of Premium."""
    assert subscription
    key = call("GET", f"/v1/accounts/{account}").body["basicInfo"]["id"]
    return {"AccountId": key, "InvoiceDate": JANUARY, "TargetDate": JANUARY}


def test_a_generated_invoice_is_a_draft(call: Caller, wanted: dict[str, Any]) -> None:
    made = generate(call, wanted)
    assert made["Success"]
    invoice = call("GET", f"/v1/object/invoice/{made['Id']}").body
    assert (invoice["Status"], invoice["Amount"]) == ("Draft", 3480)


def test_without_charges_due_there_is_no_invoice(call: Caller, wanted: dict[str, Any]) -> None:
    refused = generate(call, {**wanted, "IncludesRecurring": False})
    assert refused["Errors"] == [
        {
            "Code": "INVALID_VALUE",
            "Message": "The invoice will not be generated because there are no charges due on this account.",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"AccountId": "no"}, "INVALID_ID"), ({"TargetDate": None}, "MISSING_REQUIRED_VALUE")],
)
def test_an_invoice_that_cannot_be_generated(
    call: Caller, wanted: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    assert generate(call, {**wanted, **changes})["Errors"][0]["Code"] == code


def test_only_invoices_are_generated(call: Caller) -> None:
    assert call("POST", "/v1/action/generate", {"type": "Payment", "objects": []}).status == 400
