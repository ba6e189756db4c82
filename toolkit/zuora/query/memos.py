"""Credit and debit memos, their items and taxes as queries see them."""

from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter

from toolkit.billing.credits import applied_items, unapplied_items
from toolkit.billing.documents import tax_total
from toolkit.billing.money import ZERO
from toolkit.zuora.documents.sources import source_type
from toolkit.zuora.query.customers import account_of
from toolkit.zuora.query.documents import (
    ITEM_FIELDS,
    ITEM_ONES,
    TAX_FIELDS,
    Entry,
    beside,
    by_subscription,
    entries,
    first_tax,
    item_open,
    levies,
    of_account,
    of_source,
    posted_by,
    without_tax,
)
from toolkit.zuora.query.kinds import (
    Field,
    Kind,
    Many,
    One,
    among,
    amount,
    choice,
    day,
    every,
    everywhere,
    flag,
    history,
    in_table,
    moment,
    numbered,
    owned,
    text,
    to,
    within,
)
from toolkit.zuora.state.world import World

_MEMO_FIELDS: Mapping[str, Field] = {
    "Id": text("id"),
    "AccountId": text("account_id"),
    "BillToContactId": text(of_account("bill_to_id", "bill_to_id")),
    "CancelledOn": moment("cancelled"),
    "Comments": text("comment"),
    "Currency": choice("currency"),
    "InvoiceId": text("invoice_id"),
    "MemoDate": day("memo_date"),
    "MemoNumber": text("number"),
    "PostedById": text(posted_by),
    "PostedOn": moment("posted"),
    "ReasonCode": choice("reason"),
    "Source": choice("source"),
    "SourceType": choice(lambda _, memo: source_type(memo)),
    "Status": choice("status"),
    "TaxAmount": amount(lambda _, memo: tax_total(memo.items)),
    "TotalAmount": amount("amount"),
    "TotalAmountWithoutTax": amount(without_tax),
    **history(),
}

_MEMO_ONES = {
    "Account": account_of(),
    "Invoice": to("Invoice", "invoices", "invoice_id"),
}

CREDIT_MEMO = Kind(
    name="CreditMemo",
    plural="credit-memos",
    rows=every("credit_memos"),
    custom=attrgetter("custom_fields"),
    finders={
        "Id": in_table("credit_memos"),
        "MemoNumber": numbered("credit_memos"),
        "AccountId": owned("credit_memos"),
        "BillToContactId": among(beside("contacts", "credit_memos"), of_account("bill_to_id", "bill_to_id")),
        "InvoiceId": among(beside("invoices", "credit_memos"), "invoice_id"),
    },
    ones=_MEMO_ONES,
    many={
        "creditMemoItems": Many("CreditMemoItem", "CreditMemoId"),
        "creditMemoApplications": Many("CreditMemoApplication", "CreditMemoId"),
    },
    fields={
        **_MEMO_FIELDS,
        "AppliedAmount": amount("applied"),
        "Balance": amount("unapplied"),
        "RefundAmount": amount("refunded"),
        "Reversed": flag("reversed"),
        "SourceId": text("source_id"),
        "TargetDate": day("target_date"),
    },
)


def _left(_: World, row: Entry) -> Decimal:
    return unapplied_items(row.document)[row.item.id]


def _used(_: World, row: Entry) -> Decimal:
    return applied_items(row.document).get(row.item.id, ZERO)


_MEMO_ITEM_FIELDS: Mapping[str, Field] = {
    **ITEM_FIELDS,
    "Amount": amount(lambda _, row: row.item.amount + row.item.tax_amount),
    "AmountWithoutTax": amount("item.amount"),
    "AppliedToItemId": text("item.applied_to_item_id"),
    "Sku": text("item.sku"),
    "TaxCodeName": text(first_tax("code")),
    "UnitOfMeasure": text("item.uom"),
}

CREDIT_MEMO_ITEM = Kind(
    name="CreditMemoItem",
    plural="credit-memo-items",
    rows=everywhere("credit_memos", entries),
    custom=attrgetter("item.custom_fields"),
    finders={
        "Id": among(within(owned("credit_memos"), entries), "item.id"),
        "CreditMemoId": within(in_table("credit_memos"), entries),
        "AppliedToItemId": among(within(owned("credit_memos"), entries), "item.applied_to_item_id"),
        "InvoiceItemId": among(of_source("credit_memos"), "item.source_item_id"),
        **by_subscription("credit_memos"),
    },
    ones={"CreditMemo": One("CreditMemo", lambda _, row: row.document), **ITEM_ONES},
    many={"creditTaxationItems": Many("CreditTaxationItem", "CreditMemoItemId")},
    fields={
        **_MEMO_ITEM_FIELDS,
        "AppliedToOthersAmount": amount(_used),
        "CreditMemoId": text("document.id"),
        "InvoiceItemId": text("item.source_item_id"),
        "UnappliedAmount": amount(_left),
    },
)

DEBIT_MEMO = Kind(
    name="DebitMemo",
    plural="debit-memos",
    rows=every("debit_memos"),
    custom=attrgetter("custom_fields"),
    finders={
        "Id": in_table("debit_memos"),
        "MemoNumber": numbered("debit_memos"),
        "AccountId": owned("debit_memos"),
        "BillToContactId": among(beside("contacts", "debit_memos"), of_account("bill_to_id", "bill_to_id")),
        "CreditMemoId": among(beside("credit_memos", "debit_memos"), "credit_memo_id"),
        "InvoiceId": among(beside("invoices", "debit_memos"), "invoice_id"),
    },
    ones=_MEMO_ONES,
    many={"debitMemoItems": Many("DebitMemoItem", "DebitMemoId")},
    fields={
        **_MEMO_FIELDS,
        "AutoPay": flag("auto_pay"),
        "Balance": amount("balance"),
        "CreditMemoId": text("credit_memo_id"),
        "DueDate": day("due_date"),
    },
)

DEBIT_MEMO_ITEM = Kind(
    name="DebitMemoItem",
    plural="debit-memo-items",
    rows=everywhere("debit_memos", entries),
    custom=attrgetter("item.custom_fields"),
    finders={
        "Id": among(within(owned("debit_memos"), entries), "item.id"),
        "DebitMemoId": within(in_table("debit_memos"), entries),
        **by_subscription("debit_memos"),
    },
    ones={"DebitMemo": One("DebitMemo", lambda _, row: row.document), **ITEM_ONES},
    many={"debitTaxationItems": Many("DebitTaxationItem", "DebitMemoItemId")},
    fields={**_MEMO_ITEM_FIELDS, "Balance": amount(item_open), "DebitMemoId": text("document.id")},
)


def _taxes(side: str) -> Kind:
    """Return the tax items of one of the two kinds of memos."""
    item, table = f"{side}MemoItem", f"{side.lower()}_memos"
    return Kind(
        name=f"{side}TaxationItem",
        plural="",
        rows=everywhere(table, levies),
        finders={
            "Id": among(within(owned(table), levies), "tax.id"),
            f"{item}Id": among(within(owned(table), levies), "item.id"),
        },
        ones={
            f"{side}Memo": One(f"{side}Memo", lambda _, row: row.document),
            item: One(item, lambda _, row: Entry(row.document, row.item)),
        },
        fields={**TAX_FIELDS, f"{item}Id": text("item.id")},
    )


CREDIT_TAXATION_ITEM = _taxes("Credit")
DEBIT_TAXATION_ITEM = _taxes("Debit")
