"""The journal: whole after a crash, replayed to the same state, free of secrets."""

import os
import resource
import signal
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.state.journal import Journal
from toolkit.zuora.state.replay import replay
from toolkit.zuora.state.world import World, empty
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

ID = "00000000-0000-4000-8000-000000000000"
HIDDEN = "hunter2"
KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": HIDDEN}
ADA = {"firstName": "Ada", "lastName": "Tanaka"}
CARD = {"type": "CreditCard", "cardNumber": "4111111111111111", "securityCode": "987"}


@pytest.fixture
def world() -> World:
    return worlds.load("gitlab-self-managed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "zuora.journal"


def busy(tenant: Tenant) -> None:
    """Write, read, be refused and move time, through a client."""
    with Client(transport=InProcessTransport(tenant.handle), client_secret=HIDDEN) as client:
        made = client.post("/v1/accounts", {"name": "A", "currency": "USD", "billToContact": ADA})
        client.post("/v1/payment-methods", {**CARD, "accountKey": made["accountNumber"]})
        client.get(f"/v1/accounts/{made['accountId']}")
        client.advance("P10M")
        client.post("/v1/bill-runs", {"targetDate": client.now()[:10], "autoPost": True})


def opening(name: str) -> Request:
    body = b'{"name": "%b", "currency": "USD", "billToContact": {"firstName": "J", "lastName": "S"}}'
    headers = {**KEYS, "content-type": "application/json"}
    return Request("POST", "/v1/accounts", "", headers, body % name.encode())


@contextmanager
def room_for(length: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def entries(path: Path) -> list[Request]:
    with Journal(path) as journal:
        return list(journal.entries())


@pytest.mark.parametrize("fsync", ["never", "always"])
def test_a_recovered_tenant_is_the_one_that_was(world: World, path: Path, fsync: str) -> None:
    with Journal(path, "always" if fsync == "always" else "never") as journal:
        tenant = Tenant(world, journal)
        busy(tenant)
    with Journal(path) as journal:
        recovered = Tenant.recover(world, journal)
        assert recovered.world == tenant.world
        recovered.handle(
            Request(
                "POST",
                "/oauth/token",
                body=f"client_id={ID}&client_secret=s&grant_type=client_credentials".encode(),
            )
        )
    assert entries(path)[-1].path == "/oauth/token"


def test_only_what_changed_something_is_noted(world: World, path: Path, call: "Caller") -> None:
    with Journal(path) as journal:
        call.tenant = Tenant(world, journal)
        call("GET", "/v1/accounts/A00000001")
        call("POST", "/v1/accounts", {})
        call("PUT", "/v1/accounts/A00000001", {"notes": "n"})
    assert [(one.method, one.path) for one in entries(path)] == [("PUT", "/v1/accounts/A00000001")]


def test_a_journal_cut_anywhere_in_its_last_lines_opens_without_them(world: World, path: Path) -> None:
    with Journal(path) as journal:
        busy(Tenant(world, journal))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    start = len(whole) - len(b"".join(lines[-2:]))
    for length in range(start, len(whole)):
        path.write_bytes(whole[:length])
        kept = len(lines) - 2 + (length >= start + len(lines[-2]))
        assert len(entries(path)) == kept
        assert path.read_bytes() == b"".join(lines[:kept])


def test_a_damaged_line_before_the_last_is_an_error(world: World, path: Path) -> None:
    with Journal(path) as journal:
        busy(Tenant(world, journal))
    whole = bytearray(path.read_bytes())
    whole[20] ^= 1
    path.write_bytes(whole)
    with pytest.raises(ToolkitError, match=r"Line 1 of the journal .* is damaged"):
        Journal(path)
    assert path.read_bytes() == whole


def test_a_journal_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="cannot be opened: Is a directory"):
        Journal(tmp_path)


def test_no_secret_reaches_the_file(world: World, path: Path) -> None:
    basic = b64encode(f"{ID}:swordfish".encode()).decode()
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        busy(tenant)
        form, signed = b"grant_type=client_credentials", {"authorization": f"Basic {basic}"}
        assert tenant.handle(Request("POST", "/oauth/token", headers=signed, body=form)).status == 200
        before = tenant.world
    with Journal(path) as journal:
        assert Tenant.recover(world, journal).world == before
        noted = b"".join(request.body + repr(request.headers).encode() for request in journal.entries())
    assert b"redacted" in noted
    for secret in (HIDDEN.encode(), b"4111111111111111", b"987", basic.encode()):
        assert secret not in noted
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def write(tenant: Tenant, path: str, body: dict[str, object], **headers: str) -> None:
    sent = {**KEYS, "content-type": "application/json", **headers}
    answer = tenant.handle(Request("POST", path, "", sent, msgspec.json.encode(body)))
    assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    ("card", "code"), [("378282246310005", 1234), ("4111 1111 1111 1111", "987"), ("4111111111111111", None)]
)
def test_what_access_keys_signed_and_any_card_is_recovered_alike(
    world: World, path: Path, card: str, code: object
) -> None:
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        write(tenant, "/v1/payment-methods", {"type": "CreditCard", "cardNumber": card, "securityCode": code})
    with Journal(path) as journal:
        assert Tenant.recover(world, journal).world == tenant.world
        (entry,) = journal.entries()
    assert KEYS["apisecretaccesskey"] not in entry.headers.values()
    kept = msgspec.json.decode(entry.body)
    assert kept["cardNumber"][:-4].strip("0 ") == ""
    assert kept["securityCode"] in {"000", None}


@pytest.mark.parametrize(
    "method",
    [
        {
            "type": "ACH",
            "bankABACode": "1",
            "bankAccountName": "A",
            "bankAccountType": "Checking",
            "bankName": "B",
            "bankAccountNumber": "000111111113",
        },
        {
            "type": "SEPA",
            "IBAN": "DE62 3704 0044 0532 0130 01",
            "accountHolderInfo": {"accountHolderName": "A"},
        },
        {"type": "Bacs", "accountNumber": "90012345", "bankCode": "108800"},
    ],
)
def test_the_number_of_a_bank_account_is_not_noted_and_what_it_does_is_recovered(
    world: World, path: Path, method: dict[str, object]
) -> None:
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        write(tenant, "/v1/payment-methods", method)
    with Journal(path) as journal:
        assert Tenant.recover(world, journal).world == tenant.world
        (entry,) = journal.entries()
    assert b"0000" in entry.body
    for number in (b"000111111113", b"DE62", b"90012345"):
        assert number not in entry.body


def test_the_number_of_an_account_of_the_tenant_is_noted(world: World, path: Path) -> None:
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        write(tenant, "/v1/contacts", {"accountNumber": "A00000001", "firstName": "A", "lastName": "B"})
    with Journal(path) as journal:
        (entry,) = journal.entries()
    assert b"A00000001" in entry.body


def test_a_secret_in_an_address_is_not_noted_either(world: World, path: Path) -> None:
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        query = f"client_id={ID}&client_secret={HIDDEN}&grant_type=client_credentials"
        assert tenant.handle(Request("POST", "/oauth/token", query)).status == 200
    assert HIDDEN.encode() not in path.read_bytes()


def test_a_full_disk_refuses_writes_and_leaves_the_journal_whole(
    world: World, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        busy(tenant)
        before, noted = tenant.world, path.read_bytes()
        with room_for(len(noted) + 20):
            answer = tenant.handle(opening("A"))
        assert (answer.status, tenant.world, path.read_bytes()) == (500, before, noted)
        assert b"cannot keep this request: No space left on device. Make room" in answer.body
        busy(tenant)
    assert capsys.readouterr().err.count("\n") == 1
    with Journal(path) as journal:
        assert Tenant.recover(world, journal).world == tenant.world


def test_requests_that_come_together_are_noted_as_if_they_came_one_by_one(
    world: World, path: Path, tmp_path: Path
) -> None:
    requests = [opening("A"), Request("GET", "/v1/accounts/A00000001", "", KEYS), opening("B"), opening("C")]
    with Journal(path) as journal, Journal(tmp_path / "other") as other:
        together, apart = Tenant(world, journal), Tenant(world, other)
        assert together.handle_all(requests) == [apart.handle(request) for request in requests]
        assert (together.world, journal.reach) == (apart.world, other.reach)
    assert path.read_bytes() == (tmp_path / "other").read_bytes()


def test_of_requests_that_come_together_a_full_disk_refuses_those_that_do_not_fit(
    world: World, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Journal(path) as journal:
        tenant = Tenant(world, journal)
        assert tenant.handle(opening("A")).status == 200
        with room_for(3 * journal.reach.length - 1):
            answers = tenant.handle_all([opening("B"), opening("C"), opening("D")])
        assert [answer.status for answer in answers] == [200, 500, 500]
        assert "No space left on device" in capsys.readouterr().err
        names = {account.name for account in tenant.world.accounts.latest()}
        assert names & {"A", "B", "C", "D"} == {"A", "B"}
    with Journal(path) as journal:
        assert Tenant.recover(world, journal).world == tenant.world


def test_a_journal_serves_one_simulator_at_a_time(path: Path) -> None:
    with Journal(path), pytest.raises(ToolkitError, match="is in use by another simulator"):
        Journal(path)
    Journal(path).__exit__()


def test_the_journal_of_another_world_is_an_error(world: World, path: Path) -> None:
    with Journal(path) as journal:
        write(Tenant(world, journal), "/v1/contacts", {"accountNumber": "A00000001", **ADA})
    said = r"does not follow from this world, which refuses its POST /v1/contacts\. Begin with the world"
    with Journal(path) as journal, pytest.raises(ToolkitError, match=said):
        Tenant.recover(empty(), journal)
    with pytest.raises(ToolkitError, match=said):
        list(replay(empty(), entries(path), lambda _: empty()))


def test_a_killed_simulator_has_what_it_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for _ in range(3):
        command = [sys.executable, "-m", "toolkit", "serve", "zuora", "--port", "0", "--state", str(tmp_path)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            url = server.stdout.readline().removeprefix("ready ").strip()
            with Client(url) as client:
                for number in acknowledged:
                    assert client.get(f"/v1/accounts/{number}")["success"] is True
                for _ in range(20):
                    made = client.post("/v1/accounts", {"name": "A", "currency": "USD", "billToContact": ADA})
                    acknowledged.append(made["accountNumber"])
        finally:
            os.kill(server.pid, signal.SIGKILL)
            server.communicate()
    assert len(set(acknowledged)) == 60
