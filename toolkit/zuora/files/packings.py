"""Packings: the files of many documents in one archive, with a list of what is in it."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

from toolkit.zuora.calls import wire
from toolkit.zuora.documents.types import TYPES
from toolkit.zuora.files.billing_files import content, find_file
from toolkit.zuora.files.billing_files import name as name_of
from toolkit.zuora.files.filed import HANDLE, BillingFile, Packing
from toolkit.zuora.files.sheets import Document
from toolkit.zuora.query import files
from toolkit.zuora.state.tables import HEAD
from toolkit.zuora.state.world import World


def find(world: World, handle: str) -> Packing | None:
    """Return a job by the id by which its archive is downloaded, or None."""
    return world.packings.get(HEAD + handle[len(HANDLE) :]) if handle.startswith(HANDLE) else None


def name(packing: Packing, suffix: str = "zip") -> str:
    """Return what the archive is called, or the list in it. Source: the official SDK, fileName."""
    return f"{packing.file_name}_1.{suffix}"


def packed(world: World, packing: Packing) -> bytes:
    """Return the archive; the same files make the same bytes. What was deleted since is left out."""
    there = [found for key in packing.file_ids if (found := find_file(world, key)) is not None]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for called, held in _entries(world, packing, there):
            zipped.writestr(zipfile.ZipInfo(called, files.LONG_AGO), held, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _entries(
    world: World, packing: Packing, there: list[tuple[BillingFile, Document]]
) -> Iterator[tuple[str, bytes]]:
    for file, document in there:
        yield name_of(world, document), content(world, file, document)
    listed = [_described(world, file, document) for file, document in there]
    if packing.index == "JSON":
        yield name(packing, "json"), wire.write({"_metadata": listed})
    elif packing.index == "CSV" and listed:
        yield name(packing, "csv"), files.write(list(listed[0]), [list(one.values()) for one in listed])


def _described(world: World, file: BillingFile, document: Document) -> dict[str, str]:
    """Return a line of the list. Source: Zuora, export bulk PDF files, the sample in the FAQ."""
    return {
        "accountNumber": world.accounts.find(document.account_id).number,
        "documentType": TYPES[document.kind],
        "documentNumber": document.number,
        "documentCreatedOn": _moment(document.created),
        "pdfFileName": name_of(world, document),
        "pdfFileCreatedOn": _moment(file.created),
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
