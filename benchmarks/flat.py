"""Flatness: what the same requests cost a tenant of ten accounts and one of a hundred thousand."""

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from random import Random
from statistics import median
from time import perf_counter

import httpx2

from benchmarks import _scene
from benchmarks._figures import Benchmark, Figure, in_turns
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

_FEW, _MANY = 10, 100_000

_VISITED = 10
"""Accounts that are asked for in each tenant: of more than these a small one could not have so many."""

_TIMES = 200
_ROUNDS = 9
_FLOOR = 1 / 1.3
_US = 1e6

_Visits = Mapping[str, Sequence[Request]]


def _measure() -> Iterator[Figure]:
    few, at_few = _filled(_FEW)
    many, at_many = _filled(_MANY)
    gc.collect()  # what a server has held for a while is collected no more than once in a long time
    for name, requests in at_many.items():
        sides = in_turns(partial(_speed, many, requests), partial(_speed, few, at_few[name]), _ROUNDS)
        detail = f"p50 of {_MANY} {_US / sides.toolkit:.1f} us p50 of {_FEW} {_US / sides.yardstick:.1f} us"
        yield Figure(f"flat-{name}", sides.ratio, _FLOOR, detail)


def _filled(accounts: int) -> tuple[Tenant, _Visits]:
    """Return a tenant of so many accounts with a subscription each, and what is asked of some of them."""
    tenant = _scene.tenant()
    with httpx2.Client(base_url="http://zuora", transport=InProcessTransport(tenant.handle)) as client:
        headers = _scene.sign_in(client)
        goods = _scene.choose_goods(client, headers)
    opened = []
    gc.disable()  # all of it stays
    for number in range(accounts):
        account = _answered(tenant, _scene.opening(number, headers))
        _answered(tenant, _scene.ordering(account["accountNumber"], goods, headers))
        opened.append((account["accountId"], account["accountNumber"]))
    gc.enable()
    visited = Random(accounts).sample(opened, _VISITED)  # noqa: S311 - nothing is secret
    visits = _visits(visited, goods, headers)
    for requests in visits.values():
        for request in requests:
            _answered(tenant.fork(), request)
    return tenant, visits


def _visits(accounts: Sequence[tuple[str, str]], goods: _scene.Goods, headers: Mapping[str, str]) -> _Visits:
    def read(path: str) -> list[Request]:
        return [Request("GET", path.format(number), headers=headers) for _, number in accounts]

    def query(text: str) -> list[Request]:
        said = [json.dumps({"queryString": text.format(*account)}).encode() for account in accounts]
        return [Request("POST", "/v1/action/query", headers=headers, body=body) for body in said]

    return {
        "get-account": read("/v1/accounts/{}"),
        "get-subscriptions": read("/v1/subscriptions/accounts/{}"),
        "create-account": [_scene.opening(number, headers) for number in range(_VISITED)],
        "create-subscription": [_scene.ordering(number, goods, headers) for _, number in accounts],
        "zoql-by-id": query("select Name from Account where Id = '{0}'"),
        "zoql-by-number": query("select Name from Account where AccountNumber = '{1}'"),
        "zoql-by-account": query("select Name from Subscription where AccountId = '{0}'"),
    }


def _speed(tenant: Tenant, requests: Sequence[Request]) -> float:
    """Return how often a second a request is answered that takes as long as the middle one of them.

    Each is answered in a fork of its own, which costs the same whatever it holds, so that writes leave the
    tenant as large as it is.
    """
    spent = []
    for request in islice(cycle(requests), _TIMES):
        fork = tenant.fork()
        start = perf_counter()
        fork.handle(request)
        spent.append(perf_counter() - start)
    return 1 / median(spent)


def _answered(tenant: Tenant, request: Request) -> Mapping[str, str]:
    """Return the answer to a request.

    Raises:
        ToolkitError: It is refused, or finds nothing; figures of that would say nothing.
    """
    response = tenant.handle(request)
    answer: dict[str, str] = json.loads(response.body)
    if not (answer.get("success") or answer.get("size")):
        raise ToolkitError(f"{request.method} {request.path} was refused: {response.body!r}")
    return answer


BENCHMARK = Benchmark("The same requests to ten accounts and to a hundred thousand.", _measure)
