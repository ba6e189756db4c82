"""What a file of the WRITERS room offers: how one kind of object is created, changed and deleted."""

from collections.abc import Callable, Collection, Container, Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, UnsetType, field

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.query.spellings import word
from toolkit.zuora.state.world import Change

Value = TypeVar("Value")


class Fields(Body, frozen=True, rename="pascal"):
    """What a client says of an object; what it does not say is UNSET.

    Attributes:
        id: Which object is meant, where neither a path nor an action says so.
        fields_to_null: Fields that are to have no value any more. Source: Zuora, fieldsToNull.
    """

    open: ClassVar[bool] = True

    id: str | None = None
    fields_to_null: tuple[str, ...] = field(default=(), name="fieldsToNull")


class Said(NamedTuple):
    """What is said, by the names of the fields in Python, and of which custom fields."""

    values: Mapping[str, Any]
    custom: Mapping[str, Any]

    def given(self, name: str) -> Any:  # noqa: ANN401 - of any type
        """Return a value that has to be there.

        Raises:
            Refusal: It is not.
        """
        return given(self.values.get(name), on_the_wire(name))


class Writer(NamedTuple):
    """How one kind of object is written; None is what clients may not do with it.

    Attributes:
        name: The kind, as ZOQL spells it.
        fields: What may be said of it.
        update: Changes the one with this id; a kind without it is written by actions only.
        create: Puts a new one into the change, and returns its id.
        delete: Deletes the one with this id.
    """

    name: str
    fields: type[Fields]
    update: Callable[[Change, str, Any], None] | None = None
    create: Callable[[Change, Any], str] | None = None
    delete: Callable[[Change, str], None] | None = None


def said(fields: Fields) -> Said:
    """Return what is said, with None for the fields that are to have no value.

    Raises:
        Refusal: A field to null is none of this kind.
    """
    values = {name: value for name, value in msgspec.structs.asdict(fields).items() if value is not UNSET}
    values.pop("id")
    custom = {**values.pop("custom_fields")}
    known = {one.encode_name: one.name for one in msgspec.structs.fields(fields)}
    for name in values.pop("fields_to_null"):
        if name.endswith(("__c", "__NS", "__QT")):
            custom[name] = None
        elif name in known:
            values[known[name]] = None
        else:
            raise Refusal(Category.UNKNOWN_FIELD, f"invalid field to null: {name}")
    return Said(values, custom)


def on_the_wire(name: str) -> str:
    """Return how a field is spelt on the wire: SpecificBillingPeriod."""
    return "".join(part.capitalize() for part in name.split("_"))


def given(value: Value | UnsetType | None, name: str) -> Value:
    """Return a value that has to be there. Source of the sentence: recorded.

    Raises:
        Refusal: It is not.
    """
    if value is None or value is UNSET:
        raise Refusal(Category.MISSING_FIELD, f"Missing required value: {name}")
    return value


def meant(name: str, value: str, values: Collection[str]) -> str:
    """Return the value of a list that is spelt so, as queries or as REST calls spell it.

    A trailing backtick is read over: the official SDK sends one with PreratedPricing.

    Raises:
        InvalidValueError: None is.
    """
    for one in values:
        if value.rstrip("`") in {one, word(one)}:
            return one
    raise InvalidValueError(f"'{name}' value should be one of: {', '.join(map(word, values))}")


def found(change: Change, table: str, identity: str, verb: str) -> Any:  # noqa: ANN401 - a record of the table
    """Return the record that is to be changed.

    Raises:
        Refusal: There is none.
    """
    row = change.table(table).rows.get(identity)
    if row is None:
        raise unknown(verb)
    return row


def unknown(verb: str) -> Refusal:
    """Return the refusal of an id that nothing has. Source: recorded."""
    return Refusal(Category.NOT_FOUND, f"invalid id for {verb}", status=400)


def numbered(change: Change, kind: str, wanted: str | None, used: Container[str], name: str) -> str:
    """Return a number that nothing has yet: the one that is wanted, or the next of its kind.

    Raises:
        Refusal: What is wanted is used.
    """
    if wanted and wanted in used:
        raise duplicate(name, wanted)
    number = wanted or change.number(kind)
    while number in used:
        number = change.number(kind)
    return number


def duplicate(name: str, value: str) -> Refusal:
    """Return the refusal of a value that has to be unique. Source of the code: Zuora, SOAP error codes."""
    return Refusal(Category.INVALID_VALUE, f"The {name} '{value}' is used already.", word="DUPLICATE_VALUE")


def in_use(what: str) -> Refusal:
    """Return the refusal to delete what something refers to. Source of the code: Zuora, SOAP error codes."""
    return Refusal(Category.RULE, f"{what} is in use and cannot be deleted.", word="CANNOT_DELETE")
