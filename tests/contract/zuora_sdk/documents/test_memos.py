"""Credit and debit memos through the SDK: made, applied, taken back, reversed and written off."""

from typing import Any


def applied(desk: Any, invoice: Any, kind: str) -> Any:
    part = {"invoices": [{"invoiceId": invoice.id, "amount": 30}]}
    return desk.write(kind, **{"effectiveDate": invoice.invoice_date, **part})


def test_a_credit_memo_is_applied_shown_and_taken_back(
    desk: Any, ask: Any, credits_: Any, client: Any, credit: Any, invoice: Any
) -> None:
    memo = ask(credits_.apply_credit_memo, credit.id, applied(desk, invoice, "ApplyCreditMemoRequest"))
    assert (memo.applied_amount, memo.unapplied_amount) == (30, 0)
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 70
    (part,) = ask(credits_.get_credit_memo_parts, credit.id).parts
    assert ask(credits_.get_credit_memo_part, part.id, credit.id).amount == 30
    (item,) = ask(credits_.get_credit_memo_item_parts, part.id, credit.id).item_parts
    assert ask(credits_.get_credit_memo_item_part, part.id, item.id, credit.id).amount == 30
    back = applied(desk, invoice, "UnapplyCreditMemoRequest")
    assert ask(credits_.unapply_credit_memo, credit.id, back).unapplied_amount == 30


def test_the_items_of_a_credit_memo_are_shown(ask: Any, credits_: Any, credit: Any) -> None:
    (item,) = ask(credits_.get_credit_memo_items, credit.id).items
    assert ask(credits_.get_credit_memo_item, credit.id, item.id).amount == 30
    assert ask(credits_.get_taxation_items_of_credit_memo_item, credit.id, item.id).data == []


def test_credit_memos_are_listed_by_what_they_are(ask: Any, credits_: Any, account: Any, credit: Any) -> None:
    listed = ask(credits_.get_credit_memos, account_id=account.id).creditmemos
    assert credit.id in {one.id for one in listed}


def test_a_credit_memo_becomes_a_draft_is_changed_cancelled_and_deleted(
    desk: Any, ask: Any, credits_: Any, credit: Any
) -> None:
    assert ask(credits_.unpost_credit_memo, credit.id).status == "Draft"
    request = desk.sdk.UpdateCreditMemoRequest(comment="Amended", reason_code="Billing")
    assert ask(credits_.update_credit_memo, credit.id, request).comment == "Amended"
    assert ask(credits_.cancel_credit_memo, credit.id).status == "Canceled"
    ask(credits_.delete_credit_memo, credit.id)


def test_a_credit_memo_is_made_of_a_charge_and_reversed_by_a_debit_memo(
    desk: Any, ask: Any, credits_: Any, account: Any, charge: str
) -> None:
    wanted = {
        "accountId": account.id,
        "charges": [{"amount": 12, "productRatePlanChargeId": charge, "chargeId": charge}],
        "autoPost": True,
        "effectiveDate": desk.clock.today().isoformat(),
    }
    request = desk.write("CreateCreditMemoFromChargeRequest", **wanted)
    memo = ask(credits_.create_credit_memo_from_charge, request)
    assert (memo.status, memo.amount) == ("Posted", 12)
    day = desk.clock.today()
    back = desk.sdk.ReverseCreditMemoRequest(memo_date=day, apply_effective_date=day)
    assert ask(credits_.reverse_credit_memo, memo.id, back).debit_memo.id


def test_a_credit_memo_is_written_off_by_a_debit_memo(
    desk: Any, ask: Any, credits_: Any, credit: Any
) -> None:
    request = desk.sdk.WriteOffCreditMemoRequest(memo_date=desk.clock.today())
    assert ask(credits_.write_off_credit_memo, credit.id, request).debit_memo.id
    assert ask(credits_.get_credit_memo, credit.id).unapplied_amount == 0


def test_a_debit_memo_is_posted_and_settled_by_a_credit_memo(
    desk: Any, ask: Any, debits: Any, credits_: Any, debit: Any, credit: Any
) -> None:
    posted = ask(debits.post_debit_memo, debit.id)
    assert (posted.status, posted.balance) == ("Posted", 30)
    part = {"debitMemos": [{"debitMemoId": debit.id, "amount": 30}]}
    day = {"effectiveDate": desk.clock.today().isoformat()}
    ask(credits_.apply_credit_memo, credit.id, desk.write("ApplyCreditMemoRequest", **part, **day))
    assert ask(debits.get_debit_memo, debit.number).balance == 0
    (one,) = ask(debits.get_debit_memo_application_parts, debit.id).application_parts
    assert (one.credit_memo_id, one.applied_amount) == (credit.id, 30)


def test_the_items_of_a_debit_memo_are_shown(ask: Any, debits: Any, debit: Any) -> None:
    (item,) = ask(debits.get_debit_memo_items, debit.id).items
    assert ask(debits.get_debit_memo_item, debit.id, item.id).amount == 30


def test_a_debit_memo_becomes_a_draft_is_changed_cancelled_and_deleted(
    desk: Any, ask: Any, debits: Any, account: Any, debit: Any
) -> None:
    ask(debits.post_debit_memo, debit.id)
    assert debit.id in {one.id for one in ask(debits.get_debit_memos, account_id=account.id).debitmemos}
    assert ask(debits.unpost_debit_memo, debit.id).status == "Draft"
    request = desk.sdk.UpdateDebitMemoRequest(comment="Amended", due_date=desk.clock.today())
    assert ask(debits.update_debit_memo, debit.id, request).comment == "Amended"
    assert ask(debits.cancel_debit_memo, debit.id).status == "Canceled"
    ask(debits.delete_debit_memo, debit.id)


def test_a_debit_memo_is_made_of_a_charge_and_written_off(
    desk: Any, ask: Any, debits: Any, account: Any, charge: str
) -> None:
    wanted = {
        "accountId": account.id,
        "charges": [{"amount": 12, "productRatePlanChargeId": charge, "chargeId": charge}],
        "autoPost": True,
        "effectiveDate": desk.clock.today().isoformat(),
    }
    memo = ask(debits.create_debit_memo_from_charge, desk.write("CreateDebitMemoFromChargeRequest", **wanted))
    request = desk.sdk.WriteOffDebitMemoRequest(memo_date=desk.clock.today())
    assert ask(debits.write_off_debit_memo, memo.id, request).credit_memo.id
