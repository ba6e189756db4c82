"""Files: what a query found, as the bytes of a file."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from toolkit.zuora.query.columns import Column
from toolkit.zuora.query.describing import label
from toolkit.zuora.query.selecting import Found
from toolkit.zuora.query.values import in_file
from toolkit.zuora.state.world import World

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The moment within an archive, so that the same rows make the same bytes."""

MEDIA = {"csv": "text/csv", "gzip": "application/x-gzip", "zip": "application/zip"}


class Style(NamedTuple):
    """How a file is written.

    Attributes:
        utc: Whether moments are in UTC.
        labels: Whether columns are headed by the words of the user interface instead of names.
        null: What stands for an absent value.
        deleted: The head of a column that tells deleted rows, and whether it does so by numbers.
    """

    utc: bool = False
    labels: bool = False
    null: str = ""
    deleted: tuple[str, bool] | None = None


def table(found: Found, world: World, style: Style) -> bytes:
    """Return the rows of a query as CSV with a line of column heads.

    Source: Zuora, aggregate query: useQueryLabels, nullReplacement, deleted; tap-zuora reads the heads as
    Account.Name. Deleted records are not kept, so that no row is one.
    """
    heads = [_head(found, one, style) for one in found.columns]
    rows = ([_cell(one.read(world, row), style) for one in found.columns] for row in found.rows)
    if style.deleted is None:
        return write(heads, rows)
    head, numeric = style.deleted
    return write([*heads, head], ([*row, "0" if numeric else "false"] for row in rows))


def _head(found: Found, column: Column, style: Style) -> str:
    if column.alias:
        return column.alias
    join, _, name = column.name.rpartition(".")
    join = join or found.kind.name
    return f"{label(join)}: {label(name)}" if style.labels else f"{join}.{name}"


def _cell(value: object, style: Style) -> str:
    return style.null if value is None else in_file(value, utc=style.utc)


def write(heads: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ",") -> bytes:
    """Return a table as separated values."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue().encode()


def packed(content: bytes, how: str, name: str) -> bytes:
    """Return a file as it is, or compressed by gzip or zip; in a zip archive it has a name."""
    match how:
        case "gzip":
            return gzip.compress(content, mtime=0)
        case "zip":
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
                packing.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
            return archive.getvalue()
        case _:
            return content
