"""Merge fields: records under the names that Zuora's conditions and templates use."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.amendments import Amendment
from toolkit.billing.billruns import BillRun
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.invoices import Invoice
from toolkit.billing.orders import Order
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.payments import Payment
from toolkit.billing.refunds import Refund
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.wire import stamp
from toolkit.zuora.state.tables import Record
from toolkit.zuora.state.world import World

Fields = Mapping[str, Any]

OBJECTS: dict[str, tuple[str, type]] = {
    "Account": ("accounts", Account),
    "Amendment": ("amendments", Amendment),
    "BillingRun": ("bill_runs", BillRun),
    "Contact": ("contacts", Contact),
    "CreditMemo": ("credit_memos", CreditMemo),
    "DebitMemo": ("debit_memos", DebitMemo),
    "Invoice": ("invoices", Invoice),
    "Order": ("orders", Order),
    "Payment": ("payments", Payment),
    "PaymentMethod": ("payment_methods", PaymentMethod),
    "Refund": ("refunds", Refund),
    "Subscription": ("subscriptions", Subscription),
}
"""The objects that events are about, the table of each and the type of its records."""

_OTHERWISE = {
    "created": ("CreatedDate",),
    "updated": ("UpdatedDate",),
    "posted": ("PostedDate",),
    "cancelled": ("CancelledDate",),
    "contract_effective": ("ContractEffectiveDate",),
    "service_activation": ("ServiceActivationDate",),
    "customer_acceptance": ("ContractAcceptanceDate",),
    "start": ("SubscriptionStartDate",),
    "term_start": ("TermStartDate",),
    "term_end": ("TermEndDate",),
    "work_email": ("WorkEmail",),
    "failures": ("NumConsecutiveFailures",),
}
"""Names that do not follow from a field's own. Source: Zuora, data source reference."""

_NUMBERS = {
    "Account": ("AccountNumber",),
    "Amendment": ("Code",),
    "BillingRun": ("BillingRunNumber",),
    "CreditMemo": ("MemoNumber",),
    "DebitMemo": ("MemoNumber",),
    "Invoice": ("InvoiceNumber",),
    "Order": ("OrderNumber",),
    "Payment": ("PaymentNumber",),
    "PaymentMethod": ("PaymentMethodNumber",),
    "Refund": ("RefundNumber",),
    "Subscription": ("Name", "SubscriptionNumber", "SubscriptionName"),
}

_FIELD = re.compile(r"<([A-Za-z]\w*)\.(\w+)>")
_PLAIN = (str, int, Decimal, date, type(None))


@lru_cache(maxsize=32)
def _columns(kind: type) -> tuple[tuple[str, tuple[str, ...]], ...]:
    name = next(name for name, (_, one) in OBJECTS.items() if one is kind)
    columns = []
    for field in msgspec.structs.fields(kind):
        usual = ("".join(part[:1].upper() + part[1:] for part in field.name.split("_")),)
        named = ("Number", *_NUMBERS.get(name, ())) if field.name == "number" else _OTHERWISE.get(field.name)
        columns.append((field.name, named or usual))
    return (*columns, *((one, (one.title(),)) for one in ("balance",) if hasattr(kind, one)))


def fields(record: Record) -> Fields:
    """Return the plain fields of a record and its custom fields, by the names that Zuora has for them."""
    shown: dict[str, Any] = {}
    for column, names in _columns(type(record)):
        value = getattr(record, column)
        if isinstance(value, _PLAIN):
            shown |= dict.fromkeys(names, value)
    return {**shown, **getattr(record, "custom_fields", {})}


def joined(world: World, base: str, record: Fields) -> dict[str, Fields]:
    """Return the objects whose fields a notification about `record` may name, by their names.

    They are the object itself, its account with the contacts, and its payment method, or its subscription if
    it is an amendment.
    """
    objects = {base: record}
    key = record.get("Id" if base == "Account" else "AccountId")
    amended = world.subscriptions.get(record["SubscriptionNumber"]) if base == "Amendment" else None
    if amended is not None:
        objects["Subscription"], key = fields(amended), amended.account_id
    account = world.accounts.get(key) if key else None
    if account is not None:
        objects["Account"] = fields(account)
        for name, contact_id in (
            ("BillToContact", record.get("BillToId") or account.bill_to_id),
            ("SoldToContact", account.sold_to_id),
        ):
            contact = world.contacts.get(contact_id or "")
            objects[name] = {} if contact is None else fields(contact)
    method = world.payment_methods.get(record.get("PaymentMethodId") or "")
    if method is not None:
        objects["PaymentMethod"] = fields(method)
    return objects


def filled(template: str, objects: Mapping[str, Fields]) -> str:
    """Return the text with its merge fields replaced, of whatever case; what nobody knows becomes empty."""
    known = {
        name.lower(): {field.lower(): value for field, value in one.items()} for name, one in objects.items()
    }

    def value(found: re.Match[str]) -> str:
        return text(known.get(found[1].lower(), {}).get(found[2].lower()))

    return _FIELD.sub(value, template)


def text(value: Any) -> str:  # noqa: ANN401 - any plain value
    """Return a value as callouts write it; nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return stamp(value) if hasattr(value, "hour") else str(value)


def changes(names: Mapping[str, Any], former: Fields, base: str) -> Iterator[tuple[str, Any]]:
    """Yield what a trigger's condition may name: Invoice.Status and Invoice.Status_old."""
    for field, value in names.items():
        yield f"{base}.{field}", value
    for field, value in former.items():
        yield f"{base}.{field}_old", value
