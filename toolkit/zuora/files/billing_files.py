"""Files of billing documents: which versions there are of each, and what stands in them.

A file is set when somebody asks for it, from the document and from what is noted here of the moment at which
it was generated; bytes are kept of uploads only. Every posted document has a file without any note: that of
its posting, with nothing settled. Source: Zuora, manage billing document configuration: files are generated
unless the tenant switches that off; that drafts have none before somebody asks for one is an assumption.
"""

from typing import Any, NamedTuple

from toolkit.billing.accounts import Account
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import VOID
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.zuora.documents.types import TABLES
from toolkit.zuora.files.filed import HANDLE, BillingFile
from toolkit.zuora.files.sheets import Document, sheet
from toolkit.zuora.state.tables import HEAD
from toolkit.zuora.state.world import Change, World

_POSTING = "8ad1"
_LARGEST, _MOST = 4 * 1024 * 1024, 50
"""Source: Zuora, upload a file for an invoice: 4 MB at most, 50 files at most."""


class Version(NamedTuple):
    """A file and which version of its document it is, from 1."""

    number: int
    file: BillingFile


def versions(world: World, document: Document) -> list[Version]:
    """Return the files of a document, latest first."""
    return [Version(*one) for one in enumerate(_files(world, document), start=1)][::-1]


def _files(world: World, document: Document) -> list[BillingFile]:
    """Return the files, oldest first; of one moment those of the draft before that of its posting."""
    made = world.billing_files.of(document.id)
    was_posted = any(file.deleted and file.status != "Draft" for file in made)
    made = [file for file in made if not file.deleted]
    if document.posted is not None and not was_posted:
        posting = _POSTING + document.id[len(_POSTING) :]
        drafts = sum(file.status == "Draft" for file in made)
        made.sort(key=lambda file: file.status != "Draft")
        made.insert(drafts, BillingFile(id=posting, document_id=document.id, created=document.posted))
    return sorted(made, key=lambda file: file.created)


def latest(world: World, document: Document) -> BillingFile | None:
    """Return the latest file of a document, or None."""
    return next((file for _, file in versions(world, document)), None)


def generate(change: Change, document: Document) -> BillingFile:
    """Make a file of a document as it is now."""
    if isinstance(document, CreditMemo):
        settled = document.applied + document.refunded
    else:
        settled = document.paid + document.credited
    return _kept(change, document, status=document.status, settled=settled)


def upload(change: Change, document: Document, content: bytes) -> BillingFile:
    """Keep a file that was made elsewhere.

    Source: Zuora, upload a file for an invoice: PDF only, of drafts and posted documents.

    Raises:
        InvalidValueError: It is no PDF, or too large.
        RuleError: The document is cancelled or split, or has as many files as it can.
    """
    if not content.startswith(b"%PDF-"):
        raise InvalidValueError("The file should be a PDF file.")
    if len(content) > _LARGEST:
        raise InvalidValueError("The file should have at most 4 MB.")
    if document.status in VOID:
        raise RuleError(
            f"{document.number} is {document.status}: only Draft and Posted ones can have a file."
        )
    if sum(file.content is not None for file in change.world.billing_files.of(document.id)) >= _MOST:
        raise RuleError(f"{document.number} has {_MOST} files that were uploaded, and can have no more.")
    return _kept(change, document, status=document.status, content=content)


def delete_all(change: Change, account: Account) -> None:
    """Delete the files of all documents of an account for good; later ones are made as ever."""
    world = change.world
    for document in (one for table in TABLES.values() for one in getattr(world, table).of(account.id)):
        for file in world.billing_files.of(document.id):
            change.drop(file)
        status = "Draft" if document.posted is None else "Posted"
        _kept(change, document, status=status, deleted=True)


def _kept(change: Change, document: Document, **more: Any) -> BillingFile:  # noqa: ANN401 - any of its fields
    file = BillingFile(id=change.id(), document_id=document.id, created=change.before.now, **more)
    change.put(file)
    return file


def find_document(world: World, key: str) -> Document | None:
    """Return the invoice or memo of this id or number, or None."""
    found = (getattr(world, table).get(key) for table in TABLES.values())
    return next((row for row in found if row is not None), None)


def find_file(world: World, key: str) -> tuple[BillingFile, Document] | None:
    """Return a file, by its id or that to download it by, and its document; None if either is gone."""
    begin, rest = key[: len(HEAD)], key[len(HEAD) :]
    kept = world.billing_files.get(HEAD + rest)
    document = find_document(world, HEAD + rest if kept is None else kept.document_id)
    if document is None or begin not in {HANDLE, _POSTING if kept is None else HEAD}:
        return None
    files = (file for file in _files(world, document) if file.id[len(HEAD) :] == rest)
    return next(((file, document) for file in files), None)


def content(world: World, file: BillingFile, document: Document) -> bytes:
    """Return what stands in a file."""
    if file.content is not None:
        return file.content
    from toolkit.zuora.files.pdf import render  # noqa: PLC0415 - few processes ever set a page

    return render(sheet(world, document, file.status, file.settled, file.created))


def name(world: World, document: Document) -> str:
    """Return what a file of a document is called: INV00000001_A00000001_01312026.pdf.

    Source: Zuora, export bulk PDF files, the sample of an index file.
    """
    day = document.invoice_date if isinstance(document, Invoice) else document.memo_date
    return f"{document.number}_{world.accounts.find(document.account_id).number}_{day:%m%d%Y}.pdf"
