"""The courier: sends a tenant's callouts and mails, beside its answers, and has the outcomes noted."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self

from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Handlers, Request, Response
from toolkit.zuora.messages.callout import Callout
from toolkit.zuora.messages.callouts import next_due
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from toolkit.zuora.messages.messenger import Messenger
    from toolkit.zuora.messages.postman import Postman


class Courier:
    """Tenants whose callouts and mails are sent; use it as a context manager.

    A write is answered before its callouts go out, by a thread that begins with the first of them, one after
    the other. A receiver may call a tenant while it is called. Nothing waits for a later hour: what is due
    later is sent when somebody has moved the tenant's clock there.

    Args:
        handlers: Answers requests; called through here only, by one thread at a time.
        tenants: Returns the tenants behind it.
        hosts: Where callouts may go beside this machine.
        postman: Sends mails; without one they stay in the tenants' mailbags.
    """

    def __init__(
        self,
        handlers: Handlers,
        tenants: Callable[[], Iterable[Tenant]],
        hosts: Collection[str] = (),
        postman: "Postman | None" = None,
    ) -> None:
        self._handlers = handlers
        self._tenants = tenants
        self._hosts = hosts
        self._postman = postman
        self._calling, self._sending = Lock(), Lock()
        self._due, self._stopped = Event(), False
        self._thread: Thread | None = None
        self._messenger: Messenger | None = None

    def __enter__(self) -> Self:
        """Begin with what a former life has left to be sent."""
        self._wake()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the callout under way end, and send no more."""
        self._stopped = True
        if self._thread is not None:
            self._due.set()
            self._thread.join()
        if self._messenger is not None:
            self._messenger.close()

    def handle(self, request: Request) -> Response:
        """Answer one request; what is due then goes out afterwards."""
        return self.handle_all((request,))[0]

    def handle_all(self, requests: Sequence[Request]) -> Sequence[Response]:
        """Answer requests in their order; what is due then goes out afterwards."""
        with self._calling:
            responses = self._handlers(requests)
            waiting = any(request.method != "GET" for request in requests) and any(
                tenant.world.outbox or self._has_mail(tenant) for tenant in self._tenants()
            )
        if waiting:
            self._wake()
        return responses

    def next_due(self) -> datetime | None:
        """Return when the next work or callout of a tenant falls due."""
        moments = []
        for tenant in self._tenants():
            first = next_due(tenant.world)
            moments += [tenant.next_due(), None if first is None else first[0]]
        return min((one for one in moments if one is not None), default=None)

    def advance_to(self, instant: datetime) -> None:
        """Move the tenants' clocks, and return when all that is due by then has been sent."""
        with self._calling:
            for tenant in self._tenants():
                tenant.advance_to(instant)
        self.deliver()

    def deliver(self) -> None:
        """Send what is due, and what follows from that; returns when nothing is due any more."""
        with self._sending:
            former = None
            while not self._stopped:
                due = self._first()
                if due is None or due[1] is former:  # its outcome could not be noted: another time
                    break
                self._send(*due)
                former = due[1]
            if self._postman is not None:
                self._post(self._postman)

    def _post(self, postman: "Postman") -> None:
        for tenant in self._tenants():
            with self._calling:
                world = tenant.world
            for number, key in sorted(world.mailbag.items()):
                if self._stopped:
                    return
                error = postman.send(world, world.mails.find(key))
                self._note(tenant, f"mails/{number}/outcome", {"error": error})

    def _has_mail(self, tenant: Tenant) -> bool:
        return self._postman is not None and bool(tenant.world.mailbag)

    def _first(self) -> tuple[Tenant, Callout] | None:
        with self._calling:
            for tenant in self._tenants():
                first = next_due(tenant.world)
                if first is not None and first[0] <= tenant.world.now:
                    return tenant, first[1]
        return None

    def _send(self, tenant: Tenant, callout: Callout) -> None:
        if self._messenger is None:
            from toolkit.zuora.messages.messenger import Messenger  # noqa: PLC0415 - httpx2 takes 100 ms

            self._messenger = Messenger(self._hosts)
        outcome = self._messenger.attempt(tenant.world, callout)
        self._note(tenant, f"callouts/{callout.number}/attempts", outcome)

    def _note(self, tenant: Tenant, path: str, outcome: object) -> None:
        headers = {"content-type": "application/json"}
        with self._calling:
            tenant.handle(Request("POST", f"/__toolkit/{path}", headers=headers, body=wire.write(outcome)))

    def _wake(self) -> None:
        if self._first() is None and not any(map(self._has_mail, self._tenants())):
            return
        with self._calling:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="zuora-courier", daemon=True)
                self._thread.start()
        self._due.set()

    def _work(self) -> None:
        while not self._stopped:
            self._due.wait()
            self._due.clear()
            self.deliver()
