"""Payments over the API: applied, taken back, given away, charged and declined."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.allocation import Application
from toolkit.billing.debits import DebitMemo
from toolkit.billing.settlement import settle
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state.world import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Pay
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.tenant import Tenant

YEAR = Decimal(3480)


def test_a_payment_is_applied_later_and_taken_back_in_part_and_wholly(
    client: Client, pay: "Pay", invoice: dict[str, Any]
) -> None:
    key = pay(100)["number"]
    applied = client.put(
        f"/v1/payments/{key}/apply", {"invoices": [{"invoiceId": invoice["id"], "amount": 60}]}
    )
    assert (applied["appliedAmount"], applied["unappliedAmount"]) == (60, 40)
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == YEAR - 60
    part = {"invoices": [{"invoiceNumber": invoice["invoiceNumber"], "amount": 10}]}
    assert client.put(f"/v1/payments/{key}/unapply", part)["appliedAmount"] == 50
    assert client.put(f"/v1/payments/{key}/unapply", {})["appliedAmount"] == 0
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == YEAR


def test_an_item_can_be_paid_by_name(client: Client, pay: "Pay", invoice: dict[str, Any]) -> None:
    item = client.get(f"/v1/invoices/{invoice['id']}/items")["invoiceItems"][0]["id"]
    part = {"invoiceId": invoice["id"], "amount": 60, "items": [{"invoiceItemId": item, "amount": 60}]}
    made = pay(100, invoices=[part])
    back = {"invoices": [{**part, "amount": 5, "items": [{"invoiceItemId": item, "amount": 5}]}]}
    assert client.put(f"/v1/payments/{made['id']}/unapply", back)["appliedAmount"] == 55
    with pytest.raises(RefusedError, match="'items.invoiceItemId' may not be null"):
        pay(100, invoices=[{**part, "items": [{"amount": 60}]}])
    with pytest.raises(RefusedError, match="'debitMemos.debitMemoId' may not be null"):
        pay(100, debitMemos=[{"amount": 1}])


def test_a_debit_memo_is_paid_and_collected_as_an_invoice_is(
    client: Client, pay: "Pay", invoice: dict[str, Any], tenant: "Tenant", card: "Callable[..., str]"
) -> None:
    model = tenant.world.invoices.find(invoice["id"])
    memo = DebitMemo(
        id="debit",
        number="DM1",
        account_id=model.account_id,
        currency="USD",
        memo_date=model.invoice_date,
        due_date=model.due_date,
        status="Posted",
        items=tuple(replace(item, id="item") for item in model.items),
        amount=model.amount,
        created=model.created,
        updated=model.created,
        source="API",
    )
    change = Change(tenant.world)
    change.put(memo)
    tenant.world = change.world
    part = {"debitMemoNumber": "DM1", "amount": 10, "items": [{"debitMemoItemId": "item", "amount": 10}]}
    path = f"/v1/payments/{pay(10, debitMemos=[part])['id']}"
    (shown,) = client.get(f"{path}/parts")["parts"]
    assert (shown["debitMemoId"], shown["invoiceId"]) == ("debit", None)
    (item,) = client.get(f"{path}/parts/{shown['id']}/item-parts")["parts"]
    assert (item["debitMemoItemId"], item["invoiceItemId"]) == ("item", None)
    client.put(f"{path}/unapply", {"debitMemos": [{"debitMemoId": "debit", "amount": 4}]})
    assert tenant.world.debit_memos.find("debit").balance == YEAR - 6
    card()
    data = [{"accountId": model.account_id, "documentType": "DebitMemo", "documentId": "debit"}]
    run = client.post("/v1/payment-runs", {"targetDate": "2026-01-01", "data": data})["id"]
    assert client.get(f"/v1/payment-runs/{run}/summary")["numberOfDebitMemos"] == 1
    assert tenant.world.debit_memos.find("debit").balance == 0


def test_the_parts_of_a_payment_are_shown(client: Client, pay: "Pay", invoice: dict[str, Any]) -> None:
    path = f"/v1/payments/{pay(100, (invoice['id'], 60))['id']}/parts"
    (part,) = client.get(path)["parts"]
    assert (part["invoiceId"], part["amount"]) == (invoice["id"], 60)
    assert client.get(f"{path}/{part['id']}")["paymentPart"] == part
    (item,) = client.get(f"{path}/{part['id']}/item-parts")["parts"]
    assert item["amount"] == 60
    assert client.get(f"{path}/{part['id']}/item-parts/{item['id']}")["paymentItemPart"] == item
    assert client.get(f"{path}/{part['id']}/itemparts")["itemParts"] == [item]
    assert client.get(f"{path}/{part['id']}/itemparts/{item['id']}") == {**item, "success": True}
    for wrong in (f"{path}/x", f"{path}/{part['id']}/item-parts/x"):
        with pytest.raises(RefusedError, match="Cannot find entity by key: 'x'"):
            client.get(wrong)


def test_a_payment_of_nobody_finds_its_account_and_is_cancelled_and_deleted(
    client: Client, account: str, pay: "Pay"
) -> None:
    made = pay(10, accountNumber=None, effectiveDate="2026-01-05", referenceId="cheque 7")
    assert (made["accountId"], made["accountNumber"], made["referenceId"]) == (None, None, "cheque 7")
    (shown,) = client.get("/v1/payments", accountId="null")["payments"]
    assert {**shown, "success": True} == made
    path = f"/v1/payments/{made['id']}"
    assert client.put(f"{path}/transfer", {"accountId": account})["accountNumber"] == account
    assert client.put(f"{path}/transfer", {"accountId": ""})["accountNumber"] is None
    with pytest.raises(RefusedError, match="Only payments with Canceled status can be deleted"):
        client.delete(path)
    assert client.put(f"{path}/cancel", {})["status"] == "Canceled"
    assert client.delete(path) == {"success": True}
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get(path)


def test_a_payment_stays_in_its_currency(client: Client, pay: "Pay") -> None:
    other = {"name": "B", "currency": "EUR", "billCycleDay": 1}
    contact = {"firstName": "A", "lastName": "B"}
    key = client.post("/v1/accounts", {**other, "billToContact": contact})["accountNumber"]
    with pytest.raises(RefusedError, match="is billed in EUR, not USD"):
        client.put(f"/v1/payments/{pay(10)['id']}/transfer", {"accountId": key})


def test_comment_reference_and_gateway_state_can_change(client: Client, pay: "Pay") -> None:
    path = f"/v1/payments/{pay(10, comment='a')['id']}"
    assert client.put(path, {"referenceId": "r"})["comment"] == "a"
    changed = client.put(path, {"comment": None, "gatewayState": "Settled"})
    assert (changed["comment"], changed["referenceId"], changed["gatewayState"]) == (None, "r", "Settled")
    assert changed["settledOn"] == "2026-01-01 00:00:00"


def test_a_list_is_narrowed_and_sorted_by_what_it_shows(client: Client, pay: "Pay", account: str) -> None:
    for amount in (30, 10, 20):
        pay(amount, comment="x")

    def amounts(**query: str) -> list[Decimal]:
        return [one["amount"] for one in client.get("/v1/payments", accountId=account, **query)["payments"]]

    assert amounts() == [20, 10, 30]
    assert amounts(sort="+amount") == [10, 20, 30]
    assert amounts(sort="-type,-amount") == [30, 20, 10]
    assert amounts(amount="20.00", status="Processed") == [20]
    assert amounts(type="Electronic") == []
    assert amounts(number="null") == []
    for query, message in (
        ({"amount": "x"}, "'amount' should be a number, not 'x'"),
        ({"sort": "comment"}, "'sort' cannot name 'comment'"),
        ({"sort": "amount,type,status"}, "at most 2 fields, not 3"),
    ):
        with pytest.raises(RefusedError, match=message):
            amounts(**query)


def test_a_card_is_charged_by_the_gateway(
    client: Client, pay: "Pay", card: "Callable[..., str]", invoice: dict[str, Any]
) -> None:
    method = card()
    paid = pay(YEAR, (invoice["id"], YEAR), type="Electronic")
    assert (paid["status"], paid["gatewayState"], paid["paymentMethodId"]) == (
        "Processed",
        "Submitted",
        method,
    )
    (gateway,) = client.get("/v1/payment-gateways")["paymentgateways"]
    assert paid["gatewayId"] == gateway["id"]
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0
    with pytest.raises(RefusedError, match="Electronic: only External ones can be canceled"):
        client.put(f"/v1/payments/{paid['id']}/cancel", {})


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("4000000000000002", "card_declined - Your card was declined."),
        ("4000000000009995", "insufficient_funds - Your card has insufficient funds."),
    ],
)
def test_a_declined_payment_is_refused_and_kept(
    call: "Caller",
    account: str,
    number: str,
    message: str,
    card: "Callable[..., str]",
    invoice: dict[str, Any],
) -> None:
    """Source of the sentence: recorded; of code and status: error codes, category 99."""
    method = card(number)
    body = {"accountNumber": account, "amount": 10, "currency": "USD", "type": "Electronic"}
    body |= {"invoices": [{"invoiceId": invoice["id"], "amount": 10}]}
    answer = call("POST", "/v1/payments", body, version="2025-08-12")
    assert (answer.status, answer.reason) == (500, (53810099, f"Transaction declined.{message}"))
    (kept,) = call("GET", f"/v1/payments?accountId={account}").body["payments"]
    assert (kept["status"], kept["appliedAmount"], kept["gatewayState"]) == ("Error", 0, "NotSubmitted")
    assert kept["gatewayResponseCode"] == message.partition(" ")[0]
    shown = call("GET", f"/v1/payment-methods/{method}").body
    assert (shown["numConsecutiveFailures"], shown["lastTransaction"]) == (1, "Declined")
    assert call("GET", f"/v1/invoices/{invoice['id']}").body["balance"] == YEAR
    assert call("POST", "/v1/payments", body).status == 200


def test_a_payment_without_an_answer_locks_its_invoice_and_fails_after_two_days(
    client: Client, account: str, pay: "Pay", card: "Callable[..., str]", invoice: dict[str, Any]
) -> None:
    """Source: Zuora, payment status values; update the status of a payment stuck in processing."""
    method = card("4000000000000408")
    waiting = pay(10, (invoice["id"], 10), type="Electronic")
    assert (waiting["status"], waiting["appliedAmount"]) == ("Processing", 0)
    with pytest.raises(RefusedError, match="is being processed by another payment"):
        pay(10, (invoice["id"], 10))
    client.advance("PT47H")
    assert client.get(f"/v1/payments/{waiting['id']}")["status"] == "Processing"
    client.advance("PT1H")
    assert client.get(f"/v1/payments/{waiting['id']}")["status"] == "Error"
    assert client.get(f"/v1/payment-methods/{method}")["numConsecutiveFailures"] == 1
    assert pay(10, (invoice["id"], 10))["appliedAmount"] == 10
    assert client.get("/v1/payments", accountId=account, status="Error")["payments"]


@pytest.mark.parametrize(("meanwhile", "applied"), [(0, 10), (3475, 5), (3480, 0)])
def test_a_late_yes_pays_what_is_still_open(
    client: Client,
    pay: "Pay",
    card: "Callable[..., str]",
    invoice: dict[str, Any],
    meanwhile: int,
    applied: int,
    tenant: "Tenant",
) -> None:
    card("4000000000000408")
    aimless = pay(10, type="Electronic")  # a payment of nothing waits as well
    waiting = pay(10, (invoice["id"], 10), type="Electronic")
    answer = {"outcome": "approved"}
    if meanwhile:
        key = client.post(f"/__toolkit/gateway-answers/{aimless['number']}", answer)["number"]
        assert client.get(f"/v1/payments/{key}")["unappliedAmount"] == 10
        settled, _ = settle(
            tenant.world.invoices.find(invoice["id"]),
            Application(Decimal(meanwhile)),
            tenant.world.now,
            credit=True,
        )
        change = Change(tenant.world)
        change.put(settled)  # by a credit memo, which the waiting payment does not keep out
        tenant.world = change.world
    client.post(f"/__toolkit/gateway-answers/{waiting['id']}", answer)
    paid = client.get(f"/v1/payments/{waiting['id']}")
    assert (paid["status"], paid["appliedAmount"]) == ("Processed", applied)
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.post(f"/__toolkit/gateway-answers/{waiting['id']}", answer)


def test_another_gateway_decides_by_the_amount(
    client: Client, pay: "Pay", card: "Callable[..., str]", account: str
) -> None:
    card("4000000000000002")
    made = client.post("/__toolkit/payment-gateways", {"name": "Braintree", "kind": "Braintree"})
    assert (made["type"], made["isDefault"]) == ("Braintree", False)
    for key in (made["id"], made["number"]):
        assert pay(10, type="Electronic", gatewayId=key)["gatewayId"] == made["id"]
    with pytest.raises(RefusedError, match="2000 - Do Not Honor"):
        pay(2000, type="Electronic", paymentGatewayNumber=made["number"])
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'x'"):
        pay(10, type="Electronic", gatewayId="x")
    client.put(f"/v1/accounts/{account}", {"paymentGateway": "Braintree"})
    assert pay(10, type="Electronic")["gatewayId"] == made["id"]
    client.put(f"/v1/accounts/{account}", {"paymentGateway": None})
    with pytest.raises(RefusedError, match="exists already"):
        client.post("/__toolkit/payment-gateways", {"name": "Braintree"})
    third = client.post("/__toolkit/payment-gateways", {"name": "B2", "kind": "Braintree", "default": True})
    assert pay(10, type="Electronic")["gatewayId"] == third["id"]
    shown = client.get("/v1/paymentgateways")["paymentgateways"]
    assert [one["isDefault"] for one in shown] == [False, False, True]


def test_a_card_with_3d_secure_pays_after_its_holder_has_confirmed(
    client: Client, pay: "Pay", card: "Callable[..., str]"
) -> None:
    method = card("4000002500003155")
    with pytest.raises(RefusedError, match="authentication_required"):
        pay(10, type="Electronic")
    client.post(f"/__toolkit/payment-methods/{method}/authenticate", {})
    assert pay(10, type="Electronic")["status"] == "Processed"


def test_an_order_is_rolled_back_when_its_payment_is_declined_unless_it_may_fail(
    client: Client, order: "Order", creation: dict[str, Any], card: "Callable[..., str]"
) -> None:
    """Source: Zuora, modify subscriptions: atomic unless allowPaymentFailure."""
    card("4000000000000002")
    options = {"runBilling": True, "collectPayment": True}
    before = len(client.get("/v1/payments", status="Error")["payments"])
    with pytest.raises(RefusedError, match="card_declined - Your card was declined"):
        order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    assert len(client.get("/v1/payments", status="Error")["payments"]) == before
    allowed = {**options, "allowPaymentFailure": True}
    placed = order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=allowed)
    assert placed["paidAmount"] == 0
    assert client.get(f"/v1/payments/{placed['paymentNumber']}")["status"] == "Error"
    other = card("4242424242424242", makeDefault=False)
    chosen = {**options, "electronicPaymentOptions": {"paymentMethodId": other}}
    placed = order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=chosen)
    assert placed["paidAmount"] == YEAR
