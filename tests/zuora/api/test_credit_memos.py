"""Credit memos from invoices and from charges, and what becomes of them."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.billing.papers import Papers
from tests.zuora.conftest import plan_named
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Run, Standalone
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.tenant import Tenant

SPELLINGS = ("credit-memos", "creditmemos")


@pytest.fixture
def charge(tenant: "Tenant") -> str:
    """The id of a charge of the catalog."""
    return str(plan_named(tenant, "Premium - 1 Year").charges[0].id)


@pytest.fixture
def invoice(standalone: "Standalone") -> dict[str, Any]:
    """A posted invoice of 100 and 20."""
    made: dict[str, Any] = standalone(100, 20)
    return made


@pytest.fixture
def credited(client: Client, invoice: dict[str, Any]) -> dict[str, Any]:
    """A posted credit memo of 30 of the first item and 10 of the second."""
    first, second = (item["id"] for item in invoice["invoiceItems"])
    items = [{"invoiceItemId": first, "amount": 30}, {"invoiceItemId": second, "amount": 10}]
    return client.post(f"/v1/credit-memos/invoice/{invoice['id']}", {"items": items, "autoPost": True})


def test_a_memo_of_an_invoice_is_a_draft_until_it_is_posted(client: Client, invoice: dict[str, Any]) -> None:
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 10, "comment": "Sorry"}
    body = {"items": [item], "comment": "Too much", "reasonCode": "Chargeback", "effectiveDate": "2026-02-01"}
    memo = client.post(f"/v1/creditmemos/invoice/{invoice['invoiceNumber']}", body)
    assert (memo["status"], memo["amount"], memo["unappliedAmount"], memo["appliedAmount"]) == (
        "Draft",
        10,
        10,
        0,
    )
    assert (memo["referredInvoiceId"], memo["sourceType"], memo["source"]) == (
        invoice["id"],
        "Invoice",
        "AdhocFromInvoice",
    )
    assert (memo["comment"], memo["reasonCode"], memo["creditMemoDate"]) == (
        "Too much",
        "Chargeback",
        "2026-02-01",
    )
    changed = client.put(
        f"/v1/credit-memos/{memo['id']}",
        {"comment": "Less", "effectiveDate": "2026-02-03", "autoApplyUponPosting": True},
    )
    assert (changed["comment"], changed["creditMemoDate"]) == ("Less", "2026-02-03")
    posted = client.put(f"/v1/credit-memos/{memo['id']}/post", {"creditMemoDate": "2026-02-04"})
    assert (posted["status"], posted["creditMemoDate"], posted["appliedAmount"]) == (
        "Posted",
        "2026-02-04",
        10,
    )
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 110
    with pytest.raises(RefusedError, match="cannot change: it is Posted"):
        client.put(f"/v1/credit-memos/{memo['id']}", {"effectiveDate": "2026-02-03"})
    kept = client.put(f"/v1/credit-memos/{memo['id']}", {"excludeFromAutoApplyRules": True})
    assert (kept["excludeFromAutoApplyRules"], kept["comment"]) == (True, "Less")


def test_no_more_is_credited_than_is_available(
    client: Client, invoice: dict[str, Any], credited: dict[str, Any]
) -> None:
    item = invoice["invoiceItems"][0]["id"]
    assert credited["amount"] == 40
    shown = client.get(f"/v1/invoices/{invoice['id']}/items")["invoiceItems"]
    assert [one["availableToCreditAmount"] for one in shown] == [70, 10]
    with pytest.raises(RefusedError, match=r"81 of the credit memo should not be greater than the 80.* that"):
        client.post(
            f"/v1/credit-memos/invoice/{invoice['id']}", {"items": [{"invoiceItemId": item, "amount": 81}]}
        )


def test_a_memo_is_applied_item_by_item_and_taken_back(
    client: Client, invoice: dict[str, Any], credited: dict[str, Any], call: "Caller"
) -> None:
    path = f"/v1/credit-memos/{credited['id']}"
    own = client.get(f"{path}/items")["items"]
    target = invoice["invoiceItems"][1]["id"]
    item = {"creditMemoItemId": own[0]["id"], "invoiceItemId": target, "amount": 15}
    part = {"invoiceId": invoice["id"], "amount": 15, "items": [item]}
    applied = client.put(f"{path}/apply", {"invoices": [part]})
    assert (applied["appliedAmount"], applied["unappliedAmount"]) == (15, 25)
    shown = client.get(f"/v1/invoices/{invoice['id']}/items")["invoiceItems"]
    assert [one["balance"] for one in shown] == [100, 5]
    assert client.get(f"{path}/items/{own[0]['id']}")["appliedAmount"] == 15
    (part_shown,) = client.get(f"{path}/parts")["parts"]
    assert (part_shown["invoiceId"], part_shown["amount"]) == (invoice["id"], 15)
    one = f"{path}/parts/{part_shown['id']}"
    assert client.get(one) == {**part_shown, "success": True}
    (item_part,) = client.get(f"{one}/item-parts")["itemParts"]
    assert (item_part["creditMemoItemId"], item_part["invoiceItemId"], item_part["amount"]) == (
        own[0]["id"],
        target,
        15,
    )
    old = one.replace("credit-memos", "creditmemos")
    assert client.get(f"{old}/itemparts/{item_part['id']}") == {**item_part, "success": True}
    (application,) = client.get(f"/v1/invoices/{invoice['id']}/application-parts")["applicationParts"]
    assert (application["creditMemoId"], application["appliedAmount"]) == (credited["id"], 15)
    for missing in (f"{one}x", f"{one}/item-parts/x", f"{path}/items/x"):
        assert call("GET", missing, version="2025-08-12").status == 404
    back = client.put(
        f"{path}/unapply", {"invoices": [{**part, "amount": 5, "items": [{**item, "amount": 5}]}]}
    )
    assert (back["appliedAmount"], back["unappliedAmount"]) == (10, 30)
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 110
    with pytest.raises(RefusedError, match=r"'items.invoiceItemId' may not be null"):
        client.put(f"{path}/apply", {"invoices": [{**part, "items": [{"amount": 15}]}]})


def test_items_are_applied_to_those_that_they_credit_if_asked(
    client: Client, invoice: dict[str, Any], credited: dict[str, Any]
) -> None:
    """Source: Zuora, application of a credit memo by source invoice item; the official SDK."""
    path, rule = f"/v1/credit-memos/{credited['id']}/apply", "ApplyCreditToSourceItemRule"
    part = {"invoiceId": invoice["id"], "amount": 40}
    with pytest.raises(RefusedError, match="is for one invoice, without items or debit memos"):
        client.put(path, {"applicationRule": rule, "invoices": [part, part]})
    assert client.put(path, {"applicationRule": rule, "invoices": [part]})["unappliedAmount"] == 0
    shown = client.get(f"/v1/invoices/{invoice['id']}/items")["invoiceItems"]
    assert [one["balance"] for one in shown] == [70, 10]


def test_a_memo_may_be_of_no_money(client: Client, invoice: dict[str, Any]) -> None:
    """Source: Zuora, create a credit memo from an invoice: to correct personal data."""
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 0}]
    body = {"items": items, "autoPost": True, "autoApplyToInvoiceUponPosting": True}
    memo = client.post(f"/v1/credit-memos/invoice/{invoice['id']}", body)
    assert (memo["status"], memo["amount"]) == ("Posted", 0)


def test_a_memo_settles_a_debit_memo_as_well(
    client: Client, invoice: dict[str, Any], credited: dict[str, Any]
) -> None:
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 25}
    debit = client.post(f"/v1/debit-memos/invoice/{invoice['id']}", {"items": [item], "autoPost": True})
    part = {"debitMemos": [{"debitMemoId": debit["id"], "amount": 25}]}
    assert client.put(f"/v1/credit-memos/{credited['id']}/apply", part)["unappliedAmount"] == 15
    settled = client.get(f"/v1/debit-memos/{debit['id']}")
    assert (settled["balance"], settled["beAppliedAmount"]) == (0, 25)
    (shown,) = client.get(f"/v1/credit-memos/{credited['id']}/parts")["parts"]
    assert shown["debitMemoId"] == debit["id"]
    (item_part, _) = client.get(f"/v1/credit-memos/{credited['id']}/parts/{shown['id']}/item-parts")[
        "itemParts"
    ]
    assert (
        item_part["debitMemoItemId"] == client.get(f"/v1/debit-memos/{debit['id']}/items")["items"][0]["id"]
    )
    assert client.put(f"/v1/credit-memos/{credited['id']}/unapply", part)["unappliedAmount"] == 40


def test_a_memo_may_apply_itself(client: Client, invoice: dict[str, Any]) -> None:
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 60}
    body = {"items": [item], "autoPost": True, "autoApplyToInvoiceUponPosting": True}
    for expected in (60, 60):
        memo = client.post(f"/v1/credit-memos/invoice/{invoice['id']}", body)
        assert memo["appliedAmount"] == expected
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0


def test_what_is_paid_already_leaves_nothing_to_apply_to(
    client: Client, account: str, invoice: dict[str, Any]
) -> None:
    paid = {"accountNumber": account, "amount": 120, "currency": "USD", "type": "External"}
    client.post("/v1/payments", {**paid, "invoices": [{"invoiceId": invoice["id"], "amount": 120}]})
    item = {"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 60}
    body = {"items": [item], "autoPost": True, "autoApplyToInvoiceUponPosting": True}
    assert client.post(f"/v1/credit-memos/invoice/{invoice['id']}", body)["unappliedAmount"] == 60


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_memo_of_charges_stands_alone(client: Client, account: str, charge: str, spelling: str) -> None:
    charges = [
        {"productRatePlanChargeId": charge, "amount": 50, "description": "Goodwill", "quantity": 2},
        {"chargeId": charge, "memoItemAmount": "7.5", "comment": "More"},
        {"chargeId": charge},
    ]
    body = {"accountNumber": account, "charges": charges, "number": "CM-MINE", "autoPost": True}
    memo = client.post(f"/v1/{spelling}", body)
    assert (memo["number"], memo["status"], memo["sourceType"], memo["amount"]) == (
        "CM-MINE",
        "Posted",
        "Standalone",
        Decimal("57.5") + 348,
    )
    items = client.get(f"/v1/{spelling}/CM-MINE/items")["items"]
    assert [item["sourceItemType"] for item in items] == ["ProductRatePlanCharge"] * 3
    assert (items[0]["quantity"], items[0]["unitPrice"], items[0]["sourceItemId"]) == (2, 25, charge)
    assert [item["description"] for item in items[:2]] == ["Goodwill", "More"]
    assert client.get(f"/v1/accounts/{account}")["metrics"]["unappliedCreditMemoAmount"] == memo["amount"]
    with pytest.raises(RefusedError, match="The memo number CM-MINE is used already"):
        client.post(f"/v1/{spelling}", body)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"accountNumber": None}, "'accountId' may not be null"),
        ({"charges": [{"amount": 1}]}, "'charges.productRatePlanChargeId' may not be null"),
        ({"charges": [{"chargeId": "x"}]}, "Cannot find entity by key: 'x'"),
        ({"currency": "ISK"}, "has no price in ISK"),
    ],
)
def test_a_memo_of_charges_that_cannot_be_is_refused(
    client: Client, account: str, charge: str, change: dict[str, Any], message: str
) -> None:
    body = {"accountNumber": account, "charges": [{"chargeId": charge}]}
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/credit-memos", {**body, **change})


def test_a_memo_goes_back_and_away(client: Client, credited: dict[str, Any], call: "Caller") -> None:
    path = f"/v1/credit-memos/{credited['number']}"
    assert client.put(f"{path}/unpost")["status"] == "Draft"
    with pytest.raises(RefusedError, match="Only credit memos with Canceled status can be deleted"):
        client.delete(path)
    cancelled = client.put(f"{path}/cancel")
    assert (cancelled["status"], cancelled["cancelledOn"]) == ("Canceled", cancelled["updatedDate"])
    assert client.delete(path)["success"]
    assert call("GET", path, version="2025-08-12").status == 404


@pytest.mark.parametrize("action", ["reverse", "write-off"])
def test_a_memo_is_taken_back_by_a_debit_memo(client: Client, credited: dict[str, Any], action: str) -> None:
    answer = client.put(f"/v1/credit-memos/{credited['id']}/{action}", {"comment": "No"})
    debit = client.get(f"/v1/debit-memos/{answer['debitMemo']['id']}")
    assert (debit["amount"], debit["balance"], debit["sourceType"], debit["comment"]) == (
        40,
        0,
        "CreditMemo",
        "No",
    )
    assert debit["referredCreditMemoId"] == credited["id"]
    memo = client.get(f"/v1/credit-memos/{credited['id']}")
    assert (memo["unappliedAmount"], memo["reversed"]) == (0, action == "reverse")


def test_memos_are_narrowed_sorted_and_paged(client: Client, account: str, charge: str) -> None:
    for amount in (3, 1, 2):
        body = {"accountNumber": account, "charges": [{"chargeId": charge, "amount": amount}]}
        client.post("/v1/credit-memos", body)
    found = client.get("/v1/credit-memos", accountNumber=account, sort="-amount")["creditmemos"]
    assert [memo["amount"] for memo in found] == [3, 2, 1]
    assert len(client.get("/v1/creditmemos", accountId=account, amount="2.0")["creditmemos"]) == 1
    first = client.get("/v1/credit-memos", accountId=account, pageSize="2")
    assert [memo["amount"] for memo in first["creditmemos"]] == [2, 1]
    assert "page=2" in first["nextPage"]


def test_an_item_is_called_by_the_version_s_names(credited: dict[str, Any], call: "Caller") -> None:
    path = f"/v1/credit-memos/{credited['id']}/items"
    old, new = (call("GET", path, version=version).body["items"][0] for version in ("224.0", "2025-08-12"))
    assert {"comment", "creditTaxItems"} <= old.keys()
    assert {"description", "taxationItems"} <= new.keys()
    assert not {"comment", "creditTaxItems"} & new.keys()


@pytest.mark.usefixtures("subscription")
def test_taxes_are_credited_and_settled_as_items_are(
    client: Client, account: str, run_for: "Run", invoices: "Invoices", tenant: "Tenant"
) -> None:
    """An invoice of a tenant with taxes; its tax is given to it here, as the rooms of tax do."""
    run_for(client, account, "2026-01-01", autoPost=True)
    invoice = tenant.world.invoices.find(invoices(client, account)[0]["id"])
    taxed = Papers().taxed_invoice("3480 100 50")
    items = (replace(invoice.items[0], tax_items=taxed.items[0].tax_items),)
    changed = replace(invoice, items=items, amount=taxed.amount)
    tenant.world = replace(tenant.world, invoices=tenant.world.invoices.put(changed))
    first, _ = (tax.id for tax in items[0].tax_items)
    item = {"invoiceItemId": items[0].id, "amount": 348}
    path = f"/v1/credit-memos/invoice/{invoice.id}"
    assert client.post(path, {"items": [item]})["taxAmount"] == 15
    inclusive = client.post(path, {"items": [{**item, "amount": 363, "taxMode": "TaxInclusive"}]})
    assert (inclusive["amount"], inclusive["taxAmount"]) == (363, 15)
    (shown,) = client.get(f"/v1/credit-memos/{inclusive['id']}/items")["items"]
    assert (shown["amount"], shown["amountWithoutTax"], shown["taxMode"]) == (363, 348, "TaxInclusive")
    assert client.post(path, {"items": [item], "taxAutoCalculation": False})["taxAmount"] == 0
    said = [{"sourceTaxItemId": first, "amount": 7}]
    memo = client.post(path, {"items": [{**item, "taxItems": said}], "autoPost": True})
    assert memo["amount"] == 355
    own = client.get(f"/v1/credit-memos/{memo['id']}/items")["items"][0]
    tax = own["taxationItems"]["data"][0]["id"]
    pairs = [{"creditTaxItemId": tax, "taxItemId": first, "amount": 7}]
    part = {"invoices": [{"invoiceId": invoice.id, "amount": 7, "items": pairs}]}
    client.put(f"/v1/credit-memos/{memo['id']}/apply", part)
    (shown,) = client.get(f"/v1/credit-memos/{memo['id']}/parts")["parts"]
    (item_part,) = client.get(f"/v1/credit-memos/{memo['id']}/parts/{shown['id']}/item-parts")["itemParts"]
    assert (item_part["creditTaxItemId"], item_part["taxItemId"], item_part["amount"]) == (tax, first, 7)
    debit = client.post(f"/v1/debit-memos/invoice/{invoice.id}", {"items": [item]})
    taxes = client.get(f"/v1/debit-memos/{debit['id']}/items")["items"][0]["taxationItems"]["data"]
    assert [(one["taxAmount"], one["balance"]) for one in taxes] == [(10, 10), (5, 5)]


def test_a_credit_memo_of_a_bill_is_of_its_subscription(
    client: Client, account: str, order: "Order", subscription: str, run_for: "Run", invoices: "Invoices"
) -> None:
    """Source: Zuora, use cases of invoice and memo association, case I."""
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-01"}
    order("CancelSubscription", "2026-05-01", subscription, cancelSubscription=policy)
    run_for(client, account, "2026-05-01", autoPost=True)
    (memo,) = client.get("/v1/credit-memos", accountId=account)["creditmemos"]
    assert (memo["sourceType"], memo["source"], memo["referredInvoiceId"]) == (
        "Subscription",
        "BillRun",
        None,
    )
    (billed,) = client.get(f"/v1/invoices/{invoices(client, account)[0]['id']}/items")["invoiceItems"]
    (item,) = client.get(f"/v1/credit-memos/{memo['id']}/items")["items"]
    assert (item["creditFromItemId"], item["creditFromItemSource"]) == (billed["id"], "InvoiceItem")
    assert item["sourceItemType"] == "SubscriptionComponent"
    assert item["sourceItemId"] != billed["id"]


def test_items_are_narrowed_and_sorted(client: Client, credited: dict[str, Any]) -> None:
    """Source: the official SDK, list credit memo items."""
    path = f"/v1/credit-memos/{credited['id']}/items"

    def amounts(**query: str) -> list[Decimal]:
        return [item["amount"] for item in client.get(path, **query)["items"]]

    assert amounts(sort="+amount") == [10, 30]
    assert amounts(sort="-amount") == [30, 10]
    assert amounts(amount="10") == amounts(sort="amount", pageSize="1") == [10]
    assert amounts(createdById="nobody") == []
