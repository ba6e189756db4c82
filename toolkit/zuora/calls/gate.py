"""The gate before a tenant: limits, faults and transactions that stay open. Without any it stands open.

The model of overlap: requests are answered one after another, and time stands still meanwhile. Two meet in
two ways. While limits hold, requests that came in one turn of the server are open together. And a fault
`hold` makes one last: it is carried out and answered, and its transaction stays open for some seconds of the
tenant's clock. What is open counts against the concurrency limit, its Idempotency-Key is in progress, and it
holds the accounts that it names: another write that names one of them competes for the lock, and loses. So
does a preview. Source: Zuora community, lock competition; when and what a lock holds is an assumption.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from toolkit.errors import ToolkitError, did_you_mean
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.concurrency import BIG_PROCESSES, CONCURRENT, group_of, is_big
from toolkit.zuora.calls.failing import refuse
from toolkit.zuora.calls.faults import Fault, accounts_of, crowded, locked
from toolkit.zuora.calls.idempotency import KEY
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.throttle import KINDS, Throttle
from toolkit.zuora.tenant import Tenant

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_TIMED_OUT = Response(504, (("content-type", "text/plain; charset=utf-8"),), b"Gateway Timeout")
_WAIT = "120"


class _Planned(NamedTuple):
    """A fault that is still to come: how many requests pass before, and how many it meets then."""

    number: int
    fault: Fault
    skip: int
    times: int | None


class _Held(NamedTuple):
    """A transaction that is open until an instant, or in one turn only."""

    until: datetime | int
    group: str
    big: bool
    accounts: frozenset[str]
    key: str | None


class Gate:
    """Lets requests through to a tenant.

    Attributes:
        planned: The faults that are still to come.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.planned: list[_Planned] = []
        self._held: list[_Held] = []
        self._throttle: Throttle | None = None
        self._count = 0

    @property
    def is_open(self) -> bool:
        """Whether every request may pass without a look at it."""
        return not (self.planned or self._held or self._throttle)

    @property
    def limits(self) -> str | None:
        """The kind of tenant whose limits hold; None without limits."""
        return None if self._throttle is None else self._throttle.kind

    def limit(self, kind: str | None) -> None:
        """Let the limits of a kind of tenant hold from now on; None for no limits.

        Raises:
            ToolkitError: There is no such kind.
        """
        if kind is not None and kind not in KINDS:
            raise ToolkitError(f"There is no kind of tenant '{kind}'.", did_you_mean(kind, KINDS))
        self._throttle = None if kind is None else Throttle(kind)

    def plan(self, fault: Fault) -> int:
        """Let something go wrong, and return its number; of several that meet a request the first counts."""
        self._count += 1
        self.planned.append(_Planned(self._count, fault, fault.skip, fault.times))
        return self._count

    def clear(self) -> None:
        """Let nothing go wrong any more, and close what is open."""
        self.planned.clear()
        self._held.clear()

    def handle(self, request: Request, turn: int = 0) -> Response:
        """Answer one request, which has come in this turn with others; 0 if it has come alone."""
        if self.is_open:
            return self._tenant.handle(request)
        headers: tuple[tuple[str, str], ...] = ()
        if self._throttle is not None:
            headers, refused = self._throttle.take(request, self._tenant.world.now)
            if refused is not None:
                return refused
        fault = self._next(request)
        if fault is not None and fault.seconds and fault.kind != "hold":
            self._pass_time(fault.seconds)
        self._held = [one for one in self._held if self._is_held(one, turn)]
        group = group_of(request)
        inside = sum(one.group == group for one in self._held)
        if self._throttle is not None and group is not None:
            limit = CONCURRENT[group]
            headers += (("concurrency-limit-type", group), ("concurrency-limit-limit", str(limit)))
            headers += (("concurrency-limit-remaining", str(max(limit - inside - 1, 0))),)
            processes = sum(one.big for one in self._held)
            if inside >= limit or (processes >= BIG_PROCESSES and is_big(request)):
                headers += (("retry-after", _WAIT),)
                return _with(self._tenant.refuse(request, crowded()), headers)
        return _with(self._answer(request, fault, group, turn), headers)

    def _is_held(self, one: _Held, turn: int) -> bool:
        return one.until == turn if isinstance(one.until, int) else one.until > self._tenant.world.now

    def _answer(self, request: Request, fault: Fault | None, group: str | None, turn: int) -> Response:
        if fault is not None and fault.kind == "error":
            response = refuse(self._tenant, request, fault.refusal(request))
            late = fault.category == Category.LIMIT
            return _with(response, (("retry-after", str(fault.retry_after)),) if late else ())
        if self._throttle is None:
            turn = 0
        accounts = frozenset[str]()
        if request.method in _WRITES and (self._held or fault or turn):
            accounts = accounts_of(request, self._tenant.world)
        key = request.headers.get(KEY)
        for one in self._held:
            if key is not None and one.key == key:
                refusal = Refusal(
                    Category.LOCK, f"The request with the Idempotency-Key '{key}' is in progress.", status=409
                )
                return self._tenant.refuse(request, refusal)
            if one.accounts & accounts:
                return refuse(self._tenant, request, locked(request))
        response = self._tenant.handle(request)
        if fault is not None and fault.kind == "hold":
            until: datetime | int = self._tenant.world.now + timedelta(seconds=fault.seconds)
            self._held.append(_Held(until, group or "", is_big(request), accounts, key))
        elif turn:
            self._held.append(_Held(turn, group or "", is_big(request), accounts, key))
        return _TIMED_OUT if fault is not None and fault.kind == "timeout" else response

    def _next(self, request: Request) -> Fault | None:
        for place, (number, fault, skip, times) in enumerate(self.planned):
            if not fault.meets(request):
                continue
            if skip:
                self.planned[place] = _Planned(number, fault, skip - 1, times)
            elif times is None or times > 1:
                self.planned[place] = _Planned(number, fault, 0, times and times - 1)
                return fault
            else:
                del self.planned[place]
                return fault
        return None

    def _pass_time(self, seconds: int) -> None:
        body = msgspec.json.encode({"advance": f"PT{seconds}S"})
        headers = {"content-type": "application/json"}
        self._tenant.handle(Request("POST", "/__toolkit/clock", "", headers, body))


def _with(response: Response, headers: tuple[tuple[str, str], ...]) -> Response:
    return msgspec.structs.replace(response, headers=(*response.headers, *headers)) if headers else response
