"""The simulator over HTTP beside other emulators of billing services, at 16 connections."""

from collections.abc import Iterator

import httpx2

from benchmarks import _peers, _scene
from benchmarks._figures import Benchmark, Figure, in_turns
from benchmarks._traffic import rate

_SECONDS = 5
"""How long localstripe is visited: under load it takes more than one for an answer."""


def _measure() -> Iterator[Figure]:
    with _scene.served() as toolkit, httpx2.Client(base_url=toolkit) as client:
        headers = _scene.sign_in(client)
        orders = _scene.enter(client, headers, _scene.choose_goods(client, headers))["orders"]
        openings = [_scene.opening(number, headers) for number in range(100)]
        with _peers.emulate() as url:
            customers = _peers.customers()
            sides = in_turns(lambda: rate(toolkit, openings), lambda: rate(url, customers))
            yield Figure("account-beside-emulate", sides.ratio, 2, f"{sides} ({_peers.EMULATE})")
        with _peers.localstripe() as url:
            bought = _peers.subscriptions(url)
            sides = in_turns(lambda: rate(toolkit, orders), lambda: rate(url, bought, _SECONDS), rounds=3)
            yield Figure("order-beside-localstripe", sides.ratio, 100, f"{sides} ({_peers.LOCALSTRIPE})")


BENCHMARK = Benchmark(
    "Requests per second beside emulate and localstripe, which are installed for it.", _measure
)
