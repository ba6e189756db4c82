"""What a server makes up is carried into later requests; nothing else is."""

import json

import pytest

from toolkit.recording.carry import Carried
from toolkit.recording.interactions import Request, Response, shown

OLD, NEW = "2c92c0f9542cee3a01542f9d55e03598", "8ad0823f8e5f0b9b018e5f3e3a4b1c77"


def _response(data: object, **headers: str | tuple[str, ...]) -> Response:
    return Response(200, headers, shown(json.dumps(data)))


def _carried(recorded: Response, live: Response, after: Request | None = None) -> Carried:
    carried = Carried({})
    carried.into(after or Request("GET", "/first"))
    carried.learn(recorded, live)
    return carried


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("GET", f"/v1/accounts/{OLD}/summary"), Request("GET", f"/v1/accounts/{NEW}/summary")),
        (
            Request("GET", "/v1", f"filter%5B%5D=id.EQ%3A{OLD}"),
            Request("GET", "/v1", f"filter%5B%5D=id.EQ%3A{NEW}"),
        ),
        (
            Request("POST", "/v1", headers={"authorization": f"Bearer {OLD}"}),
            Request("POST", "/v1", headers={"authorization": f"Bearer {NEW}"}),
        ),
        (
            Request("POST", "/v1", body=shown(f'{{"a":[1.00,{{"q":"Id = \'{OLD}\'","{OLD}":true}}]}}')),
            Request("POST", "/v1", body=shown(f'{{"a":[1.00,{{"q":"Id = \'{NEW}\'","{NEW}":true}}]}}')),
        ),
        (Request("GET", f"/v1/{OLD}x"), Request("GET", f"/v1/{OLD}x")),
    ],
)
def test_an_id_is_carried_to_wherever_it_stands_as_a_word(request_: Request, expected: Request) -> None:
    assert _carried(_response({"id": OLD}), _response({"id": NEW})).into(request_) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Active", "Draft"),
        ("Completed", "Error123"),
        ("2026-11-22", "2027-01-01"),
        ("2026-11-22T06:00:35", "2027-01-01T06:00:35"),
        ("A0001", "A0002"),
        ("two words 12345678", "three words and 12345679"),
    ],
)
def test_what_is_no_id_is_not_carried(old: str, new: str) -> None:
    asked = Request("POST", "/", body=f"{old} 12345678")
    assert _carried(_response({"it": old}), _response({"it": new})).into(asked) == asked


def test_what_the_client_said_first_is_its_own() -> None:
    asked = Request("GET", f"/v1/accounts/{OLD}")
    assert _carried(_response({"id": OLD}), _response({"id": NEW}), after=asked).into(asked) == asked


def test_a_token_may_have_any_characters() -> None:
    carried = _carried(
        _response({"access_token": "redacted-secret-1"}), _response({"access_token": "a.b+c/d="})
    )
    asked = Request("GET", "/", headers={"authorization": "Bearer redacted-secret-1"})
    assert carried.into(asked).headers == {"authorization": "Bearer a.b+c/d="}


def test_headers_are_learned_from_word_by_word() -> None:
    carried = _carried(
        _response(
            {}, location=f"http://a/v1/usage/{OLD}/status", **{"set-cookie": ("a=1", f"s={OLD}1; Path=/")}
        ),
        _response(
            {}, location=f"http://b/v1/usage/{NEW}/status", **{"set-cookie": ("a=1", f"s={NEW}1; Path=/")}
        ),
    )
    asked = Request("GET", f"/v1/usage/{OLD}/status", headers={"cookie": f"s={OLD}1"})
    assert carried.into(asked) == Request("GET", f"/v1/usage/{NEW}/status", headers={"cookie": f"s={NEW}1"})


def test_elements_are_paired_by_name_wherever_they_stand() -> None:
    recorded = _response([{"name": "Premium", "id": "premium-1"}, {"name": "Ultimate", "id": "ultimate-1"}])
    live = _response(
        [
            {"name": "New", "id": "newer-001"},
            {"name": "Ultimate", "id": "ultimate-2"},
            {"name": "Premium", "id": "premium-2"},
        ]
    )
    assert (
        _carried(recorded, live).into(Request("GET", "/premium-1/ultimate-1")).path == "/premium-2/ultimate-2"
    )


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        ([{"id": OLD}], [{"id": NEW}, {"id": OLD}]),
        ([{"id": OLD, "name": "a"}], [{"id": NEW, "name": "b"}]),
        ({"id": OLD}, {"error": NEW}),
        ({"id": OLD}, [NEW]),
        ({"id": OLD}, {"id": 12345678}),
    ],
)
def test_what_has_no_partner_carries_nothing(recorded: object, live: object) -> None:
    asked = Request("GET", f"/{OLD}")
    assert _carried(_response(recorded), _response(live)).into(asked) == asked


def test_elements_without_names_are_paired_by_position() -> None:
    carried = _carried(_response([{"id": "x"}, {"id": OLD}]), _response([{"id": "y"}, {"id": NEW}]))
    assert carried.into(Request("GET", f"/{OLD}")).path == f"/{NEW}"


def test_the_first_place_of_a_word_decides() -> None:
    carried = _carried(_response({"id": OLD, "last": OLD}), _response({"id": NEW, "last": "other-123"}))
    assert carried.into(Request("GET", f"/{OLD}")).path == f"/{NEW}"


def test_text_that_is_no_json_is_learned_from_too() -> None:
    assert (
        _carried(Response(200, body=f"made {OLD}"), Response(200, body=f"made {NEW}"))
        .into(Request("GET", f"/{OLD}"))
        .path
        == f"/{NEW}"
    )


def test_what_is_known_from_the_start_is_put_in() -> None:
    asked = Request(
        "POST",
        "/",
        headers={"content-type": "application/x-www-form-urlencoded"},
        body="client_id=redacted-secret-1",
    )
    assert Carried({"redacted-secret-1": "the real & one"}).into(asked).text == "client_id=the+real+%26+one"
