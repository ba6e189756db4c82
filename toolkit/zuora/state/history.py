"""History: what a tenant's past is asked for, and the one that lives as long as the process."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from toolkit.errors import ToolkitError, did_you_mean
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Accepted, Keeper

REMEMBERED = 1000
"""Writes that a tenant without a directory can go back by; each keeps what it replaced in memory."""


class Entry(NamedTuple):
    """A request that has changed a tenant, with the status that answered it; the first has the number 1."""

    number: int
    method: str
    path: str
    status: int


class History(Keeper, Protocol):
    """A keeper that can be asked for the past."""

    @property
    def count(self) -> int:
        """The number of the latest request."""

    @property
    def earliest(self) -> int:
        """The least number that `at` takes."""

    def listed(self, after: int, most: int) -> list[Entry]:
        """Return up to `most` of the requests that it remembers after a number."""

    def at(self, number: int) -> World:
        """Return the state after a request, or for 0 that of the beginning.

        Raises:
            ToolkitError: There was no such request, or it is forgotten.
        """

    @property
    def snapshots(self) -> dict[str, int]:
        """After which request each snapshot was taken, by name."""

    def save(self, name: str, world: World) -> None:
        """Give a name to the present state, in place of what had it."""

    def saved(self, name: str) -> World:
        """Return the state with this name.

        Raises:
            ToolkitError: There is none.
        """

    def forget(self, name: str) -> None:
        """Take a name away.

        Raises:
            ToolkitError: Nothing has it.
        """


class Memory:
    """The history of a tenant that nothing keeps: its latest writes, each with the state that it left.

    Args:
        world: The state to begin with.
        most: How many writes are remembered.
    """

    def __init__(self, world: World, most: int = REMEMBERED) -> None:
        self._states: deque[tuple[Entry, World]] = deque([(Entry(0, "", "", 0), world)], most + 1)
        self._saved: dict[str, tuple[int, World]] = {}

    def entries(self) -> Iterator[Request]:
        """Yield nothing: what ends with the process is not answered again."""
        return iter(())

    def keep(self, accepted: Sequence[Accepted]) -> None:
        """Remember requests, each with the world after it."""
        for number, (request, status, world) in enumerate(accepted, self.count + 1):
            self._states.append((Entry(number, request.method, request.path, status), world))

    @property
    def count(self) -> int:
        """The number of the latest request."""
        return self._states[-1][0].number

    @property
    def earliest(self) -> int:
        """The least number that is remembered."""
        return self._states[0][0].number

    def listed(self, after: int, most: int) -> list[Entry]:
        """Return up to `most` of the requests that it remembers after a number."""
        return [entry for entry, _ in self._states if entry.number > max(after, 0)][:most]

    def at(self, number: int) -> World:
        """Return the state after a request."""
        check_number(number, self)
        return self._states[number - self.earliest][1]

    @property
    def snapshots(self) -> dict[str, int]:
        """After which request each snapshot was taken, by name."""
        return {name: number for name, (number, _) in self._saved.items()}

    def save(self, name: str, world: World) -> None:
        """Give a name to the present state."""
        self._saved[name] = self.count, world

    def saved(self, name: str) -> World:
        """Return the state with this name."""
        check_name(name, self)
        return self._saved[name][1]

    def forget(self, name: str) -> None:
        """Take a name away."""
        check_name(name, self)
        del self._saved[name]


def check_number(number: int, history: History) -> None:
    """Refuse a number that a history cannot go back to.

    Raises:
        ToolkitError: It cannot.
    """
    if not history.earliest <= number <= history.count:
        raise ToolkitError(
            f"There is no state after request {number}.",
            f"What is remembered goes from {history.earliest} to {history.count}.",
        )


def check_name(name: str, history: History) -> None:
    """Refuse the name of a snapshot that a history does not have.

    Raises:
        ToolkitError: It has none of this name.
    """
    if name not in history.snapshots:
        raise ToolkitError(f"There is no snapshot '{name}'.", did_you_mean(name, history.snapshots))
