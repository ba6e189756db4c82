"""Requests are compared by what they mean, and every difference is named with its place."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.recording.interactions import Interaction, Request, Response, shown
from toolkit.recording.matching import differences, key
from toolkit.recording.scrub import scrub

FORM = {"content-type": "application/x-www-form-urlencoded"}
LEAVES = (
    st.text() | st.booleans() | st.none() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
)
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


def _post(body: str, path: str = "/v1/orders", query: str = "", **headers: str) -> Request:
    return Request("POST", path, query, headers, shown(body))


def _multipart(boundary: str, content: str) -> Request:
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    return Request(
        "POST", "/v1/usage", headers=headers, body=f"--{boundary}\r\n\r\n{content}\r\n--{boundary}--\r\n"
    )


def _as_json(data: object, *, spaced: bool, backwards: bool) -> str:
    """Write the same data in another way: other spaces, other order of names."""
    if isinstance(data, dict):
        names = list(reversed(data)) if backwards else list(data)
        members = (
            f"{json.dumps(name)}:{_as_json(data[name], spaced=spaced, backwards=backwards)}" for name in names
        )
        return "{" + (" , " if spaced else ",").join(members) + "}"
    if isinstance(data, list):
        return "[" + ",".join(_as_json(element, spaced=spaced, backwards=backwards) for element in data) + "]"
    return str(data) if isinstance(data, Decimal) else json.dumps(data, ensure_ascii=spaced)


@given(DATA)
def test_the_same_data_written_differently_is_the_same_request(data: object) -> None:
    one = key(_post(_as_json([data], spaced=False, backwards=False)))
    other = key(_post(_as_json([data], spaced=True, backwards=True)))
    assert one == other
    assert hash(one) == hash(other)
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_post('{"quantity":15}'), _post('{"quantity":15.0}')),
        (_post('{"big":12345678901234567890123}'), _post('{"big":1.2345678901234567890123e22}')),
        (Request("GET", "/v1/accounts/A%30", "a=1&b=2"), Request("GET", "/v1/accounts/A0", "b=2&a=1")),
        (Request("GET", "/v1", "filter%5B%5D=a+b"), Request("GET", "/v1", "filter[]=a%20b")),
        (
            Request("POST", "/", headers=FORM, body="a=1&b="),
            Request("POST", "/", headers=FORM, body="b=&a=1"),
        ),
        (_post("{}", authorization="Bearer one"), _post("{}", authorization="Bearer two")),
        (_post('{"password":"mine"}'), _post('{"password":"yours"}')),
        (_post('{"password":1234}'), _post('{"password":4321}')),
        (Request("GET", "/users/a@x.org", "token=1"), Request("GET", "/users/b@y.org", "token=2")),
        (_multipart("123", "a,b"), _multipart("abc", "a,b")),
    ],
)
def test_requests_that_ask_for_the_same_match(one: Request, other: Request) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("sent", "recorded", "expected"),
    [
        (Request("GET", "/a"), Request("PUT", "/a"), ["method is 'GET', recorded is 'PUT'"]),
        (Request("GET", "/a%2Fb"), Request("GET", "/a/b"), ["path is '/a%2Fb', recorded is '/a/b'"]),
        (Request("GET", "/", "p=1"), Request("GET", "/", "p=2"), ["query.p is '1', recorded is '2'"]),
        (
            Request("GET", "/", "p=1&p=2"),
            Request("GET", "/", "p=2&p=1"),
            ["query.p[0] is '1', recorded is '2'"],
        ),
        (_post('{"a":true}'), _post('{"a":1}'), ["body.a is true, recorded is 1"]),
        (_post('{"a":"1"}'), _post('{"a":1}'), ["body.a is '1', recorded is 1"]),
        (
            _post('{"a":0.1}'),
            _post('{"a":0.1000000000000000055}'),
            ["body.a is 0.1, recorded is 0.1000000000000000055"],
        ),
        (_post('{"a":[{"b":1}]}'), _post('{"a":[{"b":2}]}'), ["body.a[0].b is 1, recorded is 2"]),
        (_post('{"a":[1,2]}'), _post('{"a":[1]}'), ["body.a[1] is 2, recorded is nothing"]),
        (_post('{"a":[1]}'), _post('{"a":{"b":1}}'), ["body.a is a list, recorded is an object"]),
        (_post("{}"), _post('{"a":null}'), ["body.a is nothing, recorded is null"]),
        (_post("text"), _post(""), ["body is 'text', recorded is ''"]),
        (_post("[NaN]"), _post("[1]"), ["body is '[NaN]', recorded is a list"]),
        (_post("x" * 99), _post("y"), [f"body is '{'x' * 79}…, recorded is 'y'"]),
        (
            Request("GET", "/a", "x=1"),
            Request("POST", "/b", "x=1", body="c"),
            [
                "method is 'GET', recorded is 'POST'",
                "path is '/a', recorded is '/b'",
                "body is '', recorded is 'c'",
            ],
        ),
    ],
)
def test_each_difference_has_its_place(sent: Request, recorded: Request, expected: list[str]) -> None:
    assert key(sent) != key(recorded)
    assert differences(key(sent), key(recorded)) == expected


def test_a_key_holds_no_secret() -> None:
    sent = _post('{"client_secret":"hunter2hunter2"}', path="/a@b.org", query="token=hunter3hunter3")
    assert "hunter" not in repr(key(sent))
    assert "a@b.org" not in repr(key(sent))


def test_what_was_redacted_by_being_known_matches_any_text_there() -> None:
    query = "select Id from Contact where Note like Lovelace"
    recorded = scrub(
        [
            Interaction(_post('{"lastName":"Lovelace"}'), Response(200)),
            Interaction(_post(json.dumps({"queryString": query})), Response(200)),
        ]
    )[1].request
    assert key(recorded).is_loose
    sent = key(_post(json.dumps({"queryString": query.replace("Lovelace", "Byron")})))
    assert differences(sent, key(recorded)) == []
    assert differences(key(_post(json.dumps({"queryString": "select"}))), key(recorded)) != []
    assert not key(_post("{}")).is_loose


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":1E99999999999999999999}', '{"a":', '{"a":1}}'])
def test_odd_bodies_are_compared_as_text(text: str) -> None:
    assert key(_post(text)) == key(_post(text))
    assert key(_post(text)) != key(_post("{}"))
