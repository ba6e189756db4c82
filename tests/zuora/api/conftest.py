"""Billing an account over the API, for tests of what comes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from toolkit.zuora.client import Client

Find = Callable[[Client, str], str]
Run = Callable[..., dict[str, Any]]
Invoices = Callable[[Client, str], list[dict[str, Any]]]


@pytest.fixture
def account_id() -> Find:
    """Return the id of the account with this number."""

    def find(client: Client, number: str) -> str:
        return str(client.get(f"/v1/accounts/{number}")["basicInfo"]["id"])

    return find


@pytest.fixture
def run_for(account_id: Find) -> Run:
    """Bill one account."""

    def run(client: Client, account: str, target: str, **more: object) -> dict[str, Any]:
        filters = [{"filterType": "Account", "accountId": account_id(client, account)}]
        return client.post("/v1/bill-runs", {"targetDate": target, "billRunFilters": filters, **more})

    return run


@pytest.fixture
def invoices() -> Invoices:
    """List the invoices of an account, latest first."""

    def find(client: Client, account: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
        return found

    return find
