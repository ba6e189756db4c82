"""How billing and payments went, through the SDK."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def span(desk: Any) -> dict[str, str]:
    day = desk.clock.today()
    return {"start_time": f"{day}T00:00+0000", "end_time": f"{day + timedelta(days=2)}T00:00+0000"}


def test_documents_of_a_span_are_counted(ask: Any, client: Any, span: dict[str, str]) -> None:
    documents = client.bill_run_health_api()
    (counted,) = ask(documents.get_system_health_billing_doc_volume_summary, **span).data
    assert counted.total_failed_accounts == 0


def test_payments_of_a_span_are_counted(desk: Any, ask: Any, client: Any, span: dict[str, str]) -> None:
    account = desk.open_account("Wagtail Bikes")
    card = {"type": "CreditCard", "accountKey": account.number, "cardType": "Visa"}
    card |= {"cardNumber": "4111111111111111", "expirationMonth": 12, "expirationYear": 2031}
    card_request = desk.sdk.CreatePaymentMethodRequest(desk.write("CreateCreditCardPaymentMethod", **card))
    method = ask(client.payment_methods_api().create_payment_method, card_request).id
    paid = {"accountId": account.id, "amount": 30, "currency": "USD", "type": "Electronic"}
    paid |= {"effectiveDate": desk.clock.today().isoformat(), "paymentMethodId": method}
    before = _count(ask, client, span)
    ask(client.payments_api().create_payment, desk.write("CreatePaymentRequest", **paid))
    assert _count(ask, client, span) == (before[0] + 1, before[1])


def _count(ask: Any, client: Any, span: dict[str, str]) -> tuple[int, int]:
    """Return how many payments went well, and how many did not."""
    api = client.electronic_payments_health_api()
    found = ask(api.get_system_health_payment_volume_summary, **span).data
    assert all(one.total == one.success + one.error for one in found)
    return sum(one.success for one in found), sum(one.error for one in found)
