"""/v1/credit-memos and /v1/creditmemos: create and show credit memos."""

from functools import partial

from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.crediting import available_to_credit, check_credit
from toolkit.billing.credits import CreditMemo
from toolkit.billing.memos import credit_memo, portions_of
from toolkit.billing.parts import Part
from toolkit.zuora.api._memo_request import (
    MemoFromCharges,
    MemoFromInvoice,
    charge_items,
    charge_terms,
    invoice_terms,
)
from toolkit.zuora.api._memo_showing import show_credit_items, show_credit_memo, show_item_part, show_part
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.filtering import latest_first, narrow
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.state.identities import with_id
from toolkit.zuora.state.world import Change

_FILTERS = (
    *("amount", "appliedAmount", "autoApplyUponPosting", "createdById", "createdDate"),
    *("creditMemoDate", "currency", "excludeFromAutoApplyRules", "number", "referredInvoiceId"),
    *("refundAmount", "status", "targetDate", "taxAmount", "totalTaxExemptAmount", "unappliedAmount"),
    *("transferredToAccounting", "updatedById", "updatedDate"),
)
_ITEM_FILTERS = (
    *("amount", "appliedAmount", "createdById", "createdDate", "id", "refundAmount", "serviceEndDate"),
    *("serviceStartDate", "sku", "skuName", "sourceItemId", "subscriptionId", "updatedById", "updatedDate"),
)


def list_memos(call: Call) -> Reply:
    """Show credit memos, latest first, narrowed and sorted by the fields that they show."""
    memos = latest_first(call, call.world.credit_memos)
    shown = (show_credit_memo(memo, call.world) for memo in memos)
    return listing(call, "creditmemos", narrow(call, shown, _FILTERS))


def create(call: Call) -> Reply:
    """Create a credit memo of charges of the catalog."""
    change = Change(call.world)
    return _answer(call, change, credit_charges(change, call.body))


def credit_charges(change: Change, said: MemoFromCharges) -> CreditMemo:
    """Put a credit memo of charges of the catalog into the change."""
    world = change.world
    terms = charge_terms(said, world, "credit")
    memo = credit_memo(charge_items(said, terms, change, world), terms, change)
    change.put(memo)
    return memo


def create_from_invoice(call: Call) -> Reply:
    """Create a credit memo of parts of an invoice's items, within what is available to credit."""
    said: MemoFromInvoice = call.body
    change = Change(call.world)
    return _answer(call, change, credit_invoice(change, said, said.invoice_id or call.path["invoice-key"]))


def credit_invoice(change: Change, said: MemoFromInvoice, key: str) -> CreditMemo:
    """Put a credit memo of an invoice into the change, applied to it if it is to be."""
    world = change.world
    invoice = world.invoices.find(key)
    portions = [item.portion(with_tax=said.tax_auto_calculation) for item in said.items]
    items = portions_of(invoice, portions, change, world.now, world.rules)
    memos, invoices = world.credit_memos.of(invoice.account_id), world.invoices.of(invoice.account_id)
    by_hand = {portion.item_id for portion in portions if portion.taxes is not None}
    check_credit(available_to_credit(invoice, memos, invoices, world.rules), items, world.rules, by_hand)
    memo = credit_memo(items, invoice_terms(said, invoice.id, world, "credit"), change)
    change.put(memo)
    if said.auto_post:
        auto_apply(change, memo)
    latest: CreditMemo = change.table("credit_memos").find(memo.id)
    return latest


def _answer(call: Call, change: Change, memo: CreditMemo) -> Reply:
    return Reply({**show_credit_memo(memo, call.world), "success": True}, change.world)


def auto_apply(change: Change, memo: CreditMemo) -> None:
    """Apply a memo that was posted to the invoice that it was made from, if it is to be."""
    if not (memo.auto_apply and memo.invoice_id):
        return
    invoice = change.table("invoices").find(memo.invoice_id)
    amount = min(memo.amount, invoice.balance)
    if amount > 0:
        applied, settled = apply_memo(memo, invoice, Application(amount), change, memo.updated)
        change.put(applied)
        change.put(settled)


def read(call: Call) -> Reply:
    """Show a credit memo."""
    return Reply({**show_credit_memo(_memo(call), call.world), "success": True})


def list_items(call: Call) -> Reply:
    """Show the items of a credit memo, narrowed and sorted by the fields that they show."""
    memo = _memo(call)
    shown = show_credit_items(memo, memo.items, call.version)
    return listing(call, "items", narrow(call, shown, _ITEM_FILTERS))


def read_item(call: Call) -> Reply:
    """Show an item of a credit memo."""
    memo = _memo(call)
    item = with_id(memo.items, call.path["item-id"])
    return Reply({**show_credit_items(memo, [item], call.version)[0], "success": True})


def list_parts(call: Call) -> Reply:
    """Show to which documents a credit memo is applied."""
    return listing(call, "parts", _memo(call).parts, show_part)


def read_part(call: Call) -> Reply:
    """Show what of a credit memo is applied to one document."""
    return Reply({**show_part(_part(call)), "success": True})


def list_item_parts(call: Call) -> Reply:
    """Show what of a credit memo's items is applied to which items of one document."""
    part = _part(call)
    return listing(call, "itemParts", part.shares, partial(show_item_part, part, _memo(call)))


def read_item_part(call: Call) -> Reply:
    """Show what of one item of a credit memo is applied to one item of a document."""
    part = _part(call)
    share = with_id(part.shares, call.path["item-part-id"])
    return Reply({**show_item_part(part, _memo(call), share), "success": True})


def _memo(call: Call) -> CreditMemo:
    return call.world.credit_memos.find(call.path["credit-memo-key"])


def _part(call: Call) -> Part:
    return with_id(_memo(call).parts, call.path["part-id"])


def _both(spelling: str, item_parts: str) -> tuple[Endpoint, ...]:
    every, one = f"/v1/{spelling}", f"/v1/{spelling}/{{credit-memo-key}}"
    part = f"{one}/parts/{{part-id}}"
    return (
        Endpoint("GET", every, list_memos),
        Endpoint("POST", every, create, MemoFromCharges, resource=539100),
        Endpoint(
            "POST", f"{every}/invoice/{{invoice-key}}", create_from_invoice, MemoFromInvoice, resource=539200
        ),
        Endpoint("GET", one, read),
        Endpoint("GET", f"{one}/items", list_items),
        Endpoint("GET", f"{one}/items/{{item-id}}", read_item),
        Endpoint("GET", f"{one}/parts", list_parts),
        Endpoint("GET", part, read_part),
        Endpoint("GET", f"{part}/{item_parts}", list_item_parts),
        Endpoint("GET", f"{part}/{item_parts}/{{item-part-id}}", read_item_part),
    )


_OF_INVOICE = "/v1/invoices/{invoice-key}/creditmemos"  # as clients of 2023 have it

ENDPOINTS = (
    *_both("credit-memos", "item-parts"),
    *_both("creditmemos", "itemparts"),  # old to the end, as clients of 2023 have it
    Endpoint("POST", _OF_INVOICE, create_from_invoice, MemoFromInvoice, resource=539200),
)
