"""/v1/credit-memos and /v1/creditmemos: show credit memos and apply them to invoices."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.money import ZERO
from toolkit.zuora import versions
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.paging import page
from toolkit.zuora.taxation import memo_taxes, tax_terms
from toolkit.zuora.versions import Version
from toolkit.zuora.wire import Body, day, number, stamp
from toolkit.zuora.world import Change, World


class InvoicePart(Body, frozen=True):
    """How much goes to which invoice."""

    lacking: ClassVar[frozenset[str]] = frozenset({"items"})

    invoice_id: str
    amount: Decimal


class Applying(Body, frozen=True):
    """What to apply a memo to."""

    lacking: ClassVar[frozenset[str]] = frozenset({"debitMemos"})

    invoices: tuple[InvoicePart, ...] = ()
    effective_date: date | None = None


def list_memos(call: Call) -> Reply:
    """Show credit memos, latest first; `accountId`, `accountNumber` and `status` narrow the list."""
    key = call.query.get("accountId") or call.query.get("accountNumber")
    memos = call.world.credit_memos
    found = memos.of(call.world.accounts.find(key).id) if key else memos.latest()
    status = call.query.get("status")
    chosen = sorted((memo for memo in found if status in {None, memo.status}), key=_newest, reverse=True)
    rows, following = page(call, chosen)
    shown = [show_memo(memo, call.world) for memo in rows]
    return Reply({"creditmemos": shown, **following, "success": True})


def _newest(memo: CreditMemo) -> str:
    return memo.number


def read(call: Call) -> Reply:
    """Show a credit memo; it has an unapplied amount and no balance. Source: a live tenant."""
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])
    return Reply({**show_memo(memo, call.world), "success": True})


def list_items(call: Call) -> Reply:
    """Show the items of a credit memo."""
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])
    rows, following = page(call, memo.items)
    return Reply(
        {"items": [_show_item(item, memo, call.version) for item in rows], **following, "success": True}
    )


def apply(call: Call) -> Reply:
    """Apply a posted memo to posted invoices of the same account."""
    said: Applying = call.body
    world, change = call.world, Change(call.world)
    memo = world.credit_memos.find(call.path["credit-memo-key"])
    for part in said.invoices:
        invoice = change.table("invoices").find(part.invoice_id)
        memo, settled = apply_memo(memo, invoice, Application(part.amount), change, world.now)
        change.put(settled)
    change.put(memo)
    return Reply({**show_memo(memo, world), "success": True}, change.world)


def show_memo(memo: CreditMemo, world: World) -> dict[str, Any]:
    """Return a credit memo as answers show it."""
    return {
        "id": memo.id,
        "number": memo.number,
        "accountId": memo.account_id,
        "accountNumber": world.accounts.find(memo.account_id).number,
        "creditMemoDate": day(memo.memo_date),
        "targetDate": day(memo.target_date),
        "amount": number(memo.amount),
        "appliedAmount": number(memo.applied),
        "unappliedAmount": number(memo.unapplied),
        "refundAmount": number(memo.refunded),
        "taxAmount": number(memo.tax_amount),
        "totalTaxExemptAmount": number(
            sum((tax.exempt_amount for item in memo.items for tax in item.tax_items), ZERO)
        ),
        "currency": memo.currency,
        "status": memo.status,
        "source": memo.source,
        "sourceId": memo.source_id,
        "sourceType": "Subscription",
        "reasonCode": "Correcting invoice error",
        "comment": None,
        "referredInvoiceId": None,
        "reversed": False,
        "postedOn": memo.posted and stamp(memo.posted),
        "createdDate": stamp(memo.created),
        "updatedDate": stamp(memo.updated),
    }


def _show_item(item: DocumentItem, memo: CreditMemo, version: Version) -> dict[str, Any]:
    taxes, terms = memo_taxes(item, memo), tax_terms(item)
    inclusive = terms["taxMode"] == "TaxInclusive"
    return {
        "id": item.id,
        "subscriptionId": item.subscription_id,
        "serviceStartDate": day(item.start),
        "serviceEndDate": day(item.end),
        "amount": number(item.amount + item.tax_amount if inclusive else item.amount),
        "amountWithoutTax": number(item.amount),
        "quantity": item.quantity,
        "unitPrice": number(item.unit_price),
        "unitOfMeasure": item.uom or "",
        "skuName": item.charge_name,
        "taxMode": terms["taxMode"],
        **(
            {"creditTaxItems": taxes}
            if version < versions.TAXATION_ITEMS
            else {"taxationItems": {"data": taxes}}
        ),
        "processingType": item.processing_type,
        "appliedToItemId": item.applied_to_item_id,
        "sourceItemType": "SubscriptionComponent",
    }


def _both(spelling: str) -> tuple[Endpoint, ...]:
    return (
        Endpoint("GET", f"/v1/{spelling}", list_memos),
        Endpoint("GET", f"/v1/{spelling}/{{credit-memo-key}}", read),
        Endpoint("GET", f"/v1/{spelling}/{{credit-memo-key}}/items", list_items),
        Endpoint("PUT", f"/v1/{spelling}/{{credit-memo-key}}/apply", apply, Applying, resource=539300),
    )


ENDPOINTS = (*_both("credit-memos"), *_both("creditmemos"))
