"""Columns: fields of joined objects."""

import pytest

from toolkit.zuora.query.columns import column, joins
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import read
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.selecting import select
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant


def ask(tenant: Tenant, query: str) -> list[tuple[object, ...]]:
    found = select(tenant.world, read(query, export=True))
    return [tuple(one.read(tenant.world, row) for one in found.columns) for row in found.rows]


def test_a_charge_is_joined_with_all_that_is_around_it() -> None:
    """Source: Zuora, the rate plan charge data source."""
    assert {"rateplan", "subscription", "account", "billtocontact", "product"} <= set(joins("RatePlanCharge"))
    assert "account" not in joins("Account")


def test_columns_of_joined_objects_are_named_by_a_dot(full: Tenant) -> None:
    rows = ask(
        full,
        "select Account.Name, ratePlan.NAME, RatePlanCharge.ChargeNumber, BillToContact.Country "
        "from RatePlanCharge "
        "where Account.Name = 'Liffey Books' and Segment = 1 order by ChargeNumber desc limit 1",
    )
    assert [row[0] for row in rows] == ["Liffey Books"]
    assert rows[0][3] == "Ireland"
    assert [
        one.name
        for one in select(full.world, read("select ratePlan.NAME from RatePlanCharge", export=True)).columns
    ] == ["RatePlan.Name"]


def test_a_join_that_leads_nowhere_has_no_values(full: Tenant) -> None:
    rows = ask(full, "select ParentAccount.Name, DefaultPaymentMethod.Type from Account")
    assert set(rows) == {(None, None), (None, "CreditCard")}


def test_what_is_joined_by_nothing_is_no_column() -> None:
    assert column(KINDS["Account"], "Invoice.Id", World()) is None
    assert column(KINDS["Account"], "BillToContact.Nothing", World()) is None


def test_export_zoql_has_parentheses_not_is_null_and_an_order(full: Tenant) -> None:
    """Source: Zuora, Export ZOQL filter statements."""
    name = "select Name from Account where"
    havel, liffey = ("Havel Rowing",), ("Liffey Books",)
    assert ask(full, f"{name} (Name = 'Liffey Books' or Name = 'Havel Rowing') order by Name asc") == [
        havel,
        liffey,
    ]
    assert ask(full, f"{name} VATId is not null") == [liffey]
    assert liffey not in ask(full, f"{name} VATId is null")
    assert liffey not in ask(full, f"{name} not VATId = 'IE1'")
    assert ask(full, f"{name} DefaultPaymentMethodId != null order by VATId, Name desc limit 5") == [liffey]


def test_a_star_stands_for_every_field_with_custom_ones(full: Tenant) -> None:
    columns = select(full.world, read("select * from Account limit 1", export=True)).columns
    assert [one.name for one in columns] == [*KINDS["Account"].fields, "CDotOwner__c"]


@pytest.mark.parametrize("limit", ["", "x", "'1'"])
def test_a_limit_is_a_whole_number(limit: str) -> None:
    with pytest.raises(Fault, match="ZOQL syntax"):
        read(f"select Id from Account limit {limit}", export=True)  # noqa: S608 - this is no SQL
