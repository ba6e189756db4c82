"""/v1/object: one object of a kind at a time, created, read, changed and deleted with capitalised fields."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from toolkit.rooms import furnish
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import number
from toolkit.zuora.objects._writing import Fields, Writer
from toolkit.zuora.query.kinds import Kind
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.state.world import Change

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_ASKED_FOR = {
    "ProductRatePlanCharge": frozenset({"ProductRatePlanChargeNumber"}),
    "ProductRatePlanChargeTier": frozenset({"ProductRatePlanChargeId"}),
    "RatePlanChargeTier": frozenset({"Currency"}),
}
"""Shown only to who asks for it. Source: the official SDK: a number of WSDL versions from 133 only; a tier
without its charge. Source: zuora-swagger-client 1.1: a tier of a subscription without its currency.
"""

_READ_ELSEWHERE = frozenset({"Usage", "BillingRun", "ContactSnapshot"})
"""Two have files of their own, one is BillRun by another name."""

_NOT_BY_ITSELF = re.compile(r"Credit|Debit|Order|Payment(Application|Part)$")
"""What settlement and orders brought, which queries show. Source: Zuora, the older API, and all versions of
zuora-swagger-client, which read no such object by itself.
"""

WRITERS: dict[str, Writer] = {
    writer.name: writer
    for writers in furnish("toolkit.zuora.objects", "WRITERS", tuple).values()
    for writer in writers
}
"""By the name of the kind, as ZOQL spells it."""


def read(kind: Kind, call: Call) -> Reply:
    """Show an object, or the fields of it that `fields` names; without one answer an empty list."""
    world = call.world
    row = kind.get(world, call.path["id"])
    if row is None:
        return Reply({"done": True, "records": [], "size": 0}, status=404)
    shown = {name: _shown(value) for name, value in kind.values(world, row).items()}
    wanted = call.query.get("fields")
    usual = shown.keys() - _ASKED_FOR.get(kind.name, frozenset())
    names = usual if wanted is None else frozenset(wanted.split(","))
    return Reply({name: value for name, value in shown.items() if name in names})


def _shown(value: Any) -> Any:  # noqa: ANN401 - of any field
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value


def create(write: Callable[[Change, Fields], str], call: Call) -> Reply:
    """Create an object."""
    change = Change(call.world)
    identity = write(change, call.body)
    return Reply({"Success": True, "Id": identity}, change.world)


def update(write: Callable[[Change, str, Fields], None], call: Call) -> Reply:
    """Change an object."""
    change = Change(call.world)
    write(change, call.path["id"], call.body)
    return Reply({"Success": True, "Id": call.path["id"]}, change.world)


def delete(write: Callable[[Change, str], None], call: Call) -> Reply:
    """Delete an object. Source of the spelling: the official sample of delete."""
    change = Change(call.world)
    write(change, call.path["id"])
    return Reply({"success": True, "id": call.path["id"]}, change.world)


def _path(name: str) -> str:
    return f"/v1/object/{_WORD.sub('-', name).lower()}"


def _reading() -> Iterator[Endpoint]:
    for kind in KINDS.values():
        if kind.name not in _READ_ELSEWHERE and not _NOT_BY_ITSELF.match(kind.name):
            yield Endpoint("GET", f"{_path(kind.name)}/{{id}}", partial(read, kind), crud=True)


def _writing() -> Iterator[Endpoint]:
    for writer in WRITERS.values():
        if writer.update is None:
            continue
        path, one = _path(writer.name), f"{_path(writer.name)}/{{id}}"
        if writer.create is not None:
            yield Endpoint("POST", path, partial(create, writer.create), writer.fields, crud=True)
        yield Endpoint("PUT", one, partial(update, writer.update), writer.fields, crud=True)
        if writer.delete is not None:
            yield Endpoint("DELETE", one, partial(delete, writer.delete), crud=True)


ENDPOINTS = (*_reading(), *_writing())
