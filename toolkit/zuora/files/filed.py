"""What is filed: files of billing documents that somebody made, and jobs that pack many of them."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from toolkit.billing.money import ZERO
from toolkit.billing.unnumbered import Unnumbered

HANDLE = "8ad2"
"""With which the ids begin by which files are downloaded; the rest of one is that of the record's own id."""


class BillingFile(Unnumbered, frozen=True, kw_only=True):
    """A file that somebody asked for, or uploaded; or the mark that all earlier ones were deleted.

    Attributes:
        document_id: The invoice or memo.
        status: The document's when the file was made.
        settled: What was settled of the document then.
        content: What was uploaded; None for a file that is set from the document.
        deleted: Whether it is that mark.
    """

    document_id: str
    created: datetime
    status: str = "Posted"
    settled: Decimal = ZERO
    content: bytes | None = None
    deleted: bool = False

    @property
    def handle(self) -> str:
        """The id by which it is downloaded. Source: the official SDK, InvoiceFile: another than its own."""
        return HANDLE + self.id[len(HANDLE) :]


class Packing(Unnumbered, frozen=True, kw_only=True):
    """A job that packs files of documents into an archive, which is made when somebody asks for it.

    Attributes:
        name: The job's.
        file_name: With which the archive's name begins.
        index: The format of the list of what is packed; None leaves it out.
        file_ids: What is packed.
    """

    name: str
    file_name: str
    index: Literal["JSON", "CSV"] | None
    created: datetime
    file_ids: tuple[str, ...]

    @property
    def handle(self) -> str:
        """The id by which the archive is downloaded."""
        return HANDLE + self.id[len(HANDLE) :]
