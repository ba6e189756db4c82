"""Objects written over /v1/object, and a catalog that was written so."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.zuora.conftest import Answer, Caller

Create = Callable[..., str]
Refuse = Callable[..., tuple[str, str]]
Shown = Callable[..., dict[str, Any]]

PRODUCT = {"Name": "Runners", "EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-12-31"}
RECURRING = {
    "Name": "Seats",
    "ChargeModel": "Flat Fee Pricing",
    "ChargeType": "Recurring",
    "BillCycleType": "DefaultFromCustomer",
    "BillingPeriod": "Month",
    "TriggerEvent": "ContractEffective",
}


def tiers(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return tier data; rows are in USD unless they say more."""
    return {"ProductRatePlanChargeTier": [{"Currency": "USD", **row} for row in rows]}


def fault(answer: Answer) -> tuple[str, str]:
    """Return the code and the message of what was refused."""
    assert answer.body["Success"] is False
    error = answer.body["Errors"][0]
    return error["Code"], error["Message"]


@pytest.fixture
def create(call: Caller) -> Create:
    """Create an object of a kind, and return its id."""

    def make(kind: str, body: dict[str, Any], **more: object) -> str:
        answer = call("POST", f"/v1/object/{kind}", {**body, **more})
        assert answer.body.get("Success"), answer.body
        return str(answer.body["Id"])

    return make


@pytest.fixture
def refused(call: Caller) -> Refuse:
    """Make a call that is refused, and return code and message."""

    def make(method: str, path: str, body: dict[str, Any] | None = None) -> tuple[str, str]:
        return fault(call(method, f"/v1/object/{path}", body))

    return make


@pytest.fixture
def shown(call: Caller) -> Shown:
    """Return an object as it is shown."""

    def read(path: str) -> dict[str, Any]:
        body: dict[str, Any] = call("GET", f"/v1/object/{path}").body
        return body

    return read


@pytest.fixture
def product(create: Create) -> str:
    """The id of a product."""
    return create("product", PRODUCT)


@pytest.fixture
def plan(create: Create, product: str) -> str:
    """The id of a rate plan without charges."""
    return create("product-rate-plan", {"Name": "Monthly", "ProductId": product})


@pytest.fixture
def charge(create: Create, plan: str) -> Callable[..., str]:
    """Create a charge of the plan, monthly at 15 unless said, and return its id."""

    def make(*rows: dict[str, Any], **more: object) -> str:
        data = tiers(*(rows or ({"Price": 15},)))
        body = {**RECURRING, "ProductRatePlanId": plan, "ProductRatePlanChargeTierData": data}
        return create("product-rate-plan-charge", body, **more)

    return make
