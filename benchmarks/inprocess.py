"""The simulator as a function: how long one request takes, beside plain Python with a time budget."""

from collections.abc import Iterator

import httpx2

from benchmarks import _scene
from benchmarks._budget import within
from benchmarks._figures import Benchmark, Figure
from toolkit.zuora.transport import InProcessTransport


def _measure() -> Iterator[Figure]:
    tenant = _scene.tenant()
    with httpx2.Client(base_url="http://zuora", transport=InProcessTransport(tenant.handle)) as client:
        headers = _scene.sign_in(client)
        visits = _scene.enter(client, headers, _scene.choose_goods(client, headers))
    read, order = visits["reads"][0], visits["orders"][0]
    yield within("inprocess-get-account", 60, lambda: tenant.handle(read), times=2000)
    yield within("inprocess-create-subscription", 200, lambda: tenant.fork().handle(order), times=300)


BENCHMARK = Benchmark("Microseconds of a request without a socket.", _measure)
