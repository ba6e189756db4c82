"""Drafts split into several invoices through the SDK, which has no method for the action execute."""

from typing import Any

import pytest


@pytest.fixture
def draft(desk: Any, ask: Any, client: Any, account: Any) -> Any:
    """A draft over 100, of a tenant that splits invoices."""
    rule = {"method": "PUT", "url": "/billing-rules", "id": "1", "body": {"invoiceSplit": True}}
    batch = desk.write("SettingsBatchRequest", requests=[rule])
    ask(client.settings_api().post_process_settings_batch_request, batch)
    return desk.invoice(account, status="Draft")


def test_a_draft_is_split_by_amounts_and_its_parts_are_reversed(
    desk: Any, ask: Any, client: Any, draft: Any
) -> None:
    api, day = client.invoices_api(), desk.clock.today().isoformat()
    splits = [{"splitAmount": one, "invoiceDate": day, "paymentTerm": "Net 30"} for one in (70, 30)]
    wanted = desk.write("SplitInvoiceRequest", splitType="Amount", splits=splits)
    parts = ask(api.split_invoice, draft.id, wanted).invoices
    assert [(one.amount, one.status) for one in parts] == [(70, "Draft"), (30, "Draft")]
    assert ask(api.get_invoice, draft.id).status == "Split"
    posting = desk.write("BulkPostInvoicesRequest", invoices=[{"id": one.id} for one in parts])
    ask(api.bulk_post_invoices, posting)
    answer = ask(
        api.reverse_invoice, parts[1].id, desk.sdk.ReverseInvoiceRequest(memo_date=desk.clock.today())
    )
    assert answer.credit_memo.id == answer.credit_memos[0].id
    assert [ask(api.get_invoice, one.id).balance for one in parts] == [0, 0]


def test_a_split_and_its_items_are_objects(desk: Any, ask: Any, client: Any, draft: Any) -> None:
    api, day = client.actions_api(), desk.clock.today().isoformat()

    def make(kind: str, *objects: dict[str, Any]) -> Any:
        return api.action_post_create(
            desk.sdk.ProxyActioncreateRequest.from_dict({"type": kind, "objects": list(objects)})
        )

    (split,) = make("InvoiceSplit", {"InvoiceId": draft.id})
    half = {"InvoiceSplitId": split.id, "InvoiceDate": day, "SplitPercentage": 50}
    assert all(one.success for one in make("InvoiceSplitItem", half, half))
    query = {"queryString": "select InvoiceDate, SplitPercentage from InvoiceSplitItem"}
    found = ask(api.action_post_query, desk.sdk.ProxyActionqueryRequest.from_dict(query))
    assert len(found.records) == 2
