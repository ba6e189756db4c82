"""Object query over the API: filters, order, pages, and what is around an object."""

import json
from base64 import b64decode, b64encode
from typing import Any

import pytest

from tests.zuora.conftest import ADA, Caller
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.tenant import Tenant

ACCOUNTS = "/object-query/accounts"


@pytest.fixture
def call(full: Tenant) -> Caller:
    """Calls the tenant that holds something of everything."""
    return Caller(full)


def names(call: Caller, query: str) -> list[str]:
    return [one["name"] for one in call("GET", f"{ACCOUNTS}?{query}").body["data"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[]=accountNumber.EQ:A00000001", ["Liffey Books"]),
        ("filter%5B%5D=accountnumber.EQ%3AA00000001", ["Liffey Books"]),
        ("filter[]=name.SW:Liff", ["Liffey Books"]),
        ("filter[]=name.SW:liff", ["Liffey Books"]),
        ("filter[]=name.SW:%25iff", []),
        ("filter[]=name.SW:Liff__", []),
        ("filter[]=vatid.NE:null", ["Liffey Books"]),
        ("filter[]=name.IN:[Liffey Books, Bay Ferries]&sort[]=name.DESC", ["Liffey Books", "Bay Ferries"]),
        ("filter[]=name.GT:B&filter[]=name.LT:H", ["Bay Ferries"]),
        ("filter[]=name.EQ:Nobody", []),
        ("sort[]=name.ASC&pageSize=2", ["Alpine Maps", "Bay Ferries"]),
        ("filter[]=CDotOwner__c.EQ:Ada", ["Liffey Books"]),
    ],
)
def test_filters_choose_and_sorts_order(call: Caller, query: str, found: list[str]) -> None:
    """Source: the official SDK, query objects."""
    assert names(call, query) == found


def test_pages_follow_one_another(call: Caller) -> None:
    first = call("GET", f"{ACCOUNTS}?sort[]=name.ASC&pageSize=3").body
    assert len(first["data"]) == 3
    cursor = first["nextPage"]
    last = call("GET", f"{ACCOUNTS}?sort[]=name.ASC&pageSize=3&cursor={cursor}").body
    assert [one["name"] for one in last["data"]] == ["Liffey Books"]
    assert "nextPage" not in last


def test_the_last_page_says_so_where_empty_fields_are_shown(call: Caller) -> None:
    """Source: recorded object query."""
    body = call("GET", f"{ACCOUNTS}?includeNullFields=true").body
    assert body["nextPage"] is None
    assert body["data"][0]["notes"] is None


def test_fields_that_are_never_filled_are_shown_empty_with_the_other_empty_ones(call: Caller) -> None:
    """Source: recorded object query of accounts with their subscriptions and invoices."""
    query = "expand[]=subscriptions.rateplans&expand[]=invoices&includeNullFields=true"
    (account,) = (one for one in call("GET", f"{ACCOUNTS}?{query}").body["data"] if one["subscriptions"])
    (invoice, *_), (subscription, *_) = account["invoices"], account["subscriptions"]
    assert invoice["paymentLink"] is invoice["soldToContactId"] is None
    assert (invoice["reversed"], invoice["taxExemptAmount"]) == (False, 0)
    assert subscription["rampId"] is subscription["ratePlans"][0]["pricingAttributes"] is None
    assert (subscription["prepayment"], len(subscription["orderId"])) == (False, 32)


def test_an_empty_field_that_was_asked_for_is_shown_alone(call: Caller) -> None:
    body = call("GET", "/object-query/invoices?includeNullFields=true&fields[]=paymentLink").body
    assert body["data"][0] == {"paymentLink": None}


def test_an_object_is_shown_by_id_or_number(call: Caller) -> None:
    shown = call("GET", f"{ACCOUNTS}/A00000001").body
    assert (shown["name"], shown["vATId"], shown["CDotOwner__c"]) == ("Liffey Books", "IE1", "Ada")
    assert shown["createdDate"] == "2026-01-01T00:00:00+01:00"
    assert "notes" not in shown
    assert call("GET", f"{ACCOUNTS}/{shown['id']}").body == shown
    subscription = call("GET", "/object-query/subscriptions/A-S00000001").body
    assert subscription["isLatestVersion"] is True
    assert call("GET", f"{ACCOUNTS}/x").reason == (50000040, "Cannot find entity by key: 'x'.")


def test_an_object_brings_what_it_is_expanded_by(call: Caller) -> None:
    """Source: the official SDK: subscriptions.rateplans.rateplancharges; recorded: account.fields[]."""
    expands = "expand[]=billto&expand[]=invoices,subscriptions.rateplans.rateplancharges,parentAccount"
    fields = "account.fields[]=id,name,CDotOwner__c&billto.fields[]=country&invoices.fields[]=balance"
    shown: dict[str, Any] = call("GET", f"{ACCOUNTS}/A00000001?{expands}&{fields}").body
    assert set(shown) == {"id", "name", "CDotOwner__c", "billTo", "invoices", "subscriptions"}
    assert shown["billTo"] == {"country": "Ireland"}
    assert [set(one) for one in shown["invoices"]] == [{"balance"}]
    plans = [plan for one in shown["subscriptions"] if one["isLatestVersion"] for plan in one["ratePlans"]]
    assert {charge["chargeType"] for plan in plans for charge in plan["ratePlanCharges"]} == {
        "Recurring",
        "Usage",
    }


@pytest.mark.parametrize("plural", [kind.plural for kind in KINDS.values() if kind.plural])
def test_every_object_is_listed(call: Caller, plural: str) -> None:
    data = call("GET", f"/object-query/{plural}?pageSize=50").body["data"]
    assert data
    assert call("GET", f"/object-query/{plural}/{data[0]['id']}").body == data[0]


def test_an_invoice_item_of_taxes_has_what_the_official_models_have(call: Caller) -> None:
    assert "invoiceId" not in call("GET", "/object-query/taxation-items").body["data"][0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("filter[]=name", "is no filter"),
        ("filter[]=name.LIKE:x", "is no filter"),
        ("filter[]=nothing.EQ:x", "invalid field for query: Account.nothing"),
        ("filter[]=billcycleday.EQ:x", "invalid value"),
        ("sort[]=name", "is no sort"),
        ("pageSize=0", "from 1 to 99"),
        ("pageSize=100", "from 1 to 99"),
        ("cursor=x", "is no cursor"),
        ("expand[]=nothing", "cannot be expanded. Known: billto"),
    ],
)
def test_what_cannot_be_read_is_refused(call: Caller, query: str, said: str) -> None:
    """Source: Zuora, pagination: an object query's page has 99 rows at most; API upgrades."""
    answer = call("GET", f"{ACCOUNTS}?{query}", version="2025-08-12")
    assert answer.status == 400
    assert said in answer.reason[1]
    assert set(answer.body) == {"reasons", "requestId"}
    before = call("GET", f"{ACCOUNTS}?{query}", version="2024-05-20")
    assert set(before.body) == {"success", "processId", "reasons", "requestId"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("filter[]=nothing.EQ:x", "invalid field for query: Account.nothing"),
        ("expand[]=nothing", "cannot be expanded"),
        ("expand[]=a.b.c.d", "at most 3 levels"),
        ("sort[]=nothing.ASC", "invalid field for query: Account.nothing"),
        ("sort[]=name.ASC&sort[]=balance.DESC", "one field only"),
        ("account.fields[]=id,nothing", "invalid field for query: Account.nothing"),
    ],
)
def test_query_parameters_have_an_error_category_of_their_own_from_2025_08_12(
    call: Caller, query: str, said: str
) -> None:
    """Source: Zuora, API upgrades: 27; expand, filter, fields and sort: no second field to sort by."""
    paths = [ACCOUNTS, f"{ACCOUNTS}/A00000001"] if query.startswith(("expand", "account")) else [ACCOUNTS]
    for version, status, code in (
        (None, 200, 50000020),
        ("2024-05-20", 400, 50000020),
        ("2025-08-12", 400, 50000027),
    ):
        for path in paths:
            answer = call("GET", f"{path}?{query}", version=version)
            assert (answer.status, answer.reason[0]) == (status, code)
            assert said in answer.reason[1]


def test_a_cursor_says_behind_which_row_the_next_page_begins(call: Caller) -> None:
    """Source: Zuora, expand, filter, fields and sort: the cursor of its example, decoded."""
    query = f"{ACCOUNTS}?sort[]=name.DESC&pageSize=2"
    first = call("GET", query).body
    last = first["data"][-1]
    assert json.loads(b64decode(first["nextPage"])) == [
        {"value": last["name"], "orderBy": {"field": "Name", "order": "DESC"}},
        {"value": last["id"], "orderBy": {"field": "Id", "order": "DESC"}},
    ]
    call("POST", "/v1/accounts", {"name": "Zzz", "currency": "EUR", "billToContact": ADA})
    second = call("GET", f"{query}&cursor={first['nextPage']}").body
    assert [one["name"] for one in second["data"]] == ["Bay Ferries", "Alpine Maps"]


@pytest.mark.parametrize("cursor", [b"[]", b'[{"value": "x", "orderBy": {"field": "Id", "order": "ASC"}}]'])
def test_a_cursor_of_nothing_that_is_there_is_refused(call: Caller, cursor: bytes) -> None:
    assert "is no cursor" in call("GET", f"{ACCOUNTS}?cursor={b64encode(cursor).decode()}").reason[1]


def test_expanded_lists_have_as_many_rows_as_a_page(call: Caller) -> None:
    """Source: Zuora, pagination of object query: a known limitation."""
    path = f"{ACCOUNTS}/A00000001?expand[]=subscriptions"
    assert len(call("GET", path).body["subscriptions"]) == 4
    assert len(call("GET", f"{path}&pageSize=3").body["subscriptions"]) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[]=name.GE:Bay Ferries&filter[]=name.LE:Liffey Books", 3),
        ("filter[]=name.EQ:bay ferries", 1),
        ("filter[]=name.NE:BAY FERRIES", 3),
        ("filter[]=name.IN:[alpine maps,BAY FERRIES]", 2),
        ("filter[]=name.SW:bAY", 1),
        ("filter[]=accountnumber.EQ:a00000001", 1),
        ("filter[]=cdotowner__c.EQ:ADA", 1),
        ("filter[]=name.LE:Alpine Maps", 1),
    ],
)
def test_ranges_have_their_limits_and_case_does_not_matter(call: Caller, query: str, found: int) -> None:
    """Source: Zuora, expand, filter, fields and sort: the operators."""
    assert len(names(call, query)) == found


def test_what_is_not_simulated_does_not_exist(call: Caller) -> None:
    assert call("GET", "/object-query/fulfillments").status == 404
