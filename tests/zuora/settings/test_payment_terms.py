"""Payment terms as settings: created, changed, deleted, and obeyed by the next invoice."""

from typing import Any

import pytest

from tests.zuora.conftest import ADA, KEYS, Caller
from toolkit.zuora.calls.call import Request
from toolkit.zuora.tenant import Tenant

PATH = "/settings/payment-terms"
MID_MONTH = {"name": "Mid-month", "type": "Prox", "cutoffDay": 20, "months": 1, "dueDay": 15}


def named(call: Caller, name: str) -> dict[str, Any]:
    terms = call("GET", PATH).body["paymentTerms"]
    return next(dict(one) for one in terms if one["name"] == name)


def test_an_invoice_is_due_by_the_term_as_it_is_when_it_is_made(call: Caller) -> None:
    term = call("POST", PATH, MID_MONTH).body
    assert MID_MONTH.items() <= term.items()
    body = {"name": "Acme", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
    account = call("POST", "/v1/accounts", {**body, "paymentTerm": "Mid-month"}).body["accountNumber"]

    def due() -> str:
        item = {"amount": 5, "serviceStartDate": "2026-01-21", "chargeName": "Workshop"}
        invoice = {"accountNumber": account, "invoiceDate": "2026-01-21", "invoiceItems": [item]}
        return str(call("POST", "/v1/invoices", invoice).body["dueDate"])

    assert due() == "2026-03-15"
    path = f"{PATH}/{term['id']}"
    assert call("PUT", path, {"name": "Mid-month", "type": "Net", "days": 10}).body["days"] == 10
    assert due() == "2026-01-31"
    assert "in use" in call("DELETE", path).body["messages"][0]


def test_the_terms_of_every_tenant_are_there_and_can_be_changed(call: Caller) -> None:
    term = named(call, "Net 30")
    assert (term["type"], term["days"]) == ("Net", 30)
    path = f"{PATH}/{term['id']}"
    changed = call("PUT", path, {"name": "Net 30", "type": "Net", "days": 31}).body
    assert changed == call("GET", path).body == named(call, "Net 30") == {**term, "days": 31}
    assert "in use" in call("DELETE", path).body["messages"][0]


def test_a_term_that_nobody_has_is_deleted(tenant: Tenant, call: Caller) -> None:
    path = f"{PATH}/{call('POST', PATH, MID_MONTH).body['id']}"
    assert tenant.handle(Request("DELETE", path, headers=KEYS)).body == b""
    assert call("GET", path).status == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"active": False}, "'active' is not simulated"),
        ({"type": "Net"}, "'days' may not be null"),
        ({"days": 3}, "has no 'days'"),
        ({"name": "Net 30"}, "used already"),
        ({"dueDay": 32}, "#/dueDay: 32 is not less or equal to 31"),
    ],
)
def test_a_term_that_cannot_be_is_refused(call: Caller, change: dict[str, Any], sentence: str) -> None:
    refused = call("POST", PATH, {**MID_MONTH, **change})
    assert (refused.status, sentence in refused.body["messages"][0]) == (400, True)


def test_a_term_keeps_its_name(call: Caller) -> None:
    term = call("POST", PATH, MID_MONTH).body
    assert "renamed" in call("PUT", f"{PATH}/{term['id']}", {**MID_MONTH, "name": "Late"}).body["messages"][0]
