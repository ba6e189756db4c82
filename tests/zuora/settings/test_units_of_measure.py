"""Units of measure as settings: created, changed, deleted, and obeyed when quantities are stored."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import Caller, Order
from toolkit.billing.units import UnitOfMeasure
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant

PATH = "/settings/units-of-measure"
DOCUMENTED = {
    "name": "GB",
    "displayAs": "GB",
    "precision": 0,
    "roundingMode": "Up",
    "active": True,
    "usageLogFileLabel": "GB",
}
"""Zuora's own example."""


@pytest.fixture
def create(call: Caller) -> Callable[..., Any]:
    def make(**fields: object) -> dict[str, Any]:
        return dict(call("POST", PATH, {**DOCUMENTED, **fields}).body)

    return make


def test_a_unit_is_created_as_in_zuoras_example(call: Caller, create: Callable[..., Any]) -> None:
    unit = create()
    assert {**unit, "id": None} == {**DOCUMENTED, "id": None}
    assert call("GET", f"{PATH}/{unit['id']}").body == unit
    assert call("GET", PATH).body == {"unitsOfMeasure": [unit]}


def test_a_unit_is_renamed_as_in_zuoras_example(call: Caller, create: Callable[..., Any]) -> None:
    unit = create()
    label = "Gigabyte"
    said = {"id": unit["id"], "name": label, "displayAs": label, "usageLogFileLabel": label, "active": True}
    changed = call("PUT", f"{PATH}/{unit['id']}", said).body
    assert changed == {**said, "precision": 0, "roundingMode": "Up"}
    assert call("GET", PATH).body == {"unitsOfMeasure": [changed]}


def test_a_unit_that_a_file_declares_is_shown_and_keeps_its_id(tenant: Tenant, call: Caller) -> None:
    rules = replace(tenant.world.rules, units={"Minutes": UnitOfMeasure(decimal_places=2)})
    tenant.world = replace(tenant.world, rules=rules)
    (unit,) = call("GET", PATH).body["unitsOfMeasure"]
    assert (unit["name"], unit["precision"]) == ("Minutes", 2)
    changed = call("PUT", f"{PATH}/{unit['id']}", {"name": "Minutes", "roundingMode": "Down"}).body
    assert changed == {**unit, "roundingMode": "Down"}


def test_an_order_rounds_its_quantities_by_the_unit(
    client: Client, create: Callable[..., Any], order: Order, creation: dict[str, Any]
) -> None:
    pricing = creation["subscribeToRatePlans"][0]["chargeOverrides"][0]["pricing"]["recurringPerUnit"]
    pricing["quantity"] = "10.25"

    def ordered(day: str) -> tuple[Decimal, str]:
        number = order("CreateSubscription", day, createSubscription=creation)["subscriptions"][0][
            "subscriptionNumber"
        ]
        charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
        return charge["quantity"], charge["uom"]

    before, uom = ordered("2026-01-01")
    create(name=uom, displayAs=uom, usageLogFileLabel=uom)
    assert str(before) == "10.25"
    assert ordered("2026-01-02") == (Decimal(11), uom)


def test_a_unit_is_deleted_with_an_empty_answer(
    tenant: Tenant, call: Caller, create: Callable[..., Any]
) -> None:
    path = f"{PATH}/{create()['id']}"
    keys = {"apiaccesskeyid": "key", "apisecretaccesskey": "secret"}
    answer = tenant.handle(Request("DELETE", path, headers=keys))
    assert (answer.status, answer.body) == (200, b"")
    gone = call("GET", path)
    assert (gone.status, gone.body["errorCode"]) == (404, "NOT_FOUND")


def test_a_unit_that_charges_have_keeps_its_name_and_places(call: Caller, create: Callable[..., Any]) -> None:
    create()
    unit = create(name="Seat", displayAs="Seat", usageLogFileLabel="Seat")
    path = f"{PATH}/{unit['id']}"
    refused = [
        call("DELETE", path),
        call("PUT", path, {"name": "Person"}),
        call("PUT", path, {"name": "Seat", "precision": 3}),
    ]
    assert [(one.status, "in use" in one.body["messages"][0]) for one in refused] == [(400, True)] * 3
    assert call("PUT", path, {"name": "Seat", "roundingMode": "Down"}).status == 200


def test_a_name_that_is_used_and_what_is_not_simulated_are_refused(
    call: Caller, create: Callable[..., Any]
) -> None:
    other = create(name="TB", displayAs="TB", usageLogFileLabel="TB")
    create()
    assert "used already" in create()["messages"][0]
    assert "used already" in call("PUT", f"{PATH}/{other['id']}", {"name": "GB"}).body["messages"][0]
    for field, value in {"active": False, "displayAs": "Giga", "usageLogFileLabel": "Giga"}.items():
        assert (
            f"'{field}' is not simulated yet"
            in call("POST", PATH, {"name": "EB", field: value}).body["messages"][0]
        )
