"""No secret reaches a cassette, wherever it stands, and what is no secret stays."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.recording import files
from toolkit.recording.interactions import Cassette, Interaction, Recorded, Request, Response, shown
from toolkit.recording.scrub import scrub

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
NAMES = st.sampled_from(["client_secret", "accessToken", "apiSecretAccessKey", "password", "refresh_token"])
ASCII = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=";"), min_size=6)
HEADER_SECRETS = ASCII.map("zq{}".format)
SECRETS = HEADER_SECRETS | st.text(min_size=6).map("zq{}".format)

ORDINARY_EMAILS = st.emails().filter(lambda address: not set("/&=?") & set(address))
LOOKS = ORDINARY_EMAILS | st.sampled_from(["4111111111111111", "5500 0000 0000 0004"])


def _interaction(request: Request | None = None, response: Response | None = None) -> Interaction:
    return Interaction(request or Request("GET", "/v1/accounts"), response or Response(200))


def _written(*interactions: Interaction) -> str:
    """Return what stands in the file, and once more with YAML's escapes undone."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cassette.yaml"
        recorded = Recorded(datetime(2026, 11, 22, tzinfo=UTC), "simulator", "0.1.0")
        files.write(path, Cassette(1, recorded, scrub(interactions)))
        read = files.read(path)
        texts = [
            text
            for interaction in read.interactions
            for message in (interaction.request, interaction.response)
            for text in (*(value for _, value in message.header_lines()), message.text)
        ]
        return "\n".join([path.read_text(), *texts, *(each.request.target for each in read.interactions)])


def _forms(secret: str) -> set[str]:
    return {
        *(secret, quote(secret), quote(secret, safe=""), quote_plus(secret)),
        *(json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]),
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }


def _lower_hex(encoded: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), encoded)


def _in_json(name: str, secret: str, depth: int) -> str:
    data: object = {name: secret}
    for level in range(depth):
        data = [{"items": data}, level] if level % 2 else {"data": data, "price": 1.0}
    return json.dumps(data)


PLACES: dict[str, Callable[[str, str], Interaction]] = {
    "form": lambda name, secret: _interaction(
        Request("POST", "/oauth/token", headers=FORM, body=urlencode({"grant_type": "x", name: secret}))
    ),
    "query": lambda name, secret: _interaction(Request("GET", "/v1/files", urlencode({name: secret}))),
    "request JSON": lambda name, secret: _interaction(
        Request("POST", "/v1/x", headers=JSON, body=shown(_in_json(name, secret, 3)))
    ),
    "response JSON": lambda name, secret: _interaction(
        response=Response(200, JSON, shown(_in_json(name, secret, 6)))
    ),
    "JSON in a string of JSON": lambda name, secret: _interaction(
        response=Response(200, JSON, shown(json.dumps({"event": _in_json(name, secret, 1)})))
    ),
    "every element below a secret's name": lambda name, secret: _interaction(
        response=Response(200, JSON, shown(json.dumps({name: {"value": [secret]}})))
    ),
    "address in a header": lambda name, secret: _interaction(
        response=Response(302, {"location": f"https://host/callback?{urlencode({name: secret})}&x=1"})
    ),
    "address in a text": lambda name, secret: _interaction(
        response=Response(404, {}, f"no page http://host/a?{urlencode({name: secret})} here")
    ),
}
HEADERS: dict[str, Callable[[str], Interaction]] = {
    "bearer": lambda secret: _interaction(Request("GET", "/", headers={"authorization": f"Bearer {secret}"})),
    "basic": lambda secret: _interaction(
        Request(
            "GET",
            "/",
            headers={"authorization": "Basic " + base64.b64encode(f"me:{secret}".encode()).decode()},
        )
    ),
    "basic without a colon": lambda secret: _interaction(
        Request("GET", "/", headers={"authorization": "Basic " + base64.b64encode(secret.encode()).decode()})
    ),
    "basic that is not encoded": lambda secret: _interaction(
        Request("GET", "/", headers={"authorization": f"Basic {secret}"})
    ),
    "another scheme": lambda secret: _interaction(Request("GET", "/", headers={"authorization": secret})),
    "key": lambda secret: _interaction(Request("GET", "/", headers={"apisecretaccesskey": secret})),
    "cookie": lambda secret: _interaction(Request("GET", "/", headers={"cookie": f"a=1; ZSession={secret}"})),
    "new cookies": lambda secret: _interaction(
        response=Response(200, {"set-cookie": ("theme=dark", f"ZSession={secret}; Path=/; HttpOnly")})
    ),
}
ECHOES: dict[str, Callable[[str], Interaction]] = {
    "earlier path": lambda secret: _interaction(Request("GET", f"/v1/{quote(secret, safe='')}/x")),
    "query": lambda secret: _interaction(Request("GET", "/", urlencode({"q": f"is {secret} known"}))),
    "JSON": lambda secret: _interaction(
        response=Response(400, JSON, shown(json.dumps({"message": f"bad {secret}.", secret: 1})))
    ),
    "text": lambda secret: _interaction(response=Response(400, {}, f"bad {secret}.")),
    "escaped text": lambda secret: _interaction(response=Response(400, {}, f"bad {json.dumps(secret)}")),
    "encoded text": lambda secret: _interaction(
        response=Response(400, {}, f"bad {_lower_hex(quote(secret))}")
    ),
    "header": lambda secret: _interaction(response=Response(400, {"x-note": f"bad {quote(secret)}"})),
}


@given(st.sampled_from(sorted(PLACES)), NAMES, SECRETS)
@example("address in a text", "password", "zq1234&=%;é")
def test_a_secret_under_its_name_is_not_written(place: str, name: str, secret: str) -> None:
    written = _written(PLACES[place](name, secret))
    assert [form for form in _forms(secret) if form in written] == []


@given(st.sampled_from(sorted(HEADERS)), HEADER_SECRETS)
def test_a_secret_in_a_header_is_not_written(place: str, secret: str) -> None:
    written = _written(HEADERS[place](secret))
    assert [form for form in _forms(secret) if form in written] == []


@given(st.sampled_from(sorted(ECHOES)), SECRETS, st.sampled_from(["before", "after"]))
def test_a_secret_that_is_known_from_elsewhere_is_not_written(echo: str, secret: str, when: str) -> None:
    known = PLACES["response JSON"]("access_token", secret)
    both = (ECHOES[echo](secret), known) if when == "before" else (known, ECHOES[echo](secret))
    written = _written(*both)
    assert [form for form in _forms(secret) | {_lower_hex(quote(secret))} if form in written] == []


@given(
    st.sampled_from(sorted(ECHOES)),
    LOOKS,
)
def test_addresses_and_card_numbers_are_found_by_their_look(echo: str, secret: str) -> None:
    mailbox, at, domain = secret.partition("@")
    assert mailbox[-6:] + at + domain not in _written(ECHOES[echo](secret))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer eyJ0.abc1", "Authorization: Bearer redacted-secret-1"),
        ("<ns1:password>hunt er2</ns1:password>", "<ns1:password>redacted-secret-1</ns1:password>"),
        (
            "select Id from Contact where LastName = 'van Dyke'",
            "select Id from Contact where LastName = 'Redacted-Name-1'",
        ),
        ("lastName.EQ:Lovelace", "lastName.EQ:Redacted-Name-1"),
        ('log: {\\"token\\":\\"abc123\\"}', 'log: {\\"token\\":\\"redacted-secret-1\\"}'),
        ("card 4111 1111 1111 1111, please", "card 4000 0000 0000 0010, please"),
    ],
)
def test_secrets_are_found_in_running_text(text: str, expected: str) -> None:
    assert scrub([_interaction(response=Response(200, {}, text))])[0].response.text == expected


@pytest.mark.parametrize(
    "text",
    [
        *("1700000000000", "0.4111111111111111", "2c92c0f9542cee3a01542f9d55e03598", "A-S00000031"),
        *(
            "4111111111111112",
            "2026-11-22T06:00:35+01:00",
            "Basic subscription",
            "Bearer of good news",
            "a == b",
        ),
        *("************1111", "X-4111111111111111-1", "/v1/accounts?page=2"),
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert scrub([_interaction(response=Response(200, {}, text))])[0].response.text == text


def test_ordinary_words_after_a_secrets_name_are_not_hunted() -> None:
    messages = [Response(400, {}, "token: required"), Response(400, {}, "name is required")]
    scrubbed = scrub([_interaction(response=message) for message in messages])
    assert [each.response.text for each in scrubbed] == ["token: redacted-secret-1", "name is required"]


def test_a_secret_that_is_an_ordinary_word_does_not_spoil_other_words() -> None:
    signing_in = Request("POST", "/", headers=FORM, body="client_secret=secret&grant_type=x")
    refused = Response(400, {}, "client_secret or secretary is wrong, not secret")
    scrubbed = scrub([_interaction(signing_in, refused)])[0]
    assert scrubbed.request.text == "client_secret=redacted-secret-1&grant_type=x"
    assert scrubbed.response.text == "client_secret or secretary is wrong, not redacted-secret-1"


@pytest.mark.parametrize(
    "piece", ["a", "A", "9", "a=", "token=", "%40", "a@", "@a", "-", "bearer ", "'", "password='", "{"]
)
def test_long_texts_take_no_long_time(piece: str) -> None:
    text = piece * 20_000
    assert scrub([_interaction(response=Response(200, {}, text))])[0].response.status == 200


def test_what_carries_taxes_and_amounts_stays_to_the_digit() -> None:
    body = (
        '{"amount":1.10,"big":12345678901234567890123,"country":"USA","state":"California","name":"Premium"}'
    )
    assert scrub([_interaction(response=Response(200, JSON, shown(body)))])[0].response.text == body


def test_personal_fields_get_placeholders_of_their_kind() -> None:
    given_and_expected = {
        "firstName": ("Augusta", "Redacted-Name-1"),
        "lastName": ("Lovelace", "Redacted-Name-2"),
        "middleName": ("", ""),
        "workEmail": ("ada@example.com", "person-1@redacted.example"),
        "workPhone": ("+1 415 555 1234", "+1-555-0100-0001"),
        "address1": ("12 Main St", "Redacted-Street-1"),
        "city": ("London", "Redacted-City-1"),
        "zipCode": ("94105", "99999"),
        "cardNumber": ("4111111111111111", "4000000000000010"),
        "creditCardNumber": ("************1111", "************1111"),
        "secondCardNumber": ("tok-abc", "redacted-secret-1"),
        "cvv": (123, 999),
        "note": ("Lovelace, Augusta", "Redacted-Name-2, Redacted-Name-1"),
    }
    body = json.dumps({name: value for name, (value, _) in given_and_expected.items()})
    scrubbed = scrub([_interaction(response=Response(200, JSON, shown(body)))])[0].response.text
    assert json.loads(scrubbed) == {name: expected for name, (_, expected) in given_and_expected.items()}


@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES)), NAMES, SECRETS), max_size=3))
def test_what_was_scrubbed_once_stays_as_it_is(planted: list[tuple[str, str, str]]) -> None:
    once = scrub(PLACES[place](name, secret) for place, name, secret in planted)
    assert scrub(once) == once


def test_the_same_secret_is_told_from_another_in_the_whole_recording() -> None:
    bodies = ['{"access_token":"first-token"}', '{"access_token":"other-token"}']
    uses = [
        Request("GET", "/", headers={"authorization": f"Bearer {token}-token"})
        for token in ("first", "other")
    ]
    scrubbed = scrub(
        [_interaction(use, Response(200, JSON, body)) for use, body in zip(uses, bodies, strict=True)]
    )
    given_out = [json.loads(each.response.text)["access_token"] for each in scrubbed]
    assert [each.request.headers["authorization"] for each in scrubbed] == [
        f"Bearer {it}" for it in given_out
    ]
    assert len(set(given_out)) == 2
