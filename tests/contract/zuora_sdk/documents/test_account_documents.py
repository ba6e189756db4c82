"""Billing documents of an account through the SDK: listed, and generated at once."""

from typing import Any

import pytest


@pytest.fixture
def api(client: Any) -> Any:
    return client.billing_documents_api()


def test_documents_of_all_kinds_are_in_one_list(
    ask: Any, api: Any, account: Any, invoice: Any, credit: Any, debit: Any
) -> None:
    found = ask(api.get_billing_documents, account_number=account.number, page_size=40).documents
    assert {invoice.id, credit.id, debit.id} <= {one.id for one in found}
    assert {one.document_type for one in found} == {"Invoice", "CreditMemo", "DebitMemo"}


def test_an_account_is_billed_at_once(desk: Any, ask: Any, api: Any, client: Any, plan: Any) -> None:
    account, day = desk.open_account("Kiwi Kites"), desk.clock.today().isoformat()
    seats = {"productRatePlanChargeId": plan.charge_id, "quantity": 4}
    wanted = {
        "accountKey": account.number,
        "contractEffectiveDate": day,
        "termType": "TERMED",
        "initialTerm": 12,
        "subscribeToRatePlans": [{"productRatePlanId": plan.rate_plan_id, "chargeOverrides": [seats]}],
        "renewalTerm": 12,
    }
    request = desk.write("CreateSubscriptionRequest", **wanted)
    ask(client.subscriptions_api().create_subscription, request)
    request = desk.write("GenerateBillingDocumentRequest", effectiveDate=day, targetDate=day, autoPost=True)
    made = ask(api.generate_billing_documents, account.number, request)
    shown = ask(client.invoices_api().get_invoice, made.invoices[0].id)
    assert (shown.status, shown.amount, made.credit_memos) == ("Posted", 4 * plan.price, [])
