"""The simulator over HTTP beside a bare dictionary store on Starlette and uvicorn, at 16 connections."""

from collections.abc import Iterator

import httpx2

from benchmarks import _scene
from benchmarks._figures import Benchmark, Figure, in_turns
from benchmarks._traffic import load_from, rate, started


def _measure() -> Iterator[Figure]:
    with (
        _scene.served() as toolkit,
        started("benchmarks._yardstick") as yardstick,
        httpx2.Client(base_url=toolkit) as ours,
        httpx2.Client(base_url=yardstick) as theirs,
    ):
        headers = _scene.sign_in(ours)
        goods = _scene.choose_goods(ours, headers)
        at_ours = _scene.enter(ours, headers, goods)
        at_theirs = _scene.enter(theirs, headers, goods)

        def compare(name: str, floor: float, kind: _scene.Kind) -> Figure:
            sides = in_turns(lambda: rate(toolkit, at_ours[kind]), lambda: rate(yardstick, at_theirs[kind]))
            _scene.must_succeed(ours, at_ours[kind][0])
            return Figure(name, sides.ratio, floor, f"{sides} load from {load_from()}")

        yield compare("http-get-account", 1.5, "reads")
        yield compare("http-create-subscription", 0.25, "orders")


BENCHMARK = Benchmark("Requests per second beside a dictionary store on Starlette and uvicorn.", _measure)
