"""What bills marked as billed is taken back with their documents, and billed again."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Meter, Run
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.tenant import Tenant

YEAR = 3480  # ten seats of Premium


@pytest.fixture
def bill(client: Client, account: str) -> "Callable[..., list[dict[str, Any]]]":
    """Bill the account by a bill run up to a day, and return its invoices, latest first."""

    def run(target: str = "2026-01-01", *, post: bool = False) -> list[dict[str, Any]]:
        key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
        filters = [{"filterType": "Account", "accountId": key}]
        client.post("/v1/bill-runs", {"targetDate": target, "billRunFilters": filters, "autoPost": post})
        found: list[dict[str, Any]] = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
        return found

    return run


def memos(client: Client, account: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/credit-memos", accountId=account)["creditmemos"]
    return found


def cancel(order: "Order", subscription: str, day: str) -> None:
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": day}
    order("CancelSubscription", day, subscription, cancelSubscription=policy)


@pytest.fixture
def grown(
    client: Client,
    order: "Order",
    subscription: str,
    bill: "Callable[..., Any]",
    tenant: "Tenant",
    account: str,
) -> tuple[str, str]:
    """The numbers of an invoice and a credit memo of one bill: fewer seats from July at twice the price."""
    rules = replace(tenant.world.rules, credit_memo_generation="negative")
    tenant.world = replace(tenant.world, rules=rules)
    bill(post=True)
    number = next(iter(tenant.world.subscriptions.find(subscription).charges)).number
    change = {"chargeNumber": number, "pricing": {"recurringPerUnit": {"listPrice": 400, "quantity": 9}}}
    plan = tenant.world.subscriptions.find(subscription).rate_plans[0].id
    order(
        "UpdateProduct",
        "2026-07-01",
        subscription,
        updateProduct={"ratePlanId": plan, "chargeUpdates": [change]},
    )
    invoice = bill("2026-07-01", post=True)[0]["invoiceNumber"]
    (memo,) = memos(client, account)
    return invoice, memo["number"]


@pytest.mark.usefixtures("subscription")
def test_what_a_reversed_invoice_billed_is_billed_again(client: Client, bill: "Callable[..., Any]") -> None:
    """Source: Zuora, reverse invoices: the charged-through date is reset."""
    (first,) = bill(post=True)
    client.put(f"/v1/invoices/{first['id']}/reverse", {})
    again, _ = bill(post=True)
    assert (again["amount"], again["status"]) == (YEAR, "Posted")
    assert bill()[0]["id"] == again["id"]


def test_an_invoice_is_reversed_only_while_it_billed_last(
    client: Client, bill: "Callable[..., Any]", order: "Order", creation: dict[str, Any]
) -> None:
    """Source: Zuora, reversal blocked by an invoice restriction."""
    terms = {**creation["terms"], "initialTerm": {"period": 24, "periodType": "Month", "termType": "TERMED"}}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    (first,) = bill(post=True)
    bill("2027-01-01", post=True)
    with pytest.raises(RefusedError, match="was billed again since, through 2028-01-01"):
        client.put(f"/v1/invoices/{first['id']}/reverse", {})
    assert client.get(f"/v1/invoices/{first['id']}")["balance"] == YEAR


def test_an_invoice_of_a_transferred_subscription_is_not_reversed(
    client: Client, bill: "Callable[..., Any]", tenant: "Tenant", subscription: str
) -> None:
    """Source: Zuora, reversal blocked by an invoice restriction."""
    (first,) = bill(post=True)
    moved = replace(tenant.world.subscriptions.find(subscription), invoice_owner_id="another")
    tenant.world = replace(tenant.world, subscriptions=tenant.world.subscriptions.put(moved))
    with pytest.raises(RefusedError, match=f"The subscription {subscription} was transferred"):
        client.put(f"/v1/invoices/{first['id']}/reverse", {})


@pytest.mark.usefixtures("subscription")
def test_a_reversal_stands(client: Client, bill: "Callable[..., Any]") -> None:
    """Source: Zuora, reverse invoices: neither document can be changed afterwards."""
    (first,) = bill(post=True)
    memo = client.put(f"/v1/invoices/{first['id']}/reverse", {})["creditMemo"]["id"]
    part = {"invoices": [{"invoiceId": first["id"], "amount": 1}]}
    with pytest.raises(RefusedError, match="is reversed: nothing can be taken back from it"):
        client.put(f"/v1/credit-memos/{memo}/unapply", part)


def test_the_memo_of_the_same_bill_is_reversed_too(
    client: Client, grown: tuple[str, str], bill: "Callable[..., Any]", account: str
) -> None:
    """Source: Zuora, reversing an invoice with discount charges; the official SDK, debitMemo."""
    invoice, memo = grown
    answer = client.put(f"/v1/invoices/{invoice}/reverse", {})
    debit = client.get(f"/v1/debit-memos/{answer['debitMemo']['id']}")
    credited = client.get(f"/v1/credit-memos/{memo}")
    assert (debit["amount"], debit["reasonCode"]) == (credited["amount"], "Credit memo reversal")
    assert (credited["reversed"], credited["unappliedAmount"]) == (True, 0)
    again = bill("2026-07-01", post=True)[0]
    assert again["amount"] == client.get(f"/v1/invoices/{invoice}")["amount"]
    assert [one["amount"] for one in memos(client, account) if one["source"] == "BillRun"] == [
        credited["amount"]
    ] * 2


def test_what_a_reversed_memo_credited_is_credited_again(
    client: Client, bill: "Callable[..., Any]", order: "Order", subscription: str, account: str
) -> None:
    """Source: Zuora, reverse credit memos: the charge-through date is reset."""
    (invoice,) = bill(post=True)
    cancel(order, subscription, "2026-07-01")
    bill("2026-07-01", post=True)
    (memo,) = memos(client, account)
    client.put(f"/v1/credit-memos/{memo['id']}/reverse", {})
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == YEAR
    bill("2026-07-01", post=True)
    assert [one["amount"] for one in memos(client, account)] == [YEAR / 2] * 2
    bill("2026-07-01", post=True)
    assert len(memos(client, account)) == 2


def test_the_invoice_of_the_same_bill_is_reversed_too(
    client: Client, grown: tuple[str, str], bill: "Callable[..., Any]", account: str
) -> None:
    """Source: Zuora, reverse credit memos: an invoice of the same charge and the same billing operation."""
    invoice, memo = grown
    client.put(f"/v1/credit-memos/{memo}/reverse", {})
    first = client.get(f"/v1/invoices/{invoice}")
    assert first["balance"] == 0
    assert client.get(f"/object-query/invoices/{first['id']}")["reversed"]
    assert bill("2026-07-01", post=True)[0]["amount"] == first["amount"]
    assert len([one for one in memos(client, account) if one["source"] == "BillRun"]) == 2


def test_documents_of_one_bill_become_drafts_and_are_cancelled_together(
    client: Client, grown: tuple[str, str], bill: "Callable[..., Any]"
) -> None:
    """Source: Zuora, unpost an invoice: with items of the same charge one unposts the other."""
    invoice, memo = grown
    assert client.put(f"/v1/credit-memos/{memo}/unpost")["status"] == "Draft"
    assert client.get(f"/v1/invoices/{invoice}")["status"] == "Draft"
    client.put(f"/v1/credit-memos/{memo}/post")
    with pytest.raises(RefusedError, match="Only invoices with Draft status can be canceled"):
        client.put(f"/v1/invoices/{invoice}/cancel")
    client.put(f"/v1/credit-memos/{memo}/unpost")
    assert client.put(f"/v1/credit-memos/{memo}/cancel")["status"] == "Canceled"
    assert client.get(f"/v1/invoices/{invoice}")["status"] == "Canceled"
    assert bill("2026-07-01")[0]["status"] == "Draft"


def test_what_a_cancelled_memo_credited_is_credited_again(
    client: Client, bill: "Callable[..., Any]", order: "Order", subscription: str, account: str
) -> None:
    bill(post=True)
    cancel(order, subscription, "2026-07-01")
    bill("2026-07-01")
    (memo,) = memos(client, account)
    assert client.put(f"/v1/credit-memos/{memo['id']}/cancel")["status"] == "Canceled"
    bill("2026-07-01")
    again = next(one for one in memos(client, account) if one["status"] == "Draft")
    assert again["amount"] == memo["amount"]


def test_a_draft_of_an_order_is_cancelled_and_billed_again(
    client: Client, order: "Order", creation: dict[str, Any], bill: "Callable[..., Any]"
) -> None:
    options = {"runBilling": True, "billingOptions": {"generateDraftInvoice": True}}
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    (number,) = made["invoiceNumbers"]
    client.put(f"/v1/invoices/{number}/cancel")
    again, first = bill()
    assert (again["amount"], first["invoiceNumber"], first["status"]) == (YEAR, number, "Canceled")


def test_a_generated_draft_is_deleted_and_billed_again(
    client: Client, bill: "Callable[..., Any]", account: str, subscription: str, call: "Caller"
) -> None:
    assert subscription
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    wanted = {"AccountId": key, "InvoiceDate": "2026-01-01", "TargetDate": "2026-01-01"}
    (made,) = call("POST", "/v1/action/generate", {"type": "Invoice", "objects": [wanted]}).body
    assert made["Success"]
    (first,) = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    client.delete(f"/v1/invoices/{first['id']}")
    assert [one["amount"] for one in bill()] == [YEAR]


@pytest.mark.usefixtures("subscription")
def test_the_parts_of_a_split_invoice_are_posted_one_by_one_and_cancelled_together(
    client: Client, bill: "Callable[..., Any]", tenant: "Tenant"
) -> None:
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, split_invoices=True))
    (whole,) = bill()
    half = {"splitPercentage": 50, "invoiceDate": "2026-01-01", "paymentTerm": "Net 30"}
    parts = client.put(
        f"/v1/invoices/{whole['id']}/split", {"splitType": "Percentage", "splits": [half, half]}
    )
    first = f"/v1/invoices/{parts['invoices'][0]['id']}"
    client.put(f"{first}/post")
    assert sorted(one["status"] for one in bill()) == ["Draft", "Posted", "Split"]
    client.put(f"{first}/unpost")
    client.put(f"{first}/cancel")
    assert [one["status"] for one in bill()] == ["Draft", "Canceled", "Canceled", "Split"]


@pytest.mark.usefixtures("subscription")
def test_a_draft_that_is_posted_with_another_date_is_due_by_it(
    client: Client, account: str, bill: "Callable[..., Any]"
) -> None:
    client.put(f"/v1/accounts/{account}", {"paymentTerm": "Net 30"})
    (draft,) = bill()
    assert draft["dueDate"] == "2026-01-31"
    client.put(f"/v1/invoices/{draft['id']}/post", {"invoiceDate": "2026-02-01"})
    assert client.get(f"/v1/invoices/{draft['id']}")["dueDate"] == "2026-03-03"


def test_several_invoices_are_changed_or_none(client: Client, standalone: "Callable[..., Any]") -> None:
    first, second = standalone(5, status="Draft"), standalone(6)
    wanted = [{"id": one["id"], "dueDate": "2026-05-01", "autoPay": False} for one in (first, second)]
    assert client.put("/v1/invoices", {"invoices": wanted})["success"]
    assert {client.get(f"/v1/invoices/{one['id']}")["dueDate"] for one in (first, second)} == {"2026-05-01"}
    wanted = [{"id": first["id"], "comments": "late"}, {"id": second["id"], "invoiceDate": "2026-02-01"}]
    with pytest.raises(RefusedError, match="cannot change: it is Posted"):
        client.put("/v1/invoices", {"invoices": wanted})
    assert client.get(f"/v1/invoices/{first['id']}")["comments"] == ""
    with pytest.raises(RefusedError, match="A request takes at most 50 invoices, not 51"):
        client.put("/v1/invoices", {"invoices": [{"id": first["id"]}] * 51})


@pytest.mark.parametrize("first", ["invoice", "credit memo"])
def test_an_invoice_and_a_credit_memo_of_the_same_charges_are_posted_together(
    client: Client, grown: tuple[str, str], first: str
) -> None:
    """Source: Zuora, rules for generating invoices and credit memos."""
    invoice, memo = (f"/v1/invoices/{grown[0]}", f"/v1/credit-memos/{grown[1]}")
    client.put(f"{invoice}/unpost")
    assert [client.get(path)["status"] for path in (invoice, memo)] == ["Draft", "Draft"]
    client.put(f"{invoice if first == 'invoice' else memo}/post")
    assert [client.get(path)["status"] for path in (invoice, memo)] == ["Posted", "Posted"]


def test_units_that_a_cancelled_bill_has_rolled_over_are_rolled_over_again(
    client: Client, account: str, meter: "Meter", run_for: "Run", tenant: "Tenant"
) -> None:
    units = {"uom": "Minute", "units": 10, "validity": "MONTH", "rollover_periods": 2}
    number = meter({"price": 20}, type="Recurring", model="FlatFee", prepaid=units)

    def rolled() -> list[str]:
        return sorted({str(fund.start) for fund in tenant.world.subscriptions.find(number).rolled})

    run_for(client, account, "2026-02-01")
    assert rolled() == ["2026-02-01"]
    last = run_for(client, account, "2026-03-01")
    assert rolled() == ["2026-02-01", "2026-03-01"]
    client.put(f"/v1/bill-runs/{last['id']}/cancel", {})
    assert rolled() == ["2026-02-01"]
    run_for(client, account, "2026-03-01")
    assert rolled() == ["2026-02-01", "2026-03-01"]
