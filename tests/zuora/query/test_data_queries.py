"""Data queries over the API: jobs, files and what of Trino's SQL can be asked."""
# ruff: noqa: S608 - nobody injects anything here

import csv
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.zuora.conftest import Caller
from toolkit.zuora.calls.call import Request
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.sql import SqlError, run
from toolkit.zuora.tenant import Tenant

JOBS = "/query/jobs"
LIFFEY = "name = 'Liffey Books'"


@pytest.fixture
def call(full: Tenant) -> Caller:
    """Calls the tenant that holds something of everything."""
    return Caller(full)


def submit(call: Caller, query: str, **more: object) -> dict[str, Any]:
    body = {"query": query, "output": {"target": "S3"}, "outputFormat": "JSON", "compression": "NONE"}
    data: dict[str, Any] = call("POST", JOBS, {**body, **more}).body["data"]
    return data


def fetch(call: Caller, query: str, **more: object) -> bytes:
    """Run a query and read its file without credentials, as from a storage."""
    job = call("GET", f"{JOBS}/{submit(call, query, **more)['id']}").body["data"]
    assert job["queryStatus"] == "completed", job
    response = call.tenant.handle(Request("GET", job["dataFile"].removeprefix("http://rest.zuora.com")))
    assert response.status == 200
    return response.body


def ask(call: Caller, query: str) -> list[Any]:
    """Return the values of the rows."""
    lines = fetch(call, query).splitlines()
    return [tuple(json.loads(line, parse_float=Decimal).values()) for line in lines]


def test_a_job_is_accepted_and_completed_when_somebody_looks(call: Caller) -> None:
    """Source: the official SDK; the sample in airbyte-source-zuora."""
    job = submit(call, "DESCRIBE account")
    assert (job["queryStatus"], job["sourceData"], job["remainingRetries"]) == ("accepted", "LIVE", 3)
    found = call("GET", f"{JOBS}/{job['id']}").body["data"]
    assert (found["queryStatus"], found["query"]) == ("completed", "DESCRIBE account")
    assert found["dataFile"].endswith(f"{job['id']}.jsonl")
    assert found["outputRows"] == len(KINDS["Account"].fields) + 2
    assert call("GET", JOBS).body["data"] == [found]


def test_rows_come_alike_in_every_process(call: Caller) -> None:
    """In the order of their ids where the query names none: a map has another order in each process."""
    found = [one for (one,) in ask(call, "select id from productrateplan")]
    assert found == sorted(call.tenant.world.plans.rows)


def test_tables_and_columns_are_listed(call: Caller) -> None:
    """Source: Zuora, construct SQL queries in data query; airbyte-source-zuora."""
    tables = [json.loads(line) for line in fetch(call, "SHOW TABLES").splitlines()]
    assert {"Table": "rateplancharge"} in tables
    for statement in ("DESCRIBE account", "desc Account;", "show columns from account"):
        columns = {one["Column"]: one for one in map(json.loads, fetch(call, statement).splitlines())}
        number = {"Column": "accountnumber", "Type": "varchar", "Extra": "", "Comment": "AccountNumber"}
        assert columns["accountnumber"] == number
        assert columns["balance"]["Type"] == "decimal(22,9)"
        assert columns["createddate"]["Type"] == "timestamp with time zone"
        assert (columns["deleted"]["Type"], columns["cdotowner__c"]["Type"]) == ("boolean", "varchar")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (f"select AccountNumber, autopay from Account where {LIFFEY}", [("A00000001", False)]),
        ("select count(*) from account where deleted = false", [(4,)]),
        ("select name from account order by name limit 2", [("Alpine Maps",), ("Bay Ferries",)]),
        (
            "select a.name, i.amount from account a join invoice i on i.accountid = a.id",
            [("Liffey Books", Decimal("615.0"))],
        ),
        ("select sum(chargeamount) + sum(taxamount) from invoiceitem", [(Decimal("615.0"),)]),
        ("select amount / 7 from invoice", [(Decimal("87.857142857"),)]),
        ("select status, count(*) from orders group by 1 having count(*) > 1", [("Completed", 5)]),
        (f"select cdotowner__c from account where {LIFFEY}", [("Ada",)]),
        (f"select createddate from account where {LIFFEY}", [("2025-12-31T23:00:00.000Z",)]),
        ("select count(*) from account where createddate >= TIMESTAMP '2026-01-01 00:00:00'", [(4,)]),
        ("select count(*) from account where createddate > timestamp '2025-12-31 23:00:00.00 UTC'", [(0,)]),
        ("select count(*) from account where createddate > timestamp '2025-12-31 15:00:00 -07:00'", [(4,)]),
        ("select count(*) from invoice where invoicedate = DATE '2026-01-01'", [(1,)]),
        ("select current_date, cast(current_timestamp as date)", [("2026-01-01", "2025-12-31")]),
        ("select date(now())", [("2025-12-31",)]),
        ("select cast('2026-01-01 00:00:00' as timestamp)", [("2025-12-31T23:00:00.000Z",)]),
        ("select cast('7' as integer) + 1, cast(1 as varchar) x", [(8, "1")]),
        ("select year(invoicedate), month(invoicedate), day(invoicedate) from invoice", [(2026, 1, 1)]),
        ("select date_trunc('month', cast('2026-02-03' as date))", [("2026-02-01",)]),
        ("select concat('a', 1), concat('a', null), date(null)", [("a1", None, None)]),
        ("select date_trunc('day', null), (select (1)), coalesce(null, 2)", [(None, 1, 2)]),
        ("select * from rateplanchargetier where tier > 5", []),
        ("with x as (select 1 n) select n from x union select 2", [(1,), (2,)]),
    ],
)
def test_sql_is_run_on_the_tables(call: Caller, query: str, rows: list[Any]) -> None:
    """Source: Zuora, construct SQL queries in data query; the queries of airbyte-source-zuora."""
    assert ask(call, query) == rows


def test_a_star_stands_for_all_columns(call: Caller) -> None:
    row = json.loads(fetch(call, f"select * from account where {LIFFEY}"))
    assert set(row) >= {"id", "name", "vatid", "cdotowner__c", "deleted"}
    assert row["deleted"] is False


def test_expressions_are_named_by_their_places(call: Caller) -> None:
    lines = fetch(call, "select Name, count(*), 1 as One from account group by name").splitlines()
    assert json.loads(lines[0]) == {"name": "Alpine Maps", "_col1": 1, "one": 1}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select updateddat from account", "Column 'updateddat' cannot be resolved"),
        ("select id from acccount", "Table owl.data.acccount does not exist"),
        ("describe acccount", "Table owl.data.acccount does not exist"),
        ("select nosuch(id) from account", "Function 'nosuch' not registered"),
        ("select from", "syntax error"),
        ("select id from account where createddate > timestamp 'x'", "not a valid timestamp"),
        ("select random()", "not authorized"),
        ("delete from account", "SELECT, SHOW TABLES"),
        ("", "SELECT, SHOW TABLES"),
        ("with x as (select 1) delete from account", "not authorized"),
    ],
)
def test_a_query_that_cannot_be_run_fails_and_says_why(call: Caller, query: str, said: str) -> None:
    """Source: Zuora, data query help section; airbyte-source-zuora looks for the first sentence."""
    job = submit(call, query)
    assert job["queryStatus"] == "accepted"
    found = call("GET", f"{JOBS}/{job['id']}").body["data"]
    assert found["queryStatus"] == "failed"
    assert said in found["errorMessage"]
    assert "dataFile" not in found
    assert "cannot be cancelled" in call("DELETE", f"{JOBS}/{job['id']}").reason[1]


def test_a_query_without_end_is_given_up(full: Tenant) -> None:
    endless = "with recursive x(n) as (select 1 union all select n + 1 from x) select max(n) from x"
    with pytest.raises(SqlError, match="exceeded the maximum time limit"):
        run(endless, full.world, most=10)


def test_files_are_separated_and_compressed_on_request(call: Caller) -> None:
    query = "select name, autopay, notes, balance from account order by name limit 1"
    plain = [["name", "autopay", "notes", "balance"], ["Alpine Maps", "false", "", "0.0"]]
    for form, separator in (("CSV", ","), ("TSV", "\t"), ("DSV", ";")):
        content = fetch(call, query, outputFormat=form, columnSeparator=";")
        assert list(csv.reader(io.StringIO(content.decode()), delimiter=separator)) == plain
    lines = fetch(call, query)
    assert gzip.decompress(fetch(call, query, compression="GZIP")) == lines
    packed = zipfile.ZipFile(io.BytesIO(fetch(call, query, compression="ZIP")))
    assert packed.read("query.jsonl") == lines


def test_no_record_is_a_deleted_one(call: Caller) -> None:
    assert fetch(call, "select id from account", readDeleted=True) == b""


def test_a_job_is_cancelled(call: Caller) -> None:
    job = submit(call, "select 1")
    assert call("DELETE", f"{JOBS}/{job['id']}").body["data"]["queryStatus"] == "cancelled"
    assert call("GET", f"{JOBS}/{job['id']}").body["data"]["queryStatus"] == "cancelled"


def test_jobs_are_listed_by_status_latest_first(call: Caller) -> None:
    good, bad, last = submit(call, "select 1"), submit(call, "x"), submit(call, "select 2")
    assert [one["id"] for one in call("GET", f"{JOBS}?queryStatus=completed").body["data"]] == [
        last["id"],
        good["id"],
    ]
    assert [one["id"] for one in call("GET", f"{JOBS}?queryStatus=failed").body["data"]] == [bad["id"]]
    assert [one["id"] for one in call("GET", f"{JOBS}?pageSize=1").body["data"]] == [last["id"]]
    assert "whole number" in call("GET", f"{JOBS}?pageSize=x").reason[1]


def test_unknown_jobs_files_and_separators_are_refused(call: Caller) -> None:
    """Source of the shape: Zuora, submit a data query; the official SDK, DataQueryErrorResponse."""
    unknown = call("GET", f"{JOBS}/x")
    assert (unknown.status, list(unknown.body), unknown.reason[0]) == (404, ["code", "message"], 404)
    assert call("GET", "/query/results/x.jsonl").status == 404
    assert "one character" in call("POST", JOBS, {"query": "select 1", "columnSeparator": "ab"}).reason[1]
    aqua = call("POST", "/v1/batch-query/", {"queries": []}).body["id"]
    assert "is no data query" in call("GET", f"{JOBS}/{aqua}").reason[1]


def test_a_custom_field_of_several_types_is_kept_as_it_is(full: Tenant) -> None:
    call = Caller(full)
    call("PUT", "/v1/accounts/A00000002", {"CDotSeats__c": 3, "CDotShare__c": 0.5})
    found = run("select cdotseats__c, cdotshare__c from account where cdotseats__c = 3", full.world)
    assert found.rows == [(3, "0.5")]


def test_the_present_is_the_tenants(full: Tenant) -> None:
    Caller(full)("POST", "/__toolkit/clock", {"to": "2026-03-01T00:00:00"})
    assert full.world.now.astimezone(UTC) == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert run("select current_date, now()", full.world).rows == [("2026-03-01", "2026-02-28T23:00:00.000Z")]
