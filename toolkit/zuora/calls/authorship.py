"""Authorship: who made and changed a record, and when, as answers of /v1 say it."""

from datetime import datetime
from typing import Protocol

from toolkit.zuora.calls.wire import stamp

SYSTEM_USER = "402881e522cf4f9b0122cf5d82860002"
"""The one user of a simulated tenant. Source: recorded orders."""


class Dated(Protocol):
    """A record that says when it was made and changed."""

    @property
    def created(self) -> datetime:
        """When it was made."""

    @property
    def updated(self) -> datetime:
        """When it was changed last."""


def authorship(record: Dated) -> dict[str, str]:
    """Return the four fields that say so; their moments are in the tenant's zone."""
    return {
        "createdById": SYSTEM_USER,
        "createdDate": stamp(record.created),
        "updatedById": SYSTEM_USER,
        "updatedDate": stamp(record.updated),
    }
