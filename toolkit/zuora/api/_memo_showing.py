"""Credit and debit memos, their items and their parts, as answers show them."""

from collections.abc import Iterable
from typing import Any

from toolkit.billing.credits import CreditMemo, applied_items, unapplied_items
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem, exempt_total, tax_total
from toolkit.billing.money import ZERO
from toolkit.billing.parts import Part, Share
from toolkit.billing.settlement import item_balances
from toolkit.zuora.calls import versions
from toolkit.zuora.calls.authorship import authorship
from toolkit.zuora.calls.versions import Version
from toolkit.zuora.calls.wire import day, number, stamp
from toolkit.zuora.documents.sources import source_item_type, source_type
from toolkit.zuora.documents.taxation import debit_taxes, memo_taxes, tax_terms
from toolkit.zuora.state.world import World


def show_credit_memo(memo: CreditMemo, world: World) -> dict[str, Any]:
    """Return a credit memo; it has an unapplied amount and no balance. Source: a live tenant."""
    return {
        **_head(memo, world),
        "creditMemoDate": day(memo.memo_date),
        "targetDate": day(memo.target_date),
        "appliedAmount": number(memo.applied),
        "unappliedAmount": number(memo.unapplied),
        "refundAmount": number(memo.refunded),
        "source": memo.source,
        "sourceId": memo.source_id,
        "autoApplyUponPosting": memo.auto_apply,
        "excludeFromAutoApplyRules": not memo.payment_runs,
        "reversed": memo.reversed,
    }


def show_debit_memo(memo: DebitMemo, world: World) -> dict[str, Any]:
    """Return a debit memo; it has a balance. Source: a live tenant."""
    return {
        **_head(memo, world),
        "debitMemoDate": day(memo.memo_date),
        "targetDate": None,
        "dueDate": day(memo.due_date),
        "balance": number(memo.balance),
        "beAppliedAmount": number(memo.paid + memo.credited),
        "autoPay": memo.auto_pay,
        "referredCreditMemoId": memo.credit_memo_id,
    }


def _head(memo: CreditMemo | DebitMemo, world: World) -> dict[str, Any]:
    account = world.accounts.find(memo.account_id)
    return {
        "id": memo.id,
        "number": memo.number,
        "accountId": memo.account_id,
        "accountNumber": account.number,
        "billToContactId": memo.bill_to_id or account.bill_to_id,
        "amount": number(memo.amount),
        "taxAmount": number(tax_total(memo.items)),
        "totalTaxExemptAmount": number(exempt_total(memo.items)),
        "currency": memo.currency,
        "status": memo.status,
        "sourceType": source_type(memo),
        "reasonCode": memo.reason,
        "transferredToAccounting": "No",
        "comment": memo.comment,
        "referredInvoiceId": memo.invoice_id,
        "postedOn": memo.posted and stamp(memo.posted),
        "cancelledOn": memo.cancelled and stamp(memo.cancelled),
        **authorship(memo),
        **memo.custom_fields,
    }


def show_credit_items(
    memo: CreditMemo, items: Iterable[DocumentItem], version: Version
) -> list[dict[str, Any]]:
    """Return items of a credit memo, with what is applied and refunded of each."""
    applied, left = applied_items(memo), unapplied_items(memo)
    field = "creditTaxItems" if version < versions.TAXATION_ITEMS else "taxationItems"
    return [
        {
            **_item(item, memo, version),
            "appliedAmount": number(applied.get(item.id, ZERO)),
            "refundAmount": number(memo.refunds.get(item.id, ZERO)),
            "unappliedAmount": number(left[item.id]),
            "creditFromItemId": item.source_item_id,
            "creditFromItemSource": item.source_item_id and "InvoiceItem",
            field: memo_taxes(item, memo) if field == "creditTaxItems" else {"data": memo_taxes(item, memo)},
        }
        for item in items
    ]


def show_debit_items(
    memo: DebitMemo, items: Iterable[DocumentItem], version: Version
) -> list[dict[str, Any]]:
    """Return items of a debit memo, with what is open of each."""
    left = item_balances(memo)
    field = "taxItems" if version < versions.TAXATION_ITEMS else "taxationItems"
    return [
        {
            **_item(item, memo, version),
            "balance": number(left[item.id]),
            "beAppliedAmount": number(memo.settled.get(item.id, ZERO)),
            field: debit_taxes(item, memo) if field == "taxItems" else {"data": debit_taxes(item, memo)},
        }
        for item in items
    ]


def _item(item: DocumentItem, memo: CreditMemo | DebitMemo, version: Version) -> dict[str, Any]:
    mode = tax_terms(item)["taxMode"]
    said = "comment" if version < versions.MEMO_DESCRIPTIONS else "description"
    return {
        "id": item.id,
        "subscriptionId": item.subscription_id,
        "serviceStartDate": day(item.start),
        "serviceEndDate": day(item.end),
        "amount": number(item.amount + item.tax_amount if mode == "TaxInclusive" else item.amount),
        "amountWithoutTax": number(item.amount),
        "quantity": item.quantity,
        "unitPrice": number(item.unit_price),
        "unitOfMeasure": item.uom or "",
        "sku": item.sku,
        "skuName": item.charge_name,
        said: item.description,
        "taxMode": mode,
        "processingType": item.processing_type,
        "appliedToItemId": item.applied_to_item_id,
        "sourceItemId": item.shown_charge_id or item.source_item_id,
        "sourceItemType": source_item_type(item),
        **authorship(memo),
        **item.custom_fields,
    }


def show_part(part: Part) -> dict[str, Any]:
    """Return what of a credit memo went to one document."""
    return {
        "id": part.id,
        "amount": number(part.amount),
        **_document(part, part.document_id, "Id"),
        "createdDate": stamp(part.created),
        "updatedDate": stamp(part.updated),
    }


def show_item_part(part: Part, memo: CreditMemo, share: Share) -> dict[str, Any]:
    """Return what of an item of a credit memo, or of its tax, went to one of a document."""
    of_item = any(item.id == share.source_id for item in memo.items)
    ends = (
        {"creditMemoItemId": share.source_id, **_document(part, share.item_id, "ItemId")}
        if of_item
        else {"creditTaxItemId": share.source_id, "taxItemId": share.item_id}
    )
    return {
        "id": share.id,
        "amount": number(share.amount),
        **ends,
        "createdDate": stamp(part.created),
        "updatedDate": stamp(part.updated),
    }


def _document(part: Part, key: str, field: str) -> dict[str, str]:
    return {f"{'invoice' if part.kind == 'invoice' else 'debitMemo'}{field}": key}


def show_applications(document_id: str, account_id: str, world: World) -> list[dict[str, Any]]:
    """Return which payments and credit memos were applied to an invoice or a debit memo."""
    found = [
        *(("paymentId", one.id, one.parts) for one in world.payments.of(account_id)),
        *(("creditMemoId", one.id, one.parts) for one in world.credit_memos.of(account_id)),
    ]
    return [
        {
            field: key,
            "appliedAmount": number(part.amount),
            "createdDate": stamp(part.created),
            "updatedDate": stamp(part.updated),
        }
        for field, key, parts in found
        for part in parts
        if part.document_id == document_id
    ]
