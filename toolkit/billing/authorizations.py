"""Authorizations: money that a gateway was asked to hold, of which nothing is taken yet."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from toolkit.billing.unnumbered import Unnumbered

AuthorizationType = Literal["Authorization", "VoidAuth"]


class Authorization(Unnumbered, frozen=True, kw_only=True, gc=False):
    """What a gateway was asked about a payment method, and what it answered.

    Attributes:
        type: Whether it was to hold the amount, or to let it go again.
        transaction_id: How the gateway calls what is held; it is the same when that is let go.
        order_id: The client's own name of it.
        outcome: What the gateway answered.
    """

    payment_method_id: str
    type: AuthorizationType
    amount: Decimal
    currency: str
    gateway_id: str
    transaction_id: str
    order_id: str
    outcome: Literal["approved", "declined", "unknown"]
    code: str
    text: str
    created: datetime
