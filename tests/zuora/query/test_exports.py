"""Describe, aggregate queries and exports over the API, as clients call them."""

import csv
import gzip
import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.zuora.conftest import KEYS, Caller
from toolkit.zuora.calls.call import Request
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.state.archive import read, write
from toolkit.zuora.tenant import Tenant

JOBS = "/v1/batch-query/"
STATE: dict[str, Any] = {"partner": "p", "project": "q", "version": "1.1"}
NAMES = "select AccountNumber, Name, Account.VATId, BillToContact.Country from Account order by Name"


LOGS = "select Id from PaymentTransactionLog"


@pytest.fixture
def call(full: Tenant) -> Caller:
    """Calls the tenant that holds something of everything."""
    return Caller(full)


def fetch(tenant: Tenant, path: str) -> tuple[str, bytes]:
    response = tenant.handle(Request("GET", path, "", KEYS))
    assert response.status == 200
    assert [name for name, _ in response.headers].count("content-type") == 1
    return dict(response.headers)["content-type"], response.body


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def submit(
    call: Caller, query: str = NAMES, one: dict[str, Any] | None = None, **more: object
) -> dict[str, Any]:
    body = {"format": "csv", "queries": [{"name": "q", "query": query, "type": "zoqlexport", **(one or {})}]}
    answer: dict[str, Any] = call("POST", JOBS, {**body, **more}).body
    return answer


def done(call: Caller, job: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = call("GET", f"{JOBS}jobs/{job['id']}").body
    assert found["status"] == "completed"
    return found


def rows(call: Caller, job: dict[str, Any]) -> list[list[str]]:
    return table(fetch(call.tenant, f"/v1/file/{done(call, job)['batches'][0]['fileId']}")[1])


def test_the_catalog_of_objects_is_xml(full: Tenant) -> None:
    media, content = fetch(full, "/v1/describe")
    assert media == "text/xml; charset=utf-8"
    root = ET.fromstring(content)  # noqa: S314 - our own answer
    assert [one.text for one in root.findall("./object/name")] == sorted(KINDS)


def test_an_object_is_described_with_fields_contexts_and_related_objects(full: Tenant) -> None:
    """Source: the official SDK, describe; zuora-aqua-client-cli reads the elements by their places."""
    root = ET.fromstring(fetch(full, "/v1/describe/account")[1])  # noqa: S314 - our own answer
    assert [one.tag for one in root] == ["name", "label", "fields", "related-objects"]
    fields = {str(one.findtext("name")): one for one in root[2]}
    number = fields["AccountNumber"]
    assert (number.findtext("label"), number.findtext("type")) == ("Account Number", "text")
    assert (number.findtext("required"), number.findtext("custom")) == ("false", "false")
    assert [one.text for one in number.findall("contexts/context")] == ["soap", "export"]
    selectable = {name for name in fields if fields[name].findtext("selectable") == "false"}
    assert selectable == {"AdditionalEmailAddresses", "AllowInvoiceEdit"}
    assert [one.findtext("name") for one in root[3]] == sorted(str(one.findtext("name")) for one in root[3])
    assert root[3][0].findtext("label") == "Bill To"
    assert fields["CDotOwner__c"].findtext("custom") == "true"
    assert {one.findtext("name") for one in root[3]} == {
        "BillToContact",
        "SoldToContact",
        "DefaultPaymentMethod",
        "ParentAccount",
    }
    assert str(root[3][0].get("href")).endswith("/v1/describe/Contact")


@pytest.mark.parametrize(
    ("name", "field", "contexts"),
    [
        ("RatePlanCharge", "MRR", ["soap", "export"]),
        ("RatePlanCharge", "Price", ["soap"]),
        ("CreditMemo", "MemoNumber", ["export"]),
    ],
)
def test_a_field_has_the_contexts_that_it_is_asked_in(
    full: Tenant, name: str, field: str, contexts: list[str]
) -> None:
    """Source: Zuora, query: the objects of orders and of invoice settlement are not supported."""
    root = ET.fromstring(fetch(full, f"/v1/describe/{name}")[1])  # noqa: S314 - our own answer
    (found,) = (one for one in root.findall("fields/field") if one.findtext("name") == field)
    assert [one.text for one in found.findall("contexts/context")] == contexts


def test_what_is_no_object_cannot_be_described(call: Caller) -> None:
    assert call("GET", "/v1/describe/Nothing").status == 404


def test_a_job_is_submitted_and_completed_when_somebody_looks(call: Caller) -> None:
    """Source: the official SDK, aggregate queries."""
    job = submit(call, name="n", useQueryLabels="true")
    batch = job["batches"][0]
    assert (job["status"], job["name"], job["format"], job["version"]) == ("submitted", "n", "CSV", "1.0")
    assert (batch["status"], batch["recordCount"], batch["full"], "fileId" in batch) == (
        "pending",
        0,
        True,
        False,
    )
    batch = done(call, job)["batches"][0]
    assert (batch["status"], batch["recordCount"], batch["query"]) == ("completed", 4, NAMES)
    assert done(call, job)["startTime"] == "2026-01-01T00:00:00.000+0100"
    heads, *found = rows(call, job)
    assert heads == ["Account.AccountNumber", "Account.Name", "Account.VATId", "BillToContact.Country"]
    assert ["A00000001", "Liffey Books", "IE1", "Ireland"] in found


def test_heads_are_labels_unless_names_are_asked_for(call: Caller) -> None:
    assert rows(call, submit(call))[0][:2] == ["Account: Account Number", "Account: Name"]


def test_a_column_may_have_an_alias_and_a_query_end_with_a_semicolon(call: Caller) -> None:
    """Source: Zuora, file segmentation: select Name as CustomerName from Account."""
    query = "select Name as CustomerName, BillToContact.Country as Land, Id from Account order by Name ;"
    assert rows(call, submit(call, query))[0] == ["CustomerName", "Land", "Account: Id"]


def test_sums_are_headed_by_themselves_and_counted_over_all_changes(call: Caller) -> None:
    query = 'select count(Id) as Found, max(Account.Balance), Currency as "account.currency" from Account'
    job = submit(call, f"{query} group by Currency order by Currency", **STATE)
    assert rows(call, job)[0] == ["Found", "max(Balance)", "Account: Currency"]
    again = done(call, submit(call, "select count(Id) from Account", **STATE))["batches"][0]
    assert (again["full"], again["recordCount"]) == (False, 1)


def test_absent_values_moments_and_deleted_rows_are_written_as_asked_for(call: Caller) -> None:
    query = "select VATId, CreatedDate from Account where Name = 'Bay Ferries'"
    deleted = {"deleted": {"column": "Gone", "format": "Boolean"}}
    plain = submit(call, query)
    null = submit(call, query, deleted, nullReplacement="-", dateTimeUtc="true", **STATE)
    assert rows(call, plain)[1] == ["", "2026-01-01T00:00:00+0100"]
    assert rows(call, null) == [
        ["Account: VAT Id", "Account: Created Date", "Gone"],
        ["-", "2025-12-31T23:00:00+0000", "false"],
    ]
    assert done(call, null)["batches"][0]["deleted"] == deleted["deleted"]
    numeric = submit(
        call, query, {"deleted": {"column": "Gone", "format": "Numeric"}}, **{**STATE, "project": "other"}
    )
    assert rows(call, numeric)[1][-1] == "0"


def test_a_file_is_compressed_on_request(call: Caller) -> None:
    plain = rows(call, submit(call))
    for how, unpack in (
        ("gzip", gzip.decompress),
        ("zip", lambda content: zipfile.ZipFile(io.BytesIO(content)).read("Account.csv")),
    ):
        file = done(call, submit(call, format=how))["batches"][0]["fileId"]
        assert table(unpack(fetch(call.tenant, f"/v1/files/{file}")[1])) == plain


def test_a_stateful_job_brings_what_has_changed_since_the_last_one(call: Caller) -> None:
    """Source: Zuora, stateless and stateful modes; offset."""
    call("POST", "/__toolkit/clock", {"advance": "P1D"})
    first = submit(call, **STATE)
    assert done(call, first)["batches"][0]["full"]
    call("POST", "/__toolkit/clock", {"advance": "P1D"})
    call("PUT", "/v1/accounts/A00000002", {"notes": "x"})
    second = submit(call, **STATE)
    batch = done(call, second)["batches"][0]
    assert (batch["full"], batch["recordCount"]) == (False, 1)
    assert done(call, submit(call, **STATE, offset=172_800))["batches"][0]["recordCount"] == 4
    assert done(call, submit(call, **{**STATE, "project": "r"}))["batches"][0]["full"]
    assert done(call, submit(call, **{**STATE, "version": "1.0"}))["batches"][0]["full"]


def test_the_last_completed_job_of_a_project_is_found(call: Caller) -> None:
    """Source: zuora-swagger-client 1.2, and MuleSoft's connector for AQuA."""
    path = f"{JOBS}jobs/partner/p/project/q"
    assert call("GET", path).reason == (50000040, "Cannot find entity by key: 'p/q'.")
    submit(call, **STATE)
    second, cancelled = submit(call, **STATE), submit(call, **STATE)
    call("DELETE", f"{JOBS}jobs/{cancelled['id']}")
    assert call("GET", path).body == done(call, second)


def test_a_job_may_say_from_when_it_wants_changes(call: Caller) -> None:
    """Source: Zuora, post query with retrieval time."""
    assert (
        done(call, submit(call, **STATE, incrementalTime="2026-01-01 00:00:00"))["batches"][0]["recordCount"]
        == 4
    )
    late = done(call, submit(call, **STATE, incrementalTime="2026-01-01 00:00:01"))["batches"][0]
    assert (late["recordCount"], late["full"]) == (0, False)
    logs = {"name": "q", "query": LOGS, "type": "zoqlexport"}
    (batch,) = call(
        "POST", JOBS, {"queries": [logs], **STATE, "incrementalTime": "2026-01-01 00:00:01"}
    ).body["batches"]
    assert batch["recordCount"] == 0


def test_a_cancelled_job_has_no_files_and_is_not_continued(call: Caller) -> None:
    job = submit(call, **STATE)
    for _ in range(2):
        assert call("DELETE", f"{JOBS}jobs/{job['id']}").body["status"] == "aborted"
    found = call("GET", f"{JOBS}jobs/{job['id']}").body
    assert (found["status"], found["batches"][0]["status"]) == ("aborted", "cancelled")
    assert done(call, submit(call, **STATE))["batches"][0]["full"]


@pytest.mark.parametrize("query", ["select Nothing from Account", "select * from Nothing", "delete", ""])
def test_a_query_that_cannot_be_run_makes_a_job_in_error(call: Caller, query: str) -> None:
    """Source: tap-zuora, which cancels even such a job."""
    job = submit(call, query)
    said = "There is a syntax error in one of the queries in the AQuA input."
    assert (job["status"], job["message"], job["batches"]) == ("error", said, [])
    assert call("GET", f"{JOBS}jobs/{job['id']}").body["status"] == "error"
    assert call("DELETE", f"{JOBS}jobs/{job['id']}").status == 200


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"queries": [{"query": "select Id from Account"}] * 51}, "90004", "A maximum of 50 queries"),
        ({"queries": []}, "90016", "no queries included"),
        ({"queries": [{"query": "x", "deleted": {"column": "Gone"}}]}, "90012", "does not support deleted"),
        ({"queries": [], **STATE, "incrementalTime": "x"}, "90015", "incremental timestamp is invalid"),
        ({"queries": [{"query": "x"}]}, "90005", "syntax error"),
        ({"queries": [{"query": LOGS, "deleted": {"column": "Gone"}}], **STATE}, "90017", "Remove Deleted"),
    ],
)
def test_a_job_that_is_wrong_says_which_rule_it_breaks(
    call: Caller, body: dict[str, Any], code: str, said: str
) -> None:
    """Source: Zuora, AQuA API error codes."""
    job = call("POST", JOBS, body).body
    assert (job["status"], job["errorCode"], job["batches"]) == ("error", code, [])
    assert said in job["message"]
    assert call("GET", f"{JOBS}jobs/{job['id']}").body["errorCode"] == code


def test_plain_zoql_knows_no_joins(call: Caller) -> None:
    zoql = {"type": "zoql"}
    assert submit(call, "select BillToContact.City from Account", zoql)["status"] == "error"
    assert submit(call, "select Id from CreditMemo", zoql)["status"] == "error"
    assert done(call, submit(call, "select Name from Account", zoql))["batches"][0]["batchType"] == "zoql"


def test_the_older_paths_and_a_doubled_slash_answer_too(call: Caller) -> None:
    """Source: zuora-aqua-client-cli, which asks for both."""
    job = submit(call)
    file = call("GET", f"/v1/batch-query//jobs/{job['id']}").body["batches"][0]["fileId"]
    assert table(fetch(call.tenant, f"/apps/api/file/{file}")[1])


def test_unknown_formats_jobs_and_files_are_refused(call: Caller) -> None:
    assert "should be one of: csv, zip, gzip" in call("POST", JOBS, {"queries": [], "format": "x"}).reason[1]
    assert call("GET", f"{JOBS}jobs/x").reason[0] == 50000040
    missing = call("GET", "/v1/files/x")
    assert (missing.status, missing.reason) == (404, (50000040, "Cannot find entity by key: 'x'."))
    assert not call.tenant.unserved
    export = call("POST", "/v1/object/export", {"Query": NAMES}).body["Id"]
    assert "is no job of the aggregate" in call("GET", f"{JOBS}jobs/{export}").reason[1]
    aqua = submit(call)["id"]
    assert call("GET", f"/v1/object/export/{aqua}").body["Errors"][0]["Code"] == "INVALID_ID"


@pytest.mark.parametrize("packs", [False, True])
def test_an_object_is_exported(call: Caller, *, packs: bool) -> None:
    """Source: Zuora, CRUD: create and retrieve an export."""
    made = call(
        "POST", "/v1/object/export", {"Query": NAMES, "Format": "csv", "Name": "n", "Zip": packs}
    ).body
    assert made["Success"]
    export = call("GET", f"/v1/object/export/{made['Id']}").body
    assert (export["Status"], export["Name"], export["Query"]) == ("Completed", "n", NAMES)
    content = fetch(call.tenant, f"/v1/files/{export['FileId']}")[1]
    assert export["Size"] == len(content)
    if packs:
        content = zipfile.ZipFile(io.BytesIO(content)).read("Account.csv")
    assert len(table(content)) == 5


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"Query": "select * from Nothing"}, "noSuchDataSource"),
        ({"Query": "select Nothing from Account"}, "invalid field for query: Account.nothing"),
        ({"Query": NAMES, "Format": "xls"}, "not simulated yet"),
    ],
)
def test_an_export_that_cannot_be_made_is_refused(call: Caller, body: dict[str, Any], said: str) -> None:
    """Source: tap-zuora, which looks for noSuchDataSource in the first error's message."""
    answer = call("POST", "/v1/object/export", body)
    assert (answer.status, answer.body["Success"], answer.body["Errors"][0]["Code"]) == (
        400,
        False,
        "INVALID_VALUE",
    )
    assert said in answer.body["Errors"][0]["Message"]


def test_jobs_and_files_survive_an_archive(call: Caller) -> None:
    job = submit(call)
    call.tenant.world = read(b"".join(write(call.tenant.world))).world
    assert len(rows(call, job)) == 5
