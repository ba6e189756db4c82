"""Addressees: to whom and on what terms a subscription is billed, where its account does not say so.

Source: Zuora, flexible billing attributes.
"""

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account


class Addressee(msgspec.Struct, frozen=True, gc=False):
    """What a subscription says of its billing documents; None is what its invoice owner says.

    Attributes:
        bill_to_id: The contact that gets the bills.
        payment_term: By which invoices are due.
        group: The invoice group: its subscriptions share invoices, which others do not.
    """

    bill_to_id: str | None = None
    payment_term: str | None = None
    group: str | None = None

    def beside(self, account: Account) -> "Addressee":
        """Return it without what the account says, too."""
        if self == DEFAULT:
            return DEFAULT
        return replace(
            self,
            bill_to_id=None if self.bill_to_id == account.bill_to_id else self.bill_to_id,
            payment_term=None if self.payment_term == account.payment_term else self.payment_term,
        )


DEFAULT = Addressee()
