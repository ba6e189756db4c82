"""Files of billing documents and mails with them through the SDK: made, packed, sent and remembered."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.contract.zuora_sdk.conftest import Account


@pytest.fixture(scope="module")
def account(desk: Any, ask: Any, client: Any) -> Any:
    """An account whose bill-to contact has an address."""
    contact = {"firstName": "Ada", "lastName": "Byron", "country": "USA", "workEmail": "ada@example.com"}
    terms = {"name": "Nuthatch Press", "currency": "USD", "billCycleDay": 1, "paymentTerm": "Net 30"}
    request = desk.write("CreateAccountRequest", **terms, billToContact=contact)
    made = ask(client.accounts_api().create_account, request)
    return Account(made.account_id, made.account_number)


@pytest.fixture(scope="module")
def invoice(desk: Any, account: Any) -> Any:
    """A posted invoice over 100."""
    return desk.invoice(account)


@pytest.fixture(scope="module", params=["credit", "debit"])
def memo(request: Any, desk: Any, ask: Any, client: Any, invoice: Any) -> Any:
    """The API of a kind of memo, the name of the kind, and a posted memo over thirty."""
    kind = request.param
    api = getattr(client, f"{kind}_memos_api")()
    (item,) = ask(client.invoices_api().get_invoice_items, invoice.id).invoice_items
    body = {
        "items": [{"amount": 30, "invoiceItemId": item.id, "skuName": "Paper"}],
        "effectiveDate": invoice.invoice_date,
    }
    wanted = desk.write(f"Create{kind.title()}MemoFromInvoiceRequest", **body)
    made = ask(getattr(api, f"create_{kind}_memo_from_invoice"), invoice.id, wanted)
    ask(getattr(api, f"post_{kind}_memo"), made.id)
    return api, kind, made


def kept(folder: Path, content: bytes) -> str:
    path = folder / "own.pdf"
    path.write_bytes(content)
    return str(path)


def email(desk: Any, **more: Any) -> Any:
    return desk.write("EmailBillingDocumentRequest", **more)


def test_the_files_of_an_invoice_are_listed_downloaded_and_uploaded(
    ask: Any, client: Any, invoice: Any, tmp_path: Path
) -> None:
    invoices, files = client.invoices_api(), client.files_api()
    (file,) = ask(invoices.get_invoice_files, invoice.id).invoice_files
    handle = file.pdf_file_url.rpartition("/")[2]
    content = files.get_files_with_http_info(handle).raw_data
    assert content.startswith(b"%PDF-")
    uploaded = ask(invoices.upload_file_for_invoice, invoice.id, file=kept(tmp_path, content))
    latest = ask(invoices.get_invoice_files, invoice.id).invoice_files[0]
    assert (latest.id, latest.version_number) == (uploaded.file_id, 2)
    (status,) = ask(invoices.get_invoice_pdf_status, invoice.id).invoice_files
    assert (status.pdf_generation_status, status.pdf_file_url) == ("Generated", latest.pdf_file_url)


def test_the_files_of_memos_are_made_uploaded_and_sent(
    desk: Any, ask: Any, client: Any, memo: Any, tmp_path: Path
) -> None:
    api, kind, made = memo
    ask(getattr(api, f"generate_{kind}_memo_pdf"), made.id)
    ask(getattr(api, f"upload_file_for_{kind}_memo"), made.id, file=kept(tmp_path, b"%PDF-1.7"))
    answer = ask(getattr(api, f"get_{kind}_memo_pdf_status"), made.id)
    (status,) = getattr(answer, f"{kind}_memo_files")
    assert status.pdf_generation_status == "Generated"
    ask(getattr(api, f"email_{kind}_memo"), made.id, email(desk, emailAddresses="eve@example.com"))
    histories = ask(client.notifications_api().get_email_history, object_id=made.id, failed_only=False)
    assert [one.to_email for one in histories.email_histories] == ["eve@example.com"]


def test_files_are_packed(desk: Any, ask: Any, client: Any, invoice: Any) -> None:
    operations = client.operations_api()
    documents = [{"docType": "Invoice", "objectIds": [invoice.id, "2c92"]}]
    body = {"documents": documents, "fileName": "jan", "indexFileFormat": "JSON", "generateMissingPDF": True}
    job = ask(operations.create_bulk_pdfto_zip_generation, desk.write("BulkPdfGenerationJobRequest", **body))
    assert job.invalid_ids == ["2c92"]
    shown = ask(operations.get_bulk_pdfto_zip_generation, job.job_id)
    handle = shown.file_urls[0].rpartition("/")[2]
    content = client.files_api().get_files_with_http_info(handle).raw_data
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        (entry,) = json.loads(packed.read("jan_1.json"))["_metadata"]
        assert entry["documentNumber"] == invoice.invoice_number


def test_an_invoice_is_sent_as_a_template_says(
    desk: Any, ask: Any, client: Any, wire: Any, account: Any, invoice: Any
) -> None:
    api = client.notifications_api()
    body = {
        "name": "Bills",
        "eventCategory": 1130,
        "emailSubject": "Bill <Invoice.InvoiceNumber>",
        "emailBody": "Pay",
        "fromEmailType": "TenantEmail",
        "toEmailType": "BillToContact",
    }
    made = ask(api.post_create_email_template, desk.write("PostPublicEmailTemplateRequest", **body))
    change = desk.write("PutPublicEmailTemplateRequest", emailSubject="Your bill <Invoice.InvoiceNumber>")
    ask(api.update_email_template, made.id, change)
    assert ask(api.get_email_template, made.id).event_category == 1130
    assert [one.id for one in ask(api.query_email_templates, name="Bills").data] == [made.id]
    imported = desk.write(
        "PostCreateOrUpdateEmailTemplateRequest", emailTemplates=[{**body, "name": "More", "active": False}]
    )
    assert ask(api.create_or_update_email_templates, imported).reasons == []
    ask(client.invoices_api().email_invoice, invoice.id, email(desk, useEmailTemplateSetting=True))
    (mail,) = ask(api.get_email_history, object_id=invoice.id, failed_only=False).email_histories
    assert (mail.subject, mail.to_email, mail.result) == (
        f"Your bill {invoice.invoice_number}",
        "ada@example.com",
        "OK",
    )
    api.delete_email_template(made.id)
    (known,) = wire("GET", f"/__toolkit/mails?object={invoice.id}")["mails"]
    answer = api.resend_email_notifications_with_http_info([known["id"]])
    assert (answer.status_code, json.loads(answer.raw_data)) == (202, {})
    erased = ask(api.delete_notification_history_for_account, account.id)
    assert ask(api.get_notification_history_deletion_task, erased.id).status == "FINISHED"
    assert ask(api.get_email_history, object_id=invoice.id, failed_only=False).email_histories == []


def test_a_bill_run_is_sent(desk: Any, ask: Any, client: Any, account: Any, plan: Any) -> None:
    today = desk.clock.today()
    desk.place(desk.purchase(account, today, plan, 1))
    run = desk.bill(account, today).run
    ask(client.bill_run_api().email_bill_run, run.id, desk.write("EmailBillRunRequest", resend=False))
    histories = ask(client.notifications_api().get_email_history, account_id=account.id, failed_only=False)
    assert histories.email_histories


def test_files_are_deleted(desk: Any, ask: Any, client: Any, account: Any, invoice: Any) -> None:
    documents = client.billing_documents_api()
    request = desk.write("CreateBillingDocumentFilesDeletionJobRequest", accountKeys=[account.number])
    job = ask(documents.create_billing_document_files_deletion_job, request)
    assert job.status == "Pending"
    assert ask(documents.get_billing_document_files_deletion_job, job.id).status == "Completed"
    assert ask(client.invoices_api().get_invoice_files, invoice.id).invoice_files == []
