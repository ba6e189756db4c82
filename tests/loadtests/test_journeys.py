"""The shipped journeys run as tests against the simulator; the shipped profiles claim what they can prove."""

from collections import Counter
from pathlib import Path
from random import Random

import httpx2
import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.load.client import Answer, Client, Outgoing
from toolkit.load.profile import journeys, profiles, workload
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

JOURNEYS = journeys([Path(__file__).parents[2] / "loadtests" / "journeys"])
WORLD = worlds.load("gitlab-self-managed")


class Service:
    """A tenant of the simulator, reached as over HTTP, that counts the requests by kind."""

    def __init__(self, world: World = WORLD) -> None:
        self.tenant = Tenant(world)
        self.sent: Counter[str] = Counter()
        self._http = httpx2.Client(transport=InProcessTransport(self.tenant.handle), base_url="http://zuora")

    def send(self, outgoing: Outgoing) -> Answer:
        self.sent[outgoing.name] += 1
        headers = dict(outgoing.headers)
        answer = self._http.request(outgoing.method, outgoing.path, headers=headers, content=outgoing.body)
        return Answer(answer.status_code, answer.content)


def _play(name: str, customers: int = 1) -> Service:
    """Let customers play a journey, one after the other."""
    service, carried = Service(), dict[str, str]()
    journey = JOURNEYS[name]
    state = journey.prepare(Client(service.send, carried), WORLD.today)
    service.sent.clear()
    for number in range(customers):
        journey.run(Client(service.send, carried), state, Random(number))  # noqa: S311 - repeatable
    return service


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_comes_to_its_end_and_asks_only_for_what_is_served(name: str) -> None:
    service = _play(name, customers=3)
    assert all(times >= 3 for times in service.sent.values())
    assert service.tenant.unserved == {}


def test_every_purchase_leaves_another_customer_with_an_active_subscription() -> None:
    service = _play("purchase", customers=5)
    accounts, subscriptions = service.tenant.world.accounts.rows, service.tenant.world.subscriptions.rows
    assert len(subscriptions) - len(WORLD.subscriptions.rows) == 5
    assert len({account.name for account in accounts.values()}) == len(accounts)
    assert service.sent["POST /v1/orders"] == 5


def test_a_purchase_says_when_there_is_nothing_to_buy() -> None:
    service = Service(World())
    with pytest.raises(ToolkitError, match="has no recurring plan that can be bought today"):
        JOURNEYS["purchase"].prepare(Client(service.send, {}), WORLD.today)


@pytest.mark.parametrize("name", profiles())
def test_a_profile_plans_enough_samples_for_each_of_its_objectives(name: str) -> None:
    chosen = workload(name)
    planned = Counter(
        arrival.journey for arrival in chosen.profile.arrivals() if arrival.at >= chosen.profile.warm_up
    )
    requests: Counter[str] = Counter()
    for journey, customers in planned.items():
        for request, times in _play(journey).sent.items():
            requests[request] += times * customers
    samples = {"": requests.total(), **requests, **planned}
    short_of = [
        objective.text for objective in chosen.objectives if samples.get(objective.of, 0) < objective.needed
    ]
    assert short_of == []
