"""Forecasts: what billing preview runs were asked, and how they ended."""

from datetime import date, datetime
from typing import Literal

import msgspec

Storage = Literal["Csv", "Database"]
"""Where the result goes: into a file, or where the reports of the user interface find it."""


class PreviewRun(msgspec.Struct, frozen=True, kw_only=True):
    """A billing preview run at its end.

    Attributes:
        batches: Whose accounts are previewed; empty for everybody's.
        account_id: The only account that is previewed.
        excluded: The charge types left out, as they were listed.
        accounts: How many accounts were previewed.
        failed: How many of them could not be.
        file_id: Where the result is; None if it went elsewhere, and as soon as it is purged.
    """

    id: str
    number: str
    created: datetime
    target_date: date
    assume_renewal: str
    excluded: str
    evergreen: bool
    storage: Storage
    batches: tuple[str, ...] = ()
    account_id: str | None = None
    accounts: int = 0
    failed: int = 0
    file_id: str | None = None
