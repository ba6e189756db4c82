"""Payment terms: when the invoices of an account are due."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from toolkit.billing.accounts import PAYMENT_TERMS, NetTerm, PaymentTerm, ProxTerm
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.objects._writing import duplicate, in_use
from toolkit.zuora.settings._schema import FLAG, TEXT, Schema, fields, one_of
from toolkit.zuora.settings._setting import Answer, Asked, Document, Operation, Setting, check_fixed, missing
from toolkit.zuora.state.identities import derived_id
from toolkit.zuora.state.world import World

_DAY: Schema = {"type": "integer", "minimum": 1, "maximum": 31}
_PROX = {"cutoffDay": "cutoff_day", "months": "months", "dueDay": "due_day"}
_SCHEMA: Schema = fields(
    {
        "id": TEXT,
        "name": TEXT,
        "type": one_of(("Net", "Prox")),
        "active": FLAG,
        "days": {"type": "integer", "minimum": 0, "maximum": 7305},
        "cutoffDay": _DAY,
        "months": {"type": "integer", "minimum": 0, "maximum": 120},
        "dueDay": _DAY,
    },
    ("name", "type"),
)
"""Source of the two types, and that there can be any number of terms: Zuora, define payment terms; that the
settings API has them: its table of supported settings. Its JSON is documented nowhere: the path and the names
are an assumption."""


class PaymentTermDocument(Document, frozen=True):
    """A payment term; one that is not active is a gap."""

    lacking = frozenset({"active"})


def list_terms(asked: Asked) -> Answer:
    """Show the terms that every tenant has, and the tenant's own."""
    return Answer({"paymentTerms": [_show(name, term) for name, term in _terms(asked.world).items()]})


def show_term(asked: Asked) -> Answer:
    """Show a payment term."""
    name = _found(asked)
    return Answer(_show(name, _terms(asked.world)[name]))


def create_term(asked: Asked) -> Answer:
    """Create a payment term, which accounts can have from now on."""
    name = asked.said["name"]
    if name in _terms(asked.world):
        raise duplicate("name", name)
    return _kept(asked, name)


def change_term(asked: Asked) -> Answer:
    """Change a payment term: the invoices that are made from now on are due by it."""
    name = _found(asked)
    if asked.said["name"] != name:
        raise Refusal(Category.RULE, f"The payment term '{name}' cannot be renamed: accounts have it.")
    return _kept(asked, name)


def delete_term(asked: Asked) -> Answer:
    """Delete a term of the tenant's own that no account has; the answer is empty."""
    name, world = _found(asked), asked.world
    if name in PAYMENT_TERMS or any(one.payment_term == name for one in world.accounts.latest()):
        raise in_use(f"The payment term {name}")
    own = {one: term for one, term in world.payment_terms.items() if one != name}
    return Answer(None, replace(world, payment_terms=own))


def _terms(world: World) -> Mapping[str, PaymentTerm]:
    return {**PAYMENT_TERMS, **world.payment_terms}


def _id(name: str) -> str:
    return derived_id("payment term", name)


def _found(asked: Asked) -> str:
    key = asked.path["id"]
    for name in _terms(asked.world):
        if _id(name) == key:
            return name
    raise missing("The payment term", key)


def _read(said: Mapping[str, Any]) -> PaymentTerm:
    needed, others = (("days",), _PROX) if said["type"] == "Net" else (_PROX, ("days",))
    for name in needed:
        if name not in said:
            raise Refusal(Category.MISSING_FIELD, f"'{name}' may not be null")
    for name in others:
        if name in said:
            raise Refusal(Category.INVALID_VALUE, f"A term of the type {said['type']} has no '{name}'.")
    if said["type"] == "Net":
        return NetTerm(days=said["days"])
    return ProxTerm(**{ours: said[name] for name, ours in _PROX.items()})


def _kept(asked: Asked, name: str) -> Answer:
    check_fixed(asked.said, {"active": True})
    term = _read(asked.said)
    world = replace(asked.world, payment_terms={**asked.world.payment_terms, name: term})
    return Answer(_show(name, term), world)


def _show(name: str, term: PaymentTerm) -> dict[str, object]:
    shown: dict[str, object] = {"id": _id(name), "name": name, "active": True}
    if isinstance(term, NetTerm):
        return {**shown, "type": "Net", "days": term.days}
    return {**shown, "type": "Prox", **{theirs: getattr(term, ours) for theirs, ours in _PROX.items()}}


SETTINGS = (
    Setting(
        "PaymentTerms",
        "Payment Terms settings",
        "/payment-terms",
        (Operation("GET", list_terms), Operation("POST", create_term, _SCHEMA, _SCHEMA, PaymentTermDocument)),
    ),
    Setting(
        "PaymentTerm",
        "Payment Term setting",
        "/payment-terms/{id}",
        (
            Operation("GET", show_term, gives=_SCHEMA),
            Operation("PUT", change_term, _SCHEMA, _SCHEMA, PaymentTermDocument),
            Operation("DELETE", delete_term),
        ),
        {"id": "The unique ID of the payment term."},
    ),
)
