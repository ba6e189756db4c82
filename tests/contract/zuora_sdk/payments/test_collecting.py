"""Invoices and debit memos collected through the SDK."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def account(desk: Any, ask: Any, client: Any) -> Any:
    """An account with a card."""
    account = desk.open_account("Kestrel Kites")
    card = {
        "type": "CreditCard",
        "accountKey": account.id,
        "cardType": "Visa",
        "cardNumber": "4111111111111111",
        "expirationMonth": 12,
        "expirationYear": 2040,
        "makeDefault": True,
    }
    wanted = desk.sdk.CreatePaymentMethodRequest(desk.write("CreateCreditCardPaymentMethod", **card))
    ask(client.payment_methods_api().create_payment_method, wanted)
    return account


@pytest.fixture
def invoice(desk: Any, account: Any) -> Any:
    """A posted invoice over 100."""
    return desk.invoice(account)


def test_an_account_is_billed_and_collected_from(
    desk: Any, ask: Any, client: Any, account: Any, plan: Any, invoice: Any
) -> None:
    day = desk.clock.today()
    desk.place(desk.purchase(account, day, plan, 1))
    request = desk.write(
        "CreateInvoiceCollectRequest", accountKey=account.number, documentDate=day, targetDate=day
    )
    done = ask(client.operations_api().create_invoice_collect, request)
    (made,) = done.invoices
    assert float(done.amount_collected) == float(made.invoice_amount) + 100
    assert ask(client.payments_api().get_payment, done.payment_id).status == "Processed"
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 0


def test_a_debit_memo_is_collected(desk: Any, ask: Any, client: Any, account: Any, invoice: Any) -> None:
    debits, credits_ = client.debit_memos_api(), client.credit_memos_api()
    (item,) = ask(client.invoices_api().get_invoice_items, invoice.id).invoice_items
    day = desk.clock.today()
    portion = {"effectiveDate": day, "autoPost": True}
    memos = {}
    for amount, kind, api in ((30, "Debit", debits), (10, "Credit", credits_)):
        items = [{"amount": amount, "invoiceItemId": item.id, "skuName": "String"}]
        request = desk.write(f"Create{kind}MemoFromInvoiceRequest", **portion, items=items)
        memos[kind] = ask(getattr(api, f"create_{kind.lower()}_memo_from_invoice"), invoice.id, request)
    debit = memos["Debit"]
    collecting = {"applyCredit": True, "applicationOrder": ["CreditMemo"], "collect": True}
    request = desk.write("CollectDebitMemoRequest", **collecting)
    done = ask(debits.collect_debit_memo, debit.id, request)
    assert [one.applied_amount for one in done.applied_credit_memos] == [10]
    assert (done.processed_payment.amount, done.processed_payment.status) == (20, "Processed")
    assert ask(debits.get_debit_memo, debit.id).balance == 0
    assert account
