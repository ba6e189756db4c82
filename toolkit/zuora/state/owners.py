"""Owners: which account has a subscription, and which one gets its invoices."""

from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.state.tables import Table


def owned_by(subscriptions: Table[Subscription], account_id: str) -> list[Subscription]:
    """Return the latest versions of an account's own subscriptions, oldest first."""
    return [one for one in subscriptions.of(account_id) if one.account_id == account_id]


def invoiced_to(subscriptions: Table[Subscription], account_id: str) -> list[Subscription]:
    """Return the latest versions of the subscriptions whose invoices an account gets, oldest first."""
    return [one for one in subscriptions.of(account_id) if one.invoice_owner_id == account_id]
