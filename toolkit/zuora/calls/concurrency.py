"""Concurrency: against which limits a request counts while it is open.

Source: Zuora, rate limits; for big processes: Zuora, rate and concurrent request limits.
"""

import re
from base64 import urlsafe_b64decode
from contextlib import suppress

from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.calls.wire import parse

CONCURRENT = {"Default": 40, "High-volume transactions": 200, "Object Query": 80}
"""How many requests of each group a tenant may have open."""

BIG_PROCESSES = 20
"""How many big processes at once, which count against the limit of their group as well."""

_HIGH_VOLUME = re.compile(
    r"POST /v1/(accounts|orders(/preview)?|subscriptions(/preview)?|rsa-signatures)/?"
    r"|PUT /v1/subscriptions/[^/]+(/cancel|/renew)?/?"
)
_PAYMENTS = re.compile(r"GET /v1/(payments|transactions/payments/accounts/[^/]+)/?")
_OBJECT = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)
_BIG = {
    "create": {"invoice"},
    "generate": {"invoice"},
    "query": {
        *("account", "invoice", "invoicepayment", "payment", "paymenttransactionlog", "processedusage"),
        *("rateplan", "rateplancharge", "subscription", "usage"),
    },
    "queryMore": {
        *("account", "invoiceitem", "paymenttransactionlog", "rateplan", "rateplancharge"),
        *("rateplanchargetier", "subscription"),
    },
}
"""Objects by the actions that are big processes for them."""


def group_of(request: Request) -> str | None:
    """Return the limit that a request counts against; None for what has none."""
    if request.path.startswith("/object-query"):
        return "Object Query"
    if not request.path.startswith("/v1/"):
        return None
    high = _HIGH_VOLUME.fullmatch(f"{request.method} {request.path}")
    return "High-volume transactions" if high else "Default"


def is_big(request: Request) -> bool:
    """Tell whether a request is a big process."""
    if request.path.startswith("/v1/action/"):
        return _object(request).lower() in _BIG.get(request.path.removeprefix("/v1/action/"), ())
    return _PAYMENTS.fullmatch(f"{request.method} {request.path}") is not None


def _object(request: Request) -> str:
    """Return the object that an action is about, empty where that cannot be told."""
    try:
        said = parse(request.body)
    except Refusal:
        return ""
    if not isinstance(said, dict):
        return ""
    query = str(said.get("queryString", ""))
    with suppress(ValueError):  # what is no locator is about nothing
        query = query or urlsafe_b64decode(str(said.get("queryLocator", ""))).decode()
    found = _OBJECT.search(query)
    return found[1] if found else str(said.get("type", ""))
