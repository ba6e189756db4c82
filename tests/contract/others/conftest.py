"""The simulator as the versions of zuora-swagger-client drive it, and what they buy."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contract.others.swagger_reading import faults

DAY = "2026-01-01"


@pytest.fixture(scope="session")
def swagger() -> Any:
    return pytest.importorskip("swagger_client", reason="zuora-swagger-client is not installed here")


@pytest.fixture(scope="session")
def transport(swagger: Any, simulator: str) -> Iterator[Any]:
    """The client's transport; it keeps the text of what it read, for its models drop half of the fields."""

    class Transport(swagger.ApiClient):  # type: ignore[misc]
        """Keeps the last answer, and the type as which it was read."""

        text, kind = "", "object"

        def deserialize(self, response: Any, kind: Any) -> Any:
            self.text, self.kind = response.data, kind
            return super().deserialize(response, kind)

    configuration = swagger.Configuration()
    configuration.host = simulator
    transport = Transport(configuration)
    for name, value in {"apiAccessKeyId": "key", "apiSecretAccessKey": "secret"}.items():
        transport.set_default_header(name, value)
    yield transport
    transport.rest_client.pool_manager.clear()


@pytest.fixture(scope="session")
def ask(swagger: Any, transport: Any) -> Callable[..., Any]:
    """Call a method, check the answer by the client's models, and return the JSON."""

    def ask(method: Any, *arguments: Any, **options: Any) -> Any:
        method(*arguments, **options)
        answer = json.loads(transport.text)
        for one in answer if isinstance(answer, list) else [answer]:
            assert one.get("success", one.get("Success", True)) is True, answer
        found = list(faults(swagger, transport.kind, answer))
        assert not found, f"{method.__name__}: " + "; ".join(found)
        return answer

    return ask


@pytest.fixture(scope="session")
def plans(swagger: Any, transport: Any, ask: Callable[..., Any]) -> Any:
    """The plans with a price by the seat of the first product that has some."""
    catalog = swagger.CatalogApi(transport)
    for listed in ask(catalog.g_et_catalog)["products"]:
        plans = ask(catalog.g_et_product, listed["id"])["productRatePlans"]
        if found := [one for one in plans if _price(one)]:
            return found
    raise AssertionError("no product has a plan by the seat")


def _price(plan: Any) -> float | None:
    """Return the price of a plan's only charge; None if it has others, or is not sold by the seat."""
    charge, *more = plan["productRatePlanCharges"]
    by_the_seat = charge["model"] == "PerUnit" and not more
    return float(charge["pricing"][0]["price"]) if by_the_seat else None


@pytest.fixture(scope="session")
def plan(plans: Any) -> str:
    """A plan that is bought."""
    return str(plans[0]["id"])


@pytest.fixture(scope="session")
def charge(plans: Any) -> str:
    """Its charge."""
    return str(plans[0]["productRatePlanCharges"][0]["id"])


@pytest.fixture(scope="session")
def account(swagger: Any, transport: Any, ask: Any) -> SimpleNamespace:
    contact = {"firstName": "Ada", "lastName": "Byron", "country": "USA"}
    wanted = {"name": "Rook Press", "currency": "USD", "billCycleDay": 1, "billToContact": contact}
    made = ask(swagger.AccountsApi(transport).p_ost_account, wanted)
    return SimpleNamespace(id=made["accountId"], number=made["accountNumber"])


@pytest.fixture
def invoice(swagger: Any, transport: Any, ask: Any, account: Any) -> SimpleNamespace:
    """A posted invoice over 100, and its item."""
    api = swagger.InvoicesApi(transport)
    item = {"amount": 100, "chargeName": "Press", "serviceStartDate": DAY, "serviceEndDate": DAY}
    wanted = {"accountId": account.id, "invoiceDate": DAY, "status": "Posted", "invoiceItems": [item]}
    made = ask(api.p_ost_standalone_invoice, wanted)
    (item,) = ask(api.g_et_invoice_items, made["id"])["invoiceItems"]
    assert ask(api.get_get_invoice, made["id"])["balance"] == 100
    return SimpleNamespace(id=made["id"], item=item["id"])
