"""Refunding: money given back, and what is kept of that in a tenant."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.applications import refund_memo, unrefund_memo
from toolkit.billing.credits import CreditMemo
from toolkit.billing.gateways import Response, pay_back
from toolkit.billing.inquiries import PATIENCE, Inquiry
from toolkit.billing.invoices import Invoice
from toolkit.billing.parts import Share
from toolkit.billing.payments import Payment
from toolkit.billing.refunds import (
    Refund,
    refund_answered,
    refund_payment,
    refunded_items,
    unrefund_payment,
)
from toolkit.zuora.state.world import Change, World


def refund_of(
    change: Change, world: World, refund: Refund, source: Payment | CreditMemo
) -> tuple[Refund, Response | None]:
    """Give back what a refund says of a payment or a credit memo, and put what comes of it into the change.

    Returns:
        The refund, and what the gateway answered if it was asked. A refund that is declined is kept with
        its error, and pays nothing back.

    Raises:
        BillingError: Less is left of the source.
    """
    after: Payment | CreditMemo
    if isinstance(source, Payment):
        after = refund_payment(source, refund.amount, world.now)
    else:
        after, shares = refund_memo(source, refund.amount, world.now)
        refund = _with_shares(change, refund, shares)
    return pay_out(change, world, refund, after)


def pay_out(
    change: Change, world: World, refund: Refund, *after: Payment | CreditMemo | Invoice
) -> tuple[Refund, Response | None]:
    """Ask the gateway for the money of a refund, if it is to, and put the refund into the change.

    Unless that is declined, `after` is put there too: what the refund has changed.
    """
    response = None
    if refund.type == "Electronic":
        response = pay_back(change.table("payment_methods").get(refund.payment_method_id or ""))
        refund = refund_answered(refund, response, world.now)
    change.put(refund)
    for changed in after if refund.status != "Error" else ():
        change.put(changed)
    if refund.status == "Processing":
        change.put(
            Inquiry(
                id=change.id(),
                number=refund.number,
                account_id=refund.account_id,
                due=world.now + PATIENCE,
            )
        )
    return refund, response


def _with_shares(change: Change, refund: Refund, shares: Mapping[str, Decimal]) -> Refund:
    return replace(refund, shares=tuple(Share(change.id(), key, share) for key, share in shares.items()))


def give_back(change: Change, world: World, refund: Refund) -> None:
    """Undo what a refund, cancelled or failed, took from its payment or credit memo."""
    if refund.payment_id is not None:
        payment = change.table("payments").find(refund.payment_id)
        change.put(unrefund_payment(payment, refund.amount, world.now))
    else:
        memo = change.table("credit_memos").find(refund.credit_memo_id or "")
        change.put(unrefund_memo(memo, refunded_items(refund), world.now))
