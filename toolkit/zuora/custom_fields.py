"""Custom fields: which ones a tenant declares for each object, and what their values may be.

An object for which a tenant declares none takes any field that is spelt like a custom one, so that recorded
requests can be replayed without their tenant's declarations. Those that integrations bring along (`__NS` for
NetSuite, `__QT` for quotes) are never declared.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, DecimalException
from typing import Any, Literal, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.amendments import Amendment
from toolkit.billing.catalog import Product, ProductRatePlan
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lineitems import LineItem
from toolkit.billing.orders import Order
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.payments import Payment
from toolkit.billing.refunds import Refund
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.usage import Usage
from toolkit.zuora.calls.refusals import Category, Refusal

FieldKind = Literal["text", "picklist", "boolean", "integer", "number", "date", "datetime"]

_BOOLEANS = {"true": True, "false": False}
_WHOLE = 2**63
_LARGEST = Decimal("9999999999999.99")


class CustomField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom field of an object.

    Attributes:
        label: What the user interface calls it.
        length: How many characters a text may have at most; Zuora's own default is 255.
        values: Those of a picklist.
        default: The value of an object that is created without one; what exists already gets none.
        required: Whether an object cannot be created without it.
        created: When it was declared; None where a file declares it.

    Raises:
        InvalidValueError: A picklist has no values or repeats one, or the default is no value of it.

    Source: Zuora, custom field types; custom field settings; create custom fields: the values of a picklist
    differ in more than their case.
    """

    type: FieldKind = "text"
    label: str = ""
    description: str = ""
    length: int = 255
    values: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    created: datetime | None = None
    updated: datetime | None = None

    def __post_init__(self) -> None:
        if (self.type == "picklist") is not bool(self.values):
            raise InvalidValueError("A picklist, and nothing else, should have values.")
        if len({value.casefold() for value in self.values}) < len(self.values):
            raise InvalidValueError("The values of a picklist should differ in more than their case.")
        if self.default is not None:
            self.check("default", self.default)

    def check(self, name: str, value: object) -> None:
        """Refuse what is no value of this field.

        Source of the bounds: Zuora, legacy custom field management; that a text which is too long is an
        invalid value: considerations when editing custom fields. Of the sentences: an assumption.

        Raises:
            InvalidValueError: It is none.
        """
        if self.type == "picklist" and value not in self.values:
            raise InvalidValueError(f"'{name}' value should be one of: {', '.join(self.values)}")
        if self.type == "text" and len(str(value)) > self.length:
            raise InvalidValueError(f"'{name}' should have at most {self.length} characters.")
        try:
            self.typed(value, _UTC)
        except (ValueError, KeyError, DecimalException) as error:
            raise InvalidValueError(f"'{name}' should be a value of the type {self.type}.") from error

    def typed(self, value: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 - a value of any of the types
        """Return a value as its type has it: a number for "5", a date for "2026-01-31".

        Raises:
            ValueError, KeyError, DecimalException: It is none of this type.
        """
        if self.type == "boolean":
            return _BOOLEANS[str(value).lower()]
        if self.type == "integer":
            return _within(Decimal(int(str(value))), Decimal(-_WHOLE), Decimal(_WHOLE - 1))
        if self.type == "number":
            return _within(Decimal(str(value)), -_LARGEST, _LARGEST)
        if self.type == "date":
            return date.fromisoformat(str(value))
        if self.type == "datetime":
            moment = datetime.fromisoformat(str(value))
            return moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return value


def _within(value: Decimal, least: Decimal, most: Decimal) -> Decimal:
    if not least <= value <= most:
        raise ValueError
    return value


_UTC = ZoneInfo("UTC")

Declared = Mapping[str, Mapping[str, CustomField]]
"""The custom fields of each object, by the object's name as ZOQL spells it and their own."""


class _Part(NamedTuple):
    """An object that carries custom fields: a record, or what is kept within one."""

    kind: str
    key: str
    fields: Mapping[str, Any]


_OBJECTS: Mapping[type, str] = {
    Account: "Account",
    Amendment: "Amendment",
    Contact: "Contact",
    CreditMemo: "CreditMemo",
    DebitMemo: "DebitMemo",
    Invoice: "Invoice",
    LineItem: "OrderLineItem",
    Order: "Order",
    Payment: "Payment",
    PaymentMethod: "PaymentMethod",
    Product: "Product",
    ProductRatePlan: "ProductRatePlan",
    Refund: "Refund",
    Subscription: "Subscription",
    Usage: "Usage",
}

_ITEMS = {CreditMemo: "CreditMemoItem", DebitMemo: "DebitMemoItem", Invoice: "InvoiceItem"}

WITHIN = frozenset({"ProductRatePlanCharge", "RatePlan", "RatePlanCharge", *_ITEMS.values()})
"""Objects that are kept within others: they get no defaults, and nothing of them is required."""

OBJECTS = frozenset(_OBJECTS.values()) | WITHIN
"""The objects for which custom fields can be declared.

Source: Zuora, objects that support custom fields, as far as their values are kept here.
"""

Row = TypeVar("Row")


def checked(row: Row, former: object | None, declared: Declared) -> Row:
    """Return a record that is to be kept, with the defaults of its custom fields if it is new.

    What the former record has already stays, even if it was declared otherwise since.

    Raises:
        Refusal: A field is not declared, or a required one has no value. Source of the category of the
            first: Zuora, considerations when editing custom fields; its sentence is that of unknown fields.
        InvalidValueError: A value is none of its field.
    """
    before = {(part.kind, part.key): part.fields for part in _parts(former)}
    for part in _parts(row):
        known = declared.get(part.kind)
        if known is not None:
            _check(part.fields, before.get((part.kind, part.key), {}), known)
    own = declared.get(_OBJECTS.get(type(row), ""), {})
    begun: Row = row if former is not None or not own else _begun(row, own)
    return begun


def _check(
    fields: Mapping[str, object], before: Mapping[str, object], known: Mapping[str, CustomField]
) -> None:
    changed = {name: value for name, value in fields.items() if name not in before or before[name] != value}
    unknown = [name for name in changed if name not in known and name.endswith("__c")]
    if unknown:
        raise Refusal(Category.UNKNOWN_FIELD, f"Invalid parameter(s): '{','.join(unknown)}'.")
    for name in changed.keys() & known.keys():
        if changed[name] is not None:
            known[name].check(name, changed[name])
        elif known[name].required:
            raise Refusal(Category.MISSING_FIELD, f"'{name}' may not be null")


def _begun(row: Any, own: Mapping[str, CustomField]) -> Any:  # noqa: ANN401 - a record
    said = {name: value for name, value in row.custom_fields.items() if value is not None}
    given = {name: field.default for name, field in own.items() if field.default is not None}
    for name, field in own.items():
        if field.required and name not in said and name not in given:
            raise Refusal(Category.MISSING_FIELD, f"'{name}' may not be null")
    return replace(row, custom_fields={**given, **said})


def _parts(row: Any) -> Iterator[_Part]:  # noqa: ANN401 - a record of any kind
    name = _OBJECTS.get(type(row))
    if name is None:
        return
    yield _Part(name, row.id, row.custom_fields)
    if isinstance(row, ProductRatePlan):
        yield from (_Part("ProductRatePlanCharge", one.id, one.custom_fields) for one in row.charges)
    elif isinstance(row, Subscription):
        for plan in row.rate_plans:
            yield _Part("RatePlan", plan.number, plan.custom_fields)
            yield from (_Part("RatePlanCharge", one.number, one.custom_fields) for one in plan.charges)
    elif isinstance(row, CreditMemo | DebitMemo | Invoice):
        yield from (_Part(_ITEMS[type(row)], one.id, one.custom_fields) for one in row.items)
