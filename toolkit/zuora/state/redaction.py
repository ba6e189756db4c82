"""Redaction: a request without its secrets, in whose place stand others that are answered alike."""

import re
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from toolkit.zuora.calls.call import SCHEME
from toolkit.zuora.state.sealing import seal

_METHODS = re.compile(r"/*v1/payment-methods(/[^/]+)?/*")
_TOKEN = "/oauth/token"  # noqa: S105 - a path
_FORM = re.compile(r"(client_secret=)[^&]+")
_BASIC = "Basic " + b64encode(b"0" * 36 + b":redacted").decode()
_KEPT = frozenset(
    {
        *("content-type", "host", "zuora-version", "authorization", "apiaccesskeyid", "cookie"),
        *("idempotency-key", SCHEME),
    }
)
_DIGITS = frozenset({"cardNumber", "creditCardNumber", "CreditCardNumber"})
_SIGNS = frozenset({"bankAccountNumber", "AchAccountNumber", "IBAN"})
_OF_METHOD = _SIGNS | {"accountNumber"}
_CODES = frozenset({"securityCode", "cardSecurityCode"})
_PASSWORD = "password"  # noqa: S105 - the name of a field
_SIGNS_OF_ONE = (
    *(b"ardNumber", b"bankAccountNumber", b"AchAccountNumber", b"accountNumber", b"IBAN"),
    *(b"ecurityCode", b"password", rb"\u"),
)
"""What a body with a secret has in it; to look for one after another is faster than one pattern."""

_SHOWN = 4

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def headers_without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that an answer depends on."""
    kept = {name: value for name, value in headers.items() if name in _KEPT}
    if kept.get("authorization", "").lower().startswith("basic "):
        kept["authorization"] = _BASIC
    if "apiaccesskeyid" in kept:
        kept["apisecretaccesskey"] = "redacted"
    return kept


def query_without_secrets(query: str) -> str:
    """Return a query string, or a form, without the secret of a client."""
    return _FORM.sub(r"\1redacted", query) if query else query


def body_without_secrets(path: str, body: bytes) -> bytes:
    """Return a body without secrets: the same bytes where it has none.

    The last four signs of a number stay. The password with which a callout signs in is sealed, since it is
    needed after a restart. Only of a payment method itself, `accountNumber` is that of a bank account: where
    one is used, it is the customer's, without which the request would be refused after a restart.
    """
    if path == _TOKEN:
        return query_without_secrets(body.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape"
        )
    if not any(sign in body for sign in _SIGNS_OF_ONE):
        return body
    try:
        document = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body  # an archive, or a file
    hidden = _hidden(document, _OF_METHOD if _METHODS.fullmatch(path) else _SIGNS)
    return body if hidden == document else _encode(hidden)


def _hidden(value: Any, signs: frozenset[str]) -> Any:  # noqa: ANN401 - JSON is any of its types
    if isinstance(value, list):
        return [_hidden(part, signs) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: _hidden_field(name, part, signs) for name, part in value.items()}


def _hidden_field(name: str, value: Any, signs: frozenset[str]) -> Any:  # noqa: ANN401 - JSON is any of its types
    if value is None or isinstance(value, dict | list):
        return _hidden(value, signs)
    if name in _CODES:
        return "000"
    if name == _PASSWORD:
        return seal(str(value))
    if name in _DIGITS:
        return _masked(r"\d", str(value))
    return _masked(r"[^\W_]", str(value)) if name in signs else value


def _masked(sign: str, value: str) -> str:
    """Put 0 for all but the last four signs."""
    signs = len(re.findall(sign, value))
    return re.sub(sign, "0", value, count=signs - _SHOWN) if signs > _SHOWN else value
