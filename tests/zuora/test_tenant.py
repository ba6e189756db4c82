"""The cell that answers: credentials, versions, headers, refusals that leave no trace."""

import gzip
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import KEYS
from toolkit import worlds
from toolkit.zuora.calls.call import Request
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

ID = "00000000-0000-4000-8000-000000000000"
FORM = {"content-type": "application/x-www-form-urlencoded"}
ACCOUNT = {"name": "A", "currency": "USD", "billToContact": {"firstName": "J", "lastName": "S"}}
UNKNOWN = "/v1/accounts/nobody"


def token(call: "Caller", body: bytes = b"", **headers: str) -> Any:  # noqa: ANN401 - an Answer
    return call("POST", "/oauth/token", headers={**FORM, **headers}, raw=body)


CREDENTIALS = f"client_id={ID}&client_secret=s&grant_type=client_credentials".encode()


def test_a_token_signs_calls_for_an_hour(call: "Caller") -> None:
    answer = token(call, CREDENTIALS)
    assert (answer.status, answer.body["token_type"], answer.body["expires_in"]) == (200, "bearer", 3599)
    signed = {"authorization": f"Bearer {answer.body['access_token']}"}
    assert call("GET", "/v1/catalog/products", headers=signed).status == 200
    call("POST", "/__toolkit/clock", {"advance": "PT59M"})
    assert call("GET", "/v1/catalog/products", headers=signed).status == 200
    call("POST", "/__toolkit/clock", {"advance": "PT1M"})
    assert call("GET", "/v1/catalog/products", headers=signed).status == 401


@pytest.mark.parametrize(
    "media", ["application/json; charset=utf-8", "Application/JSON", " application/json"]
)
def test_json_may_name_its_charset_and_be_written_as_one_likes(call: "Caller", media: str) -> None:
    assert call("POST", "/v1/accounts", ACCOUNT, headers={**KEYS, "content-type": media}).status == 200


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_an_hour_is_an_hour_also_where_clocks_change(call: "Caller", day: str) -> None:
    call("POST", "/__toolkit/clock", {"to": f"{day}T01:30:00"})
    signed = {"authorization": f"Bearer {token(call, CREDENTIALS).body['access_token']}"}
    for minutes, status in ((59, 200), (1, 401)):
        call("POST", "/__toolkit/clock", {"advance": f"PT{minutes}M"})
        assert call("GET", "/v1/catalog/products", headers=signed).status == status


def test_client_credentials_may_come_as_http_basic(call: "Caller") -> None:
    basic = b64encode(f"{ID}:secret".encode()).decode()
    answer = token(call, b"grant_type=client_credentials", authorization=f"Basic {basic}")
    assert answer.status == 200


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"client_id=short&client_secret=s", {}),
        (f"client_id={ID}&client_secret=".encode(), {}),
        (b"", {}),
        (b"", {"authorization": "Basic %%%"}),
        (b"", {"authorization": "Basic " + b64encode(b"\xff\xfe").decode()}),
    ],
)
def test_credentials_that_cannot_be_right_are_refused(
    call: "Caller", body: bytes, headers: dict[str, str]
) -> None:
    answer = token(call, body or b"x=1", **headers)
    assert answer.status == 401
    assert answer.body["message"].startswith("Invalid client credentials")


@pytest.mark.parametrize("version", ["186.0", "2025-08-12"])
def test_older_clients_call_behind_another_prefix(call: "Caller", version: str) -> None:
    """Source: contactually/zuora-ruby, which calls https://apisandbox-api.zuora.com/rest/v1."""
    assert call("PUT", "/rest/v1/accounts/A00000001", {"notes": "old"}, version=version).body == {
        "success": True
    }
    assert call("GET", "/rest/v1/accounts/A00000001").body["basicInfo"]["notes"] == "old"
    for path in ("accounts/x", "nothing", "action/query"):
        ours, theirs = (call("GET", f"{prefix}/{path}", version=version) for prefix in ("/v1", "/rest/v1"))
        assert (ours.status, ours.body.get("reasons")) == (theirs.status, theirs.body.get("reasons"))
        assert list(ours.body) == list(theirs.body)


def test_a_body_may_come_compressed(call: "Caller") -> None:
    """Source: Zuora, the header Content-Encoding of every operation."""
    packed = {**KEYS, "content-type": "application/json", "content-encoding": "gzip"}
    whole = gzip.compress(b'{"notes": "packed"}')
    assert call("PUT", "/v1/accounts/A00000001", raw=whole, headers=packed).body == {"success": True}
    assert call("GET", "/v1/accounts/A00000001").body["basicInfo"]["notes"] == "packed"
    plain = {**packed, "content-encoding": "identity"}
    assert call("PUT", "/v1/accounts/A00000001", raw=b"{}", headers=plain).body == {"success": True}
    cut = call("PUT", "/v1/accounts/A00000001", raw=whole[:-9], headers=packed)
    assert cut.reason[0] == 51500090
    unpacked = call("PUT", "/v1/accounts/A00000001", raw=b"{}", headers=packed)
    assert unpacked.body == {"success": True}


def test_a_secret_that_no_client_can_have_is_refused(call: "Caller") -> None:
    """Source: Zuora, create an OAuth token: 42 signs at most."""
    answer = token(call, CREDENTIALS.replace(b"=s&", b"=" + b"s" * 43 + b"&"))
    assert (answer.status, list(answer.body)) == (401, ["message"])
    assert token(call, CREDENTIALS.replace(b"=s&", b"=" + b"s" * 42 + b"&")).status == 200


@pytest.mark.parametrize("grant", [b"", b"&grant_type=", b"&grant_type=password"])
def test_no_other_grant_than_client_credentials_gives_a_token(call: "Caller", grant: bytes) -> None:
    """Source: Zuora, create an OAuth token; for the shape the official SDK, CommonErrorResponse."""
    answer = token(call, f"client_id={ID}&client_secret=s".encode() + grant)
    assert (answer.status, answer.body["code"]) == (400, 50000020)
    assert list(answer.body) == ["code", "message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer 8ad0"},
        {"authorization": "Token x"},
        {"apiaccesskeyid": "key"},
        {"apiaccesskeyid": "", "apisecretaccesskey": "s"},
        {"cookie": "other=1; ZSession=8ad0"},
    ],
)
def test_calls_without_valid_credentials_are_refused(call: "Caller", headers: dict[str, str]) -> None:
    assert call("GET", "/v1/catalog/products", headers=headers).reason[0] == 90000011


@pytest.mark.parametrize(("said", "status"), [("ada@press.example:secret", 200), ("ada:", 401), (":s", 401)])
def test_a_name_and_a_password_sign_calls_as_http_basic(call: "Caller", said: str, status: int) -> None:
    signed = {"authorization": f"Basic {b64encode(said.encode()).decode()}"}
    assert call("GET", "/v1/catalog/products", headers=signed).status == status


def test_a_connection_answers_a_cookie_that_signs_calls(call: "Caller") -> None:
    cookie = call("POST", "/v1/connections").headers["set-cookie"].partition(";")[0]
    assert call("GET", "/v1/catalog/products", headers={"cookie": f"a=b; {cookie}"}).status == 200


@pytest.mark.parametrize(
    ("version", "status"), [(None, 200), ("341.0", 200), ("2024-05-20", 404), ("2025-08-12", 404)]
)
def test_errors_have_a_status_of_their_own_from_2024_05_20(
    call: "Caller", version: str | None, status: int
) -> None:
    answer = call("GET", UNKNOWN, version=version)
    assert (answer.status, answer.reason[0]) == (status, 50000040)
    assert len(answer.body["requestId"]) > 16


def test_an_unknown_version_is_refused(call: "Caller") -> None:
    assert "Invalid Zuora-Version: 1.0" in call("GET", UNKNOWN, version="1.0").reason[1]


def test_a_path_that_nothing_serves_is_counted(call: "Caller") -> None:
    for _ in range(2):
        assert call("GET", "/v1/commitments").status == 404
    assert call.tenant.unserved == {"GET /v1/commitments": 2}


def test_only_so_many_unserved_paths_are_counted_by_name(call: "Caller") -> None:
    for number in range(1002):
        call("GET", f"/v1/commitments-{number}")
    call("GET", "/v1/commitments-0")
    assert (len(call.tenant.unserved), call.tenant.unserved["others"]) == (1001, 2)
    assert call.tenant.unserved["GET /v1/commitments-0"] == 2


def test_a_method_that_a_path_does_not_have_is_405(call: "Caller") -> None:
    answer = call("DELETE", "/v1/orders", version="2025-08-12")
    assert (answer.status, answer.reason[0]) == (405, 50000045)


def test_another_media_type_is_415(call: "Caller") -> None:
    headers = {"apiaccesskeyid": "k", "apisecretaccesskey": "s", "content-type": "text/xml; charset=utf-8"}
    answer = call("POST", "/v1/accounts", ACCOUNT, headers=headers)
    assert (answer.status, answer.reason) == (415, (50000045, "Content type 'text/xml' not supported"))


def test_a_track_id_is_echoed_and_only_then(call: "Caller") -> None:
    assert "zuora-track-id" not in call("GET", UNKNOWN).headers
    keys = {"apiaccesskeyid": "k", "apisecretaccesskey": "s"}
    answer = call("GET", UNKNOWN, headers={**keys, "zuora-track-id": "t" * 80})
    assert answer.headers["zuora-track-id"] == "t" * 64


def test_each_answer_has_a_request_id_of_its_own(call: "Caller") -> None:
    ids = {call("GET", UNKNOWN).headers["zuora-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert all([len(part) for part in one.split("-")] == [8, 4, 4, 4, 12] for one in ids)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/accounts", {}),
        ("POST", "/v1/accounts", {**ACCOUNT, "nam": 1}),
        ("POST", "/v1/accounts", {**ACCOUNT, "autoPay": True}),
        ("POST", "/v1/accounts", {**ACCOUNT, "billCycleDay": 32}),
        ("POST", "/v1/accounts", {**ACCOUNT, "accountNumber": "A00000001"}),
        ("POST", "/v1/accounts", {**ACCOUNT, "paymentMethodId": "nothing"}),
        ("PUT", "/v1/accounts/A00000001", {"soldToContactId": "nobody"}),
        ("PUT", "/v1/accounts/A00000001", {"defaultPaymentMethodId": "nothing"}),
        (
            "POST",
            "/v1/payments",
            {"type": "External", "amount": 0, "currency": "USD", "accountId": "A00000001"},
        ),
        ("POST", "/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["B"], "billRunFilters": [{}]}),
        ("POST", "/__toolkit/clock", {"advance": "1 month"}),
        ("POST", "/__toolkit/clock", {"to": "2025-01-01"}),
    ],
)
def test_a_refused_request_changes_nothing(call: "Caller", method: str, path: str, body: object) -> None:
    before = call.tenant.world
    assert call(method, path, body).body["success"] is False
    assert call.tenant.world is before


def test_a_fork_shares_nothing_that_changes(call: "Caller") -> None:
    fork = call.tenant.fork()
    assert fork.world is call.tenant.world
    call("POST", "/v1/accounts", ACCOUNT)
    assert len(fork.world.accounts.rows) + 1 == len(call.tenant.world.accounts.rows)


def test_the_same_requests_get_the_same_bytes() -> None:
    keys = {"apiaccesskeyid": "k", "apisecretaccesskey": "s", "content-type": "application/json"}
    body = b'{"name":"A","currency":"USD","billToContact":{"firstName":"J","lastName":"S"}}'
    requests = [
        Request("POST", "/v1/accounts", headers=keys, body=body),
        Request("GET", UNKNOWN, headers=keys),
    ]
    once, again = (
        [tenant.handle(request) for request in requests]
        for tenant in (Tenant(worlds.load("gitlab-self-managed")), Tenant(worlds.load("gitlab-self-managed")))
    )
    assert once == again


def test_a_snapshot_can_be_restored(call: "Caller") -> None:
    snapshot = call.tenant.world
    made = call("POST", "/v1/accounts", ACCOUNT).body["accountNumber"]
    call.tenant.world = snapshot
    assert call("GET", f"/v1/accounts/{made}").body["success"] is False


def test_a_call_that_has_no_documented_body_needs_none(call: "Caller") -> None:
    assert "'DM00000009'" in call("PUT", "/v1/debit-memos/DM00000009/post").reason[1]
