"""Descriptions of objects: every field can be read, and every join leads somewhere."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from toolkit.zuora.query.conditions import candidates
from toolkit.zuora.query.grammar import Test as Condition
from toolkit.zuora.query.kinds import Kind
from toolkit.zuora.query.objects import KINDS, kind_named
from toolkit.zuora.tenant import Tenant

TYPES = {
    "text": str,
    "picklist": str,
    "boolean": bool,
    "integer": int,
    "decimal": Decimal,
    "date": date,
    "datetime": datetime,
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_field_has_values_of_its_type(traded: Tenant, kind: Kind) -> None:
    rows = list(kind.rows(traded.world))
    assert rows
    for row in rows:
        for name, field in kind.fields.items():
            value = field.read(traded.world, row)
            assert value is None or type(value) is TYPES[field.type], (kind.name, name, value)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_row_has_an_id_of_its_own_and_a_history_in_order(traded: Tenant, kind: Kind) -> None:
    rows = list(kind.rows(traded.world))
    ids = {kind.fields["Id"].read(traded.world, row) for row in rows}
    assert len(ids) == len(rows)
    assert all(len(identity) == 32 for identity in ids)
    for row in rows if "CreatedDate" in kind.fields else ():
        assert kind.fields["CreatedDate"].read(traded.world, row) <= kind.fields["UpdatedDate"].read(
            traded.world, row
        )


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind in KINDS.values() for field in kind.finders],
    ids=lambda one: getattr(one, "name", one),
)
def test_what_a_finder_finds_is_what_a_scan_finds(traded: Tenant, kind: Kind, field: str) -> None:
    world = traded.world
    read, identity = kind.fields[field].read, kind.fields["Id"].read
    values = {read(world, row) for row in kind.rows(world)} - {None}
    assert values
    for value in values:
        scanned = {identity(world, row) for row in kind.rows(world) if read(world, row) == value}
        assert {identity(world, row) for row in kind.find(world, field, value)} == scanned
    assert list(kind.find(world, field, "nothing")) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_joins_lead_to_rows_of_their_kinds(traded: Tenant, kind: Kind) -> None:
    for row in kind.rows(traded.world):
        for name, one in kind.ones.items():
            found = one.follow(traded.world, row)
            identity = found and KINDS[one.kind].fields["Id"].read(traded.world, found)
            assert identity is None or KINDS[one.kind].get(traded.world, identity), name
        own = kind.fields["Id"].read(traded.world, row)
        for many in kind.many.values():
            target = KINDS[many.kind]
            for found in target.find(traded.world, many.by, own):
                assert target.fields[many.by].read(traded.world, found) == own


@pytest.mark.parametrize("name", ["rateplancharge", "rate-plan-charge", "RatePlanCharge"])
def test_a_kind_is_found_whatever_its_case(name: str) -> None:
    assert kind_named(name) is KINDS["RatePlanCharge"]
    assert kind_named("Nothing") is None


def test_fields_are_found_whatever_their_case_and_custom_ones_by_their_ending(full: Tenant) -> None:
    account = KINDS["Account"]
    row = next(one for one in account.rows(full.world) if one.name == "Liffey Books")
    assert account.field("accountnumber", full.world) == ("AccountNumber", account.fields["AccountNumber"])
    assert account.field("NoSuch", full.world) is None
    for name in ("CDotOwner__c", "cdotowner__c"):
        found = account.field(name, full.world)
        assert found is not None
        assert found[1].read(full.world, row) == "Ada"
    assert account.values(full.world, row)["CDotOwner__c"] == "Ada"
    assert "CDotOwner__c" in account.with_custom(full.world)
    assert "Notes" not in account.values(full.world, row)


def test_every_object_is_found_by_its_id_without_a_look_at_all_of_them(full: Tenant) -> None:
    """A tier of the catalog is looked for in the catalog, which does not grow with the accounts."""
    world = full.world
    assert [kind.name for kind in KINDS.values() if "Id" not in kind.finders] == ["ProductRatePlanChargeTier"]
    for kind in KINDS.values():
        read = kind.fields["Id"].read
        for row in kind.rows(world):
            assert kind.get(world, read(world, row)) == row
        assert kind.get(world, 32 * "0") is None


def test_nothing_is_looked_through_for_an_id_that_is_not_there(full: Tenant) -> None:
    kind = KINDS["Invoice"]._replace(rows=lambda _: pytest.fail("It looks at all of them."))
    invoice = next(iter(full.world.invoices.latest()))
    for key, found in ((invoice.account_id.upper(), [invoice]), (32 * "0", [])):
        assert candidates(kind, Condition("AccountId", "=", key, folded=True), full.world) == found
