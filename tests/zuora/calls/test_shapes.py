"""Refusals of actions, CRUD calls and tokens, whose shapes are not those of /v1."""

from typing import TYPE_CHECKING

import pytest

from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.shapes import shaped

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

LOCK = Refusal(Category.LOCK, "locked")
LOST = {"Success": False, "Errors": [{"Code": "LOCK_COMPETITION", "Message": "locked"}]}


@pytest.mark.parametrize("version", [None, "2024-05-20", "2025-08-12"])
@pytest.mark.parametrize(
    ("path", "raw", "fault"),
    [
        ("query", b"{}", ("MISSING_REQUIRED_VALUE", "'queryString' may not be null")),
        ("query", b'{"queryString": "x", "a": 1}', ("INVALID_FIELD", "Invalid parameter(s): 'a'.")),
        ("create", b'{"type": "Nope", "objects": [{}]}', ("INVALID_TYPE", "invalid type: Nope")),
        (
            "create",
            b'{"type": "Account", "objects": [' + b"{}," * 50 + b"{}]}",
            ("MAX_RECORDS_EXCEEDED", "A call takes at most 50 objects, not 51."),
        ),
    ],
)
def test_an_action_that_is_refused_as_a_whole_is_a_fault_in_every_version(
    call: "Caller", path: str, raw: bytes, fault: tuple[str, str], version: str | None
) -> None:
    """Source: the official SDK, FaultResponse with HTTP 400; API upgrades: not of actions."""
    answer = call("POST", f"/v1/action/{path}", raw=raw, version=version)
    assert answer.status == 400
    assert answer.body == {"FaultCode": fault[0], "FaultMessage": fault[1]}


def test_an_unknown_action_is_the_clients_error(call: "Caller") -> None:
    """Source: GU-SSL, zuoraErrorHandler: recorded."""
    answer = call("POST", "/v1/action/query1", {})
    assert (answer.status, answer.body) == (
        400,
        {"code": "ClientError", "message": "Invalid action 'query1'"},
    )
    assert call.tenant.unserved["POST /v1/action/query1"] == 1


def test_what_delete_refuses_as_a_whole_has_code_and_message(call: "Caller") -> None:
    """Source: the official SDK, FailedReason."""
    answer = call("POST", "/v1/action/delete", {"type": "Nope", "ids": []})
    assert (answer.status, answer.body) == (400, {"code": "INVALID_TYPE", "message": "invalid type: Nope"})


def test_an_action_beyond_the_concurrency_limit_says_so_as_recorded() -> None:
    """Source: GU-SSL, httpResponse.test.ts; GitLab, customers-gitlab-com#8514."""
    limit = Refusal(Category.LIMIT, "crowded", status=429)
    assert shaped(Request("POST", "/v1/action/query"), limit, crud=False) == (
        429,
        {
            "code": "REQUEST_EXCEEDED_LIMIT",
            "message": (
                "Your total number of concurrent requests have exceeded the limit allowed by the system. "
                "Please resubmit your request later."
            ),
        },
    )


@pytest.mark.parametrize(
    ("raw", "count"),
    [(b'{"type": "Account", "objects": [{}, {}]}', 2), (b'{"objects": []}', 1), (b"[1, 2]", 1), (b"{", 1)],
)
def test_an_action_that_loses_a_lock_answers_each_object_with_http_200(raw: bytes, count: int) -> None:
    """Source: iron_bank, error.rb, which looks for LOCK_COMPETITION in lists of HTTP 200."""
    request = Request("POST", "/v1/action/update", body=raw)
    assert shaped(request, LOCK, crud=True) == (200, [LOST] * count)


def test_a_query_and_a_single_object_that_lose_a_lock_are_refused_as_a_whole() -> None:
    query = shaped(Request("POST", "/v1/action/query"), LOCK, crud=False)
    assert query == (409, {"FaultCode": "LOCK_COMPETITION", "FaultMessage": "locked"})
    assert shaped(Request("PUT", "/v1/object/account/1"), LOCK, crud=True) == (409, LOST)
    assert shaped(Request("PUT", "/v1/accounts/1"), LOCK, crud=False) is None


def test_a_token_that_is_refused_has_a_message_only(call: "Caller") -> None:
    """Source: the official SDK, create an OAuth token: ProxyUnauthorizedResponse."""
    answer = call("POST", "/oauth/token", raw=b"client_id=a", headers={})
    assert answer.status == 401
    assert list(answer.body) == ["message"]


@pytest.mark.parametrize("path", ["/notifications/email-templates/x", "/events/event-triggers/x"])
def test_the_version_matters_below_v1_only(call: "Caller", path: str) -> None:
    """Source: Zuora, API versions; the official SDK, which declares 404 whatever the version."""
    assert (call("GET", path).status, call("GET", "/v1/accounts/x").status) == (404, 200)


def test_an_action_without_credentials_is_refused_as_everything_is(call: "Caller") -> None:
    assert call("POST", "/v1/action/create", {}, headers={}).reason[0] == 90000011
