"""Succession: the versions of a subscription, of which each but the first knows the one before it."""

from collections.abc import Iterator

from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.state.tables import Table


def versions_of(subscriptions: Table[Subscription], number: str) -> Iterator[Subscription]:
    """Yield the versions of a subscription, latest first; none where there is no such subscription."""
    rows = subscriptions.rows
    version = rows.get(subscriptions.ids.get(number, ""))
    while version is not None:
        yield version
        version = rows.get(version.previous_id or "")
