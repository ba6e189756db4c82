"""The Zuora service: the simulator over HTTP, with the world that was asked for."""

import time
from pathlib import Path

import httpx2
import pytest

from tests.zuora.receiving import ACCOUNT
from toolkit.environment import start
from toolkit.environment.service import Site
from toolkit.environment.services.zuora import SERVICE
from toolkit.errors import ToolkitError
from toolkit.zuora.client import Client


@pytest.mark.usefixtures("state")
def test_it_answers_over_http_on_loopback() -> None:
    with start(["zuora"]) as running, httpx2.Client(base_url=running.urls["zuora"]) as client:
        assert running.urls["zuora"].startswith("http://127.0.0.1:")
        assert client.get("/__toolkit/clock").json()["now"]


@pytest.mark.usefixtures("state")
def test_a_token_for_another_simulator_does_not_lock_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_CONTROL_TOKEN", "other")
    with start(["zuora"]) as running, httpx2.Client(base_url=running.urls["zuora"]) as client:
        assert client.get("/__toolkit/clock").json()["now"]


@pytest.mark.usefixtures("state")
def test_a_misspelt_world_is_one_sentence() -> None:
    with pytest.raises(
        ToolkitError, match=r"^zuora did not start \(exit code 1\): toolkit: .*gitlab-self-managd"
    ):
        start(["zuora"], world="gitlab-self-managd")


@pytest.mark.usefixtures("state")
def test_a_world_of_the_project_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fixtures" / "worlds").mkdir(parents=True)
    (tmp_path / "fixtures" / "worlds" / "ours.yaml").write_text("start: 2031-05-01\n")
    monkeypatch.chdir(tmp_path)
    with start(["zuora"], world="ours") as running, Client(running.urls["zuora"]) as client:
        assert client.now().startswith("2031-05-01")
        made = client.post("/__toolkit/tenants", {"name": "second", "world": "ours"})
        assert made["now"].startswith("2031-05-01")


@pytest.mark.usefixtures("state")
def test_its_mails_go_to_the_mail_service_beside_it() -> None:
    with start(["zuora", "mail"]) as running:
        with Client(running.urls["zuora"]) as zuora:
            body = {
                "name": "Mails",
                "emailSubject": "Hello <Account.Name>",
                "emailBody": "Hello",
                "fromEmailType": "TenantEmail",
                "toEmailType": "BillToContact",
                "eventTypeName": "AccountCreated",
                "eventTypeNamespace": "com.zuora.notification",
            }
            template = zuora.post("/notifications/email-templates", body)["id"]
            definition = {"name": "Mails", "eventTypeName": "AccountCreated", "emailActive": True}
            definition["emailTemplateId"] = template
            zuora.post("/notifications/notification-definitions", definition)
            zuora.post("/v1/accounts", ACCOUNT)
        with httpx2.Client(base_url=running.urls["mail-inbox"]) as inbox:
            deadline = time.monotonic() + 10
            while not (found := inbox.get("/messages").json()["messages"]) and time.monotonic() < deadline:
                time.sleep(0.01)
    assert [message["subject"] for message in found] == ["Hello Acme"]


def test_a_mail_server_of_another_machine_is_given_no_mail() -> None:
    site = Site(Path("/x"), Path("/x"), Path("/x"), {"zuora": 8080}, {"mail": "smtp://mail.example:25"})
    assert "--smtp" not in str(SERVICE.plan(site))
    assert "--smtp', 'localhost:1025" in str(
        SERVICE.plan(site._replace(urls={"mail": "smtp://localhost:1025"}))
    )
