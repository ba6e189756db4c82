"""Usage: what a customer has used."""

from decimal import Decimal
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.billing.usage import Usage
from toolkit.zuora.objects._writing import Fields, Writer, found, given, said
from toolkit.zuora.runs.usages import check_quantity, moment, named
from toolkit.zuora.state.world import Change


class UsageFields(Fields, frozen=True):
    """What may be said of a usage record; moments are text, as they may come with or without a time zone."""

    lacking: ClassVar[frozenset[str]] = frozenset({"RbeStatus"})

    account_id: str | UnsetType | None = UNSET
    account_number: str | UnsetType | None = UNSET
    subscription_id: str | UnsetType | None = UNSET
    subscription_number: str | UnsetType | None = UNSET
    charge_id: str | UnsetType | None = UNSET
    charge_number: str | UnsetType | None = UNSET
    start_date_time: str | UnsetType | None = UNSET
    end_date_time: str | UnsetType | None = UNSET
    uom: str | UnsetType | None = field(default=UNSET, name="UOM")
    quantity: Decimal | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET


def create(change: Change, fields: UsageFields) -> str:
    """Record usage. That its unit need not be one that the tenant defines is an assumption."""
    told = said(fields)
    values, world = told.values, change.world
    key = given(values.get("account_id") or values.get("account_number"), "AccountId")
    account = world.accounts.find(key)
    begun = moment(world, "StartDateTime", told.given("start_date_time"))
    subscription, charge = named(
        world,
        account.id,
        values.get("subscription_number") or values.get("subscription_id"),
        values.get("charge_number") or values.get("charge_id"),
    )
    ended = values.get("end_date_time")
    record = Usage(
        id=change.id(),
        account_id=account.id,
        uom=given(values.get("uom"), "UOM"),
        quantity=check_quantity(told.given("quantity")),
        start=begun.date(),
        begun=begun,
        ended=moment(world, "EndDateTime", ended) if ended else None,
        subscription_number=subscription,
        charge_number=charge,
        description=values.get("description"),
        created=world.now,
        updated=world.now,
        custom_fields=told.custom,
    )
    change.put(record)
    return record.id


def update(change: Change, identity: str, fields: UsageFields) -> None:
    """Change a record that nothing bills; whose it is stays."""
    told, record, world = said(fields), _pending(change, identity, "update"), change.world
    changes: dict[str, Any] = {
        name: told.values[name]
        for name in ("uom", "quantity", "description")
        if told.values.get(name) is not None
    }
    if "quantity" in changes:
        check_quantity(changes["quantity"])
    if told.values.get("start_date_time"):
        begun = moment(world, "StartDateTime", told.values["start_date_time"])
        changes |= {"begun": begun, "start": begun.date()}
    if told.values.get("end_date_time"):
        changes["ended"] = moment(world, "EndDateTime", told.values["end_date_time"])
    custom = {**record.custom_fields, **told.custom}
    change.put(replace(record, **changes, custom_fields=custom, updated=world.now))


def delete(change: Change, identity: str) -> None:
    """Delete a record that nothing bills."""
    change.drop(_pending(change, identity, "delete"))


def _pending(change: Change, identity: str, verb: str) -> Usage:
    record: Usage = found(change, "usages", identity, verb)
    if record.status != "Pending":
        raise RuleError(f"The usage {record.id} is {record.status}: only Pending usage can be changed.")
    return record


WRITERS = (Writer("Usage", UsageFields, update, create, delete),)
