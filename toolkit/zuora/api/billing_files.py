"""Files of invoices, credit memos and debit memos: list, generate and upload them, show their status."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from toolkit.billing.errors import MissingValueError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.uploads import Upload
from toolkit.zuora.calls.wire import Nothing, stamp
from toolkit.zuora.files import billing_files
from toolkit.zuora.files.billing_files import Version
from toolkit.zuora.files.sheets import Document
from toolkit.zuora.state.world import Change

_SIZE = "20"


def _document(call: Call, table: str) -> Document:
    found: Document = getattr(call.world, table).find(*call.path.values())
    return found


def _url(call: Call, field: str, version: Version) -> str:
    """Return where a file is: a whole link for invoices only.

    Source: Zuora, the samples of list all files of an invoice, and of a credit memo, and of the PDF status of
    debit memos.
    """
    host = call.base_url if field == "invoice" else ""
    return f"{host}/v1/files/{version.file.handle}"


def _list(table: str, field: str) -> Callable[[Call], Reply]:
    def list_files(call: Call) -> Reply:
        """Show the files of a document, latest version first. Source: Zuora, list all files of an invoice."""
        sized = replace(call, query={"pageSize": _SIZE, **call.query})
        versions = billing_files.versions(call.world, _document(call, table))

        def show(version: billing_files.Version) -> dict[str, Any]:
            url = _url(call, field, version)
            return {"id": version.file.id, "versionNumber": version.number, "pdfFileUrl": url}

        return listing(sized, f"{field}Files", versions, show)

    return list_files


def _upload(table: str) -> Callable[[Call], Reply]:
    def upload(call: Call) -> Reply:
        """Keep a file of a document that was made elsewhere."""
        sent: Upload = call.body
        change = Change(call.world)
        file = billing_files.upload(change, _document(call, table), sent.content)
        return Reply({"fileId": file.id, "success": True}, change.world)

    return upload


def _generate(table: str) -> Callable[[Call], Reply]:
    def generate(call: Call) -> Reply:
        """Make a file of a memo as it is now. Source: Zuora, generate a credit memo PDF file."""
        change = Change(call.world)
        billing_files.generate(change, _document(call, table))
        return Reply({"success": True}, change.world)

    return generate


def _statuses(table: str, field: str) -> Callable[[Call], Reply]:
    def list_statuses(call: Call) -> Reply:
        """Show of each document whether it has a file, and where; a file is there as soon as it is asked for.

        Source: the official SDK, GetInvoicePdfStatusResponse; that an unknown document refuses all of them is
        an assumption.
        """
        keys = [key.strip() for key in call.query.get(f"{field}Keys", "").split(",") if key.strip()]
        if not keys:
            raise MissingValueError(f"{field}Keys")
        return Reply({f"{field}Files": [_status(call, key) for key in keys], "success": True})

    def _status(call: Call, key: str) -> dict[str, Any]:
        document: Document = getattr(call.world, table).find(key)
        version = next(iter(billing_files.versions(call.world, document)), None)
        made = None if version is None else stamp(version.file.created)
        return {
            f"{field}Id": document.id,
            f"{field}Number": document.number,
            "pdfGenerationStatus": "None" if version is None else "Generated",
            "pdfFileUrl": None if version is None else _url(call, field, version),
            "errorCategory": None,
            "errorMessage": None,
            "createdOn": made,
            "updatedOn": made,
        }

    return list_statuses


def _endpoints(spelling: str, table: str, field: str, resource: int) -> tuple[Endpoint, ...]:
    one = f"/v1/{spelling}/{{{table[:-1].replace('_', '-')}-key}}"
    return (
        Endpoint("GET", f"/v1/{spelling}/pdf-status", _statuses(table, field)),
        Endpoint("GET", f"{one}/files", _list(table, field)),
        Endpoint("POST", f"{one}/files", _upload(table), Upload, resource=resource),
        *(
            ()
            if field == "invoice"
            else (Endpoint("POST", f"{one}/pdfs", _generate(table), Nothing, resource=resource),)
        ),
    )


ENDPOINTS = (
    *_endpoints("invoices", "invoices", "invoice", 592100),
    *_endpoints("credit-memos", "credit_memos", "creditMemo", 539500),
    *_endpoints("creditmemos", "credit_memos", "creditMemo", 539500),
    *_endpoints("debit-memos", "debit_memos", "debitMemo", 549500),
    *_endpoints("debitmemos", "debit_memos", "debitMemo", 549500),
)
