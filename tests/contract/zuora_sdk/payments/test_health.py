"""How billing and payments went, through the SDK."""

from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def span(desk: Any) -> dict[str, str]:
    day = desk.clock.today()
    return {"start_time": f"{day}T00:00+0000", "end_time": f"{day + timedelta(days=2)}T00:00+0000"}


def test_documents_and_payments_of_a_span_are_counted(ask: Any, client: Any, span: dict[str, str]) -> None:
    documents, money = client.bill_run_health_api(), client.electronic_payments_health_api()
    (counted,) = ask(documents.get_system_health_billing_doc_volume_summary, **span).data
    assert counted.total_failed_accounts == 0
    payments = ask(money.get_system_health_payment_volume_summary, **span).data
    assert all(one.total == one.success + one.error for one in payments)
