"""Turns: what one turn of the event loop has brought is answered together, then sent."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from toolkit.zuora.calls.call import Handler, Request, Response

MOST = 32
"""Requests in a turn, so that the first does not wait long for the last to be answered."""

Answers = Callable[[Sequence[Request]], Sequence[Response | Exception]]
"""Answers several requests in their order, or says which fault keeps it from that."""


def each(handler: Handler) -> Answers:
    """Answer requests one by one, so that a fault of the handler costs one of them only."""

    def answer(request: Request) -> Response | Exception:
        try:
            return handler(request)
        except Exception as error:  # noqa: BLE001 - whatever it is
            return error

    return lambda requests: list(map(answer, requests))


class Waiting(Protocol):
    """A connection with requests that wait."""

    @property
    def request(self) -> Request:
        """The one that has waited longest."""

    def render(self, response: Response) -> bytes:
        """Return what is to be sent as the answer to that; raises ValueError if it cannot be."""

    def send(self, answer: bytes) -> None:
        """Send it, and go on."""

    def fail(self, error: Exception) -> None:
        """Give up: there is no answer."""


class Turns:
    """Who is to be answered next; everybody once a turn.

    After a read or a write a processor takes about twice as long for the same handler, since the kernel has
    been at work in between. So all of a turn are answered before the first answer is sent, and a tenant can
    keep at once what they write.

    Args:
        answers: Answers the requests of a turn.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._next: list[Waiting] = []

    def add(self, connection: Waiting) -> None:
        """Answer the first request of a connection in the next turn; it must not be in it yet."""
        if not self._next:
            asyncio.get_running_loop().call_soon(self._take)
        self._next.append(connection)

    def _take(self) -> None:
        turn, self._next = self._next[:MOST], self._next[MOST:]
        if self._next:
            asyncio.get_running_loop().call_soon(self._take)
        answered = []
        try:
            responses = self._answers([one.request for one in turn])
        except Exception as error:  # noqa: BLE001 - nobody is to wait for an answer that does not come
            responses = [error] * len(turn)
        for connection, response in zip(turn, responses, strict=True):
            if isinstance(response, Exception):
                connection.fail(response)
                continue
            try:
                answered.append((connection, connection.render(response)))
            except ValueError as error:
                connection.fail(error)
        for connection, answer in answered:
            connection.send(answer)
