"""Writes docs/fidelity.md: which endpoints are served, what proves each, and what is known to be missing.

`python tests/zuora/fidelity.py` prints the page. It reads the endpoints themselves, the operations of the
official SDK, what clients drove in `nox -s contract`, and the recordings that tests compare with.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from toolkit import content, worlds
from toolkit.rooms import furnish
from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.endpoint import Endpoint
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.tenant import Tenant

_HERE = Path(__file__).parent
_KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "secret"}
_HEAD = """\
# How true the Zuora simulator is

Made by `python tests/zuora/fidelity.py > docs/fidelity.md`; the figures of billing have a page of their own,
[billing-fidelity.md](billing-fidelity.md).

{served} endpoints are served; {proven} of them are proven by something that nobody here wrote: a client that
drove them in `nox -s contract` (answers to the official SDK and to zuora-swagger-client are checked there
field by field against their models), an answer that a real tenant gave, or an example in Zuora's
documentation. The others are **unproven**: they answer as Zuora's documentation says, as far as it says
anything.

Of the {operations} operations of the official SDK {covered} are served, {driven} of these driven by the SDK
itself. What is not served is answered with Zuora's own "endpoint does not exist".

## Endpoints

Numbers under *gaps* count fields of the request that Zuora documents: those refused by name, because they
would change what is simulated, and those read over, because they would not. They are named
[below](#fields-that-are-not-simulated).

| Endpoint | Proven by | Gaps |
|---|---|---|
"""


class Operation(NamedTuple):
    """An operation of the official SDK."""

    group: str
    method: str
    path: str


class Recording(msgspec.Struct, frozen=True):
    """What proves endpoints beside the clients that drove them, and the test that compares with it."""

    endpoints: list[str]
    proof: str
    test: str


class Gaps(NamedTuple):
    """Names of fields, with the names of the objects around them."""

    refused: tuple[str, ...]
    read_over: tuple[str, ...]


def endpoints() -> list[Endpoint]:
    """Return the endpoints of Zuora's own, by path."""
    room = furnish("toolkit.zuora.api", "ENDPOINTS", tuple).values()
    found = [one for file in room for one in file if not one.path.startswith("/__toolkit/")]
    return sorted(found, key=lambda one: (one.path, one.method))


def operations() -> list[Operation]:
    """Return what the official SDK can ask for."""
    lines = (_HERE / "sdk-operations.txt").read_text().splitlines()
    return [Operation(*line.split(" ", 2)) for line in lines if not line.startswith("#")]


def parameters() -> dict[str, list[str]]:
    """Return the query parameters of the official SDK's operations."""
    return _listed("sdk-parameters.txt")


def unread_parameters() -> dict[str, list[str]]:
    """Return those of them that the simulator reads over."""
    return _listed("unread-parameters.txt")


def _listed(name: str) -> dict[str, list[str]]:
    lines = (_HERE / name).read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {f"{method} {path}": names for method, path, *names in rows}


def shape(method: str, path: str) -> str:
    """Return an endpoint without the names of its placeholders, which everybody calls as they like."""
    return f"{method} {re.sub(r'{[^}]*}', '{}', path).rstrip('/')}"


def recordings() -> list[Recording]:
    """Return what real tenants, Zuora's documentation and clients that were led elsewhere prove."""
    return msgspec.convert(content.read_yaml(_HERE / "proofs.yaml"), list[Recording])


def proofs() -> dict[str, list[str]]:
    """Return who or what proves each endpoint."""
    found: dict[str, list[str]] = defaultdict(list)
    driven = json.loads((_HERE.parent / "contract" / "driven.json").read_text())
    for client, drove in sorted(driven.items()):
        for endpoint in drove:
            found[endpoint].append(client)
    for recorded in recordings():
        for endpoint in recorded.endpoints:
            found[endpoint].append(recorded.proof)
    return found


def gaps(body: Any) -> Gaps:  # noqa: ANN401 - None, an upload or a body
    """Return the fields of a request that are not simulated."""
    found: tuple[set[str], set[str]] = set(), set()
    for name, kind in _bodies(body, "", ()):
        for names, fields in zip(found, (kind.lacking, kind.harmless), strict=True):
            names.update(f"{name}{field}" for field in fields)
    return Gaps(*(tuple(sorted(names)) for names in found))


def _bodies(hint: Any, name: str, above: tuple[Any, ...]) -> Iterator[tuple[str, type[Body]]]:  # noqa: ANN401
    """Yield the objects of a request, each with the name of the field that holds it; of a ring, one turn."""
    if isinstance(hint, type) and issubclass(hint, Body) and hint not in above:
        yield name, hint
        hints = get_type_hints(hint)
        for field in msgspec.structs.fields(hint):
            yield from _bodies(hints[field.name], f"{field.encode_name}.", (*above, hint))
    for inner in get_args(hint):
        yield from _bodies(inner, name, above)


def page() -> str:
    """Return the page."""
    served, proven = endpoints(), proofs()
    known = operations()
    covered = list(filter(_asked(served), known))
    by_sdk = {
        shape(*endpoint.split(" ")) for endpoint, clients in proven.items() if "zuora-sdk 3.21.0" in clients
    }
    text = _HEAD.format(
        served=len(served),
        proven=sum(f"{one.method} {one.path}" in proven for one in served),
        operations=len(known),
        covered=len(covered),
        driven=sum(shape(one.method, one.path) in by_sdk for one in covered),
    )
    for one in served:
        name, missing = f"{one.method} {one.path}", gaps(one.body)
        counts = (
            (len(missing.refused), "refused"),
            (len(missing.read_over), "read over"),
        )
        said = ", ".join(f"{count} {word}" for count, word in counts if count)
        text += f"| `{name}` | {', '.join(proven.get(name, ())) or '**unproven**'} | {said} |\n"
    return text + _operations(known, set(covered)) + _fields(served)


def _asked(served: list[Endpoint]) -> Callable[[Operation], bool]:
    """Return what says whether an operation is served.

    Either it is an endpoint, or it is one of the many that `/object-query/{object}` is; then it is asked for.
    """
    shapes = {shape(one.method, one.path) for one in served}
    handle = Tenant(worlds.load("empty")).handle

    def _served(one: Operation) -> bool:
        if not one.path.startswith("/object-query/"):
            return shape(one.method, one.path) in shapes
        answer = handle(Request(one.method, one.path, "", _KEYS, b""))
        return b"does not exist. Please check the URL" not in answer.body

    return _served


def _operations(known: list[Operation], covered: set[Operation]) -> str:
    text = "\n## Operations of the official SDK\n\n| Group | Served | Not served |\n|---|---|---|\n"
    groups: dict[str, list[Operation]] = defaultdict(list)
    for one in known:
        groups[one.group].append(one)
    for group, members in sorted(groups.items()):
        missing = [one for one in members if one not in covered]
        names = "<br>".join(f"`{one.method} {one.path}`" for one in missing)
        text += f"| {group} | {len(members) - len(missing)} of {len(members)} | {names} |\n"
    return text


def _fields(served: list[Endpoint]) -> str:
    text = "\n## Fields that are not simulated\n"
    users: dict[Gaps, list[str]] = defaultdict(list)
    for one in served:
        missing = gaps(one.body)
        if any(missing):
            users[missing].append(f"`{one.method} {one.path}`")
    for missing, names in users.items():
        text += f"\n{', '.join(names)}\n"
        for word, fields in (("Refused", missing.refused), ("Read over", missing.read_over)):
            if fields:
                text += f"\n- {word}: {', '.join(f'`{field}`' for field in fields)}\n"
    text += "\n## Query parameters that are read over\n\n"
    for operation, parameters_of in unread_parameters().items():
        text += f"- `{operation}`: {', '.join(f'`{name}`' for name in parameters_of)}\n"
    return text


if __name__ == "__main__":
    sys.stdout.write(page())
