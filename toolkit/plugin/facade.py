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
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.world import World

if TYPE_CHECKING:
    from toolkit.zuora.client import Client


@dataclass(frozen=True, eq=False)
class Zuora:
    """A tenant that nobody shares.

    Attributes:
        tenant: Answers requests; `tenant.world` may be kept as a snapshot and assigned to restore it.
        clock: The tenant's clock.
    """

    tenant: Tenant
    clock: Clock
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

        return self._open.enter_context(Client(transport=InProcessTransport(self.tenant.handle)))

    @cached_property
    def url(self) -> str:
        """Where the same tenant answers over HTTP, for clients that need an address; served when first read.

        The server answers from a thread: let requests over HTTP finish before using `client` or `make`.
        """
        from toolkit.zuora.server import running

        return self._open.enter_context(running(self.tenant.handle))

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
    tenant, clock = Tenant(world), Clock(world.now)
    clock.join(tenant)
    if start is not None:
        if start < world.today:
            raise ToolkitError(
                f"A test cannot start on {start}, before its world's first day, {world.today}.",
                "Choose a later start, or another world.",
            )
        clock.advance_to(datetime.combine(start, datetime.min.time(), world.zone))
    with ExitStack() as stack:
        yield Zuora(tenant, clock, stack)
