"""Order line items: which of an account's a bill has, and which a cancelled one had."""

from collections.abc import Container, Iterable

from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem
from toolkit.billing.generation import Heading
from toolkit.billing.lineitems import document_item, due
from toolkit.billing.rules import BillingRules
from toolkit.zuora.state.world import Change


def bill_line_items(
    change: Change, head: Heading, rules: BillingRules, only: Container[str] | None = None
) -> tuple[DocumentItem, ...]:
    """Return the items of an invoice for the line items that are due, and mark these as billed.

    Args:
        change: Where they are.
        head: Whose they are, and when they have to be due.
        rules: The tenant's.
        only: The ids of those that may be billed; None for all of the account.
    """
    owned = change.table("order_line_items").of(head.account.id)
    found = due([one for one in owned if only is None or one.id in only], head.target_date)
    for one in found:
        change.put(replace(one, billed=True))
    return tuple(document_item(one, head, change, rules) for one in found)


def unbill_line_items(change: Change, items: Iterable[DocumentItem]) -> None:
    """Make the line items that a cancelled document billed due again."""
    for item in items:
        if item.line_item_id is not None:
            sold = change.table("order_line_items").find(item.line_item_id)
            change.put(replace(sold, billed=False))
