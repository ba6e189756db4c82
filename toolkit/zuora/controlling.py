"""The control routes: what a simulator does for its user and Zuora does not, under a prefix of their own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

import msgspec

from toolkit.errors import ToolkitError, did_you_mean
from toolkit.zuora import agenda, coverage
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.faults import Fault
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category, refusal_of
from toolkit.zuora.state.replay import exported
from toolkit.zuora.state.world import World
from toolkit.zuora.tenants import Member, Tenants

PREFIX = "/__toolkit/"
"""Zuora will never use it."""

Load = Callable[[str, str], World]
"""Loads a world by its name and the seed of its ids."""

_JSON, _ARCHIVE = "application/json; charset=utf-8", "application/octet-stream"
_PAGE, _DIGITS = 100, 9
_CATEGORIES = {404: Category.NOT_FOUND, 500: Category.INTERNAL}


class Asked(NamedTuple):
    """One control request, and what it is about."""

    tenants: Tenants
    load: Load
    member: Member
    name: str
    query: Mapping[str, str]
    request: Request


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON body of a control request."""


class Named(_Said, frozen=True):
    """Names a snapshot."""

    name: str


class Numbered(_Said, frozen=True):
    """Names a request of the journal by its number."""

    to: int


class Kind(_Said, frozen=True):
    """Names the kind of tenant whose limits hold; null for no limits."""

    kind: str | None


class NewTenant(_Said, frozen=True, kw_only=True):
    """A tenant to create: from a world, or as a fork of another tenant.

    Attributes:
        start: The day to begin on, in place of the world's own.
        clients: Client ids and access key ids that belong to it.
    """

    name: str
    world: str | None = None
    fork: str | None = None
    start: date | None = None
    clients: tuple[str, ...] = ()


def control(tenants: Tenants, load: Load, member: Member, request: Request) -> Response:
    """Answer a control request for a tenant: the one given, or the one that the path names.

    `/__toolkit/tenants/NAME/...` is `/__toolkit/...` of the tenant NAME.
    """
    word, _, name = request.path.removeprefix(PREFIX).strip("/").partition("/")
    try:
        if word == "tenants" and "/" in name:
            of, _, rest = name.partition("/")
            member = tenants.named(of)
            word, _, name = rest.partition("/")
        if word in _OF_TENANT:
            path = f"{PREFIX}{word}/{name}".rstrip("/")
            return member.tenant.handle(msgspec.structs.replace(request, path=path))
        route = f"{request.method} {word}/" if name else f"{request.method} {word}"
        if route not in _ROUTES:
            known = {*_ROUTES, *(f"{request.method} {one}" for one in _OF_TENANT)}
            return failed(404, f"There is no route '{route}'. {did_you_mean(route if word else '', known)}")
        query = dict(parse_qsl(request.query))
        found = _ROUTES[route](Asked(tenants, load, member, name, query, request))
    except ToolkitError as error:
        return failed(400, str(error))
    except Exception as error:  # noqa: BLE001 - the one place where a fault of these routes becomes an answer
        return failed(500, refusal_of(error).message)
    if isinstance(found, bytes):
        return Response(200, (("content-type", _ARCHIVE),), found)
    return Response(200, (("content-type", _JSON),), wire.write(found))


def failed(status: int, sentence: str) -> Response:
    """Return what is answered to a control request that cannot be carried out."""
    category = _CATEGORIES.get(status, Category.INVALID_VALUE)
    reasons = [{"code": NO_RESOURCE * 100 + category, "message": sentence}]
    return Response(status, (("content-type", _JSON),), wire.write({"success": False, "reasons": reasons}))


Said = TypeVar("Said", bound=msgspec.Struct)


def _read(asked: Asked, kind: type[Said]) -> Said:
    try:
        return msgspec.json.decode(asked.request.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ToolkitError(f"The body is not what this route takes: {error}.") from error


def _number(asked: Asked, name: str, default: int) -> int:
    said = asked.query.get(name, str(default))
    if not (said.isdecimal() and len(said) <= _DIGITS):
        raise ToolkitError(f"'{name}' is '{said}', no number of up to {_DIGITS} digits.")
    return int(said)


def _stand(member: Member) -> dict[str, object]:
    return {"now": member.tenant.world.now.isoformat(), "number": member.timeline.history.count}


def _list_snapshots(asked: Asked) -> object:
    named = asked.member.timeline.history.snapshots
    return {"snapshots": [{"name": name, "number": number} for name, number in named.items()]}


def _snapshot(asked: Asked) -> object:
    asked.member.timeline.snapshot(_read(asked, Named).name)
    return _stand(asked.member)


def _forget(asked: Asked) -> object:
    asked.member.timeline.history.forget(asked.name)
    return _list_snapshots(asked)


def _restore(asked: Asked) -> object:
    asked.member.timeline.restore(_read(asked, Named).name)
    return _stand(asked.member)


def _rewind(asked: Asked) -> object:
    asked.member.timeline.rewind(_read(asked, Numbered).to)
    return _stand(asked.member)


def _diff(asked: Asked) -> object:
    if "from" not in asked.query:
        raise ToolkitError("'from' is missing.", "Name a snapshot, the number of a request, or now.")
    return asked.member.timeline.diff(asked.query["from"], asked.query.get("to", "now"))


def _export(asked: Asked) -> bytes:
    return exported(asked.member.tenant.world)


def _import(asked: Asked) -> object:
    asked.member.timeline.adopt(asked.request.body)
    return _stand(asked.member)


def _seed(asked: Asked) -> object:
    asked.member.timeline.seed(asked.request.body)
    return _stand(asked.member)


def _journal(asked: Asked) -> object:
    history, after = asked.member.timeline.history, _number(asked, "after", 0)
    rows = history.listed(after, _number(asked, "size", _PAGE))
    more = bool(rows) and rows[-1].number < history.count
    return {
        "requests": [row._asdict() for row in rows],
        "earliest": history.earliest,
        "count": history.count,
        **({"next": rows[-1].number} if more else {}),
    }


def _coverage(asked: Asked) -> object:
    return coverage.coverage(asked.member.tenant)


def _list_faults(asked: Asked) -> object:
    planned = asked.member.gate.planned
    return {"faults": [{"number": one.number, "left": one.times, "fault": one.fault} for one in planned]}


def _plan(asked: Asked) -> object:
    asked.member.gate.plan(_read(asked, Fault))
    asked.tenants.recount()
    return _list_faults(asked)


def _clear(asked: Asked) -> object:
    asked.member.gate.clear()
    asked.tenants.recount()
    return _list_faults(asked)


def _show_limits(asked: Asked) -> object:
    return {"kind": asked.member.gate.limits}


def _limit(asked: Asked) -> object:
    asked.member.gate.limit(_read(asked, Kind).kind)
    asked.tenants.recount()
    return _show_limits(asked)


def _list_tenants(asked: Asked) -> object:
    return {
        "tenants": [
            {"name": one.name, "clients": one.clients, **_stand(one)} for one in asked.tenants.values()
        ]
    }


def _add(asked: Asked) -> object:
    new = _read(asked, NewTenant)
    if (new.world is None) == (new.fork is None):
        raise ToolkitError("A tenant begins with a 'world', or as a 'fork' of another.", "Name one of them.")

    def load() -> World:
        if new.fork is not None:
            world = asked.tenants.named(new.fork).tenant.world
        else:
            world = asked.load(str(new.world), new.name)
        return world if new.start is None else agenda.begin(world, new.start)

    added = asked.tenants.add(new.name, load, new.clients)
    return {"name": added.name, "clients": added.clients, **_stand(added)}


def _remove(asked: Asked) -> object:
    asked.tenants.remove(asked.name)
    return _list_tenants(asked)


_OF_TENANT = frozenset(
    {
        *("clock", "callouts", "callout-faults", "callout-settings", "mails"),
        *("payment-gateways", "gateway-answers", "payment-methods"),
    }
)
"""What a tenant answers itself, so that it is noted with its other requests."""

_ROUTES: dict[str, Callable[[Asked], Any]] = {
    "GET snapshots": _list_snapshots,
    "POST snapshots": _snapshot,
    "DELETE snapshots/": _forget,
    "POST restore": _restore,
    "POST rewind": _rewind,
    "GET diff": _diff,
    "GET export": _export,
    "POST import": _import,
    "POST catalog": _seed,
    "GET journal": _journal,
    "GET coverage": _coverage,
    "GET faults": _list_faults,
    "POST faults": _plan,
    "DELETE faults": _clear,
    "GET limits": _show_limits,
    "PUT limits": _limit,
    "GET tenants": _list_tenants,
    "POST tenants": _add,
    "DELETE tenants/": _remove,
}
