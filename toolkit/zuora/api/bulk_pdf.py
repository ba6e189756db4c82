"""/v1/operations/bulk-pdf: pack the files of many billing documents."""

from typing import ClassVar, Literal

import msgspec

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, stamp
from toolkit.zuora.documents.types import TABLES_BY_TYPE
from toolkit.zuora.files import billing_files
from toolkit.zuora.files.filed import Packing
from toolkit.zuora.state.world import Change

_LONGEST = 32


class Documents(Body, frozen=True):
    """Documents of one type."""

    doc_type: Literal["Invoice", "CreditMemo", "DebitMemo"]
    object_ids: tuple[str, ...] = ()


class Wanted(Body, frozen=True):
    """What to pack; no file is ever archived here."""

    harmless: ClassVar[frozenset[str]] = frozenset({"ignoreArchivedFiles"})

    documents: tuple[Documents, ...]
    file_name: str
    index_file_format: Literal["JSON", "CSV"]
    name: str | None = None
    generate_missing_pdf: bool = msgspec.field(default=False, name="generateMissingPDF")
    persist_index_file: bool = True


def create(call: Call) -> Reply:
    """Pack the latest file of each document, made now if it is missing and that is asked for.

    Source: the official SDK, BulkPdfGenerationJobRequest: what does not exist, or has no file, is named in
    the answer and left out. That there is no job when nothing is left is an assumption.
    """
    said: Wanted = call.body
    for name, value in (("fileName", said.file_name), ("name", said.name or "job")):
        if not 1 <= len(value) <= _LONGEST or "/" in value:
            raise InvalidValueError(f"'{name}' should have 1 to {_LONGEST} characters, and no slash.")
    change, invalid = Change(call.world), []
    chosen: dict[str, None] = {}
    for one in said.documents:
        for key in one.object_ids:
            document = getattr(call.world, TABLES_BY_TYPE[one.doc_type]).get(key)
            file = document and billing_files.latest(change.world, document)
            if document is not None and file is None and said.generate_missing_pdf:
                file = billing_files.generate(change, document)
            if file is None:
                invalid.append(key)
            else:
                chosen[file.id] = None
    if not chosen:
        raise RuleError(f"None of the documents has a PDF file: {', '.join(invalid)}.")
    packing = Packing(
        id=change.id(),
        name=said.name or said.file_name,
        file_name=said.file_name,
        index=said.index_file_format if said.persist_index_file else None,
        created=call.world.now,
        file_ids=tuple(chosen),
    )
    change.put(packing)
    return Reply({"jobId": packing.id, "invalidIds": invalid, "success": True}, change.world)


def read(call: Call) -> Reply:
    """Show a job, which is at its end as soon as somebody asks, and where its archive is."""
    packing = call.world.packings.find(call.path["job-id"])
    return Reply(
        {
            "jobId": packing.id,
            "jobName": packing.name,
            "status": "Completed",
            "stepStatus": "PostProcessing",
            "fileUrls": [f"{call.base_url}/v1/files/{packing.handle}"],
            "failedDocuments": [],
            "skippedDocuments": [],
            "createdOn": stamp(packing.created),
            "createdBy": SYSTEM_USER,
            "success": True,
        }
    )


ENDPOINTS = (
    Endpoint("POST", "/v1/operations/bulk-pdf", create, Wanted),
    Endpoint("GET", "/v1/operations/bulk-pdf/{job-id}", read),
)
