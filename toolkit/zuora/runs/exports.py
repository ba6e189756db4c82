"""Exports: jobs that read a tenant by query, and the files that they leave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from toolkit.billing.unnumbered import Unnumbered

Caller = Literal["aqua", "export", "sql"]
"""Which calls a job belongs to: /v1/batch-query, /v1/object/export or /query/jobs."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One query of a job.

    Attributes:
        said: What else was said of it, as it was said.
        rows: How many rows it found.
        file_id: Where they are; None for a query that failed.
        full: Whether it read everything, and not only what had changed.
        message: Why it failed.
    """

    id: str
    query: str
    said: Mapping[str, object] = {}
    rows: int = 0
    file_id: str | None = None
    full: bool = True
    message: str | None = None


class ExportJob(Unnumbered, frozen=True, kw_only=True):
    """A job that reads a tenant as it is when the job is given.

    Attributes:
        said: What was said of it, as it was said.
        ended: Whether it failed or was cancelled; otherwise it is completed as soon as somebody looks.
    """

    caller: Caller
    created: datetime
    batches: tuple[Batch, ...]
    said: Mapping[str, object] = {}
    ended: Literal["failed", "cancelled"] | None = None
    message: str | None = None


class ExportFile(Unnumbered, frozen=True, kw_only=True):
    """A file that a job left."""

    content: bytes
    media: str
