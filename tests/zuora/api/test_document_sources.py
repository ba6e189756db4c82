"""Answers and queries say the same of what made a document, and of when it was cancelled."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Standalone
    from toolkit.zuora.client import Client


def test_a_standalone_invoice_is_one_for_queries_too(client: "Client", standalone: "Standalone") -> None:
    """Source: the official SDK, InvoiceSourceType; Zuora, invoice, source."""
    key = standalone(5)["id"]
    shown = client.get(f"/v1/invoices/{key}")
    assert (shown["source"], shown["sourceType"]) == ("API", "Standalone")
    found = client.get(f"/object-query/invoices/{key}")
    assert (found["source"], found["sourceType"], found["reversed"], found["taxAmount"]) == (
        "API",
        "Standalone",
        False,
        0,
    )


@pytest.mark.parametrize("kind", ["Credit", "Debit"])
def test_a_memo_is_cancelled_when_it_was(client: "Client", standalone: "Standalone", kind: str) -> None:
    invoice = standalone(100)
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 30}]
    path = f"/v1/{kind.lower()}-memos"
    key = client.post(f"{path}/invoice/{invoice['id']}", {"items": items})["id"]
    assert client.get(f"{path}/{key}")["cancelledOn"] is None
    assert client.put(f"{path}/{key}/cancel")["cancelledOn"] == "2026-01-01 00:00:00"
    found = client.get(f"/object-query/{kind.lower()}-memos/{key}")
    assert found["sourceType"] == "Invoice"
    assert found["cancelledOn"].startswith("2026-01-01T00:00:00")
