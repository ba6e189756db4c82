"""/v1/action/create, update and delete: up to fifty objects of one kind, each answered by itself."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from toolkit.billing.errors import BillingError, InvalidValueError
from toolkit.zuora.api.objects import WRITERS
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import bounded
from toolkit.zuora.calls.refusals import Category, Refusal, refusal_of
from toolkit.zuora.calls.shapes import failed
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.objects._writing import Writer, unknown
from toolkit.zuora.state.world import Change, World

_MOST = 50
"""Source: Zuora, actions: 50 objects in a single call."""

Result = dict[str, Any]


class Objects(Body, frozen=True):
    """Objects of one kind."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"objects"})

    type: str
    objects: tuple[dict[str, Any], ...]


class Ids(Body, frozen=True):
    """Objects of one kind, by their ids."""

    type: str
    ids: tuple[str, ...]


def one_by_one(
    world: World, asked: Iterable[Any], write: Callable[[World, Any], tuple[Result, World]]
) -> Reply:
    """Write one after the other; what is refused changes nothing and is answered in its place.

    Source: recorded, an action answers a list of results in the order of its objects.

    Raises:
        Refusal: They are too many.
    """
    wanted, results, before = tuple(asked), list[Result](), world
    if len(wanted) > _MOST:
        raise Refusal(
            Category.RULE,
            f"A call takes at most {_MOST} objects, not {len(wanted)}.",
            word="MAX_RECORDS_EXCEEDED",
        )
    for one in wanted:
        try:
            result, world = write(world, one)
        except (BillingError, Refusal) as error:
            result = failure(error)
        results.append(result)
    return Reply(results, None if world is before else world)


def failure(error: Exception) -> Result:
    """Return what stands for an object that is refused."""
    return failed(refusal_of(error))


def create(call: Call) -> Reply:
    """Create objects."""
    said: Objects = call.body
    writer = _writer(said.type)
    if writer.create is None:
        raise InvalidValueError(f"Objects of the type {said.type} cannot be created.")
    write = writer.create

    def one(world: World, document: Mapping[str, Any]) -> tuple[Result, World]:
        change = Change(world)
        identity = write(change, bounded(document, writer.fields, world.today))
        return {"Success": True, "Id": identity}, change.world

    return one_by_one(call.world, said.objects, one)


def update(call: Call) -> Reply:
    """Change objects, each of which names its Id."""
    said: Objects = call.body
    writer = _writer(said.type)
    if writer.update is None:
        raise InvalidValueError(f"Objects of the type {said.type} cannot be updated.")
    write = writer.update

    def one(world: World, document: Mapping[str, Any]) -> tuple[Result, World]:
        identity = document.get("Id")
        if not isinstance(identity, str):
            raise unknown("update")
        change = Change(world)
        write(change, identity, bounded(document, writer.fields, world.today))
        return {"Success": True, "Id": identity}, change.world

    return one_by_one(call.world, said.objects, one)


def delete(call: Call) -> Reply:
    """Delete objects. Source of the spelling: the official sample."""
    said: Ids = call.body
    writer = _writer(said.type)
    if writer.delete is None:
        raise InvalidValueError(f"Objects of the type {said.type} cannot be deleted.")
    write = writer.delete

    def one(world: World, identity: str) -> tuple[Result, World]:
        change = Change(world)
        write(change, identity)
        return {"success": True, "id": identity}, change.world

    return one_by_one(call.world, said.ids, one)


def _writer(name: str) -> Writer:
    writer = WRITERS.get(name)
    if writer is None:
        raise Refusal(Category.INVALID_VALUE, f"invalid type: {name}", word="INVALID_TYPE")
    return writer


ENDPOINTS = (
    Endpoint("POST", "/v1/action/create", create, Objects, crud=True),
    Endpoint("POST", "/v1/action/update", update, Objects, crud=True),
    Endpoint("PUT", "/v1/action/update", update, Objects, crud=True),
    Endpoint("POST", "/v1/action/delete", delete, Ids, crud=True),
)
