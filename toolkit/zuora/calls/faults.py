"""Faults: what goes wrong on demand, for requests of a route and a number of times."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Literal

import msgspec

from toolkit.errors import ToolkitError, did_you_mean
from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category, Refusal, unsigned
from toolkit.zuora.calls.wire import parse
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import World

LOCKED = "Operation failed due to a lock competition, please retry later."
"""Source: recorded."""

CROWDED = (
    "The total number of concurrent requests has exceeded the limit allowed by the system. "
    "Please resubmit your request later."
)
"""Source: Zuora, concurrency limits."""

_SENTENCES = {
    Category.INTERNAL: "Oops, internal error occurred, please contact Zuora support.",
}
_ORDERS = 587300
_LONGEST_NAME = 64
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_LONGEST = 366 * 24 * 60 * 60


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that goes wrong.

    Attributes:
        kind: `error` refuses the request with an error of `category`. `timeout` carries it out and answers
            with a gateway timeout. `hold` carries it out and answers, and its transaction stays open for
            `seconds` of the tenant's time. `latency` does nothing else than what `seconds` does.
        method: In upper case; None for any.
        path: A pattern in which `*` stands for any signs, such as /v1/orders*.
        times: How many requests it meets; None for all until it is removed.
        skip: How many requests that it would meet pass before.
        seconds: How long the request takes on the tenant's clock before it is carried out, or is held open;
            a year at most.
        category: The last two digits of the error code.
        message: In place of Zuora's sentence.
        retry_after: Seconds, of an error of the category 70.

    Raises:
        ToolkitError: An error without a category or with one that Zuora does not have, a latency or an open
            transaction of no seconds, a method or path that no request has, or numbers below zero.
    """

    kind: Literal["error", "timeout", "hold", "latency"]
    method: str | None = None
    path: str = "*"
    times: int | None = 1
    skip: int = 0
    seconds: int = 0
    category: int | None = None
    message: str | None = None
    retry_after: int = 120

    def __post_init__(self) -> None:
        if self.kind == "error" and self.category not in set(Category):
            known = ", ".join(str(int(one)) for one in Category)
            missing = "An error needs a category." if self.category is None else ""
            raise ToolkitError(missing or f"An error has no category {self.category}.", f"Known: {known}.")
        if self.method is not None and self.method not in _METHODS:
            raise ToolkitError(f"There is no method '{self.method}'.", did_you_mean(self.method, _METHODS))
        if not self.path.startswith(("/", "*")):
            raise ToolkitError(f"No request has the path '{self.path}'.", "Begin it with '/', or with '*'.")
        if self.seconds > _LONGEST or (self.kind in {"latency", "hold"} and self.seconds == 0):
            raise ToolkitError(
                f"A fault '{self.kind}' cannot last {self.seconds} seconds.", f"Give 1 to {_LONGEST}."
            )
        if min(self.times or 0, self.skip, self.seconds, self.retry_after) < 0 or self.times == 0:
            raise ToolkitError("A fault counts with numbers from 0, and meets at least one request.")

    def meets(self, request: Request) -> bool:
        """Tell whether it is meant for this request."""
        return self.method in {None, request.method} and fnmatchcase(request.path, self.path)

    def refusal(self, request: Request) -> Refusal:
        """Return the refusal of an error."""
        category = Category(self.category or 0)
        if category is Category.AUTHENTICATION:
            return unsigned()
        if category is Category.LIMIT:
            return crowded(self.message or CROWDED)
        if category is Category.LOCK:
            return locked(request, self.message or LOCKED)
        return Refusal(category, self.message or _SENTENCES.get(category, "This fault was asked for."))


def locked(request: Request, message: str = LOCKED) -> Refusal:
    """Return the refusal of a write that lost a lock; that of an order has a code of its own, as recorded."""
    resource = _ORDERS if request.path.startswith("/v1/orders") else None
    return Refusal(Category.LOCK, message, resource=resource)


def crowded(message: str = CROWDED) -> Refusal:
    """Return the refusal of one request too many at a time; its status does not depend on the version."""
    return Refusal(Category.LIMIT, message, resource=NO_RESOURCE, status=429)


def accounts_of(request: Request, world: World) -> frozenset[str]:
    """Return the accounts that a request names, itself or by a record of theirs, in its path or its body.

    What it meets without naming it, as a bill run of every account does, is not among them.
    """
    names = {name for name in request.path.split("/") if name}
    if request.headers.get("content-type", "").startswith("application/json") and request.body:
        try:
            names.update(_strings(parse(request.body)))
        except Refusal:
            return frozenset()
    tables = [table for name in world.__struct_fields__ if isinstance(table := getattr(world, name), Table)]
    found: set[str] = set()
    for name in names:
        for table in tables:
            row = table.get(name)
            if row is not None:
                found.add(row.id if table is world.accounts else getattr(row, "account_id", ""))
    return frozenset(found - {""})


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is any of its types
    if isinstance(value, str) and len(value) <= _LONGEST_NAME:
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
