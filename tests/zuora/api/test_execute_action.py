"""Invoices are split by the action execute."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Standalone
    from tests.zuora.conftest import Caller
    from toolkit.zuora.client import Client
    from toolkit.zuora.tenant import Tenant


def made(call: "Caller", kind: str, *objects: dict[str, Any]) -> list[dict[str, Any]]:
    """Create objects."""
    results: list[dict[str, Any]] = call(
        "POST", "/v1/action/create", {"type": kind, "objects": list(objects)}
    ).body
    return results


def executed(call: "Caller", *ids: str, kind: str = "InvoiceSplit", synchronous: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Execute splits."""
    body = {"type": kind, "ids": list(ids), "synchronous": synchronous}
    return call("POST", "/v1/action/execute", body).body


@pytest.fixture
def draft(standalone: "Standalone", tenant: "Tenant") -> str:
    """The id of a draft over 100."""
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, split_invoices=True))
    return str(standalone(100, status="Draft")["id"])


@pytest.fixture
def split(call: "Caller", draft: str) -> str:
    """The id of a split of the draft, without items."""
    return str(made(call, "InvoiceSplit", {"InvoiceId": draft})[0]["Id"])


def test_a_draft_is_split_as_its_items_say(
    call: "Caller", client: "Client", account: str, draft: str, split: str, invoices: "Invoices"
) -> None:
    """Source: Zuora, execute; InvoiceSplitItem."""
    part = {"InvoiceSplitId": split, "InvoiceDate": "2026-02-01", "SplitPercentage": 60}
    first, second = made(
        call, "InvoiceSplitItem", part, {**part, "SplitPercentage": 40, "PaymentTerm": "Net 60"}
    )
    query = {"queryString": "select Id, InvoiceId from InvoiceSplitItem"}
    records = call("POST", "/v1/action/query", query).body["records"]
    assert records == [{"Id": first["Id"]}, {"Id": second["Id"]}]
    assert executed(call, split, kind="invoicesplit") == [{"Success": True, "Id": split}]
    parts = sorted(invoices(client, account), key=lambda one: -one["amount"])
    assert [(one["amount"], one["status"], one["dueDate"]) for one in parts] == [
        (60, "Draft", "2026-02-01"),
        (40, "Draft", "2026-04-02"),
    ]
    assert call("GET", f"/v1/object/invoice/{draft}").status == 404
    assert call("GET", f"/v1/object/invoice-split/{split}").body["InvoiceId"] == draft
    item = call("GET", f"/v1/object/invoice-split-item/{second['Id']}").body
    assert (item["InvoiceId"], item["PaymentTerm"], item["SplitPercentage"]) == (
        parts[1]["id"],
        "Net 60",
        40,
    )
    (again,) = executed(call, split)
    assert again["Errors"][0]["Message"] == "invalid id for execute"


def test_a_split_is_whole(call: "Caller", split: str) -> None:
    made(
        call,
        "InvoiceSplitItem",
        {"InvoiceSplitId": split, "InvoiceDate": "2026-02-01", "SplitPercentage": 60},
    )
    (refused,) = executed(call, split)
    assert not refused["Success"]
    assert "2 to 50 invoices" in refused["Errors"][0]["Message"]


def test_items_belong_to_a_split_and_have_a_share_and_a_known_term(call: "Caller", split: str) -> None:
    part = {"InvoiceSplitId": split, "InvoiceDate": "2026-02-01", "SplitPercentage": 60}
    wrong = (
        {**part, "InvoiceSplitId": "no"},
        {**part, "SplitPercentage": 0},
        {**part, "PaymentTerm": "Never"},
        {"InvoiceSplitId": split, "SplitPercentage": 60},
    )
    codes = [one["Errors"][0]["Code"] for one in made(call, "InvoiceSplitItem", *wrong)]
    assert codes == ["INVALID_ID", "INVALID_VALUE", "INVALID_VALUE", "MISSING_REQUIRED_VALUE"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"kind": "Invoice"}, "INVALID_TYPE"), ({"synchronous": True}, "INVALID_VALUE")],
)
def test_only_splits_are_executed_and_never_at_once(
    call: "Caller", split: str, wrong: dict[str, Any], code: str
) -> None:
    """Source: Zuora, execute: the only type, and the only value of `synchronous`."""
    assert executed(call, split, **wrong)["FaultCode"] == code


def test_nobody_changes_or_deletes_a_split(call: "Caller", split: str) -> None:
    """Source: Zuora, InvoiceSplit, supported calls: execute, create, query."""
    change = {"type": "InvoiceSplit", "objects": [{"Id": split}]}
    assert call("POST", "/v1/action/update", change).status == 400
    assert call("POST", "/v1/action/delete", {"type": "InvoiceSplit", "ids": [split]}).status == 400
    assert call("POST", "/v1/object/invoice-split", {"InvoiceId": "x"}).status == 404
