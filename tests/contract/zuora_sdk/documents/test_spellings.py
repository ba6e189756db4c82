"""The SDK's calls by other spellings of their paths: those of older clients, and of Zuora's documentation.

What is asked for so is named in tests/zuora/proofs.yaml, as the SDK would not ask for it by itself.
"""

from collections.abc import Iterator
from typing import Any

import pytest

RESPELT = {
    "/v1/credit-memos": "/v1/creditmemos",
    "/v1/debit-memos": "/v1/debitmemos",
    "/v1/debitmemos": "/v1/debit-memos",
    "/v1/rateplans/": "/v1/rate-plans/",
    "/v1/catalog/product/": "/v1/catalog/products/",
    "/subscription-change-logs/": "/v1/subscription-change-logs/",
    "/v1/batch-query": "/apps/api/batch-query",
}


@pytest.fixture
def respelt(client: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the SDK ask by the other path, without the name by which its own calls are counted."""
    nameless = {"User-Agent": pytest.importorskip("urllib3.util").SKIP_HEADER}
    rest, asked = client.api_client.rest_client, list[str]()
    send = rest.request

    def request(method: str, url: str, headers: Any = None, **more: Any) -> Any:
        for usual, other in RESPELT.items():
            if usual in url:
                url, headers = url.replace(usual, other, 1), headers | nameless
                asked.append(url)
                break
        return send(method, url, headers=headers, **more)

    monkeypatch.setattr(rest, "request", request)
    yield asked
    assert asked, "the SDK asked for nothing by another path"


def test_memos_are_made_of_an_invoice_posted_and_cancelled(
    desk: Any, ask: Any, credits_: Any, debits: Any, invoice: Any, portion: Any, respelt: list[str]
) -> None:
    for kind, api in (("credit", credits_), ("debit", debits)):
        request = desk.write(f"Create{kind.capitalize()}MemoFromInvoiceRequest", **portion)
        memo = ask(getattr(api, f"create_{kind}_memo_from_invoice"), invoice.id, request)
        assert (memo.status, memo.amount) == ("Draft", 30)
        day = desk.sdk.PostCreditMemoRequest(credit_memo_date=desk.clock.today())
        ask(getattr(api, f"post_async_{kind}_memo"), memo.id, *([day] if kind == "credit" else []))
        ask(getattr(api, f"generate_{kind}_memo_pdf"), memo.id)
        shown = ask(getattr(api, f"get_{kind}_memo_pdf_status"), memo.id)
        (status,) = getattr(shown, f"{kind}_memo_files")
        assert status.pdf_generation_status == "Generated"
        ask(getattr(api, f"unpost_{kind}_memo"), memo.id)
        ask(getattr(api, f"cancel_async_{kind}_memo"), memo.id)
        assert ask(getattr(api, f"get_{kind}_memo"), memo.id).status == "Canceled"
    assert f"/v1/creditmemos/invoice/{invoice.id}" in respelt[0]


@pytest.mark.usefixtures("respelt")
def test_a_credit_memo_is_applied_and_taken_back_later(
    desk: Any, ask: Any, credits_: Any, client: Any, credit: Any, invoice: Any
) -> None:
    part = {"invoices": [{"invoiceId": invoice.id, "amount": 30}], "effectiveDate": invoice.invoice_date}
    job = ask(credits_.apply_credit_memo_async, credit.id, desk.write("AsyncApplyCreditMemoRequest", **part))
    assert ask(credits_.get_apply_credit_memo_async_job, job.id).status == "Processed"
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 70
    request = desk.write("AsyncUnapplyCreditMemoRequest", **part)
    job = ask(credits_.unapply_credit_memo_async, credit.id, request)
    assert ask(credits_.get_unapply_credit_memo_async_job, job.id).status == "Processed"
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 100


@pytest.mark.usefixtures("respelt")
def test_a_debit_memo_is_written_off(desk: Any, ask: Any, debits: Any, debit: Any) -> None:
    ask(debits.post_debit_memo, debit.id)
    request = desk.sdk.WriteOffDebitMemoRequest(memo_date=desk.clock.today())
    assert ask(debits.write_off_debit_memo, debit.id, request).credit_memo.id
    assert ask(debits.get_debit_memo, debit.id).balance == 0


@pytest.mark.usefixtures("respelt")
def test_a_rate_plan_its_product_and_its_changes_are_shown(
    desk: Any, ask: Any, client: Any, account: Any, plan: Any
) -> None:
    order = desk.place(desk.purchase(account, desk.clock.today(), plan, 2))
    number = order.subscriptions[0].subscription_number
    (bought,) = desk.subscription(number).rate_plans
    shown = ask(client.rate_plans_api().get_rate_plan, bought.id)
    assert shown.product_rate_plan_id == plan.rate_plan_id
    assert ask(client.products_api().get_product, bought.product_id).id == bought.product_id
    logs = client.subscription_change_logs_api()
    (of_order,) = ask(logs.get_subscription_change_logs_by_order_number, order.order_number).subscriptions
    (latest,) = ask(logs.get_subscription_change_logs_by_subscription_number, number).subscriptions
    first = ask(
        logs.get_subscription_change_logs_by_subscription_number_and_version, number, "1"
    ).subscription
    assert of_order.to_dict() == latest.to_dict() == first.to_dict()
    assert latest.subscription_number == number


@pytest.mark.usefixtures("respelt", "account")
def test_an_aggregate_query_is_made_read_and_aborted(desk: Any, ask: Any, client: Any) -> None:
    api = client.aggregate_queries_api()
    wanted = {"queries": [{"name": "q", "query": "select Id from Account", "type": "zoqlexport"}]}
    job = ask(api.create_batch_query, desk.write("CreateBatchQueryJobRequest", format="CSV", **wanted))
    assert ask(api.get_batch_query_job, job.id).status == "completed"
    late = ask(api.create_batch_query, desk.write("CreateBatchQueryJobRequest", format="CSV", **wanted))
    assert ask(api.delete_batch_query_job, late.id).status == "aborted"
