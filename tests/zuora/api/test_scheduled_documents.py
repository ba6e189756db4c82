"""A payment schedule pays several documents, what is due first before the rest."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Standalone

SCHEDULES = "/v1/payment-schedules"


@pytest.fixture
def debts(client: Client, standalone: "Standalone") -> list[dict[str, Any]]:
    """Two invoices over 50, of which the second is due first."""
    made = [standalone(50), standalone(50)]
    client.put(f"/v1/invoices/{made[0]['id']}", {"dueDate": "2026-06-01"})
    return made


def test_the_document_that_is_due_first_is_paid_first(
    client: Client, account: str, card: Callable[..., str], debts: list[dict[str, Any]]
) -> None:
    """Source: Zuora, create a payment schedule, note on multiple billing documents."""
    card()
    items = [
        {"amount": amount, "scheduledDate": f"2026-01-{day}"}
        for amount, day in ((30, 10), (40, 20), (60, 30))
    ]
    documents = [{"type": "Invoice", "id": one["id"]} for one in debts]
    body = {"accountNumber": account, "items": items, "billingDocuments": documents}
    made = client.post(SCHEDULES, body)
    assert made["billingDocument"]["id"] == debts[0]["id"]
    owed = []
    for day in (11, 21, 31):
        client.post("/__toolkit/clock", {"to": f"2026-01-{day}"})
        owed.append([client.get(f"/v1/invoices/{one['id']}")["balance"] for one in debts])
    assert owed == [[50, 20], [30, 0], [0, 0]]
    shown = client.get(f"{SCHEDULES}/{made['id']}")["items"]
    assert [(one["status"], one["balance"]) for one in shown] == [
        ("Processed", 0),
        ("Processed", 0),
        ("Processed", 30),
    ]


def test_documents_are_named_one_way_or_the_other(
    client: Client, account: str, debts: list[dict[str, Any]]
) -> None:
    document = {"type": "Invoice", "id": debts[0]["id"]}
    items = [{"amount": 30, "scheduledDate": "2026-01-10"}]
    body = {"accountNumber": account, "items": items, "billingDocuments": [document]}
    with pytest.raises(RefusedError, match="Either 'billingDocument' or 'billingDocuments'"):
        client.post(SCHEDULES, {**body, "billingDocument": document})
