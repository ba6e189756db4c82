"""Taxation: tax items and tax information as answers show them."""

from typing import Any

from toolkit.billing.accounts import TaxInfo
from toolkit.billing.credits import CreditMemo, applied_items, unapplied_items
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.settlement import item_balance
from toolkit.billing.taxcodes import TaxItem
from toolkit.zuora.calls.wire import day, number, optional


def show_tax(tax: TaxItem, sign: int = 1) -> dict[str, Any]:
    """Return a tax item; of a preview it has no id yet. Source: the official SDK."""
    return {
        "id": tax.id or None,
        "name": tax.tax.name,
        "taxAmount": number(sign * tax.amount),
        "exemptAmount": number(sign * tax.exempt_amount),
        "taxCode": tax.code,
        "taxCodeDescription": tax.code_description,
        "taxDate": day(tax.tax_date),
        "taxRate": optional(tax.tax.rate),
        "taxRateType": tax.tax.type,
        "taxRateDescription": tax.tax.description,
        "jurisdiction": tax.tax.jurisdiction,
        "locationCode": tax.tax.location_code,
    }


def invoice_taxes(item: DocumentItem, invoice: Invoice) -> list[dict[str, Any]]:
    """Return the tax items of an invoice item, with what is open of each."""
    return [
        {**show_tax(tax), "balance": number(item_balance(invoice, tax.id, tax.amount))}
        for tax in item.tax_items
    ]


def debit_taxes(item: DocumentItem, memo: DebitMemo) -> list[dict[str, Any]]:
    """Return the tax items of a debit memo's item, with what is open of each."""
    return [
        {
            **show_tax(tax),
            "balance": number(item_balance(memo, tax.id, tax.amount)),
            "appliedAmount": number(memo.settled.get(tax.id, ZERO)),
            "sourceTaxItemId": tax.source_id,
        }
        for tax in item.tax_items
    ]


def memo_taxes(item: DocumentItem, memo: CreditMemo) -> list[dict[str, Any]]:
    """Return the tax items of a credit memo's item, with what is used of each."""
    if not item.tax_items:
        return []
    applied, left = applied_items(memo), unapplied_items(memo)
    return [
        {
            **show_tax(tax),
            "appliedAmount": number(applied.get(tax.id, ZERO)),
            "refundAmount": number(memo.refunds.get(tax.id, ZERO)),
            "unappliedAmount": number(left[tax.id]),
            "sourceTaxItemId": tax.source_id,
        }
        for tax in item.tax_items
    ]


def tax_terms(item: DocumentItem) -> dict[str, Any]:
    """Return under which code and mode an item is taxed, None for one that is not."""
    first = item.tax_items[0] if item.tax_items else None
    return {"taxCode": first and first.code, "taxMode": first and first.mode}


def show_tax_info(info: TaxInfo | None) -> dict[str, Any] | None:
    """Return what an account says to the tax office. Source: recorded GET account."""
    if info is None:
        return None
    return {
        "VATId": info.vat_id,
        "companyCode": info.company_code,
        "exemptCertificateId": info.exempt_certificate_id,
        "exemptCertificateType": info.exempt_certificate_type,
        "exemptDescription": info.exempt_description,
        "exemptEffectiveDate": day(info.exempt_effective_date),
        "exemptEntityUseCode": info.exempt_entity_use_code,
        "exemptExpirationDate": day(info.exempt_expiration_date),
        "exemptIssuingJurisdiction": info.exempt_issuing_jurisdiction,
        "exemptStatus": info.exempt_status,
    }
