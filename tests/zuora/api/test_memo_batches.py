"""Memos are created and changed in batches, each by itself."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Standalone
    from tests.zuora.conftest import Caller
    from toolkit.zuora.tenant import Tenant

KINDS = pytest.mark.parametrize(
    ("kind", "resource"), [("credit-memos", 5391), ("creditmemos", 5391), ("debit-memos", 5491)]
)


@KINDS
def test_memos_of_invoices_are_created_each_by_itself(
    client: Client, standalone: "Standalone", kind: str, resource: int
) -> None:
    """Source: Zuora, create credit memos: each is in a transaction of its own."""
    invoice = standalone(100)
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"]}
    good = {"invoiceId": invoice["id"], "items": [{**item, "amount": 10}], "autoPost": True}
    memos = [
        good,
        {**good, "invoiceId": "x"},
        {**good, "wrong": 1},
        {**good, "effectiveDate": "2222-01-01"},
        {"items": good["items"]},
        {**good, "items": [{**item, "amount": 20}]},
    ]
    answer = client.post(f"/v1/{kind}/bulk", {"sourceType": "Invoice", "memos": memos})
    assert answer["success"]
    first, *bad, last = answer["memos"]
    assert [(one["success"], one["amount"], one["status"]) for one in (first, last)] == [
        (True, 10, "Posted"),
        (True, 20, "Posted"),
    ]
    assert client.get(f"/v1/{kind}/{last['id']}")["number"] == last["number"]
    assert [one["reasons"][0]["code"] for one in bad] == [
        resource * 10000 + category for category in (40, 21, 20, 22)
    ]
    assert {len(one["processId"]) for one in bad} == {16}
    assert len({one["processId"] for one in bad}) == len(bad)


@KINDS
def test_memos_of_charges_are_created_together(
    client: Client, account: str, tenant: "Tenant", kind: str, resource: int
) -> None:
    charge = {"amount": 12, "productRatePlanChargeId": plan_named(tenant, "Premium - 1 Year").charges[0].id}
    memos = [{"accountNumber": account, "charges": [charge]}] * 2
    answer = client.post(f"/v1/{kind}/bulk", {"sourceType": "Standalone", "memos": memos})
    assert [(one["amount"], one["sourceType"]) for one in answer["memos"]] == [(12, "Standalone")] * 2
    assert resource


@pytest.fixture
def drafts(client: Client, standalone: "Standalone") -> list[dict[str, Any]]:
    """Two drafts of debit memos."""
    invoice = standalone(100)
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 10}
    body = {"items": [item], "effectiveDate": "2026-02-01"}
    return [client.post(f"/v1/debit-memos/invoice/{invoice['id']}", body) for _ in range(2)]


@pytest.mark.parametrize("kind", ["credit-memos", "debit-memos"])
def test_memos_are_changed_each_by_itself(
    client: Client, standalone: "Standalone", kind: str, call: "Caller"
) -> None:
    """Source: bulk post is answered HTTP 200 with the failures inside; recorded."""
    invoice = standalone(100)
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 10}
    memo = client.post(f"/v1/{kind}/invoice/{invoice['id']}", {"items": [item]})
    body = {"memos": [{"id": memo["id"], "comment": "Sorry"}, {"id": "none", "comment": "Sorry"}]}
    for version in ("186.0", "2025-08-12"):
        answer = call("PUT", f"/v1/{kind}/bulk", body, version=version)
        changed, missing = answer.body["memos"]
        assert (answer.status, changed["comment"], changed["success"]) == (200, "Sorry", True)
        assert (missing["success"], missing["id"]) == (False, "none")
        assert missing["reasons"][0]["message"] == "Cannot find entity by key: 'none'."
    with pytest.raises(RefusedError, match="A request takes at most 50 memos, not 51"):
        client.put(f"/v1/{kind}/bulk", {"memos": body["memos"][:1] * 51})
    with pytest.raises(RefusedError, match="A request takes at most 50 memos, not 51"):
        client.post(f"/v1/{kind}/bulk", {"sourceType": "Invoice", "memos": [{}] * 51})


def test_due_dates_of_debit_memos_change_together(client: Client, drafts: list[dict[str, Any]]) -> None:
    first, second = drafts
    dates = [
        {"id": first["number"], "dueDate": "2026-03-01"},
        {"memoKey": second["id"], "dueDate": "2026-04-01"},
    ]
    assert client.put("/v1/debit-memos", {"debitMemos": dates})["success"]
    shown = [client.get(f"/v1/debit-memos/{one['id']}")["dueDate"] for one in drafts]
    assert shown == ["2026-03-01", "2026-04-01"]
    with pytest.raises(RefusedError, match="'debitMemos.memoKey' may not be null"):
        client.put("/v1/debit-memos", {"debitMemos": [{"dueDate": "2026-03-01"}]})
