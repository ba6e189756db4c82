"""The timeline: a tenant with its history, moved to any state that it was in, or to one of elsewhere."""

import re

from toolkit.errors import ToolkitError
from toolkit.zuora import seeding
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state import replay
from toolkit.zuora.state.differences import Difference, difference
from toolkit.zuora.state.history import History
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Accepted, Tenant

_NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}")
NOW = "now"
"""Names the present state where two states are compared."""


class Timeline:
    """A tenant and its past. Whatever puts another state in place is itself a request of the history.

    Clients stay signed in over it: who has a token keeps it until it expires at the time of that state.
    """

    def __init__(self, tenant: Tenant, history: History) -> None:
        self.tenant = tenant
        self.history = history

    def snapshot(self, name: str) -> int:
        """Name the present state, and return the number of the latest request.

        Raises:
            ToolkitError: The name has other characters than letters, digits, '_', '-' and '.', is a number,
                or is that of the present.
        """
        check_word("snapshot", name)
        if name == NOW or name.isdigit():
            raise ToolkitError(
                f"A snapshot cannot be called '{name}'.", "Choose a word; numbers are those of requests."
            )
        self.history.save(name, self.tenant.world)
        return self.history.count

    def restore(self, name: str) -> None:
        """Go to the state that has this name."""
        world = self.history.saved(name)
        self._put(world, replay.rewinding(self.history.snapshots[name]))

    def rewind(self, number: int) -> None:
        """Go to the state after the request of this number; 0 is the beginning."""
        self._put(self.history.at(number), replay.rewinding(number))

    def adopt(self, archived: bytes) -> None:
        """Take the state of a file in place of the present one."""
        self._put(replay.imported(archived), replay.importing(archived))

    def seed(self, pages: bytes) -> None:
        """Take the catalog of a real tenant; see `toolkit.zuora.seeding`."""
        self._put(seeding.seed(self.tenant.world, pages), replay.seeding_with(pages))

    def state(self, named: str) -> World:
        """Return a state by the name of a snapshot, by the number of a request, or `now`."""
        if named == NOW:
            return self.tenant.world
        return self.history.at(int(named)) if _NUMBER.fullmatch(named) else self.history.saved(named)

    def diff(self, before: str, after: str = NOW) -> Difference:
        """Tell two states apart, each named as `state` takes them."""
        return difference(self.state(before), self.state(after))

    def _put(self, world: World, request: Request) -> None:
        after = replay.in_place_of(self.tenant.world, world)
        self.history.keep([Accepted(request, 200, after)])
        self.tenant.world = after


def check_word(kind: str, name: str) -> None:
    """Refuse a name that could not be part of a path.

    Raises:
        ToolkitError: It could not.
    """
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise ToolkitError(
            f"A {kind} cannot be called '{name}'.", "Use up to 64 letters, digits, '_', '-' and '.'."
        )
