"""Subscription: its notes and custom fields; everything else is changed by orders and amendments."""

from typing import ClassVar

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.zuora.objects._writing import Fields, Writer, found, said
from toolkit.zuora.state.world import Change


class SubscriptionFields(Fields, frozen=True):
    """What may be said of a subscription without an amendment."""

    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("AccountId", "AutoRenew", "CurrentTerm", "InitialTerm", "InvoiceOwnerId", "IsInvoiceSeparate"),
            *("RenewalSetting", "RenewalTerm", "Status", "TermType"),
        }
    )

    notes: str | UnsetType | None = UNSET


def update(change: Change, identity: str, fields: SubscriptionFields) -> None:
    """Change notes and custom fields of the latest version.

    Raises:
        RuleError: It is a former version. Source: an assumption.
    """
    told, version = said(fields), found(change, "subscriptions", identity, "update")
    latest = change.table("subscriptions").find(version.number)
    if latest.id != version.id:
        raise RuleError(
            f"The subscription {version.number} has a later version, {latest.id}: change that one."
        )
    custom = {**version.custom_fields, **told.custom}
    change.put(replace(version, notes=told.values.get("notes", version.notes), custom_fields=custom))


WRITERS = (Writer("Subscription", SubscriptionFields, update),)
