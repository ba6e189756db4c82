"""Turns: what one turn of the event loop has brought is answered one behind another, then sent."""

import asyncio
from typing import Protocol

MOST = 32
"""Requests in a turn, so that the first does not wait long for the last to be answered."""


class Waiting(Protocol):
    """A connection with a request that waits."""

    def answer(self) -> bytes:
        """Return what is to be sent for the request that has waited longest."""

    def send(self, answer: bytes) -> None:
        """Send it."""

    def fail(self, error: Exception) -> None:
        """Give up: answering failed."""


class Turns:
    """Who is to be answered next; everybody once a turn.

    After a read or a write a processor takes about twice as long for the same handler, since the kernel has
    been at work in between. So all of a turn are answered before the first answer is sent.
    """

    def __init__(self) -> None:
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
        answers = []
        for connection in turn:
            try:
                answers.append((connection, connection.answer()))
            except Exception as error:  # noqa: BLE001 - it costs one connection only
                connection.fail(error)
        for connection, answer in answers:
            connection.send(answer)
