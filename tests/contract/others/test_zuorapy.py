"""zuorapy signs in with access keys in headers."""

from typing import Any

import pytest


@pytest.fixture
def client(simulator: str) -> Any:
    library: Any = pytest.importorskip("zuorapy.client", reason="zuorapy is not installed here")
    return library.Client(simulator, username="key", password="secret")  # noqa: S106 - any will do


def test_an_account_is_made_changed_and_queried(client: Any) -> None:
    contact = {"firstName": "Ada", "lastName": "Byron", "country": "USA"}
    wanted = {"name": "Quail Ltd", "currency": "USD", "billCycleDay": 1, "billToContact": contact}
    number = client.post("v1/accounts", wanted).json()["accountNumber"]
    assert client.put(f"v1/accounts/{number}", {"notes": "By key"}).json() == {"success": True}
    assert client.get(f"v1/accounts/{number}").json()["basicInfo"]["notes"] == "By key"
    query = {"queryString": "select Name from Account where Notes = 'By key'"}
    (found,) = client.post("v1/action/query", query).json()["records"]
    assert found["Name"] == "Quail Ltd"


def test_a_usage_record_is_deleted(client: Any) -> None:
    used = {"AccountNumber": "A00000001", "UOM": "Minute", "Quantity": 1, "StartDateTime": "2026-01-01"}
    key = client.post("v1/object/usage", used).json()["Id"]
    assert client.delete(f"v1/object/usage/{key}").status_code == 200
