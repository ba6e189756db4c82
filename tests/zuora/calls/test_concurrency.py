"""Limits of concurrency: what counts against which. Source: Zuora, rate and concurrent request limits."""

from base64 import urlsafe_b64encode

import pytest

from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.concurrency import group_of, is_big


@pytest.mark.parametrize(
    ("method", "path", "group"),
    [
        ("POST", "/v1/accounts", "High-volume transactions"),
        ("POST", "/v1/orders", "High-volume transactions"),
        ("POST", "/v1/orders/preview", "High-volume transactions"),
        ("POST", "/v1/subscriptions", "High-volume transactions"),
        ("POST", "/v1/subscriptions/preview", "High-volume transactions"),
        ("PUT", "/v1/subscriptions/A-S1", "High-volume transactions"),
        ("PUT", "/v1/subscriptions/A-S1/cancel", "High-volume transactions"),
        ("PUT", "/v1/subscriptions/A-S1/renew", "High-volume transactions"),
        ("POST", "/v1/rsa-signatures", "High-volume transactions"),
        ("PUT", "/v1/subscriptions/A-S1/suspend", "Default"),
        ("PUT", "/v1/orders/O-1/activate", "Default"),
        ("PUT", "/v1/accounts/A1", "Default"),
        ("GET", "/v1/orders", "Default"),
        ("GET", "/object-query/accounts", "Object Query"),
        ("POST", "/oauth/token", None),
    ],
)
def test_some_transactions_and_object_queries_have_limits_of_their_own(
    method: str, path: str, group: str | None
) -> None:
    assert group_of(Request(method, path)) == group


def locator(query: str) -> bytes:
    return b'{"queryLocator": "%b"}' % urlsafe_b64encode(query.encode())


@pytest.mark.parametrize(
    ("path", "body", "big"),
    [
        ("/v1/action/query", b'{"queryString": "select Id FROM subscription where a = 1"}', True),
        ("/v1/action/query", b'{"queryString": "select Id from Usage"}', True),
        ("/v1/action/query", b'{"queryString": "select Id from Product"}', False),
        ("/v1/action/queryMore", locator('["", 1, "select Id from Account"]'), True),
        ("/v1/action/queryMore", locator('["", 1, "select Id from Usage"]'), False),
        ("/v1/action/queryMore", b'{"queryLocator": "x"}', False),
        ("/v1/action/generate", b'{"type": "Invoice", "objects": []}', True),
        ("/v1/action/create", b'{"type": "Account", "objects": []}', False),
        ("/v1/action/query", b"[]", False),
        ("/v1/action/query", b"{", False),
        ("/v1/orders", b"", False),
    ],
)
def test_queries_of_large_objects_and_generating_invoices_are_big(path: str, body: bytes, big: bool) -> None:  # noqa: FBT001 - a case's outcome
    assert is_big(Request("POST", path, body=body)) == big


def test_listing_payments_is_big() -> None:
    assert is_big(Request("GET", "/v1/payments"))
    assert is_big(Request("GET", "/v1/transactions/payments/accounts/A1"))
    assert not is_big(Request("GET", "/v1/payments/P-1"))
