"""Payment runs over the API: whom they collect from, with what, and when."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.retries import RetryRule
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state import archive
from toolkit.zuora.state.world import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Pay
    from tests.zuora.conftest import Order
    from toolkit.zuora.tenant import Tenant

YEAR = 3480
FIRST = {"accountId": "A00000001", "documentType": "Invoice"}


@pytest.fixture
def key(client: Client, account: str, invoice: dict[str, Any], card: "Callable[..., str]") -> str:
    """The id of an account that pays by itself with a good card, and owes 3480."""
    card()
    client.put(f"/v1/accounts/{account}", {"autoPay": True})
    return str(invoice["accountId"])


def run(client: Client, **more: object) -> dict[str, Any]:
    body = {"targetDate": "2026-01-01", **more}
    made = client.post("/v1/payment-runs", body)
    assert made["status"] == "Pending"
    return client.get(f"/v1/payment-runs/{made['id']}")


def summary(client: Client, one: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"/v1/payment-runs/{one['number']}/summary")


def test_a_run_collects_what_is_due(client: Client, key: str, invoice: dict[str, Any]) -> None:
    done = run(client, accountId=key)
    assert (done["status"], done["accountId"], done["completedOn"]) == (
        "Completed",
        key,
        "2026-01-01 00:00:00",
    )
    (payment,) = client.get("/v1/payments", accountId=key)["payments"]
    assert (payment["type"], payment["status"], payment["appliedAmount"]) == ("Electronic", "Processed", YEAR)
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0
    said = summary(client, done)
    assert (said["numberOfInvoices"], said["numberOfPayments"], said["numberOfErrors"]) == (1, 1, 0)
    assert said["totalValues"][0]["totalValueOfPayments"] == "3480.0"
    assert summary(client, run(client, accountId=key))["numberOfReceivables"] == 0


@pytest.mark.parametrize(
    ("filters", "chosen"),
    [
        ({}, True),
        ({"batch": "Batch1", "billCycleDay": 1, "currency": "USD"}, True),
        ({"batch": "Batch2"}, False),
        ({"billCycleDay": 2}, False),
        ({"currency": "EUR"}, False),
        ({"paymentGatewayNumber": "PG-00000000"}, True),
        ({"targetDate": "2025-12-31"}, False),
    ],
)
def test_filters_choose_accounts_and_debts(
    client: Client, key: str, filters: dict[str, object], *, chosen: bool
) -> None:
    run(client, **filters)
    assert bool(client.get("/v1/payments", accountId=key)["payments"]) is chosen


def test_the_invoices_of_one_bill_run_can_be_collected(
    client: Client, key: str, invoice: dict[str, Any], tenant: "Tenant"
) -> None:
    other = client.post("/v1/bill-runs", {"targetDate": "2025-01-01"})["id"]
    assert summary(client, run(client, billingRunId=other))["numberOfInvoices"] == 0
    own = tenant.world.bill_runs.find(tenant.world.invoices.find(invoice["id"]).source_id or "")
    done = run(client, billingRunId=own.id)
    assert (done["billingRunId"], summary(client, done)["numberOfInvoices"]) == (own.id, 1)
    assert client.get("/v1/payments", accountId=key)["payments"]


def test_an_account_without_auto_pay_is_left_alone(client: Client, key: str, account: str) -> None:
    client.put(f"/v1/accounts/{account}", {"autoPay": False})
    assert summary(client, run(client))["numberOfReceivables"] == 0
    assert client.get("/v1/payments", accountId=key)["payments"] == []


@pytest.mark.parametrize(("account_pays", "invoice_pays"), [(True, False), (False, True)])
def test_what_an_invoice_says_of_auto_pay_goes_before_its_account(
    client: Client,
    key: str,
    account: str,
    invoice: dict[str, Any],
    tenant: "Tenant",
    *,
    account_pays: bool,
    invoice_pays: bool,
) -> None:
    client.put(f"/v1/accounts/{account}", {"autoPay": account_pays})
    change = Change(tenant.world)
    change.put(replace(tenant.world.invoices.find(invoice["id"]), auto_pay=invoice_pays))
    tenant.world = change.world
    assert summary(client, run(client, accountId=key))["numberOfPayments"] == int(invoice_pays)


def test_a_run_waits_for_its_hour(client: Client, key: str) -> None:
    """Source: Zuora, create a payment run: minutes and seconds of runDate are ignored."""
    made = client.post("/v1/payment-runs", {"runDate": "2026-01-02 11:30:37", "accountId": key})
    path = f"/v1/payment-runs/{made['number']}"
    assert made["runDate"] == "2026-01-02 11:00:00"
    client.advance("PT34H")
    assert client.get(path)["status"] == "Pending"
    again = {"runDate": "2026-01-02T12:00:00-08:00", "accountId": key, "targetDate": "2026-01-01"}
    assert client.put(path, again)["targetDate"] == "2026-01-01"
    client.advance("PT1H")
    assert client.get(path)["status"] == "Pending"
    client.advance("PT1H")
    done = client.get(path)
    assert (done["status"], done["executedOn"]) == ("Completed", "2026-01-02 12:00:00")
    assert client.get("/v1/payments", accountId=key)["payments"]
    with pytest.raises(RefusedError, match="Only Pending payment runs can be updated"):
        client.put(path, again)
    with pytest.raises(RefusedError, match="can be deleted, not PR-00000001"):
        client.delete(path)


def test_credit_is_used_before_money(
    client: Client, account: str, key: str, pay: "Pay", order: "Order", subscription: str
) -> None:
    pay(100)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-12-01"}
    options = {"runBilling": True, "billingOptions": {"targetDate": "2026-12-01"}}
    order(
        "CancelSubscription",
        "2026-01-01",
        subscription,
        cancelSubscription=policy,
        processingOptions=options,
    )
    only = run(client, collectPayment=False, autoApplyUnappliedPayment=True)
    assert summary(client, only)["numberOfUnappliedPayments"] == 1
    done = run(client, autoApplyCreditMemo=True, autoApplyUnappliedPayment=True)
    said = summary(client, done)
    assert (said["numberOfCreditMemos"], said["numberOfUnappliedPayments"]) == (1, 0)
    (total,) = said["totalValues"]
    assert (total["totalValueOfCreditMemos"], total["totalValueOfPayments"]) == ("290.0", "3090.0")
    assert client.get(f"/v1/accounts/{account}")["metrics"]["balance"] == 0
    assert key


@pytest.mark.parametrize(("consolidated", "payments"), [(False, [YEAR, YEAR]), (True, [YEAR * 2])])
def test_an_account_can_pay_all_at_once(
    client: Client, key: str, two: list[str], payments: list[int], *, consolidated: bool
) -> None:
    run(client, consolidatedPayment=consolidated)
    assert [one["amount"] for one in client.get("/v1/payments", accountId=key)["payments"]] == payments
    assert [client.get(f"/v1/invoices/{one}")["balance"] for one in two] == [0, 0]


def test_records_say_what_is_collected_and_how(
    client: Client, account: str, key: str, two: list[str], card: "Callable[..., str]"
) -> None:
    bad = card("4000000000009995", makeDefault=False)
    client.put(f"/v1/accounts/{account}", {"autoPay": False})
    gateway = client.get("/v1/payment-gateways")["paymentgateways"][0]["id"]
    part = {"documentType": "Invoice", "documentId": two[0], "amount": 80, "comment": "c"}
    wrong = {"documentType": "Invoice", "documentId": two[1], "paymentMethodId": bad}
    rest = {"accountNumber": account, "paymentGatewayId": gateway}
    done = run(client, data=[{"accountId": key, **part}, {"accountId": key, **wrong}, rest])
    first, second, third = client.get(f"/v1/payment-runs/{done['id']}/data")["data"]
    assert (first["result"], first["amount"], first["amountCollected"]) == ("Processed", 80, 80)
    assert (first["documentType"], first["transactions"][0]["appliedAmount"]) == ("Invoice", 80)
    assert (second["result"], second["errorCode"]) == ("Error", "insufficient_funds")
    assert (second["amountToCollect"], second["amountCollected"]) == (YEAR, 0)
    assert (third["result"], third["documentId"]) == ("Processed", None)
    assert third["amountCollected"] == YEAR * 2 - 80
    said = summary(client, done)
    assert (said["numberOfInputData"], said["numberOfErrorInputData"], said["numberOfErrors"]) == (3, 1, 1)
    assert {one["comment"] for one in client.get("/v1/payments", accountId=key)["payments"]} == {"c", None}


def test_records_of_an_account_can_be_paid_together(client: Client, key: str, two: list[str]) -> None:
    records = [{"accountId": key, "documentType": "Invoice", "documentId": one} for one in two]
    run(client, data=records, consolidatedPayment=True)
    assert [one["amount"] for one in client.get("/v1/payments", accountId=key)["payments"]] == [YEAR * 2]
    done = run(client, data=records)
    assert [one["result"] for one in client.get(f"/v1/payment-runs/{done['id']}/data")["data"]] == [
        "Processed"
    ] * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targetDate": None}, "'targetDate' may not be null"),
        ({"runDate": "yesterday"}, "'runDate' should be like 2017-03-01 11:00:00, not 'yesterday'"),
        ({"runDate": "2025-12-31 23:00:00"}, "has passed"),
        ({"accountId": "A00000001", "batch": "Batch1"}, "'accountId' cannot be combined with batch"),
        ({"batch": "Batch1", "data": [{"accountId": "A00000001"}]}, "'data' cannot be combined"),
        ({"data": [{}]}, "'data.accountId' may not be null"),
        ({"data": [{"accountId": "A00000001", "documentType": "Invoice"}]}, "or neither"),
        ({"data": [{"accountId": "A00000001", "amount": 1}]}, "'amount' can be given only for a document"),
        (
            {
                "data": [
                    {"accountId": "A00000001", "documentType": "Invoice", "documentNumber": "INV00000002"}
                ]
            },
            "belongs to another account",
        ),
        (
            {"data": [{**FIRST, "documentNumber": "INV00000001", "amount": 99999}]},
            "should be greater than 0 and not greater than the balance",
        ),
        ({"applyCreditBalance": True}, "'applyCreditBalance' is not simulated yet"),
    ],
)
def test_a_run_that_cannot_be_is_refused(client: Client, change: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/payment-runs", {"targetDate": "2026-01-01", **change})


def test_a_card_that_failed_is_tried_again_as_the_rule_says(
    client: Client, key: str, card: "Callable[..., str]", tenant: "Tenant"
) -> None:
    """Source: payment retry rules: two failures at most, and eight hours between attempts."""
    card("4000000000000002")
    rules = replace(tenant.world.rules, payment_retry=RetryRule(max_failures=2, interval=8))
    tenant.world = replace(tenant.world, rules=rules)

    def payments() -> int:
        run(client, targetDate="2026-01-01")
        return len(client.get("/v1/payments", accountId=key)["payments"])

    assert payments() == payments() == 1
    client.advance("PT8H")
    assert payments() == 2
    client.advance("P1M")
    assert payments() == 2
    run(client, ignorePaymentRunRetryRule=True)
    assert len(client.get("/v1/payments", accountId=key)["payments"]) == 3


def test_a_closed_card_is_charged_only_if_asked(client: Client, key: str, tenant: "Tenant") -> None:
    (method,) = tenant.world.payment_methods.of(key)
    change = Change(tenant.world)
    change.put(replace(method, status="Closed"))
    tenant.world = change.world
    data = [{"accountId": key}]
    done = run(client, data=data)
    (record,) = client.get(f"/v1/payment-runs/{done['id']}/data")["data"]
    assert (record["result"], record["transactions"]) == ("Error", [])
    assert record["errorMessage"].endswith("is Closed.")
    run(client, data=data, processPaymentWithClosedPM=True)
    assert client.get("/v1/payments", accountId=key)["payments"]


def test_nothing_is_charged_without_a_payment_method(client: Client, key: str, account: str) -> None:
    client.put(f"/v1/accounts/{account}", {"defaultPaymentMethodId": None})
    done = run(client)
    said = summary(client, done)
    assert (said["numberOfUnprocessedInvoices"], said["numberOfPayments"]) == (1, 0)
    assert said["totalValues"][0]["totalValueOfUnprocessedInvoices"] == "3480.0"
    assert client.get("/v1/payments", accountId=key)["payments"] == []


def test_what_waits_for_an_answer_is_not_collected_again(
    client: Client, key: str, card: "Callable[..., str]"
) -> None:
    card("4000000000000408")
    assert summary(client, run(client))["numberOfErrors"] == 1
    assert summary(client, run(client))["numberOfReceivables"] == 0
    assert [one["status"] for one in client.get("/v1/payments", accountId=key)["payments"]] == ["Processing"]


def test_runs_are_listed_and_those_that_failed_deleted(client: Client, key: str, tenant: "Tenant") -> None:
    first, second = run(client, accountId=key), run(client)
    assert [one["id"] for one in client.get("/v1/payment-runs")["paymentRuns"]] == [second["id"], first["id"]]
    assert client.get("/v1/payment-runs", status="Pending")["paymentRuns"] == []
    record = tenant.world.payment_runs.find(first["id"])
    change = Change(tenant.world)
    change.put(replace(record, status="Error"))
    tenant.world = change.world
    assert client.delete(f"/v1/payment-runs/{first['id']}") == {"success": True}
    assert [one["id"] for one in client.get("/v1/payment-runs")["paymentRuns"]] == [second["id"]]


def test_what_payments_leave_is_read_back_from_an_archive(
    client: Client,
    key: str,
    card: "Callable[..., str]",
    invoice: dict[str, Any],
    tenant: "Tenant",
    pay: "Pay",
) -> None:
    paid = pay(10, type="Electronic")["id"]
    client.post(f"/v1/payments/{paid}/refunds", {"type": "Electronic", "totalAmount": 10})
    item = client.get(f"/v1/invoices/{invoice['id']}/items")["invoiceItems"][0]["id"]
    card("4000000000000408", useDefaultRetryRule=False, paymentRetryWindow=1)
    part = {"invoiceId": invoice["id"], "amount": 60, "items": [{"invoiceItemId": item, "amount": 60}]}
    pay(60, type="Electronic", invoices=[part])
    run(client, data=[{"accountId": key}])
    again = archive.read(b"".join(archive.write(tenant.world))).world
    for table in ("payments", "refunds", "inquiries", "payment_runs", "payment_methods", "gateways"):
        rows = getattr(tenant.world, table).rows
        assert rows
        assert {one: getattr(again, table).rows[one] for one in rows} == dict(rows.items())
