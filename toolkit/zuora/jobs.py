"""Jobs: what asynchronous calls have done, or why they could not."""

from collections.abc import Mapping
from typing import Literal

import msgspec


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """An asynchronous call at its end; `errors` says why one failed."""

    id: str
    status: Literal["Completed", "Failed"]
    result: Mapping[str, object] | None = None
    errors: str | None = None

    @property
    def number(self) -> str:
        """Its id: a job has no number of its own."""
        return self.id
