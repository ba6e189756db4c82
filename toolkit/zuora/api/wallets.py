"""/v1/payment-methods/decryption and /web-payments/sessions: pay with the wallet of a phone or browser."""

from decimal import Decimal
from typing import ClassVar, Literal

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change


class TokenHeader(Body, frozen=True):
    """What is needed to read a token."""

    ephemeral_public_key: str
    public_key_hash: str
    transaction_id: str


class Token(Body, frozen=True):
    """A payment token of Apple Pay, which only the merchant's key opens."""

    data: str
    header: TokenHeader
    signature: str
    version: str


class Decryption(Body, frozen=True):
    """A token to make a payment method of; the account's id is spelt so. Source: the official SDK."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("accountID", "cardHolderInfo", "invoiceId", "mitConsentAgreementSrc", "mitProfileAction"),
            *("mitProfileType", "paymentGateway", "paymentGatewayNumber", "processPayment", "merchantID"),
        }
    )

    integration_type: Literal["ApplePay"]
    payment_token: Token


class SessionInvoice(Body, frozen=True):
    """An invoice to pay."""

    invoice_number: str


class NewSession(Body, frozen=True):
    """A payment, or a payment method, that a browser is to bring."""

    harmless: ClassVar[frozenset[str]] = frozenset({"gatewayOptions", "storePaymentMethod"})

    account_id: str | None = None
    amount: Decimal | None = None
    auth_amount: Decimal | None = None
    currency: str | None = None
    payment_gateway: str | None = None
    process_payment: bool = False
    invoices: tuple[SessionInvoice, ...] = ()


def decrypt(call: Call) -> Reply:
    """Refuse to open a token: no simulated tenant has a merchant's key. Source of the words: an assumption.

    Raises:
        InvalidValueError: Always.
    """
    said: Decryption = call.body
    raise InvalidValueError(
        f"The {said.integration_type} token cannot be decrypted: the tenant has no certificate for "
        "'merchantID'."
    )


def open_session(call: Call) -> Reply:
    """Give out the token with which a browser goes on; what it does then is not simulated.

    Source: the official SDK, create payment session: a payment needs its amount, and what only keeps a
    payment method the amount to authorize.
    """
    said: NewSession = call.body
    world, change = call.world, Change(call.world)
    amount, name = (said.amount, "amount") if said.process_payment else (said.auth_amount, "authAmount")
    if needed(amount, name) <= 0:
        raise InvalidValueError(f"'{name}' should be greater than 0, not {amount}.")
    if said.account_id is not None:
        world.accounts.find(said.account_id)
    if said.payment_gateway is not None:
        world.gateways.find(said.payment_gateway)
    for one in said.invoices:
        world.invoices.find(one.invoice_number)
    return Reply({"token": change.id()}, change.world)


ENDPOINTS = (
    Endpoint("POST", "/v1/payment-methods/decryption", decrypt, Decryption),
    Endpoint("POST", "/web-payments/sessions", open_session, NewSession),
)
