"""/v1/debit-memos and /v1/debitmemos: create, show, change, post and write off debit memos."""

from msgspec.structs import replace

from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.lifecycle import cancel, post, unpost
from toolkit.billing.memos import debit_memo, portions_of
from toolkit.billing.writeoffs import write_off
from toolkit.zuora.api._memo_request import (
    MemoChange,
    MemoFromCharges,
    MemoFromInvoice,
    TakingBack,
    charge_items,
    charge_terms,
    invoice_terms,
)
from toolkit.zuora.api._memo_showing import show_applications, show_debit_items, show_debit_memo
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.filtering import latest_first, narrow
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import Nothing
from toolkit.zuora.state.identities import with_id
from toolkit.zuora.state.world import Change

_FILTERS = (
    *("amount", "balance", "beAppliedAmount", "createdById", "createdDate", "currency"),
    *("debitMemoDate", "dueDate", "number", "referredInvoiceId", "status", "targetDate"),
    *("taxAmount", "totalTaxExemptAmount", "updatedById", "updatedDate"),
)
_ITEM_FILTERS = (
    *("amount", "beAppliedAmount", "createdById", "createdDate", "id", "serviceEndDate", "serviceStartDate"),
    *("sku", "skuName", "sourceItemId", "subscriptionId", "updatedById", "updatedDate"),
)


def list_memos(call: Call) -> Reply:
    """Show debit memos, latest first, narrowed and sorted by the fields that they show."""
    memos = latest_first(call, call.world.debit_memos)
    shown = (show_debit_memo(memo, call.world) for memo in memos)
    return listing(call, "debitmemos", narrow(call, shown, _FILTERS))


def create(call: Call) -> Reply:
    """Create a debit memo of charges of the catalog."""
    change = Change(call.world)
    return _answer(call, change, debit_charges(change, call.body))


def debit_charges(change: Change, said: MemoFromCharges) -> DebitMemo:
    """Put a debit memo of charges of the catalog into the change."""
    world = change.world
    terms = charge_terms(said, world, "debit")
    memo = debit_memo(charge_items(said, terms, change, world), terms, change)
    change.put(memo)
    return memo


def create_from_invoice(call: Call) -> Reply:
    """Create a debit memo of parts of an invoice's items."""
    said: MemoFromInvoice = call.body
    change = Change(call.world)
    return _answer(call, change, debit_invoice(change, said, said.invoice_id or call.path["invoice-key"]))


def debit_invoice(change: Change, said: MemoFromInvoice, key: str) -> DebitMemo:
    """Put a debit memo of an invoice into the change."""
    world = change.world
    invoice = world.invoices.find(key)
    portions = [item.portion(with_tax=said.tax_auto_calculation) for item in said.items]
    items = portions_of(invoice, portions, change, world.now, world.rules)
    memo = debit_memo(items, invoice_terms(said, invoice.id, world, "debit"), change)
    change.put(memo)
    return memo


def read(call: Call) -> Reply:
    """Show a debit memo."""
    return Reply({**show_debit_memo(_memo(call), call.world), "success": True})


def list_items(call: Call) -> Reply:
    """Show the items of a debit memo, narrowed and sorted by the fields that they show."""
    memo = _memo(call)
    shown = show_debit_items(memo, memo.items, call.version)
    return listing(call, "items", narrow(call, shown, _ITEM_FILTERS))


def read_item(call: Call) -> Reply:
    """Show an item of a debit memo."""
    memo = _memo(call)
    item = with_id(memo.items, call.path["item-id"])
    return Reply({**show_debit_items(memo, [item], call.version)[0], "success": True})


def list_applications(call: Call) -> Reply:
    """Show which payments and credit memos are applied to a debit memo."""
    memo = _memo(call)
    return listing(call, "applicationParts", show_applications(memo.id, memo.account_id, call.world))


def change_memo(call: Call) -> Reply:
    """Change a memo; only a draft's date can change."""
    change = Change(call.world)
    return _answer(call, change, amend(change, _memo(call), call.body))


def amend(change: Change, memo: DebitMemo, said: MemoChange) -> DebitMemo:
    """Put a memo with new values for some of its fields into the change.

    Raises:
        RuleError: Its date is to change, and it is no draft.
    """
    changed = replace(
        said.of(memo, change.before.now),
        due_date=said.due_date or memo.due_date,
        auto_pay=memo.auto_pay if said.auto_pay is None else said.auto_pay,
    )
    change.put(changed)
    return changed


def delete(call: Call) -> Reply:
    """Delete a cancelled memo. Source: Zuora, delete a debit memo."""
    memo = _memo(call)
    if memo.status != "Canceled":
        raise RuleError("Only debit memos with Canceled status can be deleted.")
    change = Change(call.world)
    change.drop(memo)
    return Reply({"success": True}, change.world)


def post_memo(call: Call) -> Reply:
    """Post a draft."""
    return _kept(call, Change(call.world), post(_memo(call), call.world.now))


def unpost_memo(call: Call) -> Reply:
    """Make a posted memo a draft again."""
    return _kept(call, Change(call.world), unpost(_memo(call), call.world.now))


def cancel_memo(call: Call) -> Reply:
    """Cancel a draft."""
    return _kept(call, Change(call.world), cancel(_memo(call), call.world.now))


def write_off_debit(call: Call) -> Reply:
    """Write off a memo, or an amount of it, by a credit memo that settles it."""
    said: TakingBack = call.body
    world, change, memo = call.world, Change(call.world), _memo(call)
    terms = replace(
        said.terms(memo.account_id, memo.currency, world, "AdhocFromDebitMemo"), bill_to_id=memo.bill_to_id
    )
    credit, settled = write_off(memo, terms, world.rules, change, said.amount)
    change.put(credit)
    change.put(settled)
    return Reply({"creditMemo": {"id": credit.id}, "success": True}, change.world)


def _memo(call: Call) -> DebitMemo:
    return call.world.debit_memos.find(call.path["debit-memo-key"])


def _kept(call: Call, change: Change, memo: DebitMemo) -> Reply:
    change.put(memo)
    return _answer(call, change, memo)


def _answer(call: Call, change: Change, memo: DebitMemo) -> Reply:
    return Reply({**show_debit_memo(memo, call.world), "success": True}, change.world)


def _both(spelling: str) -> tuple[Endpoint, ...]:
    every, one = f"/v1/{spelling}", f"/v1/{spelling}/{{debit-memo-key}}"
    return (
        Endpoint("GET", every, list_memos),
        Endpoint("POST", every, create, MemoFromCharges, resource=549100),
        Endpoint(
            "POST", f"{every}/invoice/{{invoice-key}}", create_from_invoice, MemoFromInvoice, resource=549200
        ),
        Endpoint("GET", one, read),
        Endpoint("PUT", one, change_memo, MemoChange, resource=549400),
        Endpoint("DELETE", one, delete),
        Endpoint("GET", f"{one}/items", list_items),
        Endpoint("GET", f"{one}/items/{{item-id}}", read_item),
        Endpoint("GET", f"{one}/application-parts", list_applications),
        Endpoint("PUT", f"{one}/post", post_memo, Nothing, resource=549500),
        Endpoint("PUT", f"{one}/unpost", unpost_memo, Nothing, resource=549500),
        Endpoint("PUT", f"{one}/cancel", cancel_memo, Nothing, resource=549500),
        Endpoint("PUT", f"{one}/write-off", write_off_debit, TakingBack, resource=549500),
    )


_OF_INVOICE = "/v1/invoices/{invoice-key}/debitmemos"  # as clients of 2023 have it

ENDPOINTS = (
    *_both("debit-memos"),
    *_both("debitmemos"),
    Endpoint("POST", _OF_INVOICE, create_from_invoice, MemoFromInvoice, resource=549200),
)
