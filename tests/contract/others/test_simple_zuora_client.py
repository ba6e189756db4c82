"""simple-zuora-client signs in with HTTP Basic, exports by AQuA, and reads and writes accounts."""

from collections.abc import Iterator
from typing import Any

import pytest

CLIENT_ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def client(simulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    library: Any = pytest.importorskip("simple_zuora_client", reason="it is not installed here")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    keys = {"client_id": CLIENT_ID, "client_secret": "a-secret"}
    with library.ZuoraClient(base_url=simulator, **keys) as client:
        yield client


def test_queries_are_exported(client: Any) -> None:
    queries = ["select AccountNumber, Name from Account", "select Name from Subscription"]
    accounts, subscriptions = client.run_export_queries(queries)
    assert accounts.raw_data.splitlines()[0] == b"Account: Account Number,Account: Name"
    assert len(accounts.raw_data.splitlines()) == 5
    assert len(subscriptions.raw_data.splitlines()) == 4


def test_an_account_is_changed(client: Any) -> None:
    assert client.update_account("A00000001", {"notes": "By Basic"}) == {"success": True}
    assert client.get("/v1/accounts/A00000001").as_dict["basicInfo"]["notes"] == "By Basic"


def test_a_data_query_is_run(client: Any) -> None:
    client.query_retry_timeout = 0
    assert client.run_query_job("SELECT name FROM account ORDER BY name")
