"""Billing documents of an account: in one list, and generated at once."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import subscribed
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Place, Standalone

DOCUMENTS = "/v1/billing-documents"
JANUARY = {"effectiveDate": "2026-01-01", "targetDate": "2026-01-01"}


@pytest.fixture
def three(client: Client, standalone: "Standalone") -> None:
    """An invoice of 100, a credit memo of 30 and a debit memo of 20, on three days."""
    invoice = standalone(100)
    item = invoice["invoiceItems"][0]["id"]
    for kind, amount, day in (("credit", 30, "2026-01-02"), ("debit", 20, "2026-01-03")):
        body = {"items": [{"invoiceItemId": item, "amount": amount}], "effectiveDate": day}
        client.post(f"/v1/{kind}-memos/invoice/{invoice['id']}", body)


def kinds(client: Client, account: str, **query: str) -> list[str]:
    found = client.get(DOCUMENTS, accountNumber=account, **query)["documents"]
    return [one["documentType"] for one in found]


@pytest.mark.usefixtures("three")
def test_the_documents_of_an_account_are_listed_latest_first(client: Client, account: str) -> None:
    found = client.get(DOCUMENTS, accountNumber=account)["documents"]
    assert [(one["documentType"], one["documentDate"], one["amount"], one["balance"]) for one in found] == [
        ("DebitMemo", "2026-01-03", 20, 20),
        ("CreditMemo", "2026-01-02", 30, 30),
        ("Invoice", "2026-01-01", 100, 100),
    ]
    assert client.get(DOCUMENTS, accountId=found[0]["accountId"])["documents"] == found


@pytest.mark.usefixtures("three")
def test_documents_are_narrowed_sorted_and_paged(client: Client, account: str) -> None:
    """Source: the official SDK: `-` indicates an ascending order, `+` a descending one."""
    assert kinds(client, account, status="Posted") == ["Invoice"]
    assert kinds(client, account, documentDate="2026-01-02") == ["CreditMemo"]
    down = ["Invoice", "DebitMemo", "CreditMemo"]
    assert kinds(client, account, sort="documentType") == kinds(client, account, sort="+documentType") == down
    assert kinds(client, account, sort="-documentType") == down[::-1]
    assert kinds(client, account, sort="-documentDate", pageSize="1", page="2") == ["CreditMemo"]
    with pytest.raises(RefusedError, match="'sort' cannot name 'status'"):
        kinds(client, account, sort="status")
    with pytest.raises(RefusedError, match="'accountId' may not be null"):
        client.get(DOCUMENTS)


def generate(client: Client, account: str, **more: object) -> dict[str, Any]:
    return client.post(f"/v1/accounts/{account}/billing-documents/generate", {**JANUARY, **more})


def test_what_is_due_becomes_an_invoice(
    client: Client, account: str, subscription: str, invoices: "Invoices"
) -> None:
    assert subscription
    made = generate(client, account, autoPost=True)
    assert made["creditMemos"] == []
    (invoice,) = invoices(client, account)
    assert made["invoices"] == [{"id": invoice["id"]}]
    assert (invoice["status"], invoice["amount"], invoice["invoiceDate"]) == ("Posted", 3480, "2026-01-01")
    assert generate(client, account)["invoices"] == []


def test_what_is_billed_is_chosen(client: Client, account: str, subscription: str, place: "Place") -> None:
    key = client.get(f"/v1/subscriptions/{subscription}")["id"]
    place()
    assert generate(client, account, chargeTypeToExclude=["Recurring"])["invoices"] == []
    assert generate(client, account, includeSubscriptions=False)["invoices"] == []
    (first,) = generate(client, account, subscriptionIds=[key])["invoices"]
    (second,) = generate(client, account)["invoices"]
    amounts = [client.get(f"/v1/invoices/{one['id']}")["amount"] for one in (first, second)]
    assert amounts == [3480, 3480]
    with pytest.raises(RefusedError, match="'chargeTypeToExclude' value should be one of: onetime"):
        generate(client, account, chargeTypeToExclude=["yearly"])
    with pytest.raises(RefusedError, match="nobody"):
        generate(client, account, subscriptionIds=["nobody"])


def test_what_is_owed_back_becomes_a_memo_with_its_reason(
    client: Client, account: str, subscription: str
) -> None:
    generate(client, account, autoPost=True)
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    end["orderDate"] = "2026-07-01"
    client.put(f"/v1/subscriptions/{subscription}/cancel", end)
    (memo,) = generate(client, account, targetDate="2026-07-01", creditMemoReasonCode="X")["creditMemos"]
    assert client.get(f"/v1/credit-memos/{memo['id']}")["reasonCode"] == "X"


def test_subscriptions_are_renewed_where_asked_for(
    client: Client, account: str, place: "Place", body: dict[str, Any]
) -> None:
    body["subscriptions"][0]["orderActions"][0]["createSubscription"]["terms"]["autoRenew"] = True
    number = subscribed(place())
    generate(client, account)
    later = {"targetDate": "2027-01-01"}
    assert generate(client, account, **later)["invoices"] == []
    assert len(generate(client, account, **later, autoRenew=True)["invoices"]) == 1
    assert client.get(f"/v1/subscriptions/{number}")["termEndDate"] == "2028-01-01"
