"""The courier: what it sends to a real receiver, when, how often, and what a restart leaves of it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.zuora.receiving import ACCOUNT, Received, Receiver, definition, receiving
from toolkit import worlds
from toolkit.clock import Clock
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.messages.courier import Courier
from toolkit.zuora.state.store import Store
from toolkit.zuora.tenant import Accepted, Tenant
from toolkit.zuora.transport import InProcessTransport
from toolkit.zuora.web.server import running

PATH = "/notifications/notification-definitions"
HUSH = "hush"
SIGNED: dict[str, Any] = {"requiredAuth": True, "calloutAuth": {"username": "zuora", "password": HUSH}}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


class Desk:
    """A tenant with its courier and a client."""

    def __init__(self, tenant: Tenant, stack: ExitStack, **options: Any) -> None:  # noqa: ANN401
        self.tenant = tenant
        self.courier = stack.enter_context(Courier(tenant.handle_all, lambda: [tenant], **options))
        self.client = stack.enter_context(Client(transport=InProcessTransport(self.courier.handle)))

    def define(self, url: str, event: str = "AccountCreated", **callout: Any) -> dict[str, Any]:  # noqa: ANN401
        """Make a notification."""
        return self.client.post(PATH, definition(url, event, **callout))

    def open_account(self, name: str = "Acme") -> dict[str, Any]:
        """Create an account, which is an event."""
        return self.client.post("/v1/accounts", {**ACCOUNT, "name": name})

    def ledger(self, **query: str) -> list[dict[str, Any]]:
        """Return the callouts when what is due has been sent."""
        self.courier.deliver()
        rows: list[dict[str, Any]] = self.client.get("/__toolkit/callouts", **query)["callouts"]
        return rows


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ExitStack() as stack:
        yield Desk(Tenant(worlds.load("gitlab-self-managed")), stack)


def test_a_callout_carries_the_headers_of_the_documents_and_what_was_asked_for(
    desk: Desk, receiver: Receiver
) -> None:
    params = {"Id": "<Account.Id>", "Mail": "<BillToContact.WorkEmail>", "Event": "<Event.Category>"}
    params |= {"Rest": "<Account.AutoPay>, <account.NOTES>, <Nobody.Knows>"}
    desk.define(f"{receiver.url}/in", calloutParams=params)
    account = desk.open_account()
    (row,) = desk.ledger()
    (got,) = receiver.received
    assert (got.method, got.path, got.headers["content-type"]) == ("POST", "/in", "application/json")
    known = {"Id": account["accountId"], "Mail": "ada@example.com", "Event": "AccountCreated"}
    assert got.json == {**known, "Rest": "false, , "}
    request = got.headers["zuora-request-id"]
    assert row["attempts"][0]["requestIds"] == [request]
    assert got.headers["zuora-notification-id"] == row["notificationId"]
    assert got.headers["x-amzn-trace-id"] == f"Root=1-{request[:8]}-{request[8:]}"
    assert (row["state"], row["attempts"][0]["status"]) == ("delivered", 200)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_method_without_a_body_says_it_in_the_query(desk: Desk, receiver: Receiver, method: str) -> None:
    desk.define(f"{receiver.url}/in?key=1", httpMethod=method, calloutParams={"Name": "<Account.Name>"})
    desk.open_account("A & B")
    desk.courier.deliver()
    (got,) = receiver.received
    assert (got.method, got.path, got.body) == (method, "/in?key=1&Name=A+%26+B", b"")


def test_credentials_are_sent_when_they_are_asked_for(desk: Desk, receiver: Receiver) -> None:
    receiver.password = HUSH
    desk.define(receiver.url, **SIGNED)
    desk.open_account()
    (row,) = desk.ledger()
    first, second = receiver.received
    assert "authorization" not in first.headers
    assert second.headers["authorization"].startswith("Basic ")
    assert first.headers["zuora-request-id"] != second.headers["zuora-request-id"]
    assert first.headers["zuora-notification-id"] == second.headers["zuora-notification-id"]
    assert (row["state"], len(row["attempts"])) == ("delivered", 1)


def test_preemptive_credentials_are_sent_at_once(desk: Desk, receiver: Receiver) -> None:
    receiver.password = HUSH
    desk.define(receiver.url, requiredAuth=True, calloutAuth={**SIGNED["calloutAuth"], "preemptive": True})
    desk.open_account()
    assert desk.ledger()[0]["state"] == "delivered"
    assert len(receiver.received) == 1


def test_nobody_asks_for_credentials_without_a_realm(desk: Desk, receiver: Receiver) -> None:
    receiver.password, receiver.challenge = HUSH, False
    desk.define(receiver.url, **SIGNED)
    desk.open_account()
    (row,) = desk.ledger()
    assert (row["state"], row["attempts"][0]["status"]) == ("waiting", 401)
    assert len(receiver.received) == 1


def test_a_failure_is_tried_again_every_half_hour_of_the_clock_and_three_times_in_all(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.answers = [(500, b"down"), (302, b""), (503, b"")]
    desk.define(receiver.url)
    desk.open_account()
    assert desk.ledger()[0]["due"] == "2026-01-01T00:30:00-08:00"
    desk.client.advance("PT29M")
    assert len(desk.ledger()[0]["attempts"]) == 1
    desk.client.advance("P1D")
    (row,) = desk.ledger()
    assert [(one["at"][11:16], one["status"]) for one in row["attempts"]] == [
        ("00:00", 500),
        ("00:30", 302),
        ("01:00", 503),
    ]
    assert (row["state"], row["due"], row["attempts"][0]["content"]) == ("failed", None, "down")
    assert len({one.headers["zuora-request-id"] for one in receiver.received}) == 3
    assert len({one.headers["zuora-notification-id"] for one in receiver.received}) == 1


def test_a_callout_without_retry_fails_at_once(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [(500, b"")]
    desk.define(receiver.url, calloutRetry=False)
    desk.open_account()
    assert desk.ledger()[0]["state"] == "failed"


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b'{"success": true}', "delivered"),
        (b'{"success": "true"}', "delivered"),
        (b'{"success": false}', "waiting"),
        (b"[]", "waiting"),
        (b"oops", "waiting"),
    ],
)
def test_a_tenant_may_ask_for_success_in_so_many_words(
    desk: Desk, receiver: Receiver, body: bytes, state: str
) -> None:
    desk.client.put("/__toolkit/callout-settings", {"confirm": True})
    receiver.answers = [(200, body)]
    desk.define(receiver.url)
    desk.open_account()
    assert desk.ledger()[0]["state"] == state


def test_success_need_not_be_said_but_in_an_answer_of_200(desk: Desk, receiver: Receiver) -> None:
    desk.client.put("/__toolkit/callout-settings", {"confirm": True})
    receiver.answers = [(202, b"")]
    desk.define(receiver.url)
    desk.open_account()
    assert desk.ledger()[0]["state"] == "delivered"


def test_nobody_who_listens_is_a_failure(desk: Desk) -> None:
    with receiving() as gone:
        pass
    desk.define(gone.url)
    desk.open_account()
    (row,) = desk.ledger()
    assert row["attempts"][0]["status"] is None
    assert row["attempts"][0]["error"].startswith("ConnectError")


def test_other_hosts_are_called_only_if_they_are_allowed(desk: Desk) -> None:
    desk.define("https://receiver.invalid/in")
    desk.open_account()
    (row,) = desk.ledger()
    assert row["attempts"][0]["error"] == "Callouts to receiver.invalid are not allowed here."
    assert row["attempts"][0]["requestIds"] == []


def test_a_host_that_is_allowed_is_called() -> None:
    with ExitStack() as stack:
        desk = Desk(Tenant(worlds.load("gitlab-self-managed")), stack, hosts=["receiver.invalid"])
        desk.define("https://receiver.invalid/in")
        desk.open_account()
        assert len(desk.ledger()[0]["attempts"][0]["requestIds"]) == 1


def test_the_answer_does_not_wait_for_the_receiver(desk: Desk, receiver: Receiver) -> None:
    answered = Event()
    usual = receiver.answer

    def patient(request: Received) -> tuple[int, dict[str, str], bytes]:
        assert answered.wait(10)
        return usual(request)

    receiver.answer = patient  # type: ignore[method-assign]
    desk.define(receiver.url)
    desk.open_account()  # returns although the receiver does not
    answered.set()
    assert desk.ledger()[0]["state"] == "delivered"


def test_a_receiver_may_call_back_while_it_is_called(desk: Desk, receiver: Receiver) -> None:
    usual: Callable[[Received], tuple[int, dict[str, str], bytes]] = receiver.answer
    with running(desk.courier.handle) as url, Client(url) as zuora:

        def curious(request: Received) -> tuple[int, dict[str, str], bytes]:
            account = zuora.get(f"/v1/accounts/{request.json['AccountId']}")
            if account["basicInfo"]["name"] == "Acme":
                zuora.post("/v1/accounts", {**ACCOUNT, "name": "Second"})
            return usual(request)

        receiver.answer = curious  # type: ignore[method-assign]
        desk.define(receiver.url)
        desk.open_account()
        assert [row["state"] for row in desk.ledger()] == ["delivered", "delivered"]


def test_the_clock_of_an_environment_moves_a_tenant_and_its_callouts_together(receiver: Receiver) -> None:
    with ExitStack() as stack:
        tenant = Tenant(worlds.load("gitlab-self-managed"))
        desk, clock = Desk(tenant, stack), Clock(tenant.world.now)
        clock.join(desk.courier)
        receiver.answers = [(500, b"")]
        desk.define(receiver.url)
        desk.open_account()
        desk.courier.deliver()
        assert (due := desk.courier.next_due()) is not None
        assert due.isoformat() == "2026-01-01T00:30:00-08:00"
        clock.advance("PT1H")
        assert len(receiver.received) == 2
        assert not desk.tenant.world.outbox


def test_nothing_is_due_where_nothing_is_planned() -> None:
    tenant = Tenant(worlds.load("empty"))
    assert Courier(tenant.handle_all, lambda: [tenant]).next_due() is None


def test_a_restart_sends_what_was_not_sent_and_nothing_twice(tmp_path: Path, receiver: Receiver) -> None:
    receiver.password = HUSH
    with Store(tmp_path) as store, ExitStack() as stack:
        world = store.begin("w", lambda: worlds.load("gitlab-self-managed"))
        desk = Desk(Tenant.recover(world, store), stack)
        desk.define(receiver.url, **SIGNED)
        desk.open_account("First")
        desk.courier.deliver()
        unsent = Request(
            "POST",
            "/v1/accounts",
            headers={"apiaccesskeyid": "k", "apisecretaccesskey": "s", "content-type": "application/json"},
            body=json.dumps({**ACCOUNT, "name": "Second"}).encode(),
        )
        stack.close()
        desk.tenant.handle(unsent)  # as if the process had died before a courier was told
    assert b"hush" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(receiver.received) == 2
    for path in (None, tmp_path / "zuora.checkpoint"):  # from the checkpoint, then from the journal alone
        if path is not None:
            path.unlink()
        with Store(tmp_path) as store, ExitStack() as stack:
            desk = Desk(Tenant.recover(store.begin("w", lambda: worlds.load("empty")), store), stack)
            assert [row["state"] for row in desk.ledger()] == ["delivered", "delivered"]
    assert [one.headers.get("authorization") is None for one in receiver.received] == [True, False] * 2


class FullDisk:
    """Keeps requests, but no outcome of a callout."""

    def __init__(self) -> None:
        self.refused = Event()

    def entries(self) -> Iterator[Request]:
        return iter(())

    def keep(self, accepted: Sequence[Accepted]) -> None:
        if any(one.request.path.endswith("/attempts") for one in accepted):
            self.refused.set()
            raise OSError(28, "No space left on device")


def test_an_outcome_that_cannot_be_noted_is_no_reason_to_send_without_end(receiver: Receiver) -> None:
    with ExitStack() as stack:
        disk = FullDisk()
        desk = Desk(Tenant(worlds.load("gitlab-self-managed"), disk), stack)
        desk.define(receiver.url)
        desk.open_account()
        assert disk.refused.wait(10)
        assert [row["state"] for row in desk.ledger()] == ["waiting"]
        assert len(receiver.received) <= 4
