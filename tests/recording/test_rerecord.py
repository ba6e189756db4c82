"""A cassette is recorded anew against a host that makes up other ids, numbers and tokens."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from toolkit.errors import ToolkitError
from toolkit.recording import files
from toolkit.recording.recorder import cassette
from toolkit.recording.rerecord import rerecord

if TYPE_CHECKING:
    from tests.recording.conftest import Client, Serve, Server
    from toolkit.recording.sending import Step

NAME = "shop/purchase"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CREDENTIALS = {"client_id": "0f5c7f4e-7b0a-4d0c-9f0e-1d1f1a1b1c1d", "client_secret": "hush-hush-hush"}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without cassettes, as the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def recorded(serve: "Serve", clients: "dict[str, Client]") -> "Server":
    """A shop at which a customer bought Ultimate, which is on the cassette."""
    shop = serve()
    ask = clients["httpx2"]

    def post(path: str, headers: dict[str, str], body: str) -> dict[str, str]:
        answer: dict[str, str] = json.loads(
            ask("POST", shop.url + path, headers=headers, body=body.encode())[1]
        )
        return answer

    with cassette(Path("cassettes/shop/purchase.yaml").absolute(), "record"):
        form = "&".join(f"{name}={value}" for name, value in CREDENTIALS.items())
        token = post("/oauth/token", FORM, form)["access_token"]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        plans = json.loads(ask("GET", f"{shop.url}/plans", headers=headers)[1])["plans"]
        number = post("/accounts", headers, '{"name":"Acme"}')["accountNumber"]
        post("/orders", headers, json.dumps({"account": number, "plan": plans[1]["id"]}))
        ask("GET", f"{shop.url}/accounts/{number}", headers=headers)
    return shop


def test_what_the_host_makes_up_is_carried(recorded: "Server", serve: "Serve") -> None:
    other = serve()
    other.shop.plans.reverse()
    steps: list[Step] = []
    rerecord(NAME, other.url, progress=steps.append)
    assert [step.status for step in steps] == [200] * 5
    assert steps[2].numbers == tuple(other.shop.accounts)
    assert len(other.shop.asked) == len(recorded.shop.asked)
    assert json.loads(other.shop.asked[3][3]) == {
        "account": steps[2].numbers[0],
        "plan": other.shop.plans[0]["id"],
    }


def test_recording_anew_twice_changes_only_what_was_made_up(recorded: "Server", serve: "Serve") -> None:
    path = files.path_to_read(NAME)
    for host in (recorded, serve()):
        before = path.read_text()
        rerecord(NAME, host.url)
        lines = zip(before.splitlines(), path.read_text().splitlines(), strict=True)
        changed = [line for line, now in lines if line != now]
        assert [
            line
            for line in changed
            if not any(word in line for word in ('"id"', "A", '"account"', '"plan"', " at:"))
        ] == []
        assert [line for line in changed if "token" in line or "client" in line] == []


@pytest.mark.usefixtures("recorded")
def test_an_answer_of_another_status_stops_the_recording(serve: "Serve") -> None:
    path = files.path_to_read(NAME)
    before = path.read_bytes()
    other = serve()
    other.shop.plans.pop()
    with pytest.raises(ToolkitError) as caught:
        rerecord(NAME, other.url)
    assert "POST /orders was answered with 404, recorded is 200: {" in caught.value.problem
    assert "no {'account': 'A" in caught.value.problem
    assert path.read_bytes() == before
    rerecord(NAME, other.url, any_status=True)
    assert [it.response.status for it in files.read(path).interactions] == [200, 200, 200, 404, 200]


def test_a_refusal_with_status_200_stops_the_recording_too(
    serve: "Serve", clients: "dict[str, Client]", project: Path
) -> None:
    path = project / "cassettes/shop/purchase.yaml"
    accepting = serve(200, {}, b'{"success":true}')
    with cassette(path, "record"):
        clients["httpx2"]("GET", f"{accepting.url}/v1/accounts/A1")
    refusing = serve(200, {}, b'{"success":false,"reasons":[{"code":50000040}]}')
    with pytest.raises(ToolkitError, match=r"with 200 \(no success\), recorded is 200: .*50000040"):
        rerecord(NAME, refusing.url)


@pytest.mark.usefixtures("recorded")
def test_a_simulator_is_sent_placeholders_and_never_the_credentials(serve: "Serve") -> None:
    other = serve()
    rerecord(NAME, other.url, credentials=CREDENTIALS)
    sent = other.shop.asked[0][3].decode()
    assert sent == "client_id=5ec2e700-0000-4000-8000-000000000001&client_secret=redacted-secret-2"


@pytest.mark.parametrize(
    ("host", "credentials", "problem"),
    [
        ("127.0.0.1:8080", {}, "is no URL of a host"),
        ("ftp://127.0.0.1", {}, "is no URL of a host"),
        ("http://127.0.0.1/v1", {}, "is no URL of a host"),
        ("https://rest.zuora.com", CREDENTIALS, "rest.zuora.com is a production host"),
        (
            "https://rest.test.zuora.com",
            {},
            "asks for credentials. Set ZUORA_CLIENT_ID and ZUORA_CLIENT_SECRET.",
        ),
        ("http://rest.test.zuora.com", CREDENTIALS, "in the clear"),
        ("http://127.0.0.1:1", {}, "did not answer POST /oauth/token: "),
        ("https://billing.invalid", CREDENTIALS, "did not answer POST /oauth/token: "),
    ],
)
@pytest.mark.usefixtures("recorded")
def test_an_unsuitable_host_is_refused(host: str, credentials: dict[str, str], problem: str) -> None:
    with pytest.raises(ToolkitError, match=problem):
        rerecord(NAME, host, credentials=credentials)
