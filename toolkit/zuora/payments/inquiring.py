"""Inquiring: what becomes of payments and refunds that a gateway did not answer in time."""

from toolkit.billing.charging import Wanted, close
from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import APPROVED, LOST, Response
from toolkit.billing.inquiries import Inquiry
from toolkit.billing.paymentmethods import failed, succeeded
from toolkit.billing.payments import Payment
from toolkit.billing.refunds import Refund, refund_answered
from toolkit.zuora.documents.types import TABLES
from toolkit.zuora.payments.refunding import give_back
from toolkit.zuora.state.world import Change, World


def answer(change: Change, world: World, inquiry: Inquiry) -> None:
    """Answer an open question: a payment never reached the gateway, a refund is done.

    Source: Zuora, payment stuck in Processing status: one that the gateway does not know becomes an error;
    Stripe, testing: refunds that take a while succeed.
    """
    settle(change, world, inquiry, LOST if change.table("payments").get(inquiry.number) else APPROVED)


def settle(change: Change, world: World, inquiry: Inquiry, response: Response) -> Payment | Refund:
    """Note the answer to an open question, with all that follows from it.

    Raises:
        RuleError: The answer is that there is none.
    """
    if response.outcome == "unknown":
        raise RuleError("An open question is answered by yes or no.")
    change.drop(inquiry)
    payment = change.table("payments").get(inquiry.number)
    if payment is not None:
        return _paid(change, world, payment, inquiry, response)
    refund: Refund = refund_answered(change.table("refunds").find(inquiry.number), response, world.now)
    if response.outcome == "declined":
        give_back(change, world, refund)
    change.put(refund)
    return refund


def _paid(change: Change, world: World, payment: Payment, inquiry: Inquiry, response: Response) -> Payment:
    wanted = [
        Wanted(change.table(TABLES[intent.kind]).find(intent.document_id), intent.application)
        for intent in inquiry.intents
    ]
    payment, debts = close(payment, wanted, response, change, world.now)
    method = change.table("payment_methods").find(payment.payment_method_id or "")
    count = succeeded if response.outcome == "approved" else failed
    for row in (payment, count(method, world.now), *debts):
        change.put(row)
    return payment
