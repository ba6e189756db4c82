"""/v1/credit-memos and /v1/creditmemos: change, post, apply, take back and delete credit memos."""

from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.applications import apply_memo, by_source, unapply_memo
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import post
from toolkit.billing.writeoffs import write_off_memo
from toolkit.zuora.api._memo_request import Applying, ApplyingByRule, MemoChange, TakingBack
from toolkit.zuora.api._memo_showing import show_credit_memo
from toolkit.zuora.api.credit_memos import auto_apply
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, Nothing
from toolkit.zuora.documents import reversals
from toolkit.zuora.documents.postings import put_posted
from toolkit.zuora.documents.withdrawals import related, unpost_all, withdraw
from toolkit.zuora.state.world import Change


class Posting(Body, frozen=True):
    """How to post."""

    optional: ClassVar[bool] = True

    credit_memo_date: date | None = None


def change_memo(call: Call) -> Reply:
    """Change a memo; only a draft's date can change."""
    change, memo = Change(call.world), _memo(call)
    amend(change, memo, call.body)
    return _shown(call, change, memo.id)


def amend(change: Change, memo: CreditMemo, said: MemoChange) -> CreditMemo:
    """Put a memo with new values for some of its fields into the change.

    Raises:
        RuleError: Its date is to change, and it is no draft.
    """
    excluded, automatic = said.exclude_from_auto_apply_rules, said.auto_apply_upon_posting
    changed = replace(
        said.of(memo, change.before.now),
        payment_runs=memo.payment_runs if excluded is None else not excluded,
        auto_apply=memo.auto_apply if automatic is None else automatic,
    )
    change.put(changed)
    return changed


def delete(call: Call) -> Reply:
    """Delete a cancelled memo. Source: Zuora, delete a credit memo."""
    memo = _memo(call)
    if memo.status != "Canceled":
        raise RuleError("Only credit memos with Canceled status can be deleted.")
    change = Change(call.world)
    change.drop(memo)
    return Reply({"success": True}, change.world)


def post_memo(call: Call) -> Reply:
    """Post a draft, and apply it to the invoice that it was made from if it is to be."""
    change, memo = Change(call.world), _memo(call)
    post_draft(change, memo, call.body)
    return _shown(call, change, memo.id)


def post_draft(change: Change, memo: CreditMemo, said: Posting) -> None:
    """Put a memo that is posted into the change, applied if it is to be, and what belongs to it."""
    posted = post(replace(memo, memo_date=said.credit_memo_date or memo.memo_date), change.before.now)
    put_posted(change, posted)
    auto_apply(change, posted)


def unpost_memo(call: Call) -> Reply:
    """Make a posted memo a draft again, and what belongs to it of the same bill."""
    memo, change = _memo(call), Change(call.world)
    unpost_all(change, memo)
    return _shown(call, change, memo.id)


def cancel_memo(call: Call) -> Reply:
    """Cancel a draft, and what belongs to it; what a bill has credited can be credited again."""
    memo, change = _memo(call), Change(call.world)
    withdraw(change, memo)
    return _shown(call, change, memo.id)


def apply(call: Call) -> Reply:
    """Apply a posted memo to posted invoices and debit memos of the same account."""
    change, memo = Change(call.world), _memo(call)
    apply_to(change, memo, call.body, to_sources=call.body.application_rule is not None)
    return _shown(call, change, memo.id)


def apply_to(change: Change, memo: CreditMemo, said: Applying, *, to_sources: bool = False) -> None:
    """Put a memo, and what it is applied to, into the change."""
    world = change.world
    for table, key, application in said.applications(world.rules.application_rule):
        debt, wanted = change.table(table).find(key), application
        if to_sources:
            wanted = wanted._replace(items=tuple(by_source(memo, debt, wanted.amount)))
        memo, settled = apply_memo(memo, debt, wanted, change, world.now)
        change.put(settled)
    change.put(memo)


def unapply(call: Call) -> Reply:
    """Take a memo back from invoices and debit memos."""
    change, memo = Change(call.world), _memo(call)
    take_from(change, memo, call.body)
    return _shown(call, change, memo.id)


def take_from(change: Change, memo: CreditMemo, said: Applying) -> None:
    """Put a memo, and what it is taken back from, into the change."""
    now = change.before.now
    for table, key, application in said.applications("FIFO"):
        debt = change.table(table).find(key)
        memo, freed = unapply_memo(memo, debt, application.amount, now, application.items)
        change.put(freed)
    change.put(memo)


def reverse(call: Call) -> Reply:
    """Reverse a memo by a debit memo that it settles, and the invoice that the same bill made beside it."""
    said: TakingBack = call.body
    world, change, memo = call.world, Change(call.world), _memo(call)
    terms = said.terms(memo.account_id, memo.currency, world, "AdhocFromCreditMemo")
    by_credit = replace(terms, source="AdhocFromInvoice", reason=reversals.INVOICE)
    invoices = [one for one in related(change, memo) if isinstance(one, Invoice)]
    done = reversals.reverse_all(change, invoices, [memo], by_credit, terms)
    answer = {"creditMemo": {"id": memo.id}, "debitMemo": {"id": done.debit_memos[0]}, "success": True}
    return Reply(answer, change.world)


def write_off(call: Call) -> Reply:
    """Write off a memo by a debit memo that it settles."""
    said: TakingBack = call.body
    world, change, memo = call.world, Change(call.world), _memo(call)
    terms = replace(
        said.terms(memo.account_id, memo.currency, world, "AdhocFromCreditMemo"), bill_to_id=memo.bill_to_id
    )
    debit, used = write_off_memo(memo, terms, world.rules, change)
    change.put(debit)
    change.put(used)
    return Reply({"debitMemo": {"id": debit.id}, "success": True}, change.world)


def _memo(call: Call) -> CreditMemo:
    return call.world.credit_memos.find(call.path["credit-memo-key"])


def _shown(call: Call, change: Change, key: str) -> Reply:
    memo = change.table("credit_memos").find(key)
    return Reply({**show_credit_memo(memo, call.world), "success": True}, change.world)


def _both(spelling: str) -> tuple[Endpoint, ...]:
    one = f"/v1/{spelling}/{{credit-memo-key}}"
    return (
        Endpoint("PUT", one, change_memo, MemoChange, resource=539400),
        Endpoint("DELETE", one, delete),
        Endpoint("PUT", f"{one}/post", post_memo, Posting, resource=539500),
        Endpoint("PUT", f"{one}/unpost", unpost_memo, Nothing, resource=539500),
        Endpoint("PUT", f"{one}/cancel", cancel_memo, Nothing, resource=539500),
        Endpoint("PUT", f"{one}/apply", apply, ApplyingByRule, resource=539300),
        Endpoint("PUT", f"{one}/unapply", unapply, Applying, resource=539300),
        Endpoint("PUT", f"{one}/reverse", reverse, TakingBack, resource=539500),
        Endpoint("PUT", f"{one}/write-off", write_off, TakingBack, resource=539500),
    )


ENDPOINTS = (*_both("credit-memos"), *_both("creditmemos"))
