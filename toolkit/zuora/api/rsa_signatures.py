"""/v1/rsa-signatures: what a client needs to open a hosted payment page, and its check."""

from hashlib import blake2b
from typing import ClassVar

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.payments.rsa import key_of, public, reveal, sign
from toolkit.zuora.state.world import Change


class NewSignature(Body, frozen=True):
    """The page that is to be opened; what else the page is told does not bear on the signature."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("IBAN", "accountId", "authorizationAmount", "bankBranchCode", "bankCheckDigit", "bankCity"),
            *("bankPostalCode", "bankStreetName", "bankStreetNumber", "businessIdentificationCode"),
            *("cityBlackList", "cityWhiteList", "currency", "deviceSessionId", "gatewayName", "id", "key"),
            *("locale", "maxConsecutivePaymentFailures", "param_gwOptions_[*option*]"),
            *("param_supportedTypes", "passthrough[1,2,3,4,5]", "paymentGateway", "paymentRetryWindow"),
            *("pmId", "signature", "signatureType", "style", "submitEnabled", "tenantId", "token"),
            "useDefaultRetryRule",
        }
    )

    uri: str
    method: str
    page_id: str


class Check(Body, frozen=True):
    """A signature, and the key that shows what it hides."""

    method: str
    public_key: str
    signature: str


def create(call: Call) -> Reply:
    """Sign the page's address, the tenant, a token, the time and the page.

    Source: Zuora, decrypt an RSA signature: these, in this order, separated by #. The time is in
    milliseconds, and a text too long for the key has no signature.
    """
    said: NewSignature = call.body
    change = Change(call.world)
    token = change.id()
    tenant = str(int.from_bytes(blake2b(call.world.seed.encode(), digest_size=2).digest()))
    moment = str(int(call.world.now.timestamp()) * 1000)
    key = key_of(call.world.seed)
    signature = sign(f"{said.uri}#{tenant}#{token}#{moment}#{said.page_id}", key)
    answer = {"signature": signature, "token": token, "tenantId": tenant, "key": public(key)}
    return Reply({**answer, "success": True}, change.world)


def check(call: Call) -> Reply:
    """Show what a signature hides."""
    said: Check = call.body
    try:
        text = reveal(said.signature, said.public_key)
    except ValueError as error:
        raise InvalidValueError("'signature' was not made by the owner of 'publicKey'.") from error
    shown = {"decryptedSignature": text, "publicKey": said.public_key, "signature": said.signature}
    return Reply({**shown, "success": True})


ENDPOINTS = (
    Endpoint("POST", "/v1/rsa-signatures", create, NewSignature, resource=540100),
    Endpoint("POST", "/v1/rsa-signatures/decrypt", check, Check, resource=540200),
)
