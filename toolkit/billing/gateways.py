"""Payment gateways: who answers a payment or a refund with yes, no or nothing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from toolkit.billing.paymentmethods import PaymentMethod

GatewayKind = Literal["Stripe", "Braintree"]
Outcome = Literal["approved", "declined", "unknown"]


class Gateway(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A gateway of a tenant.

    Attributes:
        kind: Whose test environment it answers like.
        default: Whether it is the tenant's, for accounts that name none.
    """

    id: str
    number: str
    name: str
    kind: GatewayKind
    default: bool = False


class Response(NamedTuple):
    """What a gateway answers; `unknown` when it does not answer in time, so that nobody knows."""

    outcome: Outcome
    code: str
    text: str

    @property
    def reason(self) -> str:
        """The sentence for a payment that failed. Source: recorded; it names code and text."""
        return f"Transaction declined.{self.code} - {self.text}"


class Terminal(NamedTuple):
    """Where a payment is asked for: the gateway, and the payment method that it is to charge."""

    gateway: Gateway
    method: PaymentMethod


APPROVED = Response("approved", "Approved", "The transaction has been approved.")
NO_ANSWER = Response("unknown", "timeout", "The gateway did not answer in time.")
LOST = Response("declined", "not_found", "The gateway never received the request.")

_DECLINED = "Your card was declined."
_DECLINES = {
    "card_declined": _DECLINED,
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": _DECLINED,
    "stolen_card": _DECLINED,
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "card_velocity_exceeded": "Your card was declined for making repeated attempts too frequently.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "account_closed": "The customer's bank account has been closed.",
    "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
    "no_account": "The customer's bank account could not be located.",
}
_CARDS = {
    "0002": "card_declined",
    "0341": "card_declined",
    "9995": "insufficient_funds",
    "9987": "lost_card",
    "9979": "stolen_card",
    "0069": "expired_card",
    "0127": "incorrect_cvc",
    "0119": "processing_error",
    "6975": "card_velocity_exceeded",
    "3155": "authentication_required",
    "3178": "insufficient_funds",
    "3184": "authentication_required",
    "3220": "authentication_required",
    "0408": "timeout",
}
_BANK_ACCOUNTS = {
    "1116": "no_account",
    "1113": "account_closed",
    "2227": "insufficient_funds",
    "3335": "debit_not_authorized",
    "0009": "timeout",
}
_IBANS = {"3001": "insufficient_funds", "3202": "insufficient_funds"}
_NUMBERS = {"ACH": _BANK_ACCOUNTS, "Bacs": _BANK_ACCOUNTS, "Becs": _BANK_ACCOUNTS, "SEPA": _IBANS}
_TOKENS = {
    "chargeDeclined": "card_declined",
    "chargeCustomerFail": "card_declined",
    "chargeDeclinedInsufficientFunds": "insufficient_funds",
    "chargeDeclinedLostCard": "lost_card",
    "chargeDeclinedStolenCard": "stolen_card",
    "chargeDeclinedExpiredCard": "expired_card",
    "chargeDeclinedIncorrectCvc": "incorrect_cvc",
    "chargeDeclinedProcessingError": "processing_error",
    "chargeDeclinedVelocityLimitExceeded": "card_velocity_exceeded",
    "authenticationRequired": "authentication_required",
    "threeDSecure2Required": "authentication_required",
    "timeout": "timeout",
}
_REFUND_FAILS = {"5126", "refundFail"}
_REFUND_WAITS = {"7726", "pendingRefund"}

_BRAINTREE_DECLINES = {
    2000: "Do Not Honor",
    2001: "Insufficient Funds",
    2002: "Limit Exceeded",
    2004: "Expired Card",
    2010: "Card Issuer Declined CVV",
    2014: "Processor Declined - Fraud Suspected",
    2046: "Declined",
}
_FIRST_DECLINE, _NETWORK_DOWN = 2000, 3000


def charge(terminal: Terminal, amount: Decimal, day: date) -> Response:
    """Ask a gateway to take `amount`, as its provider's test environment would answer.

    An expired card is declined whoever answers. Apart from that a gateway of kind Stripe decides by the
    method, of which it knows the last four digits or the token: 4000000000000002 and 4000000000000341 are
    declined, 4000000000009995 has insufficient funds, 4000002500003155 needs 3-D Secure before it pays, the
    bank account 000111111113 is closed, pm_card_chargeDeclinedExpiredCard has expired. One of kind Braintree
    decides by the amount: 2000.00-2999.99 is declined with its whole part as code (2000 Do Not Honor, 2001
    Insufficient Funds, 2004 Expired Card), 3000.00-3000.99 finds the network unavailable.

    Source: Zuora, define test cases, which refers to the providers' test cards and amounts; Stripe,
    testing; Braintree, testing. That a card ending in 0408 gets no answer is an assumption.

    Args:
        terminal: Who is asked, and who shall pay.
        amount: Positive.
        day: The tenant's date.
    """
    gateway, method = terminal
    if method.expired(day):
        return Response("declined", "expired_card", _DECLINES["expired_card"])
    return _KINDS[gateway.kind](method, amount)


def pay_back(method: PaymentMethod | None) -> Response:
    """Ask a gateway to give money back.

    Source: Stripe, testing: refunds to 4000000000005126 fail, to 4000000000007726 take a while.
    """
    known = set() if method is None else {method.last_digits, _token(method)}
    if known & _REFUND_FAILS:
        return Response("declined", "refund_failed", "The refund could not be completed.")
    return NO_ANSWER if known & _REFUND_WAITS else APPROVED


def _by_method(method: PaymentMethod, _amount: Decimal) -> Response:
    if method.token is not None:
        code = _TOKENS.get(_token(method))
    else:
        code = _NUMBERS.get(method.type, _CARDS).get(method.last_digits)
    if code is None or (code == "authentication_required" and method.authenticated):
        return APPROVED
    return NO_ANSWER if code == "timeout" else Response("declined", code, _DECLINES[code])


def _token(method: PaymentMethod) -> str:
    """Return what a test token says: of tok_chargeDeclined and pm_card_visa_chargeDeclined the end."""
    return (method.token or "").rpartition("_")[2]


def _by_amount(_method: PaymentMethod, amount: Decimal) -> Response:
    code = int(amount)
    if code == _NETWORK_DOWN:
        return NO_ANSWER
    if _FIRST_DECLINE <= code < _NETWORK_DOWN:
        return Response("declined", str(code), _BRAINTREE_DECLINES.get(code, "Processor Declined"))
    return APPROVED


_KINDS: dict[GatewayKind, Callable[[PaymentMethod, Decimal], Response]] = {
    "Stripe": _by_method,
    "Braintree": _by_amount,
}
