"""An account, a posted invoice and memos of it, made through the SDK."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def account(desk: Any) -> Any:
    return desk.open_account("Jackdaw Radio")


@pytest.fixture(scope="module")
def credits_(client: Any) -> Any:
    return client.credit_memos_api()


@pytest.fixture(scope="module")
def debits(client: Any) -> Any:
    return client.debit_memos_api()


@pytest.fixture(scope="module")
def charge(plans: Any) -> str:
    return str(plans[0].charge_id)


@pytest.fixture
def invoice(desk: Any, account: Any) -> Any:
    """A posted invoice over 100."""
    return desk.invoice(account)


@pytest.fixture
def portion(ask: Any, client: Any, invoice: Any) -> dict[str, Any]:
    """Thirty of the invoice."""
    (item,) = ask(client.invoices_api().get_invoice_items, invoice.id).invoice_items
    return {
        "items": [{"amount": 30, "invoiceItemId": item.id, "skuName": "Antenna"}],
        "effectiveDate": invoice.invoice_date,
    }


@pytest.fixture
def draft(desk: Any, ask: Any, credits_: Any, invoice: Any, portion: Any) -> Any:
    """A draft of a credit memo over thirty."""
    request = desk.write("CreateCreditMemoFromInvoiceRequest", **portion)
    return ask(credits_.create_credit_memo_from_invoice, invoice.id, request)


@pytest.fixture
def credit(ask: Any, credits_: Any, draft: Any, invoice: Any) -> Any:
    """A posted credit memo over thirty, applied to nothing."""
    assert (draft.status, draft.referred_invoice_id) == ("Draft", invoice.id)
    return ask(credits_.post_credit_memo, draft.id)


@pytest.fixture
def debit(desk: Any, ask: Any, debits: Any, invoice: Any, portion: Any) -> Any:
    """A draft of a debit memo over thirty."""
    request = desk.write("CreateDebitMemoFromInvoiceRequest", **portion)
    return ask(debits.create_debit_memo_from_invoice, invoice.id, request)
