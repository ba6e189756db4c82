"""`toolkit serve zuora`: its first line, its state, its end, and what it refuses."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolkit import worlds
from toolkit.cli import main
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.remote import Remote
from toolkit.zuora.state.journal import Journal
from toolkit.zuora.tenant import Tenant

Serve = Callable[..., "subprocess.Popen[str]"]
Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start the command as a process."""
    started: list[subprocess.Popen[str]] = []

    def serve(*words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "toolkit", "serve", "zuora", "--port", "0", *words]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield serve
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Run the command where it does not come to serving, and return its exit code and its one sentence."""

    def refused(*words: str) -> tuple[int, str]:
        code = main(["serve", "zuora", *words])
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return code, said.err.removeprefix("toolkit: ").rstrip()

    return refused


def url(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("ready http://127.0.0.1:")
    return line.removeprefix("ready ").strip()


def test_it_begins_where_told_keeps_its_state_and_ends_well(serve: Serve, tmp_path: Path) -> None:
    state = tmp_path / "state"
    process = serve("--world", "empty", "--start", "2027-05-01", "--state", str(state))
    with Client(url(process)) as client:
        assert client.now() == "2027-05-01T00:00:00-07:00"
        contact = {"firstName": "Ada", "lastName": "Tanaka"}
        client.post("/v1/accounts", {"name": "Acme", "currency": "USD", "billToContact": contact})
        client.advance("P1M")
    process.send_signal(signal.SIGTERM)
    assert process.communicate() == ("", "")
    assert process.returncode == 0
    modes = [path.stat().st_mode & 0o777 for path in (state, state / "zuora.journal")]
    assert modes == [0o700, 0o600]
    again = serve("--world", "empty", "--start", "2027-05-01", "--state", str(state), "--fsync", "always")
    with Client(url(again)) as client:
        assert client.now() == "2027-06-01T00:00:00-07:00"
        assert client.get("/v1/accounts/A00000001")["basicInfo"]["name"] == "Acme"


def test_a_start_before_the_worlds_history_is_refused(refused: Refused) -> None:
    sentence = (
        "The world cannot start on 2020-01-01, before its own first day, 2026-01-01. "
        "Choose a later day, or another world."
    )
    assert refused("--start", "2020-01-01") == (1, sentence)


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", ""])
def test_a_start_that_is_no_day_is_a_slip_of_usage(refused: Refused, day: str) -> None:
    code, said = refused("--start", day)
    assert code == 2
    assert f"'{day}' is no day such as 2026-01-31" in said


def test_the_state_of_another_world_is_refused(refused: Refused, tmp_path: Path) -> None:
    keys = {"apiaccesskeyid": "k", "apisecretaccesskey": "s", "content-type": "application/json"}
    change = Request("PUT", "/v1/accounts/A00000001", "", keys, b'{"notes": "n"}')
    with Journal(tmp_path / "zuora.journal") as journal:
        assert Tenant(worlds.load("gitlab-self-managed"), journal).handle(change).status == 200
    code, said = refused("--world", "empty", "--state", str(tmp_path))
    assert code == 1
    assert "does not follow from this world, which refuses its PUT /v1/accounts/A00000001" in said


def test_a_state_in_use_is_refused(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "zuora.journal"
    sentence = f"The journal {path} is in use by another simulator. Stop that one, or name another directory."
    with Journal(path):
        assert refused("--world", "empty", "--state", str(tmp_path)) == (1, sentence)


def test_a_state_directory_that_cannot_be_made_is_refused(refused: Refused, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    sentence = f"The state directory {taken} cannot be made: File exists. Name another one."
    assert refused("--world", "empty", "--state", str(taken)) == (1, sentence)


def test_a_taken_port_is_refused(refused: Refused) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = refused("--world", "empty", "--port", port)
    assert code == 1
    assert said.startswith(f"Port {port} on 127.0.0.1 is taken. Stop what uses it, or ask for port 0")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", ""])  # noqa: S104 - it must be refused
def test_an_address_that_others_can_reach_is_refused(refused: Refused, host: str) -> None:
    sentence = (
        f"The simulator does not listen on '{host}': others could control it. "
        "Use one of 127.0.0.1, ::1, localhost, or give it a --control-token."
    )
    assert refused("--host", host) == (1, sentence)


def test_with_a_token_it_listens_anywhere_and_is_controlled_with_the_token_only(
    serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("geheim\n")
    process = serve("--host", "0.0.0.0", "--control-token", str(tmp_path / "token"))  # noqa: S104 - on purpose
    assert process.stdout
    port = process.stdout.readline().rpartition(":")[2].strip()
    with Client(f"http://127.0.0.1:{port}") as client:
        assert client.get("/v1/accounts/A00000001")["success"]
        with pytest.raises(ToolkitError, match="need the token"):
            client.now()
    with pytest.raises(ToolkitError, match="There is no snapshot"):
        Remote(f"http://127.0.0.1:{port}", token="geheim").ask("DELETE", "snapshots/x")  # noqa: S106 - the test's


def test_further_tenants_are_announced_and_kept(serve: Serve, tmp_path: Path) -> None:
    words = ("--world", "empty", "--state", str(tmp_path), "--tenant", "b=empty", "--tenant", "c=taxed")
    for name in ("Acme", "Other"):
        process = serve(*words)
        address = url(process)
        assert process.stdout
        announced = [process.stdout.readline().split() for _ in range(2)]
        assert [line[:3] for line in announced] == [
            ["tenant", "b", "client_id"],
            ["tenant", "c", "client_id"],
        ]
        with Client(address, client_id=announced[0][3]) as client:
            contact = {"firstName": "Ada", "lastName": "Tanaka"}
            client.post("/v1/accounts", {"name": name, "currency": "USD", "billToContact": contact})
            made = client.get("/v1/accounts/A00000001")["basicInfo"]["name"]
        process.send_signal(signal.SIGTERM)
        process.communicate()
        assert made == "Acme"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tenant", "b=empty", "--tenant", "b=taxed"), "The tenant 'b' is there already. Give each a name"),
        (("--tenant", "default=taxed"), "The tenant 'default' is there already. Name its world by --world."),
        (("--state", ""), "Argument --state: '' is no directory."),
        (("--callout-host", "https://x/"), "Argument --callout-host: 'https://x/' is no name of a host"),
    ],
)
def test_what_would_be_passed_over_is_a_slip_of_usage(
    refused: Refused, words: tuple[str, ...], said: str
) -> None:
    code, sentence = refused(*words)
    assert code == 2
    assert sentence.startswith(said)


def test_every_tenant_starts_on_the_day_and_keeps_to_its_beginning(
    serve: Serve, refused: Refused, tmp_path: Path
) -> None:
    words = ("--world", "empty", "--start", "2027-05-01", "--state", str(tmp_path), "--tenant")
    process = serve(*words, "b=taxed")
    address = url(process)
    assert b'"now":"2027-05-01T' in Remote(address, "b").ask("GET", "clock")
    Remote(address).ask("POST", "tenants", {"name": "c", "world": "taxed"})
    process.send_signal(signal.SIGTERM)
    process.communicate()
    sentence = "The tenant 'b' began with taxed from 2027-05-01, not with empty from 2027-05-01."
    assert refused(*words, "b=empty") == (
        1,
        f"{sentence} Ask for that, choose another name, or name another directory.",
    )
    assert url(serve(*words, "b=taxed", "--tenant", "c=empty"))  # nobody knows what that was made from


@pytest.mark.parametrize("words", ["b", "=empty", "b="])
def test_a_tenant_without_name_or_world_is_a_slip_of_usage(refused: Refused, words: str) -> None:
    code, said = refused("--tenant", words)
    assert code == 2
    assert f"'{words}' is no NAME=WORLD" in said


def test_mails_go_to_the_server_that_is_named_and_to_none_elsewhere(serve: Serve, refused: Refused) -> None:
    code, said = refused("--smtp", "mail.example.com:25")
    assert (code, said.partition(".")[0]) == (1, "'mail")
    assert "is no mail server on this machine" in said
    contact = {"firstName": "Ada", "lastName": "Tanaka", "workEmail": "ada@example.com"}
    item = {"chargeName": "Cable", "serviceStartDate": "2026-01-01", "amount": 5}
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = serve("--world", "empty", "--smtp", f"127.0.0.1:{server.getsockname()[1]}")
        with Client(url(process)) as client:
            client.post("/v1/accounts", {"name": "Acme", "currency": "USD", "billToContact": contact})
            body = {"accountNumber": "A00000001", "invoiceDate": "2026-01-01", "invoiceItems": [item]}
            made = client.post("/v1/invoices", {**body, "status": "Posted"})
            client.post(f"/v1/invoices/{made['id']}/emails", {})
            server.settimeout(20)
            caller, _ = server.accept()
            with caller:
                caller.sendall(b"220 ready\r\n")
                assert caller.recv(4).lower() == b"ehlo"


def test_a_world_that_there_is_not_is_refused_with_the_likely_one(refused: Refused) -> None:
    code, said = refused("--world", "gitlab-self-manged")
    assert code == 1
    assert "gitlab-self-managed" in said
