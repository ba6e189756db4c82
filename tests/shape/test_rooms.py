"""Every room is furnished with files that keep its contract."""

import re

import pytest
from factory.base import FactoryMetaClass

from toolkit.cli.command import Command
from toolkit.environment.service import Service
from toolkit.load.profile import profiles, workload
from toolkit.rooms import furnish
from toolkit.zuora.calls.endpoint import Endpoint
from toolkit.zuora.calls.routes import Routes

COMMANDS = furnish("toolkit.cli.commands", "COMMAND", Command)
ENDPOINTS = furnish("toolkit.zuora.api", "ENDPOINTS", tuple)
FACTORIES = furnish("toolkit.factories", "FACTORY", FactoryMetaClass)
SERVICES = furnish("toolkit.environment.services", "SERVICE", Service)


@pytest.mark.parametrize(
    ("room", "known"),
    [
        (COMMANDS, {"demo", "doctor", "down", "serve", "status", "up", "zuora"}),
        (ENDPOINTS, {"accounts", "orders", "subscriptions", "invoices", "payments", "bill_runs"}),
        (FACTORIES, {"account", "contact", "product", "subscription", "invoice", "payment"}),
        (SERVICES, {"mail", "postgres", "redis", "zuora"}),
        (profiles(), {"smoke"}),
    ],
    ids=["commands", "endpoints", "factories", "services", "profiles"],
)
def test_a_room_is_furnished(room: dict[str, object], known: set[str]) -> None:
    assert known <= set(room)


@pytest.mark.parametrize(
    "endpoint", [one for file in ENDPOINTS.values() for one in file], ids=lambda it: f"{it.method} {it.path}"
)
def test_an_endpoint_says_what_it_does_and_where(endpoint: object) -> None:
    assert isinstance(endpoint, Endpoint)
    assert endpoint.answer.__doc__
    assert endpoint.method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert re.fullmatch(r"(/[\w-]+|/\{[a-z-]+\})+", endpoint.path)


def test_no_two_endpoints_claim_one_place() -> None:
    Routes(one for file in ENDPOINTS.values() for one in file)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_endpoints_of_its_own_and_needs_what_exists(name: str) -> None:
    others = [one for other, service in SERVICES.items() if other != name for one in service.endpoints]
    assert SERVICES[name].endpoints
    assert set(SERVICES[name].endpoints).isdisjoint(others)
    assert set(SERVICES[name].needs) <= set(SERVICES)


@pytest.mark.parametrize("name", profiles())
def test_a_shipped_profile_can_be_run(name: str) -> None:
    assert workload(name).objectives
