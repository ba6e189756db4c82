"""A tenant to call as a client would, byte by byte or signed in."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from toolkit import worlds
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "secret"}
ADA = {"firstName": "Ada", "lastName": "Tanaka", "country": "USA"}


class Answer(NamedTuple):
    """A response, decoded."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def reason(self) -> tuple[int, str]:
        """The code and message of the first reason, or of a refusal that has one only."""
        reason = self.body.get("reasons", [self.body])[0]
        return reason["code"], reason["message"]


class Caller:
    """Calls a tenant and decodes what it answers.

    Args:
        tenant: The tenant.
    """

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        """Make one call, signed with access keys unless other headers are given."""
        sent = dict(KEYS if headers is None else headers)
        content = raw if raw is not None else b"" if body is None else wire.write(body)
        if content:
            sent.setdefault("content-type", "application/json")
        if version:
            sent["zuora-version"] = version
        route, _, query = path.partition("?")
        response = self.tenant.handle(Request(method, route, query, sent, content))
        return Answer(response.status, dict(response.headers), json.loads(response.body, parse_float=Decimal))


@pytest.fixture
def tenant() -> Tenant:
    """GitLab's world, in a cell of the test's own."""
    return Tenant(worlds.load("gitlab-self-managed"))


@pytest.fixture
def call(tenant: Tenant) -> Caller:
    """Calls the tenant."""
    return Caller(tenant)


@pytest.fixture
def client(tenant: Tenant) -> Iterator[Client]:
    """The toolkit's own client, without a socket."""
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        yield client


@pytest.fixture
def account(client: Client) -> str:
    """The number of a new account that bills on the first of the month, in USD."""
    answer = client.post(
        "/v1/accounts", {"name": "Acme", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
    )
    return str(answer["accountNumber"])


Order = Callable[..., dict[str, Any]]


def subscribed(answer: dict[str, Any]) -> str:
    """Return the number of the first subscription that an order is about."""
    return str(answer["subscriptions"][0]["subscriptionNumber"])


def triggers(day: str) -> list[dict[str, str]]:
    """Return all three dates of an action as the same day."""
    names = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
    return [{"name": name, "triggerDate": day} for name in names]


def plan_named(tenant: Tenant, name: str) -> Any:  # noqa: ANN401 - a ProductRatePlan
    """Return the rate plan of this name."""
    return next(plan for plan in tenant.world.plans.latest() if plan.name == name)


@pytest.fixture
def order(client: Client, account: str) -> Order:
    """Places an order of one action for the account."""

    def place(kind: str, day: str, number: str | None = None, **parts: Any) -> dict[str, Any]:  # noqa: ANN401
        options = parts.pop("processingOptions", {})
        action = {"type": kind, "triggerDates": triggers(day), **parts}
        wanted: dict[str, Any] = {"orderActions": [action]}
        if number:
            wanted["subscriptionNumber"] = number
        body = {"orderDate": day, "existingAccountNumber": account, "subscriptions": [wanted]}
        return client.post("/v1/orders", {**body, "processingOptions": options})

    return place


@pytest.fixture
def creation(tenant: Tenant) -> dict[str, Any]:
    """The body of a createSubscription: ten seats of Premium for a year."""
    plan = plan_named(tenant, "Premium - 1 Year")
    seats = {
        "productRatePlanChargeId": plan.charges[0].id,
        "pricing": {"recurringPerUnit": {"quantity": 10}},
    }
    return {
        "terms": {
            "initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"},
            "renewalTerms": [{"period": 12, "periodType": "Month"}],
        },
        "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [seats]}],
    }


@pytest.fixture
def subscription(order: Order, creation: dict[str, Any]) -> str:
    """The number of a subscription to ten seats of Premium from 1 January 2026."""
    answer = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    return subscribed(answer)
