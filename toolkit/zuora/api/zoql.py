"""/v1/action/query and queryMore: read a tenant by ZOQL."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.query.exclusive import ask
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.values import spell
from toolkit.zuora.state.world import World

_MOST = 2000
"""Rows in a batch. Source: Zuora, ZOQL limits."""

_LIFE = timedelta(minutes=15)
"""Of a query locator that nobody uses. Source: the official SDK, query more."""


class Sizes(Body, frozen=True):
    """How many rows a batch has; 0 and what is more than 2,000 is 2,000. Source: Zuora, queryMore()."""

    batch_size: Annotated[int, Meta(ge=0)] = 0

    @property
    def rows(self) -> int:
        """How many rows."""
        return min(self.batch_size or _MOST, _MOST)


class Query(Body, frozen=True):
    """A query."""

    query_string: str
    conf: Sizes | None = None


class More(Body, frozen=True):
    """The rest of one."""

    query_locator: str
    conf: Sizes | None = None


class _Place(NamedTuple):
    """Where a batch begins: behind the row with this id; it is what a query locator says, and since when."""

    after: str
    query: str
    issued: datetime


def query(call: Call) -> Reply:
    """Answer a query: up to 2,000 rows at once, the id of each among its fields, without empty fields.

    Source: recorded; Zuora, ZOQL limits; clients of live tenants expect no `records` of an empty result.
    """
    said: Query = call.body
    return _answered(call.world, _Place("", said.query_string, call.world.now), said.conf)


def query_more(call: Call) -> Reply:
    """Answer the following rows of a query, as many as this request says. Source: Zuora, queryMore()."""
    said: More = call.body
    try:
        place = msgspec.convert(msgspec.json.decode(urlsafe_b64decode(said.query_locator)), _Place)
    except (ValueError, msgspec.MsgspecError):
        place = None
    if place is None or call.world.now - place.issued > _LIFE:
        return _faulty(Fault("INVALID_QUERY_LOCATOR", f"invalid query locator: {said.query_locator[:80]}"))
    return _answered(call.world, place, said.conf)


def _answered(world: World, place: _Place, conf: Sizes | None) -> Reply:
    try:
        return Reply(_batch(world, place, (conf or Sizes()).rows))
    except Fault as fault:
        return _faulty(fault)


def _faulty(fault: Fault) -> Reply:
    """Return a refusal. Source: recorded bodies of live tenants, HTTP 400 in every version."""
    return Reply({"FaultCode": fault.code, "FaultMessage": fault.message}, status=400)


def _batch(world: World, place: _Place, size: int) -> dict[str, Any]:
    found = ask(world, place.query)
    identity = found.kind.fields["Id"].read
    left = [row for row in found.rows if identity(world, row) > place.after]
    shown = left[:size]
    records = []
    for row in shown:
        record = {one.name: spell(one.read(world, row)) for one in found.columns}
        records.append({k: v for k, v in record.items() if v is not None} | {"Id": identity(world, row)})
    answer: dict[str, Any] = {"size": len(found.rows), "done": len(left) <= size}
    if records:
        answer["records"] = records
    if not answer["done"]:
        place = place._replace(after=records[-1]["Id"], issued=world.now)
        answer["queryLocator"] = urlsafe_b64encode(msgspec.json.encode(place)).decode()
    return answer


ENDPOINTS = (
    Endpoint("POST", "/v1/action/query", query, Query),
    Endpoint("POST", "/v1/action/queryMore", query_more, More),
)
