"""Inquiries: payments and refunds of which nobody knows what the gateway made of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import msgspec

from toolkit.billing.allocation import Application
from toolkit.billing.parts import DebtKind, ItemAmount
from toolkit.billing.rules import AllocationRule

PATIENCE = timedelta(hours=48)
"""How long the answer may take. Source: Zuora, update the status of a payment stuck in processing."""


class Intent(NamedTuple):
    """What a payment is to be applied to as soon as it is approved."""

    document_id: str
    kind: DebtKind
    amount: Decimal
    items: tuple[ItemAmount, ...] | None
    rule: AllocationRule

    @property
    def application(self) -> Application:
        """How it is to be applied."""
        return Application(self.amount, self.items, self.rule)


class Inquiry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A question to the gateway that is open; its number is that of the payment or refund it is about.

    Attributes:
        due: When it is answered at the latest.
        intents: What the payment is for; nothing else can pay these documents meanwhile.
    """

    id: str
    number: str
    account_id: str | None
    due: datetime
    intents: tuple[Intent, ...] = ()
