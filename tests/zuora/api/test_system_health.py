"""What was generated and paid in a span of time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Pay, Standalone

DOCUMENTS, PAYMENTS = (f"/system-health/{one}/volume-summary" for one in ("billing-documents", "payments"))
SPAN = {"startTime": "2025-12-31T09:07+0000", "endTime": "2026-01-02T09:07+0000"}
BEFORE = {"startTime": "2022-09-22T09:07+0800", "endTime": "2022-09-29T09:07 0800"}


def data(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(path, **query)["data"]
    return rows


def test_what_was_billed_of_subscriptions_is_counted(
    client: Client, invoice: dict[str, Any], standalone: "Standalone"
) -> None:
    assert invoice
    standalone(100)
    counted = {"totalGeneratedInvoices": 1, "totalGeneratedCreditMemos": 0, "totalFailedAccounts": 0}
    assert data(client, DOCUMENTS, **SPAN) == [counted]
    assert data(client, DOCUMENTS, **BEFORE) == [{**counted, "totalGeneratedInvoices": 0}]


def test_payments_are_counted_by_how_they_went(client: Client, pay: "Pay", card: Callable[..., str]) -> None:
    for number in ("4242424242424242", "4000000000000002"):
        method = card(number)
        try:
            pay(10, type="Electronic", paymentMethodId=method)
        except RefusedError:
            assert number == "4000000000000002"  # declined
    pay(10)
    row = {"paymentGatewayType": "Stripe", "paymentMethodType": "CreditCard"}
    assert data(client, PAYMENTS, **SPAN) == [{**row, "total": 2, "success": 1, "error": 1}]
    assert data(client, PAYMENTS, **BEFORE) == []
    assert data(client, PAYMENTS, **SPAN, paymentGatewayType="Adyen") == []
    assert data(client, PAYMENTS, **SPAN, paymentMethodType="ACH") == []


@pytest.mark.parametrize("given", ["soon", "2026-01-01T00:00"])
def test_a_span_needs_two_moments_with_their_zones(client: Client, given: str) -> None:
    with pytest.raises(RefusedError, match="'endTime' should be a moment"):
        data(client, PAYMENTS, **{**SPAN, "endTime": given})
    with pytest.raises(RefusedError, match="'endTime' may not be null"):
        data(client, PAYMENTS, startTime=SPAN["startTime"])
