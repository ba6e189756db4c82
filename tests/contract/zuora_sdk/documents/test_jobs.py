"""What is done to documents asynchronously, through the SDK, and the jobs that tell of it."""

from typing import Any


def test_a_credit_memo_is_applied_and_taken_back(
    desk: Any, ask: Any, credits_: Any, client: Any, credit: Any, invoice: Any
) -> None:
    part = {"invoices": [{"invoiceId": invoice.id, "amount": 30}], "effectiveDate": invoice.invoice_date}
    job = ask(credits_.apply_credit_memo_async, credit.id, desk.write("AsyncApplyCreditMemoRequest", **part))
    assert (job.status, job.reference_id) == ("Pending", credit.id)
    assert ask(credits_.get_apply_credit_memo_async_job, job.id).status == "Processed"
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 70
    job = ask(
        credits_.unapply_credit_memo_async, credit.id, desk.write("AsyncUnapplyCreditMemoRequest", **part)
    )
    assert ask(credits_.get_unapply_credit_memo_async_job, job.id).status == "Processed"
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 100


def test_an_invoice_is_written_off(desk: Any, ask: Any, client: Any, invoice: Any) -> None:
    api = client.invoices_api()
    request = desk.sdk.WriteOffInvoiceRequest(memo_date=desk.clock.today())
    job = ask(
        api.get_invoice_write_off_async_job, ask(api.create_invoice_write_off_async, invoice.id, request).id
    )
    assert (job.status, job.reference_id) == ("Processed", invoice.id)
    assert ask(client.credit_memos_api().get_credit_memo, job.credit_memo.id).amount == 100


def test_a_payment_is_received_and_applied(
    desk: Any, ask: Any, client: Any, account: Any, invoice: Any
) -> None:
    api = client.payments_api()
    wanted = {"accountId": account.id, "amount": 60, "currency": "USD", "type": "External"}
    job = ask(api.create_payment_async, desk.write("CreatePaymentRequest", **wanted))
    done = ask(api.get_create_payment_async_job, job.id)
    part = {"invoices": [{"invoiceId": invoice.id, "amount": 60}]}
    job = ask(api.apply_payment_async, done.reference_id, desk.write("ApplyPaymentRequest", **part))
    assert ask(api.get_apply_payment_async_job, job.id).operation_type == "AsyncPaymentApply"
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 40


def test_memos_are_posted_and_cancelled(
    desk: Any, ask: Any, credits_: Any, debits: Any, draft: Any, debit: Any
) -> None:
    request = desk.sdk.PostCreditMemoRequest(credit_memo_date=desk.clock.today())
    assert ask(credits_.post_async_credit_memo, draft.id, request).job_status == "Completed"
    ask(debits.post_async_debit_memo, debit.id)
    for api, memo in ((credits_, draft), (debits, debit)):
        kind = "credit" if api is credits_ else "debit"
        ask(getattr(api, f"unpost_{kind}_memo"), memo.id)
        ask(getattr(api, f"cancel_async_{kind}_memo"), memo.id)
        assert ask(getattr(api, f"get_{kind}_memo"), memo.id).status == "Canceled"


def test_the_deletion_of_an_invoice_is_an_operation(desk: Any, ask: Any, client: Any, invoice: Any) -> None:
    api = client.invoices_api()
    ask(api.unpost_invoice, invoice.id)
    job = ask(api.delete_invoice, invoice.id)
    assert ask(client.operations_api().get_operation_job, job.id).object_id == invoice.id
    assert desk
