"""Services that are given by environment variables."""

import socket

import pytest

from toolkit.environment.given import take, variable
from toolkit.environment.services.mail import SERVICE as MAIL
from toolkit.environment.services.postgres import SERVICE as POSTGRES
from toolkit.errors import ToolkitError


def test_a_variable_is_named_after_its_endpoint() -> None:
    assert variable("mail-inbox") == "TOOLKIT_MAIL_INBOX_URL"


def test_nothing_given_is_nothing_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_POSTGRES_URL", "")
    assert take("postgres", POSTGRES) is None


def test_a_second_endpoint_alone_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_MAIL_INBOX_URL", "http://127.0.0.1:1")
    assert take("mail", MAIL) is None


def test_what_listens_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://me:secret@127.0.0.1:{server.getsockname()[1]}/app"
        monkeypatch.setenv("TOOLKIT_POSTGRES_URL", url)
        entry = take("postgres", POSTGRES)
    assert entry == ("postgres", "given", {"postgres": url}, None)


def test_what_does_not_listen_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("TOOLKIT_POSTGRES_URL", f"postgresql://me:secret@127.0.0.1:{port}/app")
    with pytest.raises(ToolkitError) as caught:
        take("postgres", POSTGRES)
    assert caught.value.problem == (
        f"TOOLKIT_POSTGRES_URL gives 127.0.0.1:{port}, but nothing listens there."
    )
    assert "secret" not in str(caught.value)
