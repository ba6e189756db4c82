"""Amendments as orders leave them: one of each version that an order makes of a subscription."""

from toolkit.billing.amendments import completed, composite
from toolkit.billing.orders import Triggers
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.state.world import Change


def leave(change: Change, before: Subscription, after: Subscription, triggers: Triggers) -> None:
    """Complete the amendment that has waited for this version, or else leave a composite one of it.

    The amendments of an order are completed in the order in which they were made.

    Args:
        change: The working copy.
        before: The version that was changed.
        after: The version that was made, with the number of its order.
        triggers: The dates of the action that made it.
    """
    for one in change.table("amendments").of(after.order_number or ""):
        if one.subscription_number == after.number and one.new_subscription_id is None:
            change.put(completed(one, before, after, triggers))
            return
    change.put(composite(change.id(), change.number("amendment"), before, after, triggers))


def drop(change: Change, order_number: str) -> None:
    """Drop the amendments of an order."""
    for one in change.table("amendments").of(order_number):
        change.drop(one)
