"""Mails: those that were sent, the templates that they are made from, and the deletion of histories."""

from datetime import datetime
from typing import Literal

import msgspec

from toolkit.billing.unnumbered import Unnumbered

ContactType = Literal[
    "BillToContact",
    "SoldToContact",
    "SpecificEmails",
    "TenantAdmin",
    "BillToAndSoldToContacts",
    "RunOwner",
    "AllContacts",
    "InvoiceOwnerBillToContact",
    "InvoiceOwnerSoldToContact",
    "InvoiceOwnerBillToAndSoldToContacts",
    "InvoiceOwnerAllContacts",
]
SenderType = Literal["TenantEmail", "RunOwner", "SpecificEmail"]
Encoding = Literal["UTF8", "Shift_JIS", "ISO_2022_JP", "EUC_JP", "X_SJIS_0213"]
"""Source: the official SDK."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as it was sent.

    Attributes:
        number: Counts the tenant's mails.
        account_id: That of the account which the record belongs to, if it belongs to one.
        object_id: The record that it is about.
        event: The code of a standard event, or the name of another one.
        to: Addresses, separated by commas, as in `cc` and `bcc`.
        file_id: The file that is attached.
        created: When it was sent, on the environment's clock.
        error: Why it was not received; None if it was, as far as the tenant knows.
    """

    id: str
    number: str
    account_id: str | None
    object_id: str
    event: str
    notification: str
    sender: str
    to: str
    subject: str
    body: str
    created: datetime
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    html: bool = False
    encoding: Encoding = "UTF8"
    file_id: str | None = None
    error: str | None = None


class EmailTemplate(Unnumbered, frozen=True, kw_only=True):
    """What mails about an event say, and to whom they go.

    Attributes:
        category: The code of a standard event; None where it has a name.
        event: The name of another event, in `namespace`.
    """

    name: str
    subject: str
    body: str
    sender_type: SenderType
    to_type: ContactType
    created: datetime
    updated: datetime
    category: int | None = None
    event: str | None = None
    namespace: str | None = None
    active: bool = True
    html: bool = False
    encoding: Encoding = "UTF8"
    description: str | None = None
    sender: str | None = None
    sender_name: str | None = None
    to: str | None = None
    cc_type: ContactType = "SpecificEmails"
    cc: str | None = None
    bcc: str | None = None
    reply_to_type: SenderType | None = None
    reply_to: str | None = None


class Erasure(Unnumbered, frozen=True, kw_only=True):
    """That what was known of an account's mails and callouts was deleted."""

    account_id: str
    created: datetime


def several(said: str | None) -> tuple[str, ...]:
    """Return the addresses of a text in which commas stand between them."""
    return tuple(address for one in (said or "").split(",") if (address := one.strip()))
