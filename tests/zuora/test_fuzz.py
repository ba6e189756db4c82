"""Every endpoint under odd requests: no fault of ours, no change by what is refused, and Zuora's shapes."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from random import Random
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from toolkit import worlds
from toolkit.rooms import furnish
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.endpoint import Endpoint
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

ENDPOINTS: tuple[Endpoint, ...] = tuple(
    one
    for group in furnish("toolkit.zuora.api", "ENDPOINTS", tuple).values()
    for one in group
    if not one.path.startswith("/__toolkit")  # those are ours
)
WORLD = worlds.load("gitlab-self-managed")
KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "s"}
VERSIONS = (None, "186.0", "207.0", "223.0", "2024-05-20", "2025-08-12")
QUERIES = (
    *("", "", "page=2&pageSize=1", "page=x", "pageSize=x", "fields=Id", "charge-detail=x", "returnIds=true"),
    *("filter[]=id.EQ:1", "filter[]=name.GT:%FF", "sort[]=id.ASC", "expand[]=subscriptions", "cursor=e30="),
)
ODD = (
    *("null", "true", "[]", "{}", "[null]", "[[[]]]", '""', '" "', '"x"', "0", "-1", "1.5", "-0", "NaN"),
    *("1e999999999", "-1e999", "0e9", "9" * 30, "9" * 5000, "1e-20", "0.30000000000000004", "1000000"),
    *('"\\u0000"', '"\\ud800"', '"é\U0001f600"', '"' + "y" * 70_000 + '"', '["x","x"]', '{"a__c":{"b":1}}'),
    *('"9999-12-31"', '"0001-01-01"', '"2026-02-30"', '"2045-12-31"', '"2026-01-01T00:00:00+14:00"', '"1,5"'),
    *("[" * 3000, '{"a":' * 300 + "1" + "}" * 300),
)
DAYS = ("2026-01-01", "2026-01-31", "2025-03-01", "2027-06-30", "2024-02-29")
NUMBERS = ("0", "1", "2", "12", "-1", "10.5", "1e3", "0.001", "99999")
WORDS = ("x", "USD", "Month", "Active", "Account", "2026-01-01")
STRANGE = {
    "/notifications": re.compile(rb'\{("[^"]*":\{"code":"\d+",[^}]+\},?)+\}'),
    "/query/results": re.compile(rb'\{"message":"[^"]+"\}'),
    "/settings": re.compile(rb'\{"errorCode":"[A-Z_]+","messages":\[.+\]\}'),
}
"""By the beginning of their paths, what answers in shapes that the official SDK has for it alone."""


class Fuzz:
    """Makes requests of what endpoints declare, and of ids that are there.

    Args:
        seed: The same seed makes the same requests.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing is secret here
        self._pools: dict[str, list[str]] = {}

    def look(self, world: World) -> None:
        """Learn the ids and numbers of a world, by the names of its tables."""
        self._pools = {}
        for name in world.__struct_fields__:
            table = getattr(world, name)
            if isinstance(table, Table):
                self._learn(_plain(name), table)

    def _learn(self, name: str, table: Table[Any]) -> None:
        rows = sorted(table.latest(), key=lambda row: str(row.id))  # the order of a map is not the same twice
        for row in rows[:8]:
            self._pools.setdefault(name, []).extend(_keys(row))
            for part in ("items", "parts", "rate_plans", "charges"):
                for inner in islice(getattr(row, part, None) or (), 3):
                    self._pools.setdefault(_plain(part), []).extend(_keys(inner))

    def request(self, endpoint: Endpoint) -> Request:
        """Return one request."""
        headers, body, version = dict(KEYS), b"", self._random.choice(VERSIONS)
        if version:
            headers["zuora-version"] = version
        if endpoint.body is not None and issubclass(endpoint.body, Body):
            headers["content-type"] = "application/json"
            body = self._body(endpoint.body).encode("utf-8", "surrogatepass")
        elif endpoint.body is not None:
            headers["content-type"] = "multipart/form-data; boundary=b"
            part = 'Content-Disposition: form-data; name="file"; filename="u.csv"'
            body = f"--b\r\n{part}\r\n\r\n{self._random.choice(ODD)}\r\n--b--\r\n".encode()
        query = self._random.choice(QUERIES)
        return Request(endpoint.method, self._path(endpoint.path), query, headers, body)

    def _known(self) -> Iterator[str]:
        return chain.from_iterable(self._pools.values())

    def _path(self, path: str) -> str:
        segments: list[str] = []
        for segment in path.split("/"):
            pools = [segments[-1] if segments else "", re.sub("-(key|id|number)}$", "", segment)]
            keys = next((self._pools[_plain(one)] for one in pools if _plain(one) in self._pools), [])
            inner = segment.startswith("{")
            segments.append(self._key(keys) if inner else segment)
        return "/".join(segments)

    def _key(self, keys: list[str]) -> str:
        if keys and self._random.random() < 0.85:
            return self._random.choice(keys)
        return self._random.choice([*("x", "é", "%00", "accounts"), *self._known()])

    def _body(self, kind: type[Body], depth: int = 0) -> str:
        hints, parts = get_type_hints(kind), list[str]()
        if kind.listed is not None:
            return self._value(hints[kind.listed], depth)
        for field in msgspec.structs.fields(kind):
            wanted = 0.97 if field.required else 0.35 if depth < 5 else 0.1
            if field.name == "custom_fields":
                wanted = 0.05
            if self._random.random() < wanted:
                value = self._value(hints[field.name], depth)
                parts.append(f"{json.dumps(field.encode_name)}:{value}")
        if parts and self._random.random() < 0.05:
            parts += ['"nobody":1', '"a__c":[1]', parts[0]][self._random.randrange(3) :]
        return "{" + ",".join(parts) + "}"

    def _value(self, hint: Any, depth: int) -> str:  # noqa: ANN401 - a type
        if self._random.random() < 0.1:
            return self._random.choice(ODD)
        origin, options = get_origin(hint), get_args(hint)
        if origin in {Union, UnionType}:
            return self._value(self._random.choice(options), depth)
        if origin is Literal:
            return json.dumps(self._random.choice(options))
        if origin is tuple:
            size = self._random.choice((0, 1, 1, 2))
            return "[" + ",".join(self._value(options[0], depth + 1) for _ in range(size)) + "]"
        if isinstance(hint, type) and issubclass(hint, Body):
            return self._body(hint, depth + 1)
        return self._single(origin or hint)

    def _single(self, kind: object) -> str:
        known = [*WORDS * 4, *self._known()]
        choices: dict[object, tuple[str, ...]] = {
            NoneType: ("null",),
            bool: ("true", "false"),
            int: NUMBERS[:5],
            Decimal: NUMBERS,
            date: tuple(f'"{day}"' for day in DAYS),
            str: (json.dumps(self._random.choice(known)),),
        }
        maps = ("{}", '{"a__c":1}', json.dumps({"Id": self._random.choice(known), "Name": "x"}))
        return self._random.choice(choices.get(kind, maps))


def _plain(name: str) -> str:
    return re.sub("[^a-z]", "", name).rstrip("s")


def _keys(row: object) -> Iterator[str]:
    found = (getattr(row, name, None) for name in ("id", "number"))
    return (one for one in found if isinstance(one, str))


def has_a_shape(response: Response, path: str) -> bool:
    """Tell whether a refusal has one of Zuora's shapes."""
    match json.loads(response.body):
        case {"reasons": [{"code": int(), "message": str()}, *_], **more}:
            return more.keys() <= {"success", "processId", "requestId"} and not more.get("success")
        case {"Success": False, "Errors": [{"Code": str(), "Message": str()}], **more}:
            return not more
        case {"FaultCode": str(), "FaultMessage": str(), **more} | {"code": str(), "message": str(), **more}:
            return not more
        case {"done": True, "records": [], "size": 0}:
            return True
        case {"message": str(), **more} if path.startswith(("/oauth/", "/query/")):
            return not more or (list(more) == ["code"] and isinstance(more["code"], int))
    return any(path.startswith(own) and form.fullmatch(response.body) for own, form in STRANGE.items())


def is_refused(response: Response) -> bool:
    said = json.loads(response.body) if response.body[:1] == b"{" else {}
    return response.status >= 400 or said.get("success") is False or said.get("Success") is False


@pytest.mark.parametrize("seed", range(4))
def test_no_request_breaks_a_tenant_and_none_that_is_refused_changes_it(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is accepted stays, so that later requests meet what earlier ones made."""
    tenant, fuzz = Tenant(WORLD), Fuzz(seed)
    for turn in range(4 * len(ENDPOINTS)):
        if turn % 100 == 0:
            fuzz.look(tenant.world)
        endpoint, before = ENDPOINTS[turn % len(ENDPOINTS)], tenant.world
        request = fuzz.request(endpoint)
        response = tenant.handle(request)
        assert response.status < 500, request
        if is_refused(response):
            assert tenant.world is before, request
            assert has_a_shape(response, endpoint.path), (request, response)
    assert capsys.readouterr().err == ""


MANY = 10 * 1024 * 1024
LARGE: Mapping[str, bytes] = {
    "a long name": b'{"name":"' + b"y" * MANY + b'"}',
    "a list of nothing": b"[" + b"null," * (MANY // 5) + b"null]",
    "many orders": b'{"subscriptions":[' + b"{}," * (MANY // 3) + b"{}]}",
    "many objects": b'{"type":"Account","objects":[' + b"{}," * (MANY // 3) + b"{}]}",
    "many unknown fields": b"{" + b",".join(b'"k%d":1' % one for one in range(600_000)) + b"}",
    "one field again and again": b"{" + b'"name":"x",' * (MANY // 11) + b'"name":"y"}',
    "depth": b"[" * MANY,
    "digits": b'{"amount":' + b"9" * MANY + b"}",
    "no text": b'{"name":"' + b"\xc3" * MANY + b'"}',
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("path", ["/v1/orders", "/v1/action/create"])
def test_ten_megabytes_are_refused_in_few_words(path: str, name: str) -> None:
    tenant = Tenant(WORLD)
    headers = {**KEYS, "content-type": "application/json"}
    response = tenant.handle(Request("POST", path, "", headers, LARGE[name]))
    assert is_refused(response)
    assert has_a_shape(response, path)
    assert len(response.body) < 2000
    assert tenant.world is WORLD
