"""What the zuora fixture hands to a test: one tenant, and everything that a test does with it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from toolkit import worlds
from toolkit.clock import Clock
from toolkit.errors import ToolkitError
from toolkit.zuora.messages.callout import Callout
from toolkit.zuora.messages.courier import Courier
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from toolkit.zuora.client import Client
    from toolkit.zuora.state.differences import Difference


@dataclass(frozen=True, eq=False)
class Zuora:
    """A tenant that nobody shares.

    Attributes:
        tenant: Answers requests.
        clock: The tenant's clock.
    """

    tenant: Tenant
    clock: Clock
    _courier: Courier
    _open: ExitStack

    @property
    def world(self) -> World:
        """The tenant's present state."""
        return self.tenant.world

    @cached_property
    def client(self) -> "Client":
        """A signed-in client that calls the tenant without a socket."""
        from toolkit.zuora.client import Client
        from toolkit.zuora.transport import InProcessTransport

        return self._open.enter_context(Client(transport=InProcessTransport(self._courier.handle)))

    @cached_property
    def url(self) -> str:
        """Where the same tenant answers over HTTP, for clients that need an address; served when first read.

        The server answers from a thread: let requests over HTTP finish before using `client` or `make`.
        """
        from toolkit.zuora.web.server import running

        return self._open.enter_context(running(self._courier.handle))

    def callouts(self, event: str | None = None) -> tuple[Callout, ...]:
        """Return the callouts of an event, or all, oldest first; what is due has been sent before."""
        self._courier.deliver()
        rows = sorted(self.world.callouts.latest(), key=lambda callout: callout.number)
        return tuple(one for one in rows if event in {None, one.event})

    def snapshot(self) -> World:
        """Return the tenant's present state, to be restored or compared later; it costs nothing."""
        return self.tenant.world

    def restore(self, snapshot: World) -> None:
        """Put a snapshot in place of the present state, its time included; clients stay signed in."""
        from toolkit.zuora.state.replay import in_place_of

        self.tenant.world = in_place_of(self.tenant.world, snapshot)
        self.clock.now = snapshot.now

    def diff(self, before: World, after: World | None = None) -> "Difference":
        """Tell a snapshot and a later one, or the present state, apart."""
        from toolkit.zuora.state.differences import difference

        return difference(before, self.tenant.world if after is None else after)

    def make(self, entity: str, **fields: Any) -> Any:  # noqa: ANN401 - any record
        """Make a record in the tenant, such as `make("subscription", seats=10)`; see toolkit.worlds.make."""
        record, self.tenant.world = worlds.make(self.tenant.world, entity, **fields)
        return record


@contextmanager
def opened(world: World, start: date | None = None) -> Iterator[Zuora]:
    """Open a tenant of this world; on leaving, its client and its server are closed.

    Raises:
        ToolkitError: `start` lies before the world's own.
    """
    tenant, clock = Tenant(world), Clock(world.now.astimezone(world.zone))
    courier = Courier(tenant.handle_all, lambda: (tenant,))
    clock.join(courier)
    if start is not None:
        if start < world.today:
            raise ToolkitError(
                f"A test cannot start on {start}, before its world's first day, {world.today}.",
                "Choose a later start, or another world.",
            )
        clock.advance_to(datetime.combine(start, datetime.min.time(), world.zone))
    with ExitStack() as stack:
        stack.enter_context(courier)
        yield Zuora(tenant, clock, courier, stack)
