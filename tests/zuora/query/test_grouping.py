"""Rows that are put together by Export ZOQL, and its other clauses, by the examples of its documentation."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import read
from toolkit.zuora.query.grouping import _PARTS
from toolkit.zuora.query.selecting import select
from toolkit.zuora.tenant import Tenant


def ask(tenant: Tenant, query: str) -> list[tuple[Any, ...]]:
    found = select(tenant.world, read(query, export=True))
    return [tuple(one.read(tenant.world, row) for one in found.columns) for row in found.rows]


def test_rows_with_the_same_values_are_counted_together(traded: Tenant) -> None:
    """Source: Zuora, Export ZOQL clauses: group by."""
    query = "select Subscription.Id, count(Account.Id) from RatePlanCharge group by Subscription.Id"
    found = dict(ask(traded, query))
    each = [key for (key,) in ask(traded, "select Subscription.Id from RatePlanCharge")]
    assert found == {key: each.count(key) for key in each}
    assert max(found.values()) > 1


def test_amounts_are_summed_averaged_and_compared(traded: Tenant) -> None:
    amounts = [one for (one,) in ask(traded, "select Amount from Invoice")]
    query = "select count(*), count(Amount), sum(Amount), avg(Amount), min(Amount), MAX(Amount) from Invoice"
    (found,) = ask(traded, query)
    total = sum(amounts)
    assert len(amounts) > 1
    assert found == (len(amounts), len(amounts), total, total / len(amounts), min(amounts), max(amounts))


def test_nothing_is_counted_as_none_and_has_no_sum(full: Tenant) -> None:
    query = "select count(Id), sum(Balance), Name from Account where Name = 'Nobody'"
    assert ask(full, query) == [(0, None, None)]
    assert ask(full, f"{query} group by Name") == []


def test_without_a_group_a_field_has_the_value_of_the_first_row(full: Tenant) -> None:
    """Source: Zuora, sum(): select A.a, sum(A.b) from A."""
    ((name, found),) = ask(full, "select Name, count(VATId) from Account")
    assert (name, found) == (*ask(full, "select Name from Account order by Id")[0], 1)


def test_groups_are_chosen_and_sorted_by_what_they_are_as_a_whole(traded: Tenant) -> None:
    """Source: Zuora, Export ZOQL clauses: having, order by."""
    grouped = "select AccountId, sum(Amount) from Invoice group by AccountId"
    every = ask(traded, f"{grouped} order by sum(Amount) desc")
    assert [total for _, total in every] == sorted((total for _, total in every), reverse=True)
    least = every[-1][1]
    assert ask(traded, f"{grouped} having sum(Amount) > {least} order by sum(Amount) desc") == every[:-1]
    key = every[0][0]
    assert ask(traded, f"{grouped} having (not (AccountId != '{key}'))") == every[:1]


def test_moments_are_grouped_by_their_quarter_and_filtered_by_their_year(traded: Tenant) -> None:
    """Source: Zuora, query with datetime functions."""
    by_quarter = "SELECT count(Id),QUARTER(UpdatedDate) FROM Invoice GROUP BY QUARTER(UpdatedDate)"
    ((found, quarter),) = ask(traded, by_quarter)
    assert (found, quarter) == (len(ask(traded, "select Id from Invoice")), 1)
    by_day = "SELECT count(Id) FROM Invoice GROUP BY AccountId,UpdatedDate HAVING YEAR(UpdatedDate)="
    with pytest.raises(Fault):
        ask(traded, f"{by_day}2026")
    each = by_day.replace("UpdatedDate HAVING", "YEAR(UpdatedDate) HAVING")
    assert ask(traded, f"{each}2026")
    assert ask(traded, f"{each}2017") == []
    assert ask(traded, "select DATE(CreatedDate), month(InvoiceDate) from Invoice limit 1") == [
        (date(2026, 1, 1), 1)
    ]
    assert ask(traded, "select year(LastInvoiceDate) from Account where LastInvoiceDate = null limit 1") == [
        (None,)
    ]


@pytest.mark.parametrize(
    ("function", "moment", "value"),
    [
        ("YEAR", "2011-02-01T08:52:13", 2011),
        ("MONTH", "2011-02-01T08:52:13", 2),
        ("WEEK", "2015-01-01T00:00:01", 0),
        ("WEEK", "2015-01-04T00:01:01", 1),
        ("WEEKOFYEAR", "2015-01-01T00:01:01", 1),
        ("WEEKOFYEAR", "2016-01-01T00:00:01", 53),
        ("QUARTER", "2015-04-01T00:00:00", 2),
        ("QUARTER", "2015-12-31T00:00:00", 4),
    ],
)
def test_parts_of_moments_are_those_of_the_documentation(function: str, moment: str, value: int) -> None:
    assert _PARTS[function.lower()](datetime.fromisoformat(moment).replace(tzinfo=UTC)) == value


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select Name, Id from Account group by Id", "does not appear in the GROUP BY statement"),
        ("select Id from Account group by A, B, C, D, E, F", "at most 5 fields"),
        ("select sum(Name) from Account", "sum is a function of numbers, Name is none"),
        ("select year(Name) from Account", "year is a function of dates, Name is none"),
        ("select sum(avg(Balance)) from Account", "ZOQL syntax"),
        ("select sum(*) from Account", "ZOQL syntax"),
        ("select upper(Name) from Account", "upper is no function"),
        ("select Id from Account where year(CreatedDate) = 2026", "ZOQL syntax"),
        ("select Id from Account group by sum(Balance)", "stands where no rows are put together"),
        ("select BillToContact. from Account", "ZOQL syntax"),
        ("select Nothing.* from Account", "invalid field for query: Account.nothing.*"),
        ("select Id as = from Account", "ZOQL syntax"),
        ("select Id as '' from Account", "ZOQL syntax"),
        ("select Id from Account where Name like BillToContact.City", "like a text only"),
        (
            'select Id as "First Name", Name as "First Name" from Account',
            "Duplicate column aliases First Name were defined.",
        ),
    ],
)
def test_what_export_zoql_does_not_know_is_refused(full: Tenant, query: str, said: str) -> None:
    """Source: Zuora, Export ZOQL clauses, clause limits, select statements, datetime functions."""
    with pytest.raises(Fault) as fault:
        ask(full, query)
    assert said in fault.value.message


def test_all_fields_of_what_is_joined_are_selected(full: Tenant) -> None:
    """Source: Zuora, wildcard support for joined objects."""
    found = select(full.world, read("select AccountNumber, billtocontact.* from Account", export=True))
    names = [one.name for one in found.columns]
    assert names[0] == "AccountNumber"
    assert {"BillToContact.FirstName", "BillToContact.Country"} <= set(names)
    own = select(full.world, read("select account.* from Account", export=True)).columns
    assert [one.name for one in own] == [
        one.name for one in select(full.world, read("select * from Account", export=True)).columns
    ]


def test_quotes_are_doubled_and_limits_begin_later(full: Tenant) -> None:
    """Source: Zuora, reserved and escaped characters; limit 50,100."""
    assert read("select Id from Account where Name = 'Finn''s \\' Inn'", export=True).where == (
        "Name",
        "=",
        "Finn's ' Inn",
        False,
    )
    every = ask(full, "select Id from Account order by Id")
    assert ask(full, "select Id from Account order by Id limit 1,2;") == every[1:3]


@pytest.mark.parametrize(
    ("where", "every"),
    [
        ("ContractEffectiveDate = ServiceActivationDate", True),
        ("ContractEffectiveDate != ServiceActivationDate", False),
        ("Subscription.Version >= Version", True),
        ("CreatedDate >= ContractEffectiveDate", True),
        ("CreatedDate < ContractEffectiveDate", False),
        ("CreatedDate <= UpdatedDate", True),
        ("CancelledDate = CreatedDate and CancelledDate = null", False),
        ("Name = Version", False),
        ("Name != Version", True),
    ],
)
def test_fields_are_compared_with_one_another(full: Tenant, where: str, *, every: bool) -> None:
    """Source: Zuora, comparing fields in filter statements."""
    found = ask(full, f"select Id from Subscription where {where} and ContractEffectiveDate != null")  # noqa: S608 - this is no SQL
    assert bool(found) is every
