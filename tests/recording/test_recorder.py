"""Cassettes around real HTTP: recorded through one client, played for another, and never going live."""

import asyncio
import gzip
import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from toolkit.clock import Clock
from toolkit.errors import ToolkitError
from toolkit.recording import files
from toolkit.recording.recorder import cassette
from toolkit.recording.tape import Player, UnplayedError, UnrecordedRequestError

if TYPE_CHECKING:
    from tests.recording.conftest import Client, Serve

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
INVOICE = b'{"amount":1.10,"balance":0E-9,"big":12345678901234567890123}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a cassette is recorded to."""
    return tmp_path / "cassettes/shop/purchase.yaml"


def _purchase(client: "Client", host: str, secret: str) -> list[bytes]:
    """Sign in, open an account, look it up."""
    form = f"client_id={secret}&client_secret={secret}&grant_type=client_credentials".encode()
    signed_in = client("POST", f"{host}/oauth/token", headers=FORM, body=form)[1]
    headers = {**JSON, "Authorization": f"Bearer {json.loads(signed_in)['access_token']}"}
    body = json.dumps({"name": "Acme", "billTo": {"lastName": "Lovelace", "workEmail": "ada@example.com"}})
    opened = client("POST", f"{host}/accounts", headers=headers, body=body.encode())[1]
    number = json.loads(opened)["accountNumber"]
    return [opened, client("GET", f"{host}/accounts/{number}?fields=balance", headers=headers)[1]]


@pytest.mark.parametrize("recording_client", ["httpx2", "requests", "urllib"])
def test_what_one_client_recorded_plays_for_another_at_another_host(
    recording_client: str, clients: "dict[str, Client]", client: "Client", serve: "Serve", path: Path
) -> None:
    server = serve()
    with cassette(path, "record"):
        live = _purchase(clients[recording_client], server.url, "a-real-secret")
    with cassette(path) as tape:
        assert _purchase(client, "http://elsewhere.invalid:8080", "another-secret") == live
        assert tape.unplayed == ()
    assert len(server.shop.asked) == 3


def test_no_secret_is_written(clients: "dict[str, Client]", serve: "Serve", path: Path) -> None:
    server = serve()
    with cassette(path, "record"):
        _purchase(clients["httpx2"], server.url, "a-real-secret")
    written = path.read_text()
    for secret in ("a-real-secret", server.shop.token, "Lovelace", "ada@example.com"):
        assert secret not in written


def test_the_digits_of_an_answer_arrive_as_they_were(client: "Client", serve: "Serve", path: Path) -> None:
    server = serve(200, {"Content-Type": "application/json"}, INVOICE)
    with cassette(path, "record"):
        assert client("GET", f"{server.url}/invoice") == (200, INVOICE)
    with cassette(path):
        assert client("GET", "https://rest.test.zuora.invalid/invoice") == (200, INVOICE)


def test_a_compressed_answer_is_readable_in_the_file_and_for_the_client(
    client: "Client", serve: "Serve", path: Path
) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server = serve(200, headers, gzip.compress(INVOICE))
    with cassette(path, "record"):
        assert client("GET", f"{server.url}/invoice") == (200, INVOICE)
    assert '"amount":1.10' in path.read_text()
    with cassette(path):
        assert client("GET", f"{server.url}/invoice") == (200, INVOICE)


def test_an_unrecorded_request_is_refused_and_not_sent(client: "Client", serve: "Serve", path: Path) -> None:
    server = serve(200, {}, b"live")
    with cassette(path, "record"):
        client("GET", f"{server.url}/invoice")
    with (
        pytest.raises(UnrecordedRequestError, match="path is '/invoices', recorded is '/invoice'"),
        cassette(path),
    ):
        client("GET", f"{server.url}/invoices")
    assert len(server.shop.asked) == 1


def test_the_network_is_back_when_the_cassette_is_closed(
    client: "Client", serve: "Serve", path: Path
) -> None:
    server = serve(200, {}, b"live")
    with cassette(path, "record"):
        client("GET", f"{server.url}/")
    with cassette(path):
        client("GET", "http://elsewhere.invalid/")
    assert client("GET", f"{server.url}/") == (200, b"live")
    assert len(server.shop.asked) == 2


def test_an_asynchronous_client_is_answered_too(serve: "Serve", path: Path) -> None:
    server = serve(200, {}, b"live")

    async def ask(host: str) -> bytes:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{host}/invoice")).content

    with cassette(path, "record"):
        assert asyncio.run(ask(server.url)) == b"live"
    with cassette(path):
        assert asyncio.run(ask("http://elsewhere.invalid")) == b"live"
    assert len(server.shop.asked) == 1


def test_threads_are_each_answered_once(clients: "dict[str, Client]", serve: "Serve", path: Path) -> None:
    server = serve(200, {}, b"live")
    numbers = range(20)
    with cassette(path, "record"):
        for number in numbers:
            clients["httpx2"]("GET", f"{server.url}/{number % 5}")
    got: list[tuple[int, bytes]] = []
    with cassette(path):
        asking = [
            threading.Thread(
                target=lambda url: got.append(clients["httpx2"]("GET", url)), args=(f"http://h/{n % 5}",)
            )
            for n in numbers
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert got == [(200, b"live")] * 20


def test_what_is_left_unplayed_is_a_fault_unless_allowed(
    client: "Client", serve: "Serve", path: Path
) -> None:
    server = serve(200, {}, b"live")
    with cassette(path, "record"):
        client("GET", f"{server.url}/a")
    with pytest.raises(UnplayedError, match="1 of the 1 requests"), cassette(path):
        pass
    with cassette(path, allow_unplayed=True) as tape:
        assert [request.path for request in tape.unplayed] == ["/a"]


def test_a_failing_block_fails_for_its_own_reason_and_keeps_the_old_cassette(
    client: "Client", serve: "Serve", path: Path
) -> None:
    server = serve(200, {}, b"live")
    with cassette(path, "record"):
        client("GET", f"{server.url}/a")
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), cassette(path):
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), cassette(path, "record"):
        raise ZeroDivisionError(client("GET", f"{server.url}/b"))
    assert path.read_bytes() == before


def test_a_cassette_says_when_it_was_recorded(client: "Client", serve: "Serve", path: Path) -> None:
    now = datetime(2027, 3, 1, 12, tzinfo=UTC)
    with cassette(path, "record", clock=Clock(now)) as tape:
        client("GET", f"{serve(200, {}, b'').url}/a")
        assert tape.unplayed == ()
    recorded = files.read(path).recorded
    assert (recorded.at, recorded.against) == (now, "simulator")


def test_a_second_cassette_is_refused_while_one_is_open(path: Path) -> None:
    with (
        pytest.raises(ToolkitError, match="Nothing was recorded"),
        cassette(path, "record"),
        pytest.raises(ToolkitError, match="cannot be opened while another one is"),
        cassette(path),
    ):
        pass
    with pytest.raises(ToolkitError, match="cannot be read"), cassette(path):
        pass


def test_a_mode_is_none_or_record(path: Path) -> None:
    mode: Any = "new_episodes"
    with pytest.raises(ToolkitError, match="mode 'new_episodes'. Known: none, record."), cassette(path, mode):
        pass


def test_production_is_not_even_asked(client: "Client", path: Path) -> None:
    with (
        pytest.raises(ToolkitError, match="rest.na.zuora.com is a production host"),
        cassette(path, "record"),
    ):
        client("GET", "http://rest.na.zuora.com/v1/accounts/A1")
    assert not path.exists()


def test_what_cannot_be_scrubbed_is_not_recorded(client: "Client", serve: "Serve", path: Path) -> None:
    server = serve(200, {"Content-Type": "application/pdf"}, b"%PDF\xff")
    with pytest.raises(ToolkitError, match="is no text"), cassette(path, "record"):
        client("GET", f"{server.url}/v1/files/1")
    assert not path.exists()


def test_a_player_knows_what_it_plays(serve: "Serve", client: "Client", path: Path) -> None:
    with cassette(path, "record"):
        client("PUT", f"{serve(204, {}, b'').url}/a")
    with cassette(path) as tape:
        assert isinstance(tape, Player)
        assert tape.cassette == files.read(path)
        assert client("PUT", "http://h/a") == (204, b"")
