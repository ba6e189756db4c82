"""Invoices through the SDK: standalone ones, and what is done to them."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture(scope="module")
def account(desk: Any) -> Any:
    return desk.open_account("Ibis Papers")


@pytest.fixture
def api(client: Any) -> Any:
    return client.invoices_api()


def written(desk: Any, account: Any, amount: int = 100, **more: Any) -> Any:
    """Write a standalone invoice of one free item."""
    day = desk.clock.today()
    item = {
        "amount": amount,
        "chargeName": "Workshop",
        "serviceStartDate": day.isoformat(),
        "serviceEndDate": (day + timedelta(days=9)).isoformat(),
        "sku": "SKU-1",
        "uom": "Day",
    }
    wanted = {"accountId": account.id, "invoiceDate": day.isoformat(), "invoiceItems": [item], **more}
    return desk.write("CreateInvoiceRequest", **wanted)


@pytest.fixture
def draft(desk: Any, ask: Any, api: Any, account: Any) -> Any:
    return ask(api.create_standalone_invoice, written(desk, account, comments="By hand"))


@pytest.fixture
def posted(desk: Any, ask: Any, api: Any, account: Any) -> Any:
    return ask(api.create_standalone_invoice, written(desk, account, status="Posted"))


def test_a_standalone_invoice_is_written_and_posted(ask: Any, api: Any, desk: Any, draft: Any) -> None:
    assert (draft.status, draft.amount, draft.comments) == ("Draft", 100, "By hand")
    request = desk.sdk.PostAsyncInvoiceRequest(invoice_date=desk.clock.today())
    ask(api.post_invoice, draft.id, request)
    assert ask(api.get_invoice, draft.invoice_number).status == "Posted"
    (item,) = ask(api.get_invoice_items, draft.id).invoice_items
    assert (item.charge_name, item.sku) == ("Workshop", "SKU-1")


def test_invoices_are_written_and_posted_in_batches(ask: Any, api: Any, desk: Any, account: Any) -> None:
    wanted = [written(desk, account, 1), written(desk, account, 2)]
    made = ask(api.bulk_create_standalone_invoices, desk.sdk.BulkCreateInvoicesRequest(invoices=wanted))
    assert [one.amount for one in made.invoices] == [1, 2]
    posting = {"invoices": [{"id": one.id} for one in made.invoices]}
    ask(api.bulk_post_invoices, desk.write("BulkPostInvoicesRequest", **posting))
    assert {ask(api.get_invoice, one.id).status for one in made.invoices} == {"Posted"}


def test_a_posted_invoice_becomes_a_draft_is_cancelled_and_deleted(ask: Any, api: Any, posted: Any) -> None:
    assert ask(api.unpost_invoice, posted.id).invoice.status == "Draft"
    ask(api.cancel_invoice, posted.id)
    assert ask(api.get_invoice, posted.id).status == "Canceled"
    ask(api.delete_invoice, posted.id)


def test_an_invoice_is_reversed_by_a_credit_memo(ask: Any, api: Any, desk: Any, posted: Any) -> None:
    request = desk.sdk.ReverseInvoiceRequest(
        memo_date=desk.clock.today(), apply_effective_date=desk.clock.today()
    )
    memo = ask(api.reverse_invoice, posted.id, request).credit_memo
    assert memo.id
    after = ask(api.get_invoice, posted.id)
    assert (after.balance, after.credit_memo_amount) == (0, 100)
    parts = ask(api.get_invoice_application_parts, posted.id).application_parts
    assert [(one.credit_memo_id, one.applied_amount) for one in parts] == [(memo.id, 100)]


def test_an_invoice_is_written_off(ask: Any, api: Any, desk: Any, posted: Any) -> None:
    request = desk.sdk.WriteOffInvoiceRequest(memo_date=desk.clock.today(), comment="Bankrupt")
    assert ask(api.write_off_invoice, posted.id, request).credit_memo.id
    assert ask(api.get_invoice, posted.id).balance == 0


def test_an_invoice_is_sent_by_mail(ask: Any, api: Any, client: Any, desk: Any, posted: Any) -> None:
    request = desk.sdk.EmailBillingDocumentRequest(email_addresses="ada@example.com")
    ask(api.email_invoice, posted.id, request)
    sent = ask(client.notifications_api().get_email_history, object_id=posted.id, failed_only=False)
    assert [one.to_email for one in sent.email_histories] == ["ada@example.com"]


def test_a_draft_is_split(desk: Any, ask: Any, api: Any, wire: Any, draft: Any) -> None:
    keys = {"apiAccessKeyId": "key", "apiSecretAccessKey": "secret"}
    assert wire("PUT", "/settings/billing-rules", {"invoiceSplit": True}, **keys)["invoiceSplit"] is True
    day = desk.clock.today()
    shares = [{"splitPercentage": share, "invoiceDate": day, "paymentTerm": "Net 30"} for share in (70, 30)]
    request = desk.write("SplitInvoiceRequest", splitType="Percentage", splits=shares)
    done = ask(api.split_invoice, draft.id, request)
    assert (done.id, [one.amount for one in done.invoices]) == (draft.id, [70, 30])
