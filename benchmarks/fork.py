"""Forking a tenant: the same few microseconds whatever it holds."""

from collections.abc import Iterator

import httpx2

from benchmarks import _scene
from benchmarks._budget import within
from benchmarks._figures import Benchmark, Figure
from toolkit.zuora.transport import InProcessTransport


def _measure() -> Iterator[Figure]:
    tenant = _scene.tenant()
    held = 0
    with httpx2.Client(base_url="http://zuora", transport=InProcessTransport(tenant.handle)) as client:
        headers = _scene.sign_in(client)
    for accounts in (10, 1_000, 100_000):
        for number in range(held, accounts):
            tenant.handle(_scene.opening(number, headers))
        held = accounts
        yield within(f"fork-of-{accounts}-accounts", 10, tenant.fork, times=5000)


BENCHMARK = Benchmark("Microseconds of a fork, from ten accounts to a hundred thousand.", _measure)
