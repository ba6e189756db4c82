"""Time: a year of a thousand monthly subscriptions, and a day on which nothing falls due."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx2

from benchmarks import _scene
from benchmarks._budget import within
from benchmarks._figures import Benchmark, Figure
from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state.store import Store
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

_ACCOUNTS = 1000
_RUNS = 12
_THREE_SECONDS = 3_000_000
_MILLISECOND = 1000
_OK = 200


def _measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as directory, Store(Path(directory)) as store:
        tenant = Tenant.recover(store.begin("advance", lambda: worlds.load(_scene.WORLD)), store)
        headers = _fill(tenant)
        begun = tenant.world

        def pass_by(span: str) -> None:
            tenant.world = begun
            moved = tenant.handle(
                Request("POST", "/__toolkit/clock", "", headers, b'{"advance":"%b"}' % span.encode())
            )
            if moved.status != _OK:
                raise ToolkitError(f"Time does not move: {moved.body.decode()}")

        yield within("advance-a-year-of-1000", _THREE_SECONDS, lambda: pass_by("P1Y"), times=1)
        _check(tenant)
        yield within("advance-a-quiet-day", _MILLISECOND, lambda: pass_by("P1D"), times=100)


def _fill(tenant: Tenant) -> Mapping[str, str]:
    """Sell subscriptions from month to month, and plan a monthly bill run that posts by itself."""
    with httpx2.Client(base_url="http://zuora", transport=InProcessTransport(tenant.handle)) as client:
        headers = _scene.sign_in(client)
        goods = _scene.choose_goods(client, headers)
        for number in range(_ACCOUNTS):
            account = _scene.must_succeed(client, _scene.opening(number, headers))["accountNumber"]
            _scene.must_succeed(client, _scene.ordering(account, goods, headers, months=1))
        schedule = {"repeatFrom": f"{goods.today[:-2]}15", "repeatType": "Monthly", "runTime": 6}
        run = {"autoPost": True, "batches": ["AllBatches"], "schedule": schedule}
        content = json.dumps(run).encode()
        _scene.must_succeed(client, Request("POST", "/v1/bill-runs", headers=headers, body=content))
    return headers


def _check(tenant: Tenant) -> None:
    """Refuse a year in which not everything was billed and posted twelve times, and renewed between.

    Raises:
        ToolkitError: Something is missing.
    """
    posted = sum(invoice.status == "Posted" for invoice in tenant.world.invoices.latest())
    renewed = sum(one.version >= _RUNS for one in tenant.world.subscriptions.latest())
    if posted < _ACCOUNTS * _RUNS or renewed < _ACCOUNTS:
        raise ToolkitError(f"The year left {posted} posted invoices and {renewed} renewed subscriptions.")


BENCHMARK = Benchmark("A year by one request, with renewals and bill runs, and a quiet day.", _measure)
