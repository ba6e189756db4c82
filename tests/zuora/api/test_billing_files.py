"""Files of billing documents: versions, uploads, status, and archives of many, read by others' readers."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from tests.zuora.conftest import KEYS, Caller
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Standalone

FORM = {**KEYS, "content-type": "multipart/form-data; boundary=cut"}
Download = Callable[[str], bytes]


@pytest.fixture
def download(tenant: Tenant) -> Download:
    """Return what stands behind a URL."""

    def get(url: str) -> bytes:
        response = tenant.handle(Request("GET", url.removeprefix("http://zuora.test"), headers=KEYS))
        assert response.status == 200, response.body
        return response.body

    return get


@pytest.fixture
def memo(client: Client, standalone: "Standalone") -> dict[str, Any]:
    """A draft of a credit memo over 40 of an invoice."""
    invoice = standalone(100)
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 40, "skuName": "x"}]
    return client.post(f"/v1/creditmemos/invoice/{invoice['id']}", {"items": items})


def listed(client: Client, path: str, field: str = "invoiceFiles") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(f"{path}/files")[field]
    return rows


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def send(call: Caller, path: str, content: bytes) -> Any:  # noqa: ANN401 - an answer of any shape
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return call("POST", f"{path}/files", raw=head + content + b"\r\n--cut--\r\n", headers=FORM)


def test_a_posted_invoice_has_a_file_and_a_draft_none(
    client: Client, standalone: "Standalone", download: Download
) -> None:
    assert listed(client, f"/v1/invoices/{standalone(5, status='Draft')['id']}") == []
    invoice = standalone(100)
    (file,) = listed(client, f"/v1/invoices/{invoice['invoiceNumber']}")
    assert file["versionNumber"] == 1
    assert file["pdfFileUrl"].startswith("http://zuora.test/v1/files/")
    assert not file["pdfFileUrl"].endswith(file["id"])
    content = download(file["pdfFileUrl"])
    assert content == download(f"/v1/files/{file['id']}") == download(file["pdfFileUrl"])
    said = text_of(content)
    assert invoice["invoiceNumber"] in said
    assert "USD 100.00" in said


def test_a_file_says_what_was_settled_when_it_was_made(
    client: Client, account: str, standalone: "Standalone", download: Download
) -> None:
    invoice = standalone(100)
    path = f"/v1/invoices/{invoice['id']}"
    payment = {"accountNumber": account, "amount": 30, "currency": "USD", "type": "External"}
    client.post("/v1/payments", {**payment, "invoices": [{"invoiceId": invoice["id"], "amount": 30}]})
    client.advance("P1D")
    client.put(f"/v1/object/invoice/{invoice['id']}", {"RegenerateInvoicePDF": True})
    later, first = listed(client, path)
    assert (later["versionNumber"], first["versionNumber"]) == (2, 1)
    assert "USD 100.00" in text_of(download(first["pdfFileUrl"]))
    said = text_of(download(later["pdfFileUrl"]))
    assert "USD 70.00" in said
    assert "-30.00" in said
    assert client.get(path)["balance"] == 70
    client.put(f"/v1/object/invoice/{invoice['id']}", {"Comments": "Thanks"})
    assert len(listed(client, path)) == 2


def test_a_file_is_uploaded_and_downloaded_byte_by_byte(
    call: Caller, client: Client, standalone: "Standalone", download: Download
) -> None:
    path = f"/v1/invoices/{standalone(5, status='Draft')['id']}"
    content = b"%PDF-1.7\n" + bytes(range(256)) * 3 + b"\r\n\n%%EOF\n"
    answer = send(call, path, content)
    (file,) = listed(client, path)
    assert answer.body == {"fileId": file["id"], "success": True}
    assert download(file["pdfFileUrl"]) == content
    client.put(f"{path}/post")
    last = send(call, path, content).body["fileId"]
    assert [one["id"] for one in listed(client, path)][::2] == [last, file["id"]]


def test_what_is_no_pdf_too_large_or_one_too_many_is_refused(
    call: Caller, client: Client, standalone: "Standalone"
) -> None:
    invoice = standalone(5, status="Draft")
    path = f"/v1/invoices/{invoice['id']}"
    assert send(call, path, b"text").body["reasons"][0]["message"] == "The file should be a PDF file."
    large = send(call, path, b"%PDF-" + b" " * 4 * 1024 * 1024)
    assert large.reason[1] == "The file should have at most 4 MB."
    for _ in range(50):
        assert send(call, path, b"%PDF-1.7").body["success"]
    assert "can have no more" in send(call, path, b"%PDF-1.7").reason[1]
    other = standalone(5, status="Draft")
    client.put(f"/v1/invoices/{other['id']}/cancel")
    assert "is Canceled" in send(call, f"/v1/invoices/{other['id']}", b"%PDF-1.7").reason[1]


@pytest.mark.parametrize("spelling", ["credit-memos", "creditmemos"])
def test_a_memo_has_a_file_when_one_is_made(
    client: Client, memo: dict[str, Any], download: Download, spelling: str
) -> None:
    path = f"/v1/{spelling}/{memo['number']}"
    assert listed(client, path, "creditMemoFiles") == []
    client.post(f"{path}/pdfs", {})
    (file,) = listed(client, path, "creditMemoFiles")
    said = text_of(download(file["pdfFileUrl"]))
    assert "CREDIT MEMO" in said
    assert "DRAFT" in said
    assert "USD 40.00" in said


@pytest.mark.parametrize("spelling", ["debit-memos", "debitmemos"])
def test_debit_memos_have_files_too(
    client: Client, standalone: "Standalone", download: Download, spelling: str
) -> None:
    invoice = standalone(100)
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 15, "skuName": "x"}]
    body = {"items": items, "autoPost": True, "reasonCode": "Charge dispute"}
    made = client.post(f"/v1/debit-memos/invoice/{invoice['id']}", body)
    (file,) = listed(client, f"/v1/{spelling}/{made['id']}", "debitMemoFiles")
    said = text_of(download(file["pdfFileUrl"]))
    assert "DEBIT MEMO" in said
    assert "Charge dispute" in said
    status = client.get(f"/v1/{spelling}/pdf-status?debitMemoKeys={made['number']}")["debitMemoFiles"]
    assert [(one["debitMemoId"], one["pdfFileUrl"]) for one in status] == [(made["id"], file["pdfFileUrl"])]


def test_the_status_of_files_is_shown(client: Client, standalone: "Standalone") -> None:
    draft, posted = standalone(5, status="Draft"), standalone(5)
    keys = f"{draft['id']}, {posted['invoiceNumber']}"
    none, generated = client.get("/v1/invoices/pdf-status", invoiceKeys=keys)["invoiceFiles"]
    assert (none["pdfGenerationStatus"], none["pdfFileUrl"], none["createdOn"]) == ("None", None, None)
    assert generated["pdfGenerationStatus"] == "Generated"
    assert generated["createdOn"] == "2026-01-01 00:00:00"
    (file,) = listed(client, f"/v1/invoices/{posted['id']}")
    assert generated["pdfFileUrl"] == file["pdfFileUrl"]
    with pytest.raises(RefusedError, match="'invoiceKeys' may not be null"):
        client.get("/v1/invoices/pdf-status")
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get("/v1/invoices/pdf-status", invoiceKeys="x")


def test_files_come_in_pages_of_twenty(call: Caller, client: Client, standalone: "Standalone") -> None:
    path = f"/v1/invoices/{standalone(5, status='Draft')['id']}"
    for _ in range(21):
        send(call, path, b"%PDF-1.7")
    first = client.get(f"{path}/files")
    assert [one["versionNumber"] for one in first["invoiceFiles"]] == list(range(21, 1, -1))
    assert len(client.pages(f"{path}/files", "invoiceFiles")) == 21


def test_a_file_goes_with_its_document(
    call: Caller, client: Client, standalone: "Standalone", tenant: Tenant
) -> None:
    invoice = standalone(5, status="Draft")
    file = send(call, f"/v1/invoices/{invoice['id']}", b"%PDF-1.7").body["fileId"]
    client.delete(f"/v1/invoices/{invoice['id']}")
    for key in (file, "8ad1" + invoice["id"][4:], "8ad2" + file[4:], "8ad2" + invoice["id"][4:], "x"):
        assert call("GET", f"/v1/files/{key}").status == 404
    assert tenant.world.billing_files.get(file) is not None


def packed(client: Client, *documents: dict[str, Any], **more: object) -> dict[str, Any]:
    body = {"documents": list(documents), "fileName": "jan", "indexFileFormat": "JSON", **more}
    return client.post("/v1/operations/bulk-pdf", body)


def archive(client: Client, job: dict[str, Any], download: Download) -> zipfile.ZipFile:
    (url,) = client.get(f"/v1/operations/bulk-pdf/{job['jobId']}")["fileUrls"]
    content = download(url)
    assert content == download(url)
    return zipfile.ZipFile(io.BytesIO(content))


def test_files_are_packed_with_a_list_of_them(
    client: Client, account: str, standalone: "Standalone", memo: dict[str, Any], download: Download
) -> None:
    one, two, draft = standalone(5), standalone(6), standalone(7, status="Draft")
    wanted = [
        {"docType": "Invoice", "objectIds": [one["id"], two["id"], one["id"], draft["id"], memo["id"]]},
        {"docType": "CreditMemo", "objectIds": [memo["id"]]},
    ]
    job = packed(client, *wanted, name="January")
    assert job["invalidIds"] == [draft["id"], memo["id"], memo["id"]]
    shown = client.get(f"/v1/operations/bulk-pdf/{job['jobId']}")
    assert (shown["jobName"], shown["status"], shown["stepStatus"]) == (
        "January",
        "Completed",
        "PostProcessing",
    )
    with archive(client, job, download) as zipped:
        names = [f"{invoice['invoiceNumber']}_{account}_01012026.pdf" for invoice in (one, two)]
        assert zipped.namelist() == [*names, "jan_1.json"]
        assert "USD 6.00" in text_of(zipped.read(names[1]))
        rows = json.loads(zipped.read("jan_1.json"))["_metadata"]
        assert rows[0] == {
            "accountNumber": account,
            "documentType": "Invoice",
            "documentNumber": one["invoiceNumber"],
            "documentCreatedOn": "2026-01-01T08:00:00Z",
            "pdfFileName": names[0],
            "pdfFileCreatedOn": "2026-01-01T08:00:00Z",
        }


def test_missing_files_are_made_if_that_is_asked_for(
    client: Client, memo: dict[str, Any], download: Download
) -> None:
    document = {"docType": "CreditMemo", "objectIds": [memo["id"]]}
    with pytest.raises(RefusedError, match="None of the documents has a PDF file"):
        packed(client, document)
    job = packed(client, document, generateMissingPDF=True, indexFileFormat="CSV")
    with archive(client, job, download) as zipped:
        (row,) = csv.DictReader(io.StringIO(zipped.read("jan_1.csv").decode()))
        assert (row["documentType"], row["documentNumber"]) == ("CreditMemo", memo["number"])
    bare = packed(client, document, persistIndexFile=False)
    with archive(client, bare, download) as zipped:
        assert len(zipped.namelist()) == 1
    client.put(f"/v1/credit-memos/{memo['id']}/cancel")
    client.delete(f"/v1/credit-memos/{memo['id']}")
    with archive(client, job, download) as zipped:
        assert zipped.namelist() == []


@pytest.mark.parametrize("more", [{"fileName": "a/b"}, {"fileName": "x" * 33}, {"name": "x" * 33}])
def test_the_name_of_an_archive_has_its_limits(client: Client, more: dict[str, str]) -> None:
    with pytest.raises(RefusedError, match="should have 1 to 32 characters"):
        packed(client, **more)


@pytest.mark.parametrize("spelling", ["credit-memos", "creditmemos"])
def test_the_files_of_a_memo_are_shown_as_in_zuoras_sample(
    client: Client, memo: dict[str, Any], download: Download, spelling: str
) -> None:
    """Source: Zuora, list all files of a credit memo: links without a host, latest first."""
    path = f"/v1/{spelling}/{memo['id']}"
    client.put(f"{path}/post")
    client.post(f"{path}/pdfs", {})
    answer = client.get(f"{path}/files")
    assert answer.keys() == {"creditMemoFiles", "success"}
    files = answer["creditMemoFiles"]
    assert [one.keys() for one in files] == [{"id", "pdfFileUrl", "versionNumber"}] * 2
    assert files[0]["versionNumber"] > files[1]["versionNumber"]
    assert all(re.fullmatch("/v1/files/[0-9a-f]{32}", one["pdfFileUrl"]) for one in files)
    assert download(files[0]["pdfFileUrl"]).startswith(b"%PDF")


def test_the_files_of_accounts_are_deleted_for_good(
    client: Client,
    call: Caller,
    account: str,
    standalone: "Standalone",
    memo: dict[str, Any],
    download: Download,
) -> None:
    """Source: Zuora, create a job to hard delete billing document files."""
    posted, draft = standalone(100), standalone(5, status="Draft")
    send(call, f"/v1/invoices/{draft['id']}", b"%PDF-1.7")
    (file,) = listed(client, f"/v1/invoices/{posted['id']}")
    job = client.post("/v1/accounts/billing-documents/files/deletion-jobs", {"accountKeys": [account]})
    assert job["status"] == "Pending"
    shown = client.get(f"/v1/accounts/billing-documents/files/deletion-jobs/{job['id']}")
    assert shown == {"id": job["id"], "status": "Completed", "success": True}
    for one in (posted, draft):
        assert listed(client, f"/v1/invoices/{one['id']}") == []
    with pytest.raises(AssertionError, match="50000040"):
        download(file["pdfFileUrl"])
    client.put(f"/v1/invoices/{draft['id']}/post")
    client.put(f"/v1/credit-memos/{memo['id']}/post")
    for path, field in (
        (f"/v1/invoices/{draft['id']}", "invoiceFiles"),
        (f"/v1/credit-memos/{memo['id']}", "creditMemoFiles"),
    ):
        assert len(listed(client, path, field)) == 1
    send(call, f"/v1/invoices/{posted['id']}", b"%PDF-1.7")
    assert len(listed(client, f"/v1/invoices/{posted['id']}")) == 1


@pytest.mark.parametrize("said", [{}, {"accountIds": ["A00000001"], "accountKeys": ["A00000001"]}])
def test_accounts_whose_files_are_deleted_are_given_in_one_way(client: Client, said: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="Either 'accountIds' or 'accountKeys' should be given"):
        client.post("/v1/accounts/billing-documents/files/deletion-jobs", said)
