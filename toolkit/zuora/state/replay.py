"""Replay: noted requests answered again, those among them too that put a whole world in place of another."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from toolkit.errors import ToolkitError
from toolkit.zuora import seeding
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state import archive
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

_REWIND, _IMPORT, _CATALOG = "/__toolkit/rewind", "/__toolkit/import", "/__toolkit/catalog"


def rewinding(number: int) -> Request:
    """Return what a journal notes where a tenant goes back to the state after the request of this number."""
    return Request("POST", _REWIND, body=msgspec.json.encode({"to": number}))


def importing(archived: bytes) -> Request:
    """Return what a journal notes where a tenant takes the state of an archive."""
    return Request("POST", _IMPORT, body=archived)


def seeding_with(pages: bytes) -> Request:
    """Return what a journal notes where a tenant takes the catalog of another."""
    return Request("POST", _CATALOG, body=pages)


def target(request: Request) -> int | None:
    """Return the number to which a request goes back; None for any other request."""
    if request.path != _REWIND:
        return None
    return msgspec.json.decode(request.body, type=dict[str, int])["to"]


def in_place_of(present: World, other: World) -> World:
    """Return the other state as the present tenant's: who is signed in stays so, new ids are its own."""
    return replace(other, tokens=present.tokens, seed=present.seed)


def replay(world: World, entries: Iterable[Request], past: Callable[[int], World]) -> Iterator[World]:
    """Yield the world after each request that follows it.

    Args:
        world: The state before the first of them.
        entries: Requests that were answered in this order.
        past: Returns the state after a request by its number.

    Raises:
        ToolkitError: A request changes nothing now, so that it does not follow from this world.
    """
    tenant = Tenant(world)
    for request in entries:
        before = tenant.world
        number = target(request)
        if number is not None:
            tenant.world = in_place_of(before, past(number))
        elif request.path == _IMPORT:
            tenant.world = in_place_of(before, archive.read(request.body).world)
        elif request.path == _CATALOG:
            tenant.world = seeding.seed(before, request.body)
        else:
            tenant.handle(request)
            if tenant.world is before:
                raise ToolkitError(
                    f"The journal does not follow from this world, which refuses its {request.method} "
                    f"{request.path}.",
                    "Begin with the world that it was written in, or remove the file.",
                )
        yield tenant.world


def exported(world: World) -> bytes:
    """Return a world as a file: everything but who is signed in and what was answered."""
    return b"".join(archive.write(replace(world, tokens=World().tokens, answers=World().answers), "exported"))


def imported(data: bytes) -> World:
    """Return the world of a file.

    Raises:
        ToolkitError: It is no archive of a world, or one of its records is damaged.
    """
    world = archive.read(data).world
    try:
        for name in world.__struct_fields__:
            rows: Mapping[str, Any] | None = getattr(getattr(world, name), "rows", None)
            if rows is not None:
                dict(rows)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ToolkitError(f"A record of the archive is damaged: {error}.", "Export it again.") from error
    return world
