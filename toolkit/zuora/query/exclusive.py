"""Exclusive: what ZOQL alone has, or selects by itself, or not at all.

Source: iron_bank, extract_from_message.rb: the parts of live tenants' messages by which the client that
GitLab uses learns which fields to leave out; the rest of each sentence is an assumption.
"""

from base64 import b64encode
from collections.abc import Mapping

from toolkit.billing.catalog import ProductRatePlan
from toolkit.billing.invoices import Invoice
from toolkit.zuora.files import billing_files
from toolkit.zuora.query.columns import joins
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Condition, Selection, Test, read
from toolkit.zuora.query.kinds import Field, Kind, Row, always, amount, text
from toolkit.zuora.query.selecting import Found, select
from toolkit.zuora.state.world import World

_CHOICES = {
    "productrateplanchargetier": (
        {"price", "discountamount", "discountpercentage"},
        "You can only use Price or DiscountAmount or DiscountPercentage in one query.",
    ),
    "rateplancharge": (
        {"overageprice", "price", "includedunits", "discountamount", "discountpercentage"},
        "A query has one of OveragePrice, Price, IncludedUnits, DiscountAmount or DiscountPercentage.",
    ),
}
"""Fields of which a query has one, by lower-case object."""

_ALONE = {
    ("invoice", "body"): "Can only query one invoice body at a time.",
    ("productrateplan", "activecurrencies"): "When querying for active currencies, ask for one rate plan.",
    ("rateplancharge", "rolloverbalance"): "You can only query RolloverBalance in particular.",
}
"""Fields for which a query names the one row that it is about."""

_NEVER = {("invoice", "billrunid"): "Cannot use the BillRunId field in the select clause."}


def _price(name: str) -> Field:
    return amount(lambda _, row: getattr(row.charge.pricing, name))


def _body(world: World, invoice: Invoice) -> str | None:
    """Return the latest PDF of an invoice. Source: Zuora, fields of the invoice: base64."""
    file = billing_files.latest(world, invoice)
    return None if file is None else b64encode(billing_files.content(world, file, invoice)).decode()


def _currencies(_: World, plan: ProductRatePlan) -> str | None:
    return ",".join(dict.fromkeys(key for one in plan.charges for key in one.pricing)) or None


def _product(world: World, row: Row) -> str | None:
    """Return the description of the product that an item bills."""
    described: str | None = joins("InvoiceItem")["product"].read("Description", world, row)
    return described or None


_ONLY: Mapping[str, Mapping[str, Field]] = {
    "Invoice": {"Body": text(_body)},
    "InvoiceItem": {
        "ChargeDescription": text(lambda _, row: row.item.description or None),
        "ProductDescription": text(_product),
        "ProductName": text(lambda _, row: row.item.product_name or None),
    },
    "ProductRatePlan": {"ActiveCurrencies": text(_currencies)},
    "RatePlanCharge": {
        "DiscountAmount": _price("discount_amount"),
        "DiscountPercentage": _price("discount_percentage"),
        "IncludedUnits": _price("included_units"),
        "OveragePrice": _price("overage_price"),
        "Price": _price("price"),
        "RolloverBalance": amount(always(None)),  # there are no rollovers
    },
    "Usage": {"ChargeNumber": text("charge_number"), "SubscriptionNumber": text("subscription_number")},
}
"""Fields by object. Source: the WSDL; iron_bank, which asks for some of them alone; zuorajs, for items."""


_UNSELECTED = {
    "Account": {"AdditionalEmailAddresses", "AllowInvoiceEdit"},
    "Invoice": {"AutoPay"},
    "InvoiceItem": {"Balance"},
    "ProductRatePlanChargeTier": {"IncludedUnits", "OveragePrice"},
    "TaxationItem": {"Balance"},
}
"""Fields that exports have and ZOQL does not select. Source: a recorded describe of Account; of the others
iron_bank, which leaves them out because live tenants refuse them."""

_UNASKED = frozenset(
    {
        *("Order", "OrderAction", "OrderLineItem", "PaymentApplication", "PaymentPart"),
        *("CreditMemo", "CreditMemoItem", "CreditMemoPart", "CreditMemoApplication", "CreditTaxationItem"),
        *("DebitMemo", "DebitMemoItem", "DebitTaxationItem"),
    }
)
"""Objects that ZOQL does not know. Source: Zuora, query: it supports no orders and no invoice settlement."""


def ask(world: World, query: str) -> Found:
    """Return what a query in ZOQL finds.

    Raises:
        Fault: It cannot be read or answered.
    """
    selection = read(query)
    _check(selection)
    return select(world, selection, _widened)


def is_asked(kind: Kind) -> bool:
    """Tell whether ZOQL knows an object."""
    return kind.name not in _UNASKED


def is_selected(kind: Kind, field: str) -> bool:
    """Tell whether a field of an object can be selected."""
    return field not in _UNSELECTED.get(kind.name, ())


def own_fields(kind: Kind) -> Mapping[str, Field]:
    """Return the fields of an object that only ZOQL has."""
    return _ONLY.get(kind.name, {})


def _widened(kind: Kind) -> Kind:
    return kind._replace(fields={**kind.fields, **own_fields(kind)})


def _check(selection: Selection) -> None:
    """Refuse objects and fields that are not asked for, and fields that do not go together."""
    kind = selection.object.lower()
    fields = {name.lower() for name in selection.fields}
    if any(kind == name.lower() for name in _UNASKED):
        raise Fault("INVALID_TYPE", f"invalid type for query: {selection.object}")
    for name, unselected in _UNSELECTED.items():
        for one in sorted(unselected):
            if kind == name.lower() and one.lower() in fields:
                raise Fault("INVALID_FIELD", f"invalid field for query: {name}.{one.lower()}")
    for name in sorted(fields):
        if (kind, name) in _NEVER:
            raise Fault("INVALID_FIELD", _NEVER[kind, name])
        if (kind, name) in _ALONE and not _is_one(selection.where):
            raise Fault("INVALID_FIELD", _ALONE[kind, name])
    choices, message = _CHOICES.get(kind, (set(), ""))
    if len(fields & choices) > 1:
        raise Fault("INVALID_FIELD", message)


def _is_one(where: Condition | None) -> bool:
    return isinstance(where, Test) and where.field.lower() == "id" and where.operator == "="
