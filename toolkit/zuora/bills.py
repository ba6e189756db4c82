"""Bills: what a tenant's account owes, turned into documents of that tenant."""

from collections.abc import Iterable

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.invoices import Heading, Invoice, bill, document
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.world import Change


def issue(
    change: Change, head: Heading, subscriptions: Iterable[Subscription], rules: BillingRules
) -> Invoice | CreditMemo | None:
    """Bill these subscriptions of one account and put document and billed subscriptions into the change.

    Returns:
        The document, or None when nothing is due.
    """
    owed = bill(head.account, subscriptions, head.target_date, rules)
    made = document(owed, head, change)
    if made is None:
        return None
    for subscription in owed.subscriptions:
        change.put(subscription)
    change.put(made)
    if isinstance(made, Invoice):
        change.put(
            replace(change.table("accounts").find(head.account.id), last_invoice_date=made.invoice_date)
        )
    return made
