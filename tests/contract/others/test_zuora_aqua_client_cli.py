"""zuora-aqua-client-cli exports by AQuA and describes objects."""

from typing import Any

import pytest

CLIENT_ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def client(simulator: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client, whose constructor signs in at an address that it knows by heart."""
    library: Any = pytest.importorskip("zuora_aqua_client_cli.api", reason="it is not installed here")
    kind = library.ZuoraClient
    sign_in = kind.set_headers

    def at_the_simulator(self: Any) -> None:
        self.base_url = self.base_api_url = simulator
        sign_in(self)

    monkeypatch.setattr(kind, "set_headers", at_the_simulator)
    return kind(CLIENT_ID, "a-secret", max_retries=3)


def test_a_query_is_exported(client: Any) -> None:
    (content,) = client.query(["select AccountNumber, Name from Account"])
    assert len(content.splitlines()) == 5


def test_an_object_is_described(client: Any) -> None:
    assert "<name>AccountNumber</name>" in client.get_resource("Account")
