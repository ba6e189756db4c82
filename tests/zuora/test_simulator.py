"""Several tenants in one process: who is meant, who may control, and every control route."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.simulator import Simulator
from toolkit.zuora.state.world import World
from toolkit.zuora.tenants import Tenants

ID = "00000000-0000-4000-8000-000000000000"
ACCOUNT = "/v1/accounts/A00000001"
WORLD = "gitlab-self-managed"
PAGE = (Path(__file__).parent / "recordings" / "catalog" / "page.json").read_bytes()


class Caller:
    """Calls a simulator, signed as the default tenant's client unless other headers are given."""

    def __init__(self, tenants: Tenants, token: str | None = None) -> None:
        self.tenants = tenants
        self.handle = Simulator(tenants, worlds.load, token).handle

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        route, _, query = path.partition("?")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        keys = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
        response = self.handle(Request(method, route, query, {**keys, **sent}, content))
        kind = dict(response.headers)["content-type"]
        return response.status, json.loads(response.body) if kind.startswith(
            "application/json"
        ) else response.body

    def control(self, method: str, route: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        status, answer = self(method, f"/__toolkit/{route}", body)
        assert status == 200, answer
        return answer

    def note(self, said: str, **headers: str) -> None:
        assert self("PUT", ACCOUNT, {"notes": said}, **headers)[0] == 200


def opened(directory: Path | None = None) -> Tenants:
    return Tenants(WORLD, lambda: worlds.load(WORLD), directory)


@pytest.fixture
def call() -> Iterator[Caller]:
    with opened() as tenants:
        yield Caller(tenants)


def test_requests_that_come_together_are_answered_as_if_they_came_one_by_one() -> None:
    keys = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
    write = Request("PUT", ACCOUNT, "", keys, b'{"notes": "a"}')
    read = Request("GET", ACCOUNT, "", keys)
    forward = Request("POST", "/__toolkit/clock", "", keys, b'{"advance": "P1D"}')
    with opened() as tenants, opened() as others:
        one, other = Simulator(tenants, worlds.load), Simulator(others, worlds.load)
        for requests in ([write, read], [write, forward, read]):
            assert one.handle_all(requests) == [other.handle(request) for request in requests]
        assert tenants["default"].tenant.world == others["default"].tenant.world


def test_while_limits_hold_requests_that_come_together_are_open_together() -> None:
    keys = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
    dated = {**keys, "zuora-version": "2025-08-12"}
    write, other, read = (
        Request("PUT", ACCOUNT, "", dated, b'{"notes": "a"}'),
        Request("PUT", "/v1/accounts/A00000002", "", dated, b'{"notes": "a"}'),
        Request("GET", ACCOUNT, "", dated),
    )
    with opened() as tenants:
        simulator = Simulator(tenants, worlds.load)
        turn = [write, write, other, read]
        assert [one.status for one in simulator.handle_all(turn)] == [200] * 4
        simulator.handle(Request("PUT", "/__toolkit/limits", "", keys, b'{"kind": "production"}'))
        answers = simulator.handle_all(turn)
        assert [one.status for one in answers] == [200, 409, 200, 200]
        assert b"lock competition" in answers[1].body
        left = [int(dict(one.headers)["concurrency-limit-remaining"]) for one in answers]
        assert left == [39, 38, 38, 37]
        assert [one.status for one in simulator.handle_all([write, read])] == [200] * 2
        assert [simulator.handle(write).status for _ in range(2)] == [200] * 2


def notes(call: Caller, name: str = "default") -> str | None:
    return call.tenants[name].tenant.world.accounts.find("A00000001").notes


def test_without_set_up_there_is_one_tenant_for_everybody(call: Caller) -> None:
    call.note("mine")
    assert notes(call) == "mine"
    stand = {"now": "2026-01-01T00:00:00-08:00", "number": 1}
    assert call.control("GET", "tenants") == {"tenants": [{"name": "default", "clients": [], **stand}]}


def test_who_signs_in_with_a_tenants_key_is_in_that_tenant(call: Caller) -> None:
    made = call.control("POST", "tenants", {"name": "b", "world": WORLD, "clients": ["theirs"]})
    assert (made["name"], len(made["clients"][0]), made["clients"][1:]) == ("b", 36, ["theirs"])
    for key in ("b", "theirs", made["clients"][0]):
        call.note(key, apiaccesskeyid=key)
        assert (notes(call, "b"), notes(call)) == (key, None)
    basic = {"authorization": f"Basic {b64encode(b'theirs:s').decode()}"}
    answer = call.handle(Request("GET", ACCOUNT, "", basic))
    assert json.loads(answer.body)["basicInfo"]["notes"] == notes(call, "b")
    call.note("header", toolkit_tenant="b")
    call.note("others", apiaccesskeyid="unknown")
    assert (notes(call, "b"), notes(call)) == ("header", "others")


def test_a_token_belongs_to_the_tenant_that_gave_it(call: Caller) -> None:
    client = call.control("POST", "tenants", {"name": "b", "fork": "default"})["clients"][0]
    sent = {"content-type": "application/x-www-form-urlencoded"}
    form = f"client_id={client}&client_secret=s&grant_type=client_credentials".encode()
    basic = {**sent, "authorization": f"Basic {b64encode(f'{client}:s'.encode()).decode()}"}
    for headers, body in ((sent, form), (basic, b"grant_type=client_credentials")):
        answer = json.loads(call.handle(Request("POST", "/oauth/token", "", headers, body)).body)
        token = {"authorization": f"Bearer {answer['access_token']}"}
        before = sum(call.tenants["b"].tenant.served.values())
        assert call.handle(Request("GET", ACCOUNT, "", token)).status == 200
        assert sum(call.tenants["b"].tenant.served.values()) == before + 1
    assert not call.tenants["default"].tenant.served
    assert call.handle(Request("GET", ACCOUNT, "", {"authorization": "Bearer other"})).status == 401
    assert sum(call.tenants["default"].tenant.served.values()) == 1


def test_each_tenant_has_a_clock_a_journal_and_snapshots_of_its_own(call: Caller) -> None:
    call.control("POST", "tenants", {"name": "b", "world": "empty", "start": "2027-05-01"})
    call.control("POST", "clock", {"advance": "P1D"})
    call.control("POST", "tenants/b/snapshots", {"name": "here"})
    assert call.control("GET", "snapshots") == {"snapshots": []}
    assert call.control("GET", "tenants/b/snapshots") == {"snapshots": [{"name": "here", "number": 0}]}
    rows = call.control("GET", "tenants")["tenants"]
    assert [(one["now"][:10], one["number"]) for one in rows] == [("2026-01-02", 1), ("2027-05-01", 0)]
    assert call.control("GET", "tenants/b/clock")["now"][:10] == "2027-05-01"


def test_a_removed_tenant_is_gone_and_its_clients_are_the_default_ones(call: Caller) -> None:
    call.control("POST", "tenants", {"name": "b", "world": WORLD})
    call.control("DELETE", "tenants/b")
    call.note("x", apiaccesskeyid="b")
    assert notes(call) == "x"
    assert call("GET", ACCOUNT, toolkit_tenant="b")[0] == 404


@pytest.mark.parametrize(
    ("method", "route", "body", "said"),
    [
        ("POST", "tenants", {"name": "b"}, "begins with a 'world', or as a 'fork'"),
        ("POST", "tenants", {"name": "b", "world": "nowhere"}, "There is no 'nowhere'"),
        ("POST", "tenants", {"name": "b", "fork": "defualt"}, "no tenant 'defualt'. Did you mean 'default'"),
        ("POST", "tenants", {"name": "default", "world": WORLD}, "There is a tenant 'default' already"),
        ("POST", "tenants", {"name": "../b", "world": WORLD}, "A tenant cannot be called"),
        ("POST", "tenants", {"name": "b", "world": WORLD, "clients": ["default"]}, "belongs to the tenant"),
        ("POST", "tenants", {"name": "b", "world": WORLD, "start": "2020-01-01"}, "cannot start on"),
        ("DELETE", "tenants/default", None, "cannot be removed. Rewind it"),
        ("DELETE", "tenants/b", None, "There is no tenant 'b'"),
        ("GET", "tenants/b/clock", None, "There is no tenant 'b'"),
        ("POST", "restore", {"name": "x"}, "There is no snapshot 'x'"),
        ("POST", "restore", {"nam": "x"}, "The body is not what this route takes"),
        ("POST", "rewind", {"to": 7}, "There is no state after request 7"),
        ("GET", "diff", None, "'from' is missing"),
        ("GET", "diff?from=9", None, "There is no state after request 9"),
        ("GET", "diff?from=%C2%B2", None, "There is no snapshot '²'"),
        ("GET", f"diff?from={'9' * 5000}", None, "There is no snapshot '999"),
        ("GET", "journal?size=many", None, "'size' is 'many', no number"),
        ("GET", "journal?size=9999999999", None, "no number of up to 9 digits"),
        ("GET", "journal?after=-1", None, "'after' is '-1', no number"),
        ("POST", "import", b"x", "no archive of a world"),
        ("POST", "catalog", b"x", "no page of a catalog"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    call: Caller, method: str, route: str, body: object, said: str
) -> None:
    before = call.tenants["default"].tenant.world
    status, answer = call(method, f"/__toolkit/{route}", body)
    assert (status, answer["success"]) == (400, False)
    assert said in answer["reasons"][0]["message"]
    assert call.tenants["default"].tenant.world is before
    assert list(call.tenants) == ["default"]


def test_a_control_route_that_there_is_not_is_404_with_the_likely_one(call: Caller) -> None:
    status, answer = call("GET", "/__toolkit/snapshot")
    assert status == 404
    assert "Did you mean 'GET snapshots'?" in answer["reasons"][0]["message"]
    assert "Did you mean 'GET clock'?" in call("GET", "/__toolkit/clok")[1]["reasons"][0]["message"]
    assert "Known: DELETE faults, " in call("GET", "/__toolkit/")[1]["reasons"][0]["message"]


def test_a_bug_behind_a_control_route_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    def load(_name: str, _seed: str) -> World:
        raise ZeroDivisionError

    body = b'{"name": "b", "world": "empty"}'
    with Tenants("empty", lambda: worlds.load("empty")) as tenants:
        answer = Simulator(tenants, load).handle(Request("POST", "/__toolkit/tenants", "", {}, body))
    assert answer.status == 500
    assert b"internal error" in answer.body
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_states_are_named_restored_compared_and_listed_over_http(call: Caller) -> None:
    assert call.control("POST", "snapshots", {"name": "start"})["number"] == 0
    call.note("a")
    call.note("b")
    (changed,) = call.control("GET", "diff?from=1")["tables"]["accounts"]["changed"]
    assert changed["fields"] == {"notes": {"before": "a", "after": "b"}}
    assert call.control("GET", "diff?from=start&to=2")["tables"].keys() == {"accounts"}
    assert call.control("POST", "rewind", {"to": 1})["number"] == 3
    assert notes(call) == "a"
    call.control("POST", "restore", {"name": "start"})
    assert notes(call) is None
    first = call.control("GET", "journal?size=1")
    assert first["requests"] == [{"number": 1, "method": "PUT", "path": ACCOUNT, "status": 200}]
    assert (first["earliest"], first["count"], first["next"]) == (0, 4, 1)
    rest = call.control("GET", f"journal?after={first['next']}")
    assert ([row["number"] for row in rest["requests"]], "next" in rest) == ([2, 3, 4], False)
    assert call.control("DELETE", "snapshots/start") == {"snapshots": []}


def test_a_tenant_is_carried_to_another_one(call: Caller) -> None:
    call.note("a")
    archived = call.control("GET", "export")
    call.control("POST", "tenants", {"name": "b", "world": "empty"})
    call.control("POST", "tenants/b/import", archived)
    assert notes(call, "b") == "a"
    call.control("POST", "tenants/b/catalog", PAGE)
    assert call("GET", "/v1/catalog/products/PC-00000031", apiaccesskeyid="b")[1]["name"] == "Contributor"


def test_what_was_asked_for_is_counted_by_endpoint_path_and_operation(call: Caller) -> None:
    missing = call.control("GET", "coverage")["operations"]["missing"]
    wanted = next(one["operation"] for one in missing if one["operation"].startswith("GET "))
    path = wanted.removeprefix("GET ").replace("{", "").replace("}", "")
    for asked in (ACCOUNT, ACCOUNT, "/v1/nothing", path, f"{path}/"):
        call("GET", asked)
    found = call.control("GET", "coverage")
    assert found["served"] == [{"method": "GET", "path": "/v1/accounts/{account-key}", "count": 2}]
    assert found["unserved"]["GET /v1/nothing"] == 1
    operations = found["operations"]
    assert operations["known"] == 667 == operations["served"] + operations["unserved"]
    assert [one for one in operations["missing"] if one["count"]] == [{"operation": wanted, "count": 2}]


def test_with_a_token_nobody_controls_without_it() -> None:
    with opened() as tenants:
        call = Caller(tenants, "geheim")
        for given in ({}, {"toolkit_control_token": "wrong"}):
            assert call("GET", "/__toolkit/clock", **given)[0] == 401
        assert call("GET", "/__toolkit/clock", toolkit_control_token="geheim")[0] == 200  # noqa: S106 - the test's
        assert call("GET", ACCOUNT)[0] == 200


@pytest.mark.parametrize(
    "path", ["//__toolkit/clock", "///__toolkit/clock", "/__toolkit//clock", "/./__toolkit/clock"]
)
def test_no_spelling_of_a_path_gets_around_the_token(path: str) -> None:
    with opened() as tenants:
        assert Caller(tenants, "geheim")("GET", path)[0] in {401, 404}


def test_tenants_survive_a_restart_and_a_removed_one_does_not(tmp_path: Path) -> None:
    with opened(tmp_path) as tenants:
        call = Caller(tenants)
        for name in ("b", "c"):
            call.control("POST", "tenants", {"name": name, "world": WORLD, "clients": [f"of {name}"]})
        call.note("kept", apiaccesskeyid="of b")
        call.control("POST", "tenants/b/snapshots", {"name": "here"})
        call.note("later", apiaccesskeyid="b")
        call.control("DELETE", "tenants/c")
    with opened(tmp_path) as tenants:
        call = Caller(tenants)
        assert (list(tenants), notes(call, "b"), notes(call)) == (["default", "b"], "later", None)
        call.control("POST", "tenants/b/restore", {"name": "here"})
        assert notes(call, "b") == "kept"
        call.note("again", apiaccesskeyid="of b")
        assert notes(call, "b") == "again"


def test_a_directory_that_began_otherwise_is_let_go_of(tmp_path: Path) -> None:
    opened(tmp_path).__exit__()
    with pytest.raises(ToolkitError, match="began with gitlab-self-managed, not with empty"):
        Tenants("empty", lambda: worlds.load("empty"), tmp_path)
    opened(tmp_path).__exit__()


@pytest.mark.parametrize("content", [None, b"x", b"{}"])
def test_a_directory_that_is_no_tenants_is_named(tmp_path: Path, content: bytes | None) -> None:
    with opened(tmp_path):
        pass
    odd = tmp_path / "tenants" / "odd one"
    odd.mkdir(parents=True)
    if content is not None:
        (odd / "clients").write_bytes(content)
    with pytest.raises(ToolkitError, match="odd one is no directory of a tenant"):
        opened(tmp_path)


def test_limits_and_faults_of_one_tenant_are_planned_and_taken_away(call: Caller) -> None:
    planned = call.control("POST", "faults", {"kind": "error", "category": 60, "path": ACCOUNT, "times": 2})
    fault = {"kind": "error", "path": ACCOUNT, "times": 2, "category": 60}
    assert planned == {"faults": [{"number": 1, "left": 2, "fault": fault}]}
    assert call("GET", ACCOUNT)[1]["reasons"][0]["code"] == 50000060
    assert call.control("GET", "faults")["faults"][0]["left"] == 1
    assert call.control("DELETE", "faults") == {"faults": []}
    assert call("GET", ACCOUNT)[1]["success"]
    assert call.control("PUT", "limits", {"kind": "api-sandbox"}) == {"kind": "api-sandbox"}
    request = Request("GET", ACCOUNT, "", {"apiaccesskeyid": "key", "apisecretaccesskey": "x"})
    assert dict(call.handle(request).headers)["ratelimit-remaining"] == "2499"
    assert call.control("PUT", "limits", {"kind": None}) == call.control("GET", "limits") == {"kind": None}
    assert "ratelimit-remaining" not in dict(call.handle(request).headers)
    status, answer = call("POST", "/__toolkit/faults", {"kind": "error", "category": 1})
    assert (status, "An error has no category 1" in answer["reasons"][0]["message"]) == (400, True)


@pytest.mark.parametrize("of", ["", "tenants/b/"])
def test_what_a_tenant_controls_itself_is_asked_of_it(call: Caller, of: str) -> None:
    call.control("POST", "tenants", {"name": "b", "world": WORLD})
    call.control("POST", f"{of}callout-faults", {"kind": "loss"})
    assert len(call.control("GET", f"{of}callout-faults")["faults"]) == 1
    other = "" if of else "tenants/b/"
    assert call.control("GET", f"{other}callout-faults")["faults"] == []
    assert call.control("GET", f"{of}callouts?state=lost")["callouts"] == []
    assert call.control("POST", f"{of}payment-gateways", {"name": "Second"})["success"] is True
