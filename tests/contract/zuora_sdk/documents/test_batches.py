"""Batches of memos and invoices through the SDK."""

from typing import Any

import pytest


@pytest.mark.parametrize("kind", ["Credit", "Debit"])
def test_memos_are_created_and_changed_together(
    desk: Any, ask: Any, client: Any, account: Any, invoice: Any, portion: Any, charge: str, kind: str
) -> None:
    sdk, name = desk.sdk, kind.lower()
    api = getattr(client, f"{name}_memos_api")()
    create, change = (getattr(api, f"bulk_{verb}_{name}_memos") for verb in ("create", "update"))
    wrapped = getattr(sdk, f"BulkCreate{kind}MemosRequest")
    memo = {"invoiceId": invoice.id, **portion}
    by_invoice = {"sourceType": "Invoice", "memos": [memo, {**memo, "invoiceId": "none"}]}
    request = getattr(sdk, f"BulkCreate{kind}MemosFromInvoiceRequest").from_dict(by_invoice)
    made, missing = ask(create, wrapped(request)).memos
    assert (made.amount, made.status, missing.success) == (30, "Draft", False)
    assert missing.process_id
    assert [one.message for one in missing.reasons] == ["Cannot find entity by key: 'none'."]
    charged = {"accountId": account.id, "charges": [{"amount": 12, "productRatePlanChargeId": charge}]}
    by_charge = {"sourceType": "Standalone", "memos": [charged]}
    request = getattr(sdk, f"BulkCreate{kind}MemosFromChargeRequest").from_dict(by_charge)
    (other,) = ask(create, wrapped(request)).memos
    assert other.amount == 12
    wanted = {"memos": [{"id": one.id, "comment": "Amended"} for one in (made, other)]}
    changed = ask(change, desk.write(f"BulkUpdate{kind}MemosRequest", **wanted)).memos
    assert [one.comment for one in changed] == ["Amended", "Amended"]


def test_due_dates_are_changed_together(
    desk: Any, ask: Any, client: Any, debits: Any, debit: Any, invoice: Any
) -> None:
    day = desk.clock.today().replace(day=28).isoformat()
    due = {"debitMemos": [{"memoKey": debit.number, "dueDate": day}]}
    ask(debits.update_debit_memos_due_dates, desk.write("UpdateDebitMemosDueDatesRequest", **due))
    assert str(ask(debits.get_debit_memo, debit.id).due_date) == day
    update = {"invoices": [{"id": invoice.id, "dueDate": day, "comments": "Later"}]}
    ask(client.invoices_api().bulk_update_invoices, desk.write("BulkUpdateInvoicesRequest", **update))
    shown = ask(client.invoices_api().get_invoice, invoice.id)
    assert (str(shown.due_date), shown.comments) == (day, "Later")
