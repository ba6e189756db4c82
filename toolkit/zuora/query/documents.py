"""Invoices, their items and taxes as queries see them, and what memos have alike."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem, exempt_total, tax_total
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.settlement import item_balance
from toolkit.billing.taxcodes import TaxItem
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.documents.sources import source, source_type
from toolkit.zuora.query.contracts import SoldCharge, kin, sold_charges
from toolkit.zuora.query.customers import account_of
from toolkit.zuora.query.kinds import (
    Field,
    Finder,
    Kind,
    Many,
    One,
    Reader,
    always,
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

Document = Invoice | CreditMemo | DebitMemo


class Entry(NamedTuple):
    """An item, and the document that lists it."""

    document: Any
    item: DocumentItem


class Levy(NamedTuple):
    """A tax item, the item that is taxed, and the document."""

    document: Any
    item: DocumentItem
    tax: TaxItem


def entries(document: Document) -> Iterator[Entry]:
    """Yield the items of a document."""
    return (Entry(document, item) for item in document.items)


def levies(document: Document) -> Iterator[Levy]:
    """Yield the tax items of a document."""
    return (Levy(document, item, tax) for item in document.items for tax in item.tax_items)


def _billing(table: str) -> Finder:
    """Return what finds items that may bill a subscription, by its number or the id of a version or a part.

    They are on documents of the account that is invoiced for any version of it.
    """

    def found(world: World, key: str) -> Iterator[Entry]:
        owners = dict.fromkeys(one.invoice_owner_id for one in kin(world, key))
        return (entry for owner in owners for entry in within(owned(table), entries)(world, owner))

    return found


def by_subscription(table: str) -> Mapping[str, Finder]:
    """Return finders of the items that bill a version of a subscription, any version, or a charge."""
    return {
        "SubscriptionId": among(_billing(table), "item.subscription_id"),
        "SubscriptionNumber": among(_billing(table), "item.subscription_number"),
        "RatePlanChargeId": among(_billing(table), "item.shown_charge_id"),
    }


def beside(source: str, table: str) -> Finder:
    """Return a finder of the documents of the account of what has this id in another table."""

    def found(world: World, identity: str) -> Iterable[Any]:
        row = getattr(world, source).rows.get(identity)
        return () if row is None else getattr(world, table).of(row.account_id)

    return found


def of_source(table: str) -> Finder:
    """Return a finder of the items of an account that one of its documents has an item with this id."""

    def found(world: World, identity: str) -> Iterator[Entry]:
        tables = (world.invoices, world.credit_memos, world.debit_memos)
        owners = dict.fromkeys(one.account_id for documents in tables for one in documents.of(identity))
        return (entry for owner in owners for entry in within(owned(table), entries)(world, owner))

    return found


def of_account(name: str, own: str | None = None) -> Reader:
    """Return a reader of what a document has of its own, or else its account."""

    def read(world: World, document: Any) -> Any:  # noqa: ANN401 - of any type
        said = getattr(document, own) if own else None
        return getattr(world.accounts.find(document.account_id), name) if said is None else said

    return read


def _includes(kind: str) -> Reader:
    return lambda _, document: any(item.charge_type == kind for item in document.items)


def without_tax(_: World, document: Any) -> Decimal:  # noqa: ANN401 - a document
    """Sum the items of a document, without tax."""
    return sum((item.amount for item in document.items), ZERO)


def posted_by(_: World, document: Any) -> str | None:  # noqa: ANN401 - a document
    """Return who posted a document."""
    return SYSTEM_USER if document.posted else None


INVOICE = Kind(
    name="Invoice",
    plural="invoices",
    rows=every("invoices"),
    custom=attrgetter("custom_fields"),
    finders={
        "Id": in_table("invoices"),
        "InvoiceNumber": numbered("invoices"),
        "AccountId": among(owned("invoices"), "account_id"),
        "BillToContactId": among(beside("contacts", "invoices"), of_account("bill_to_id", "bill_to_id")),
    },
    ones={"Account": account_of()},
    many={
        "invoiceItems": Many("InvoiceItem", "InvoiceId"),
        "paymentApplications": Many("PaymentApplication", "InvoiceId"),
        "creditMemoApplications": Many("CreditMemoApplication", "InvoiceId"),
        "paymentParts": Many("PaymentPart", "InvoiceId"),
        "creditMemoParts": Many("CreditMemoPart", "InvoiceId"),
    },
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "AdjustmentAmount": amount(always(ZERO)),
        "Amount": amount("amount"),
        "AmountWithoutTax": amount(without_tax),
        "AutoPay": flag(of_account("auto_pay", "auto_pay")),
        "Balance": amount("balance"),
        "BillToContactId": text(of_account("bill_to_id", "bill_to_id")),
        "Comments": text("comments"),
        "CreditBalanceAdjustmentAmount": amount(always(ZERO)),
        "CreditMemoAmount": amount("credited"),
        "Currency": choice("currency"),
        "DueDate": day("due_date"),
        "IncludesOneTime": flag(_includes("OneTime")),
        "IncludesRecurring": flag(_includes("Recurring")),
        "IncludesUsage": flag(_includes("Usage")),
        "InvoiceDate": day("invoice_date"),
        "InvoiceGroupNumber": text("group"),
        "InvoiceNumber": text("number"),
        "IsSplit": flag(lambda _, invoice: invoice.split_from is not None),
        "PaymentAmount": amount("paid"),
        "PaymentTerm": choice(of_account("payment_term", "payment_term")),
        "PostedBy": text(posted_by),
        "PostedDate": moment("posted"),
        "RefundAmount": amount(always(ZERO)),
        "Reversed": flag("reversed"),
        "SoldToContactId": text(always(None)),  # of its own, which it never has; recorded
        "Source": choice(lambda _, one: source(one)),
        "SourceId": text("source_id"),
        "SourceType": choice(lambda _, one: source_type(one)),
        "Status": choice("status"),
        "TargetDate": day("target_date"),
        "TaxAmount": amount(lambda _, one: tax_total(one.items)),
        "TaxExemptAmount": amount(lambda _, one: exempt_total(one.items)),
        **history(),
    },
)


def _charge(world: World, row: Entry) -> SoldCharge | None:
    subscription = world.subscriptions.rows.get(row.item.subscription_id or "")
    charges = sold_charges(subscription) if subscription else ()
    return next((one for one in charges if one.charge.id == row.item.charge_id), None)


def _charge_name(world: World, row: Entry) -> str | None:
    sold = _charge(world, row)
    return sold and sold.charge.product_charge_id


ITEM_ONES = {
    "Account": account_of("document.account_id"),
    "Subscription": to("Subscription", "subscriptions", "item.subscription_id"),
    "RatePlanCharge": One("RatePlanCharge", _charge),
}


def first_tax(name: str) -> Reader:
    """Return a reader of the first tax of an item."""
    return lambda _, row: getattr(row.item.tax_items[0], name) if row.item.tax_items else None


ITEM_FIELDS: Mapping[str, Field] = {
    "Id": text("item.id"),
    "ChargeDate": moment("item.charge_date"),
    "ChargeName": text("item.charge_name"),
    "ChargeNumber": text("item.charge_number"),
    "Description": text("item.description"),
    "ProcessingType": choice("item.processing_type"),
    "ProductRatePlanChargeId": text(_charge_name),
    "Quantity": amount("item.quantity"),
    "RatePlanChargeId": text("item.shown_charge_id"),
    "ServiceEndDate": day("item.end"),
    "ServiceStartDate": day("item.start"),
    "SubscriptionId": text("item.subscription_id"),
    "SubscriptionNumber": text("item.subscription_number"),
    "TaxAmount": amount("item.tax_amount"),
    "TaxExemptAmount": amount(lambda _, row: exempt_total([row.item])),
    "TaxMode": choice(first_tax("mode")),
    "UnitPrice": amount("item.unit_price"),
    **history("item.charge_date", "document.updated"),
}


def item_open(_: World, row: Entry) -> Decimal:
    """Return what is open of an item."""
    return item_balance(row.document, row.item.id, row.item.amount)


INVOICE_ITEM = Kind(
    name="InvoiceItem",
    plural="invoice-items",
    rows=everywhere("invoices", entries),
    custom=attrgetter("item.custom_fields"),
    finders={
        "Id": among(within(owned("invoices"), entries), "item.id"),
        "InvoiceId": within(in_table("invoices"), entries),
        "AccountId": within(owned("invoices"), entries),
        "AppliedToInvoiceItemId": among(within(owned("invoices"), entries), "item.applied_to_item_id"),
        "OrderLineItemId": among(
            within(beside("order_line_items", "invoices"), entries), "item.line_item_id"
        ),
        **by_subscription("invoices"),
    },
    ones={"Invoice": One("Invoice", lambda _, row: row.document), **ITEM_ONES},
    many={"taxationItems": Many("TaxationItem", "InvoiceItemId")},
    fields={
        **ITEM_FIELDS,
        "AccountId": text("document.account_id"),
        "AppliedToInvoiceItemId": text("item.applied_to_item_id"),
        "Balance": amount(item_open),
        "ChargeAmount": amount("item.amount"),
        "InvoiceId": text("document.id"),
        "OrderLineItemId": text("item.line_item_id"),
        "SKU": text("item.sku"),
        "TaxCode": text(first_tax("code")),
        "UOM": text("item.uom"),
    },
)

TAX_FIELDS: Mapping[str, Field] = {
    "Id": text("tax.id"),
    "ExemptAmount": amount("tax.exempt_amount"),
    "Jurisdiction": text("tax.tax.jurisdiction"),
    "LocationCode": text("tax.tax.location_code"),
    "Name": text("tax.tax.name"),
    "TaxAmount": amount("tax.amount"),
    "TaxCode": text("tax.code"),
    "TaxCodeDescription": text("tax.code_description"),
    "TaxDate": day("tax.tax_date"),
    "TaxMode": choice("tax.mode"),
    "TaxRate": amount("tax.tax.rate"),
    "TaxRateDescription": text("tax.tax.description"),
    "TaxRateType": choice("tax.tax.type"),
    "TaxableAmount": amount("tax.taxable_amount"),
    **history("item.charge_date", "document.updated"),
}

TAXATION_ITEM = Kind(
    name="TaxationItem",
    plural="taxation-items",
    rows=everywhere("invoices", levies),
    finders={
        "Id": among(within(owned("invoices"), levies), "tax.id"),
        "InvoiceId": within(in_table("invoices"), levies),
        "InvoiceItemId": among(within(owned("invoices"), levies), "item.id"),
    },
    ones={
        "Invoice": One("Invoice", lambda _, row: row.document),
        "InvoiceItem": One("InvoiceItem", lambda _, row: Entry(row.document, row.item)),
    },
    fields={
        **TAX_FIELDS,
        "CountryCode": text("tax.country"),
        "TaxAmountUnrounded": amount("tax.unrounded"),
        "Balance": amount(lambda _, row: item_balance(row.document, row.tax.id, row.tax.amount)),
        "InvoiceId": text("document.id"),
        "InvoiceItemId": text("item.id"),
    },
)
