"""The client fills in paths, signs in, and takes every kind of refusal for one."""

import base64
from urllib.parse import parse_qs

import msgspec
import pytest

from toolkit.load.client import Answer, Client, Outgoing, RefusedError, fault_of


class Wire:
    """A transport that keeps what it is given and answers what it is told."""

    def __init__(self, *answers: Answer) -> None:
        self.sent: list[Outgoing] = []
        self._answers = list(answers)

    def __call__(self, outgoing: Outgoing) -> Answer:
        self.sent.append(outgoing)
        return self._answers.pop(0)


def test_a_path_is_filled_and_named_after_its_template() -> None:
    wire = Wire(Answer(200, b'{"success":true,"id":7}'))
    assert Client(wire, {}).get("/v1/accounts/{key}", key="A 1/2")["id"] == 7
    assert wire.sent == [Outgoing("GET /v1/accounts/{key}", "GET", "/v1/accounts/A%201%2F2", {})]


def test_content_is_sent_as_json() -> None:
    wire = Wire(Answer(200, b"{}"))
    Client(wire, {}).post("/v1/orders", {"orderDate": "2026-01-01"})
    (sent,) = wire.sent
    assert (sent.method, sent.headers) == ("POST", {"Content-Type": "application/json"})
    assert msgspec.json.decode(sent.body) == {"orderDate": "2026-01-01"}


def test_a_token_is_carried_by_all_customers_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_CLIENT_ID", "me")
    monkeypatch.setenv("ZUORA_CLIENT_SECRET", "a+b")
    carried: dict[str, str] = {}
    wire = Wire(Answer(200, b'{"access_token":"abc"}'), Answer(200, b"{}"))
    Client(wire, carried).sign_in()
    Client(wire, carried).get("/v1/catalog/products")
    asked, signed = wire.sent
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["me"],
        "client_secret": ["a+b"],
    }
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert signed.headers == {"Authorization": "Bearer abc"}


def test_without_credentials_it_has_an_id_of_the_length_that_zuora_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ZUORA_CLIENT_ID", raising=False)
    wire = Wire(Answer(200, b'{"access_token":"abc"}'))
    Client(wire, {}).sign_in()
    assert len(parse_qs(wire.sent[0].body.decode())["client_id"][0]) == 36


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(200, b'{"success":true}'), ""),
        (Answer(200, b'{"products":[]}'), ""),
        (Answer(204), ""),
        (Answer(404), "HTTP 404"),
        (Answer(500, b"We're sorry"), "HTTP 500"),
        (Answer(0, fault="refused"), "refused"),
        (Answer(0), "no answer"),
        (
            Answer(200, b'{"success":false,"reasons":[{"code":58560040,"message":"Cannot find \'x\'."}]}'),
            "HTTP 200, code 58560040",
        ),
        (Answer(429, b'{"reasons":[{"code":70,"message":"API Rate limit"}]}'), "HTTP 429, code 70"),
    ],
)
def test_a_refusal_is_told_from_a_success(answer: Answer, fault: str) -> None:
    assert fault_of(answer) == fault


def test_a_refusal_ends_the_journey_and_names_the_request() -> None:
    wire = Wire(Answer(503))
    with pytest.raises(RefusedError, match="GET /v1/accounts/{key}: HTTP 503"):
        Client(wire, {}).get("/v1/accounts/{key}", key="A1")


def test_an_answer_that_is_no_json_ends_the_journey() -> None:
    with pytest.raises(msgspec.DecodeError):
        Client(Wire(Answer(200, base64.b64decode("AAEC"))), {}).get("/")
