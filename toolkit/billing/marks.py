"""Marks: how far a bill has moved the charges that it bills, kept to take it back."""

from datetime import date

import msgspec

from toolkit.billing.grants import Grant


class Mark(msgspec.Struct, frozen=True, gc=False):
    """How far a bill has moved one charge.

    Attributes:
        through: What it was charged through before.
        processed: What it was processed through before.
        grants: What it was taken off before, if it is a fixed discount.
        now: What it is charged through and taken off since.
    """

    charge_id: str
    through: date | None
    processed: date | None
    grants: tuple[Grant, ...]
    now: tuple[date | None, tuple[Grant, ...]]
