"""ZOQL over the API: what is found, in batches, and what is refused."""
# ruff: noqa: S608 - these queries are no SQL

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import Caller
from toolkit.zuora.state.world import Change
from toolkit.zuora.tenant import Tenant

QUERY = "/v1/action/query"


def ask(call: Caller, query: str) -> Any:  # noqa: ANN401 - JSON
    answer = call("POST", QUERY, {"queryString": query})
    assert answer.status == 200, answer.body
    return answer.body


def names(call: Caller, where: str) -> set[str]:
    found = ask(call, f"select Name from Account where {where}")
    return {one["Name"] for one in found.get("records", ())}


def fault(call: Caller, query: str) -> tuple[str, str]:
    answer = call("POST", QUERY, {"queryString": query})
    assert answer.status == 400
    return answer.body["FaultCode"], answer.body["FaultMessage"]


def test_records_have_what_was_asked_for_and_their_id_but_nothing_empty(call: Caller, tenant: Tenant) -> None:
    account = next(one for one in tenant.world.accounts.latest() if not (one.notes or one.auto_pay))
    fields = "accountnumber, Name, Notes,AutoPay, Balance"
    answer = ask(call, f"SELECT {fields} FROM account WHERE Id='{account.id}'")
    record = answer["records"][0]
    assert (answer["size"], answer["done"]) == (1, True)
    assert set(record) == {"Id", "AccountNumber", "Name", "AutoPay", "Balance"}
    assert (record["Id"], record["AutoPay"], type(record["Balance"])) == (account.id, False, Decimal)


def test_nothing_found_is_no_records(call: Caller) -> None:
    """Source: GU-SSL, whose clients read records as optional."""
    assert ask(call, "select Id from Account where Id = 'x'") == {"size": 0, "done": True}


@pytest.fixture
def accounts(call: Caller) -> None:
    """Three accounts that differ."""
    for name, notes, day in (("Ash", "tall", 1), ("Beech", None, 15), ("O'Ak", "old", 31)):
        contact = {"firstName": "A", "lastName": "B", "country": "USA"}
        more = {"billToContact": contact, "currency": "EUR", "billCycleDay": day}
        assert call("POST", "/v1/accounts", {"name": name, "notes": notes, **more}).body["success"]


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Currency = 'EUR'", {"Ash", "Beech", "O'Ak"}),
        ("Currency='EUR' and Name != 'Ash'", {"Beech", "O'Ak"}),
        ("Currency = 'EUR' and BillCycleDay >= 15", {"Beech", "O'Ak"}),
        ("Currency = 'EUR' and BillCycleDay < '15'", {"Ash"}),
        ("Currency = 'EUR' and Notes = null", {"Beech"}),
        ("Currency = 'EUR' and Notes != null", {"Ash", "O'Ak"}),
        ("Currency = 'EUR' and Notes != 'old'", {"Ash"}),
        ("Name = 'Ash' or Name = 'Beech' and BillCycleDay > 20", {"Ash"}),
        ("Currency = 'EUR' and Name <> 'Ash' and AutoPay = false", {"Beech", "O'Ak"}),
        (r"Name = 'O\'Ak'", {"O'Ak"}),
        ("Name like 'Be%'", {"Beech"}),
        ("Name like '%ch'", {"Beech"}),
        ("Name like 'Beech'", {"Beech"}),
        ("Name like 'A_h'", {"Ash"}),
        ("Name like 'A_'", set()),
        ("Currency = 'EUR' and Name like '%____'", {"Beech", "O'Ak"}),
        ("Name like 'A.h'", set()),
        ("Currency = 'EUR' and CreatedDate <= '2026-01-01T00:00:00'", {"Ash", "Beech", "O'Ak"}),
        ("Currency = 'EUR' and CreatedDate < '2026-01-01Z'", set()),
        ("Currency = 'EUR' and CreatedDate >= '2026-01-01T08:00:00Z'", {"Ash", "Beech", "O'Ak"}),
        ("Currency = 'EUR' and LastInvoiceDate > '2025-01-01'", set()),
        ("Currency = 'EUR' and Balance = 0", {"Ash", "Beech", "O'Ak"}),
        ("Id = 'x' or Currency = 'EUR'", {"Ash", "Beech", "O'Ak"}),
    ],
)
def test_conditions_choose(call: Caller, where: str, found: set[str]) -> None:
    """Source: Zuora, filter statements; `and` goes before `or`."""
    assert names(call, where) == found


def test_ids_and_numbers_are_asked_for_together(call: Caller, tenant: Tenant) -> None:
    first, second, *_ = tenant.world.accounts.latest()
    where = f"Id = '{first.id}' or AccountNumber = '{second.number}' or Id = '{first.id}'"
    assert names(call, where) == {first.name, second.name}


def test_custom_fields_are_asked_for_by_their_names(call: Caller, tenant: Tenant) -> None:
    account = next(tenant.world.accounts.latest())
    body = {"CDotOwner__c": "Ada", "CDotSeats__c": 3, "CDotTrial__c": True}
    call("PUT", f"/v1/accounts/{account.number}", body)
    where = "CDotOwner__c = 'Ada' and cdotseats__c = 3"
    answer = ask(call, f"select CDotOwner__c, CDotNone__c from Account where {where}")
    assert answer["records"] == [{"CDotOwner__c": "Ada", "Id": account.id}]


@pytest.fixture
def crowd(tenant: Tenant) -> None:
    """Add 4,100 accounts."""
    change = Change(tenant.world)
    one = next(tenant.world.accounts.latest())
    for _ in range(4100):
        change.put(replace(one, id=change.id(), number=change.number("account"), name="Crowd"))
    tenant.world = change.world


@pytest.mark.usefixtures("crowd")
def test_batches_have_2000_rows_and_say_where_the_next_begins(call: Caller) -> None:
    answer = ask(call, "select Name from Account where Name = 'Crowd'")
    seen = [one["Id"] for one in answer["records"]]
    while not answer["done"]:
        assert (answer["size"], len(answer["records"])) == (4100, 2000)
        answer = call("POST", "/v1/action/queryMore", {"queryLocator": answer["queryLocator"]}).body
        seen += [one["Id"] for one in answer["records"]]
    assert len(seen) == len(set(seen)) == 4100
    assert "queryLocator" not in answer


@pytest.mark.usefixtures("crowd")
def test_each_request_says_how_large_its_batch_is(call: Caller) -> None:
    """Source: Zuora, queryMore(): a number between 0 and 2000, where 0 is the default, 2000."""
    query = {"queryString": "select Id from Account"}
    for conf, rows in (
        ({"batchSize": 3}, 3),
        ({"batchSize": 0}, 2000),
        (None, 2000),
        ({"batchSize": 5000}, 2000),
    ):
        answer = call("POST", QUERY, {**query, "conf": conf}).body
        assert (len(answer["records"]), answer["done"]) == (rows, False)
    few = call("POST", QUERY, {**query, "conf": {"batchSize": 3}}).body
    for said, rows in ({}, 2000), ({"conf": {"batchSize": 7}}, 7):
        more = call("POST", "/v1/action/queryMore", {"queryLocator": few["queryLocator"], **said}).body
        assert len(more["records"]) == rows
    assert call("POST", QUERY, {**query, "conf": {"batchSize": -1}}).body["FaultCode"] == "INVALID_VALUE"


def test_escaped_characters_are_what_they_stand_for(call: Caller) -> None:
    """Source: Zuora, reserved and escaped characters: a tabulator, a new line and a quotation mark."""
    contact = {"firstName": "A", "lastName": "B", "country": "USA"}
    name = "a\tb\n'"
    body = {"name": name, "billToContact": contact, "currency": "EUR", "billCycleDay": 1}
    call("POST", "/v1/accounts", body)
    assert names(call, r"Name = 'a\tb\n\''") == {name}


def test_a_query_locator_ends_after_a_quarter_of_an_hour_without_use(call: Caller) -> None:
    """Source: the official SDK, query more: cursors expire after 15 minutes of inactivity."""
    batch = {"queryString": "select Id from Account", "conf": {"batchSize": 1}}
    locator = call("POST", QUERY, batch).body["queryLocator"]
    call("POST", "/__toolkit/clock", {"advance": "PT15M"})
    second = call("POST", "/v1/action/queryMore", {"queryLocator": locator, "conf": {"batchSize": 1}})
    assert second.status == 200
    call("POST", "/__toolkit/clock", {"advance": "PT1S"})
    late = call("POST", "/v1/action/queryMore", {"queryLocator": locator})
    assert (late.status, late.body["FaultCode"]) == (400, "INVALID_QUERY_LOCATOR")
    third = {"queryLocator": second.body["queryLocator"]}
    assert call("POST", "/v1/action/queryMore", third).status == 200


@pytest.mark.parametrize("locator", ["x", "eA==", "WzFd"])
def test_a_query_locator_that_nobody_gave_is_refused(call: Caller, locator: str) -> None:
    answer = call("POST", "/v1/action/queryMore", {"queryLocator": locator})
    assert (answer.status, answer.body["FaultCode"]) == (400, "INVALID_QUERY_LOCATOR")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "select",
        "select * from accountsX",
        "select Id from",
        "select Id from Account limit 1",
        "select Id from Account where",
        "select Id from Account where (Id = 'x')",
        "select Id from Account where not Id = 'x'",
        "select Id from Account where Name is null",
        "select Id from Account where Name in ('x')",
        "select Id from Account where Name = (",
        "select Id from Account where Name < null",
        "select Id from Account where Name = 'x",
        "select Id from Account, Contact",
        "select BillTo.FirstName from Account",
        "select 'Id' from Account",
        "select Id as Key from Account",
        "select Id from Account;",
        "select Id from Account where Name ! 'x'",
        "select Id from Account where Name near 'x'",
        "select Id from Account where Name like '%abc%'",
        "select Id from Account where Name like 'a%c'",
        f"select Id from Account where {' or '.join(['Id = 1'] * 201)}",
        f"select Id from Account where Name = '{'x' * 10_000}'",
    ],
)
def test_what_is_no_zoql_is_malformed(call: Caller, query: str) -> None:
    """Source: recorded by clients of live tenants; Zuora, ZOQL limitations."""
    code, message = fault(call, query)
    assert code == "MALFORMED_QUERY"
    assert message.startswith("You have an error in your ZOQL syntax")


def test_unknown_fields_and_objects_are_refused_by_name(call: Caller) -> None:
    """Source: recorded fault; of an object the sentence is an assumption."""
    expected = ("INVALID_FIELD", "invalid field for query: Invoice.accountid1")
    assert fault(call, "select accountId1 from invoice") == expected
    assert fault(call, "select Id from Invoice where AccountId1 = 'x'") == expected
    assert fault(call, "select Id from Nothing") == ("INVALID_TYPE", "invalid type for query: Nothing")


@pytest.mark.parametrize(
    "where",
    ["BillCycleDay = 'x'", "Balance > NaN", "AutoPay = 'a'", "CreatedDate > 'now'", "LastInvoiceDate = '1'"],
)
def test_values_of_another_type_are_refused(call: Caller, where: str) -> None:
    assert fault(call, f"select Id from Account where {where}")[0] == "INVALID_VALUE"
