"""Load without wrk: visitors that send prepared requests, each the next one when it has its answer."""

import asyncio
import sys
from itertools import cycle
from time import perf_counter
from typing import cast

import httptools
import uvloop

_FIRST_FAILURE = 400


class _Tally:
    """What all visitors together have done."""

    def __init__(self, requests: list[bytes], seconds: float) -> None:
        self.requests = cycle(requests)
        self.end = perf_counter() + seconds
        self.answered = 0
        self.failed = 0


class _Visitor(asyncio.Protocol):
    def __init__(self, tally: _Tally) -> None:
        self._tally = tally
        self._parser = httptools.HttpResponseParser(self)
        self.gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(next(self._tally.requests))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._tally.answered += 1
        self._tally.failed += self._parser.get_status_code() >= _FIRST_FAILURE
        if perf_counter() < self._tally.end:
            self._transport.write(next(self._tally.requests))
        else:
            self._transport.close()


async def _visit(host: str, connections: int, seconds: float, requests: list[bytes]) -> None:
    name, port = host.split(":")
    tally = _Tally(requests, seconds)
    start = perf_counter()
    loop = asyncio.get_running_loop()
    visitors = [
        (await loop.create_connection(lambda: _Visitor(tally), name, int(port)))[1]
        for _ in range(connections)
    ]
    await asyncio.wait([visitor.gone for visitor in visitors])
    spent = round((perf_counter() - start) * 1e6)
    lost = connections if not tally.answered else 0
    print(f"figures {tally.answered} requests in {spent} us, {tally.failed + lost} failed")


if __name__ == "__main__":
    uvloop.run(
        _visit(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), [bytes.fromhex(line) for line in sys.stdin])
    )
