"""Exclusive: fields that ZOQL selects by themselves or not at all.

Source: iron_bank, extract_from_message.rb: the parts of live tenants' messages by which the client that
GitLab uses learns which fields to leave out; the rest of each sentence is an assumption.
"""

from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import Condition, Selection, Test

_CHOICES = {
    "productrateplanchargetier": (
        {"price", "discountamount", "discountpercentage"},
        "A query should use Price or DiscountAmount or DiscountPercentage.",
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


def check(selection: Selection) -> None:
    """Refuse fields that do not go together.

    Raises:
        Fault: Some do not.
    """
    kind = selection.object.lower()
    fields = {name.lower() for name in selection.fields}
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
