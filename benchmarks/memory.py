"""Memory: what a tenant holds for a subscription of two charges with its order and its invoice."""

import gc
import json
import tracemalloc
from collections.abc import Iterator, Mapping

import httpx2

from benchmarks import _scene
from benchmarks._figures import Benchmark, Figure
from toolkit.zuora.calls.call import Request
from toolkit.zuora.transport import InProcessTransport

_SUBSCRIPTIONS = 5_000
_MOST = 8 * 1024


def _measure() -> Iterator[Figure]:
    tenant = _scene.tenant()
    with httpx2.Client(base_url="http://zuora", transport=InProcessTransport(tenant.handle)) as client:
        headers = _scene.sign_in(client)
        goods = _scene.choose_goods(client, headers)
        accounts = [
            _scene.must_succeed(client, _scene.opening(number, headers))["accountNumber"]
            for number in range(_SUBSCRIPTIONS)
        ]
        _scene.must_succeed(client, _buying(accounts.pop(), goods, headers))
    gc.collect()
    tracemalloc.start()
    for account in accounts:
        tenant.handle(_buying(account, goods, headers))
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    each = held / len(accounts)
    yield Figure("memory-of-subscription", _MOST / each, 1.0, f"{each:.0f} bytes of {_MOST}")


def _buying(account: str, goods: _scene.Goods, headers: Mapping[str, str]) -> Request:
    """Return the request that orders a subscription of two charges, which is billed at once."""
    request = _scene.ordering(account, goods, headers)
    order = json.loads(request.body)
    creation = order["subscriptions"][0]["orderActions"][0]["createSubscription"]
    creation["subscribeToRatePlans"] *= 2
    order["processingOptions"] = {"runBilling": True, "billingOptions": {"targetDate": goods.today}}
    return Request(request.method, request.path, headers=headers, body=json.dumps(order).encode())


BENCHMARK = Benchmark("Bytes of a subscription with its order and its invoice.", _measure)
