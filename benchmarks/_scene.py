"""The scene of the benchmarks: accounts to read, and orders that create subscriptions for them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

import httpx2

from benchmarks._traffic import started
from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.tenant import Tenant

WORLD = "gitlab-self-managed"

_ACCOUNTS = 100
_CONTACT = {
    "firstName": "Ada",
    "lastName": "Byron",
    "workEmail": "ada@example.com",
    "address1": "12 St James's Square",
    "city": "London",
    "zipCode": "SW1Y 4JH",
    "country": "United Kingdom",
}
_DATES = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")

Kind = Literal["reads", "orders"]


class Goods(NamedTuple):
    """What the orders buy, and when."""

    plan: str
    charge: str
    today: str


def tenant() -> Tenant:
    """Return a tenant with the same world that is served over HTTP."""
    return Tenant(worlds.load(WORLD))


@contextmanager
def served() -> Iterator[str]:
    """Serve that world over HTTP with its journal on, and give the URL."""
    with TemporaryDirectory() as state:
        command = ("toolkit", "serve", "zuora", "--port", "0", "--world", WORLD, "--state", state)
        with started(*command) as url:
            yield url


def sign_in(client: httpx2.Client) -> dict[str, str]:
    """Return the headers of a signed-in client."""
    form = {"client_id": "0" * 36, "client_secret": "any", "grant_type": "client_credentials"}
    token = _read(client.post("/oauth/token", data=form))["access_token"]
    return {"authorization": f"Bearer {token}", "content-type": "application/json"}


def choose_goods(client: httpx2.Client, headers: Mapping[str, str]) -> Goods:
    """Choose a recurring charge per unit from the catalog."""
    catalog = _read(client.get("/v1/catalog/products", headers=headers))
    today = _read(client.get("/__toolkit/clock"))["now"][:10]
    for product in catalog["products"]:
        for plan in product["productRatePlans"]:
            for charge in plan["productRatePlanCharges"]:
                if (charge["type"], charge["model"]) == ("Recurring", "PerUnit"):
                    return Goods(plan["id"], charge["id"], today)
    raise ToolkitError(f"The world {WORLD} sells nothing per unit.", "Correct its catalog.")


def enter(client: httpx2.Client, headers: Mapping[str, str], goods: Goods) -> dict[Kind, list[Request]]:
    """Open accounts, and return the requests that read them and that order for them.

    Raises:
        ToolkitError: One is refused; figures of refusals would say nothing.
    """
    accounts = [
        must_succeed(client, opening(number, headers))["accountNumber"] for number in range(_ACCOUNTS)
    ]
    reads = [Request("GET", f"/v1/accounts/{account}", headers=headers) for account in accounts]
    orders = [ordering(account, goods, headers) for account in accounts]
    must_succeed(client, reads[0])
    must_succeed(client, orders[0])
    return {"reads": reads, "orders": orders}


def opening(number: int, headers: Mapping[str, str]) -> Request:
    """Return the request that opens an account."""
    account = {"name": f"Customer {number}", "currency": "USD", "billCycleDay": 1, "billToContact": _CONTACT}
    return Request("POST", "/v1/accounts", headers=headers, body=json.dumps(account).encode())


def must_succeed(client: httpx2.Client, request: Request) -> Any:  # noqa: ANN401 - whatever JSON it is
    """Send the request and return its answer.

    Raises:
        ToolkitError: It is refused.
    """
    return _read(client.request(request.method, request.path, headers=request.headers, content=request.body))


def ordering(account: str, goods: Goods, headers: Mapping[str, str], months: int = 12) -> Request:
    """Return the request that orders a subscription of 25 seats for a year, or from month to month."""
    quantity: dict[str, Any] = {
        "productRatePlanChargeId": goods.charge,
        "pricing": {"recurringPerUnit": {"quantity": 25}},
    }
    if months == 1:
        quantity["billing"] = {"billingPeriod": "Month"}
    subscription = {
        "terms": {
            "initialTerm": {"termType": "TERMED", "period": months, "periodType": "Month"},
            "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
            "renewalTerms": [{"period": months, "periodType": "Month"}],
            "autoRenew": True,
        },
        "subscribeToRatePlans": [{"productRatePlanId": goods.plan, "chargeOverrides": [quantity]}],
    }
    action = {
        "type": "CreateSubscription",
        "triggerDates": [{"name": name, "triggerDate": goods.today} for name in _DATES],
        "createSubscription": subscription,
    }
    order = {
        "orderDate": goods.today,
        "existingAccountNumber": account,
        "subscriptions": [{"orderActions": [action]}],
        "processingOptions": {"runBilling": False, "collectPayment": False},
    }
    return Request("POST", "/v1/orders", headers=headers, body=json.dumps(order).encode())


def _read(response: httpx2.Response) -> Any:  # noqa: ANN401 - whatever JSON it is
    answer = response.json()
    if not response.is_success or answer.get("success") is False:
        raise ToolkitError(f"{response.request.method} {response.url} was refused: {response.text}")
    return answer
