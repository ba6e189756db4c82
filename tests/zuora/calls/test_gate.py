"""Limits and faults before a tenant: on the virtual clock, on demand, and deterministic."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.concurrency import BIG_PROCESSES, CONCURRENT
from toolkit.zuora.calls.faults import CROWDED, LOCKED, Fault
from toolkit.zuora.calls.gate import Gate
from toolkit.zuora.calls.refusals import Category
from toolkit.zuora.calls.throttle import KINDS
from toolkit.zuora.tenant import Tenant

KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
ACCOUNT = "/v1/accounts/A00000001"
NEW = {"name": "A", "currency": "USD", "billToContact": {"firstName": "J", "lastName": "S"}}
Ask = Callable[..., tuple[int, dict[str, str], Any]]


@pytest.fixture
def gate() -> Gate:
    return Gate(Tenant(worlds.load("gitlab-self-managed")))


@pytest.fixture
def ask(gate: Gate) -> Ask:
    """Ask through the gate, with the version that answers errors by status."""

    def ask(method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        sent = {**KEYS, "zuora-version": "2025-08-12"} | {
            name.replace("_", "-"): it for name, it in headers.items()
        }
        content = b"" if body is None else json.dumps(body).encode()
        response = gate.handle(Request(method, path, "", sent, content))
        found = dict(response.headers)
        is_json = found["content-type"].startswith("application/json")
        return response.status, found, json.loads(response.body) if is_json else response.body

    return ask


def advance(gate: Gate, span: str) -> None:
    body = json.dumps({"advance": span}).encode()
    assert gate.handle(Request("POST", "/__toolkit/clock", "", KEYS, body)).status == 200


def reason(answer: tuple[int, dict[str, str], Any]) -> tuple[int, int, str]:
    said = answer[2]["reasons"][0]
    return answer[0], said["code"], said["message"]


def test_without_limits_no_header_tells_of_them(ask: Ask) -> None:
    assert not [name for name in ask("GET", ACCOUNT)[1] if "limit" in name]


def test_the_headers_tell_of_the_window_that_is_nearest_to_its_end(gate: Gate, ask: Ask) -> None:
    gate.limit("production")
    headers = ask("GET", ACCOUNT)[1]
    assert headers["ratelimit-limit"] == "50000, 50000;w=60, 2250000;w=3600, 27000000;w=86400"
    assert (headers["ratelimit-remaining"], headers["ratelimit-reset"]) == ("49999", "60")
    assert headers["concurrency-limit-type"] == "Default"
    assert (headers["concurrency-limit-limit"], headers["concurrency-limit-remaining"]) == ("40", "39")
    assert ask("POST", "/v1/accounts", NEW)[1]["concurrency-limit-limit"] == "200"
    assert ask("GET", "/object-query/accounts")[1]["concurrency-limit-limit"] == "80"


def test_beyond_a_limit_everything_is_429_until_its_window_ends(gate: Gate, ask: Ask) -> None:
    gate.limit("api-sandbox")
    advance(gate, "PT10S")
    answers = [ask("GET", ACCOUNT) for _ in range(2499)]
    assert {status for status, _, _ in answers} == {200}
    assert answers[-1][1]["ratelimit-remaining"] == "0"
    status, headers, body = ask("POST", "/v1/accounts", NEW)
    assert status == 429
    assert (headers["retry-after"], headers["ratelimit-reset"]) == ("50", "50")
    message = "API Rate limit exceeded for the minute, retry after 50 seconds"
    assert body == {"reasons": [{"code": 70, "message": message}]}
    gate._tenant.advance_to(gate._tenant.world.now.replace(minute=1))  # noqa: SLF001 - its clock is also spent
    assert ask("GET", ACCOUNT)[0] == 200


def test_signing_in_has_limits_of_its_own(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.zuora.calls.throttle.SIGNING_IN", ((60, 1), (3600, 5)))
    gate.limit("developer-sandbox")
    form = b"client_id=00000000-0000-4000-8000-000000000000&client_secret=s&grant_type=client_credentials"
    request = Request("POST", "/oauth/token", body=form)
    assert gate.handle(request).status == 200
    refused = gate.handle(request)
    headers = dict(refused.headers)
    assert (refused.status, headers["x-ratelimit-limit-minute"]) == (429, "1")
    assert headers["x-ratelimit-remaining-minute"] == "0"
    assert "concurrency-limit-type" not in headers


def test_a_kind_that_there_is_not_is_refused(gate: Gate) -> None:
    with pytest.raises(ToolkitError, match="Did you mean 'production'"):
        gate.limit("prodution")
    assert gate.limits is None
    for kind in KINDS:
        gate.limit(kind)
        assert gate.limits == kind
    gate.limit(None)
    assert gate.is_open


@pytest.mark.parametrize("category", [one for one in Category if one is not Category.AUTHENTICATION])
def test_an_error_of_any_category_comes_on_demand_and_changes_nothing(
    gate: Gate, ask: Ask, category: Category
) -> None:
    before = gate._tenant.world  # noqa: SLF001 - what must not change
    gate.plan(Fault(kind="error", category=category, method="POST", path="/v1/accounts"))
    assert ask("GET", ACCOUNT)[0] == 200
    answer = ask("POST", "/v1/accounts", NEW)
    assert answer[2]["reasons"][0]["code"] % 100 == category
    assert 400 <= answer[0] <= 500
    assert ("retry-after" in answer[1]) == (category is Category.LIMIT)
    assert gate._tenant.world is before  # noqa: SLF001 - the same
    assert ask("POST", "/v1/accounts", NEW)[2]["success"]
    assert gate.is_open


def test_an_error_is_zuoras_own_where_one_is_recorded(gate: Gate, ask: Ask) -> None:
    for category, status, code, message in (
        (50, 409, 58730050, LOCKED),
        (70, 429, 50000070, CROWDED),
        (11, 401, 90000011, "this resource is protected, please sign in first"),
    ):
        gate.plan(Fault(kind="error", category=category, path="/v1/orders", retry_after=3))
        assert reason(ask("POST", "/v1/orders", {})) == (status, code, message)
    gate.plan(Fault(kind="error", category=30, message="Not today."))
    assert reason(ask("GET", "/v1/nothing")) == (400, 50000030, "Not today.")
    gate.plan(Fault(kind="error", category=30))
    assert reason(ask("GET", ACCOUNT, zuora_version="1.0"))[2] == "This fault was asked for."


def test_a_fault_lets_some_pass_and_meets_so_many(gate: Gate, ask: Ask) -> None:
    gate.plan(Fault(kind="error", category=60, path="/v1/acc*", skip=1, times=2))
    assert [ask("GET", ACCOUNT)[0] for _ in range(4)] == [200, 500, 500, 200]
    gate.plan(Fault(kind="error", category=60, times=None))
    assert {ask("GET", ACCOUNT)[0] for _ in range(4)} == {500}
    gate.clear()
    assert ask("GET", ACCOUNT)[0] == 200


def test_after_a_timeout_the_write_is_there(gate: Gate, ask: Ask) -> None:
    before = len(gate._tenant.world.accounts.ids)  # noqa: SLF001 - what is kept
    gate.plan(Fault(kind="timeout", seconds=120))
    assert ask("POST", "/v1/accounts", NEW)[::2] == (504, b"Gateway Timeout")
    assert len(gate._tenant.world.accounts.ids) == before + 1  # noqa: SLF001 - what is kept
    assert gate._tenant.world.now.isoformat() == "2026-01-01T00:02:00-08:00"  # noqa: SLF001 - its clock


def test_latency_passes_on_the_clock(gate: Gate, ask: Ask) -> None:
    gate.plan(Fault(kind="latency", seconds=90, times=2))
    assert [ask("GET", ACCOUNT)[0] for _ in range(3)] == [200] * 3
    assert gate._tenant.world.now.isoformat() == "2026-01-01T00:03:00-08:00"  # noqa: SLF001 - its clock


def test_two_writes_that_meet_one_account_compete_for_its_lock(gate: Gate, ask: Ask) -> None:
    gate.plan(Fault(kind="hold", seconds=30, method="PUT"))
    assert ask("PUT", ACCOUNT, {"notes": "first"})[0] == 200
    number = gate._tenant.world.subscriptions.of(ask("GET", ACCOUNT)[2]["basicInfo"]["id"])[0].number  # noqa: SLF001
    orders = {"orderDate": "2026-01-01", "existingAccountNumber": "A00000001", "subscriptions": []}
    for method, path, body in (
        ("PUT", ACCOUNT, {"notes": "second"}),
        ("POST", "/v1/orders/preview", orders),
        ("PUT", f"/v1/subscriptions/{number}/cancel", {"cancellationPolicy": "EndOfCurrentTerm"}),
    ):
        answer = ask(method, path, body)
        assert reason(answer)[::2] == (409, LOCKED)
        assert answer[2]["reasons"][0]["code"] % 100 == 50
    assert ask("GET", ACCOUNT)[0] == 200
    assert ask("PUT", "/v1/accounts/A00000002", {"notes": "another"})[0] == 200
    assert gate.handle(Request("PUT", ACCOUNT, "", KEYS, b"{")).status == 200  # malformed, in the old version
    assert gate.handle(Request("PUT", "/v1/accounts/A00000002", "", {}, b"")).status == 401
    assert ask("PUT", "/v1/accounts/A00000002", {"notes": ["x" * 65]})[0] == 400
    advance(gate, "PT30S")
    assert ask("PUT", ACCOUNT, {"notes": "second"})[0] == 200


def test_what_is_open_counts_against_the_limit_and_its_key_is_in_progress(
    gate: Gate, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONCURRENT, "High-volume transactions", 2)
    gate.limit("production")
    gate.plan(Fault(kind="hold", seconds=30, times=2, method="POST"))
    first = ask("POST", "/v1/accounts", NEW, idempotency_key="k1")
    assert first[1]["concurrency-limit-remaining"] == "1"
    again = ask("POST", "/v1/accounts", NEW, idempotency_key="k1")
    assert (again[0], again[1]["concurrency-limit-remaining"]) == (409, "0")
    assert reason(again)[2] == "The request with the Idempotency-Key 'k1' is in progress."
    gate.plan(Fault(kind="hold", seconds=30))
    assert ask("POST", "/v1/accounts", NEW, idempotency_key="k2")[0] == 200
    crowded = ask("POST", "/v1/accounts", NEW)
    assert reason(crowded) == (429, 50000070, CROWDED)
    assert (crowded[1]["retry-after"], crowded[1]["concurrency-limit-remaining"]) == ("120", "0")
    advance(gate, "PT30S")
    assert ask("POST", "/v1/accounts", NEW, idempotency_key="k1")[2] == first[2]


def test_the_21st_big_process_is_one_too_many(gate: Gate, ask: Ask) -> None:
    """Source: Zuora community, concurrency; GitLab, customers-gitlab-com#8514."""
    gate.limit("production")
    gate.plan(Fault(kind="hold", seconds=30, times=BIG_PROCESSES))
    query = {"queryString": "select Id from Account where Id = 'x'"}
    assert {ask("POST", "/v1/action/query", query)[0] for _ in range(20)} == {200}
    status, headers, body = ask("POST", "/v1/action/query", query)
    assert (status, headers["retry-after"], body["code"]) == (429, "120", "REQUEST_EXCEEDED_LIMIT")
    assert ask("GET", ACCOUNT)[0] == 200
    advance(gate, "PT30S")
    assert ask("POST", "/v1/action/query", query)[0] == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"category": 12}, "An error has no category 12. Known: 10, "),
        ({}, "An error needs a category. Known: 10, "),
        ({"category": 50, "times": 0}, "meets at least one request"),
        ({"category": 50, "skip": -1}, "counts with numbers from 0"),
        ({"kind": "timeout", "method": "PSOT"}, "There is no method 'PSOT'. Did you mean 'POST'?"),
        ({"kind": "timeout", "path": "v1/orders"}, "No request has the path 'v1/orders'. Begin it with '/'"),
        ({"kind": "latency"}, "A fault 'latency' cannot last 0 seconds."),
        ({"kind": "hold", "seconds": 10**14}, "A fault 'hold' cannot last 100000000000000 seconds."),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolkitError, match=re.escape(said)):
        Fault(**{"kind": "error", **wrong})


ASYNC_ORDER = {"orderDate": "2026-01-01", "existingAccountNumber": "A00000001", "subscriptions": []}


@pytest.mark.parametrize(
    ("category", "said"),
    [
        (Category.LOCK, f"[40000050]: {LOCKED}"),
        (Category.INTERNAL, "[40000060]: Oops, internal error occurred, please contact Zuora support."),
    ],
)
@pytest.mark.parametrize("path", ["/v1/async/orders", "/v1/async/orders/preview"])
def test_an_asynchronous_order_is_accepted_and_its_job_fails(
    gate: Gate, ask: Ask, path: str, category: Category, said: str
) -> None:
    """Source: recorded by guardian/price-migration-engine, ZuoraAsync.scala."""
    gate.plan(Fault(kind="error", category=category, path="/v1/async/*", method="POST"))
    options = {"previewOptions": {"previewThruType": "TermEnd", "previewTypes": ["BillingDocs"]}}
    status, _, body = ask("POST", path, ASYNC_ORDER | (options if path.endswith("preview") else {}))
    assert status == 202
    shown = ask("GET", f"/v1/async-jobs/{body['jobId']}")[2]
    assert (shown["status"], shown["errors"], shown["success"]) == ("Failed", said, True)


def test_an_asynchronous_deletion_fails_as_a_job_and_the_order_stays(gate: Gate, ask: Ask) -> None:
    gate.plan(Fault(kind="error", category=Category.LOCK, path="/v1/async/orders/*"))
    job = ask("DELETE", "/v1/async/orders/O-00000001")[2]["jobId"]
    assert ask("GET", f"/v1/async-jobs/{job}")[2]["errors"] == f"[40000050]: {LOCKED}"
    assert ask("GET", "/v1/orders/O-00000001")[0] == 200


def test_a_job_that_loses_a_lock_fails_and_one_too_many_is_none(gate: Gate, ask: Ask) -> None:
    gate.plan(Fault(kind="hold", path=ACCOUNT, method="PUT", seconds=60))
    assert ask("PUT", ACCOUNT, {"notes": "busy"})[0] == 200
    status, _, body = ask("POST", "/v1/async/orders", ASYNC_ORDER)
    assert status == 202
    assert ask("GET", f"/v1/async-jobs/{body['jobId']}")[2]["errors"] == f"[40000050]: {LOCKED}"
    gate.plan(Fault(kind="error", category=Category.LIMIT, path="/v1/async/orders"))
    assert ask("POST", "/v1/async/orders", ASYNC_ORDER)[0] == 429


def test_what_a_job_is_to_say_is_added_to_the_query(gate: Gate) -> None:
    gate.plan(Fault(kind="error", category=Category.LOCK))
    body = json.dumps(ASYNC_ORDER).encode()
    asked = gate.handle(Request("POST", "/v1/async/orders", "returnIds=true", KEYS, body))
    job = json.loads(asked.body)["jobId"]
    assert gate._tenant.world.jobs.find(job).errors == f"[40000050]: {LOCKED}"  # noqa: SLF001 - what it kept
