"""One Idempotency-Key, one request: it is answered alike for a day, over restarts and not over rewinds."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from toolkit import worlds
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state.replay import exported, imported
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

ACCOUNT = {"name": "A", "currency": "USD", "billToContact": {"firstName": "J", "lastName": "S"}}
CARD = {"type": "CreditCard", "cardNumber": "4111111111111111", "securityCode": "987"}
SIGNED = {"apiaccesskeyid": "key", "apisecretaccesskey": "secret"}
KEYED = {**SIGNED, "idempotency-key": "k1"}


def post(call: "Caller", body: object = ACCOUNT, path: str = "/v1/accounts", **more: str) -> Any:  # noqa: ANN401
    return call("POST", path, body, headers={**KEYED, **more})


def test_the_same_request_is_answered_again_and_not_carried_out(call: "Caller") -> None:
    before = len(call.tenant.world.accounts.ids)
    first = post(call)
    assert post(call) == first
    assert len(call.tenant.world.accounts.ids) == before + 1
    assert post(call, **{"idempotency-key": "k2"}).body["accountNumber"] != first.body["accountNumber"]


def test_a_refusal_is_kept_too(call: "Caller") -> None:
    first = post(call, {**ACCOUNT, "billCycleDay": 32})
    assert first.body["success"] is False
    assert post(call, {**ACCOUNT, "billCycleDay": 32}) == first


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/accounts", {**ACCOUNT, "name": "B"}),
        ("POST", "/v1/accounts?x=1", ACCOUNT),
        ("POST", "/v1/contacts", ACCOUNT),
        ("PATCH", "/v1/accounts", ACCOUNT),
    ],
)
def test_another_request_under_the_key_is_422(call: "Caller", method: str, path: str, body: object) -> None:
    post(call)
    answer = call(method, path, body, headers=dict(KEYED))
    assert (answer.status, answer.reason[1]) == (422, "The Idempotency-Key 'k1' belongs to another request.")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_other_writes_take_no_key(call: "Caller", method: str) -> None:
    answer = call(method, "/v1/accounts/A00000001", {}, headers=dict(KEYED))
    assert answer.status == 400
    assert answer.reason[1] == f"Request method '{method}' not supported with Idempotency-Key header"


def test_a_key_is_shorter_than_255_signs(call: "Caller") -> None:
    assert post(call, **{"idempotency-key": "k" * 255}).status == 400
    assert post(call, **{"idempotency-key": "k" * 254}).body["success"]


def test_reads_and_callers_without_credentials_leave_nothing(call: "Caller") -> None:
    assert call("GET", "/v1/accounts/A00000001", headers=dict(KEYED)).status == 200
    assert call("POST", "/v1/accounts", ACCOUNT, headers={"idempotency-key": "k1"}).status == 401
    assert not call.tenant.world.answers
    post(call)
    assert call("POST", "/v1/accounts", ACCOUNT, headers={"idempotency-key": "k1"}).status == 401


def test_a_key_is_free_again_after_a_day(call: "Caller") -> None:
    first = post(call)
    call("POST", "/__toolkit/clock", {"advance": "PT23H59M"})
    assert post(call) == first
    call("POST", "/__toolkit/clock", {"advance": "PT1M"})
    assert not call.tenant.world.answers
    assert post(call).body["accountNumber"] != first.body["accountNumber"]


def test_tokens_that_have_expired_are_forgotten(call: "Caller") -> None:
    form = b"client_id=00000000-0000-4000-8000-000000000000&client_secret=s&grant_type=client_credentials"
    for left in (1, 2):
        call("POST", "/oauth/token", headers={}, raw=form)
        assert len(call.tenant.world.tokens) == left
        call("POST", "/__toolkit/clock", {"advance": "PT31M"})
    assert len(call.tenant.world.tokens) == 1


def test_answers_survive_a_restart_also_of_what_is_kept_without_its_secrets(tmp_path: Path) -> None:
    body = b'{"type":"CreditCard","cardNumber":"4111111111111111","securityCode":"987"}'
    headers = {**KEYED, "content-type": "application/json"}
    request = Request("POST", "/v1/payment-methods", "", headers, body)
    refused = Request("POST", "/v1/orders", "", {**headers, "idempotency-key": "k2"}, b"{}")
    answers = []
    for _ in ("first", "from the journal", "from the checkpoint"):
        with Store(tmp_path) as store:
            world = store.begin("empty", lambda: worlds.load("empty"))
            tenant = Tenant.recover(world, store)
            tenant.handle(Request("GET", "/v1/catalog/products", "", SIGNED))  # which no journal has
            answers.append((tenant.handle(request), tenant.handle(refused)))
            assert store.count == 2
            timeline = Timeline(tenant, store)
        if len(answers) == 1:
            (tmp_path / "zuora.checkpoint").unlink()
    assert answers[1:] == answers[:1] * 2
    assert b"4111111111111111" not in (tmp_path / "zuora.journal").read_bytes()
    with Store(tmp_path) as store:
        timeline = Timeline(Tenant(store.begin("empty", lambda: worlds.load("empty")), store), store)
        assert not imported(exported(timeline.tenant.world)).answers
        timeline.rewind(0)
        assert not timeline.tenant.world.answers
