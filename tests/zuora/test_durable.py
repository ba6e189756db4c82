"""Everything that a tenant can hold comes back: from a journal, a checkpoint, a file, a fork and the past."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import msgspec
import pytest

from tests.zuora.business import JSON, Business
from tests.zuora.conftest import plan_named
from toolkit import worlds
from toolkit.rooms import furnish
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.state import archive, replay
from toolkit.zuora.state.differences import Difference, difference
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.tenants import Tenants

NAME = "gitlab-self-managed"
FIELDS = World.__struct_fields__
UNCHANGED = ["seed", "zone", "changed"]
"""What no request can change, and what is empty again after each."""

OF_THE_CLIENT = ("tokens", "answers")
"""What a file leaves out."""

_PROCESS = re.compile(rb'"processId":"[^"]*",')


class Lived(msgspec.Struct, frozen=True):
    """A tenant that did business of every kind, as it would be found if it was killed before a checkpoint.

    Attributes:
        directory: What is on disk.
        worlds: The world at the beginning and after each request.
        reads: What each read that it serves is answered.
    """

    directory: Path
    worlds: list[World]
    reads: dict[str, bytes]


@contextmanager
def kept(directory: Path) -> Iterator[Timeline]:
    """Open a tenant in a directory; each time is a restart."""
    with Store(directory) as store:
        world = store.begin(NAME, lambda: worlds.load(NAME))
        yield Timeline(Tenant.recover(world, store), store)


def do_business(tenant: Tenant) -> list[World]:
    """Do business of every kind with a tenant; return the world before, and after each request."""
    passed = [tenant.world]

    def handle(request: Request) -> Response:
        response = tenant.handle(request)
        if tenant.world is not passed[-1]:
            passed.append(tenant.world)
        return response

    premium = plan_named(tenant, "Premium - 1 Year")
    Business(handle, premium.id, premium.charges[0].id).all()
    return passed


def reads(world: World) -> Iterator[str]:
    """Yield the path of every read that takes no key, or one: each id and number of a record."""
    tables = [table for name in FIELDS if isinstance(table := getattr(world, name), Table)]
    latest = [row for table in tables for row in table.latest()]
    keys = sorted({key for row in latest for key in (row.id, row.number)})
    room = furnish("toolkit.zuora.api", "ENDPOINTS", tuple).values()
    for path in [one.path for endpoints in room for one in endpoints if one.method == "GET"]:
        head, opened, rest = path.partition("{")
        tail = rest.partition("}")[2]
        if "{" not in tail:
            yield from (f"{head}{key}{tail}" for key in (keys if opened else ("",)))


def answered(world: World, paths: Iterator[str] | dict[str, bytes]) -> dict[str, bytes]:
    """Return what reads are answered that a tenant of this world serves."""
    given = {path: Tenant(world).handle(Request("GET", path, "", JSON)) for path in paths}
    return {
        path: _PROCESS.sub(b"", one.body)
        for path, one in given.items()
        if one.status == 200 and b'"success":false' not in one.body
    }


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Do business once for all tests."""
    live, directory = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("lived") / "state"
    with kept(live) as timeline:
        passed = do_business(timeline.tenant)
        copytree(live, directory)
    return Lived(directory, passed, answered(passed[-1], reads(passed[-1])))


@pytest.fixture
def directory(lived: Lived, tmp_path: Path) -> Path:
    """A copy of what is on disk."""
    return Path(copytree(lived.directory, tmp_path / "state"))


def advance(tenant: Tenant) -> None:
    """Let a year go by, in which much falls due."""
    moved = tenant.handle(Request("POST", "/__toolkit/clock", "", JSON, b'{"advance": "P1Y"}'))
    assert moved.status == 200


def same(one: World, other: World, but: tuple[str, ...] = ()) -> None:
    """Assert that two worlds are equal, naming the fields that are not."""
    assert [name for name in FIELDS if getattr(one, name) != getattr(other, name)] == list(but)
    assert difference(one, other) == difference(other, one) == Difference({}, {})


def test_business_of_every_kind_leaves_no_table_empty(lived: Lived) -> None:
    first, last = lived.worlds[0], lived.worlds[-1]
    tables = [name for name in FIELDS if isinstance(getattr(last, name), Table)]
    empty = [name for name in tables if not getattr(last, name).rows]
    assert empty == [], "give these a record in tests/zuora/business.py"
    assert [name for name in FIELDS if getattr(first, name) == getattr(last, name)] == UNCHANGED
    assert len(lived.reads) > 300


def from_journal(directory: Path, world: World) -> World:  # noqa: ARG001 - one of several ways
    """Answer every request again."""
    with kept(directory) as timeline:
        return timeline.tenant.world


def from_checkpoint(directory: Path, world: World) -> World:
    """Read the checkpoint that was written when the store was closed."""
    from_journal(directory, world)
    with kept(directory) as timeline:
        return timeline.tenant.world


def from_both(directory: Path, world: World) -> World:
    """Read a checkpoint from the middle, and answer what followed."""
    journal = directory / "zuora.journal"
    whole = journal.read_bytes()
    lines = whole.splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[: len(lines) // 2]))
    from_journal(directory, world)
    journal.write_bytes(whole)
    return from_journal(directory, world)


def from_archive(directory: Path, world: World) -> World:  # noqa: ARG001 - one of several ways
    """Read what was written down, twice over."""
    for _ in range(2):
        world = archive.read(b"".join(archive.write(world))).world
    return world


def from_snapshot(directory: Path, world: World) -> World:  # noqa: ARG001 - one of several ways
    """Name the state, do more, and go back after a restart; the name is of the present now and then."""
    with kept(directory) as timeline:
        timeline.snapshot("here")
        timeline.rewind(0)
        same(timeline.tenant.world, timeline.history.at(0), ("tokens",))
        assert timeline.diff("here", str(timeline.history.snapshots["here"])) == Difference({}, {})
        assert timeline.diff("here").tables
    with kept(directory) as timeline:
        timeline.restore("here")
        assert timeline.diff("here") == Difference({}, {})
        return timeline.tenant.world


def from_fork(directory: Path, world: World) -> World:  # noqa: ARG001 - one of several ways
    """Let time go by in a fork, and again in a fork of that, of which neither origin sees anything."""
    with Tenants(NAME, World, directory) as tenants:
        origin = tenants["default"]
        twin = tenants.add("twin", lambda: origin.tenant.world)
        assert difference(origin.tenant.world, twin.tenant.world).tables == {}
        advance(twin.tenant)
        forked = twin.tenant.world
        advance(tenants.add("other", lambda: forked).tenant)
    with Tenants(NAME, World, directory) as tenants:
        same(tenants["twin"].tenant.world, forked)
        assert difference(forked, tenants["other"].tenant.world).tables
        return tenants["default"].tenant.world


WAYS: list[Callable[[Path, World], World]] = [
    *(from_journal, from_checkpoint, from_both),
    *(from_archive, from_snapshot, from_fork),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_tenant_comes_back_as_it_was(
    lived: Lived, directory: Path, way: Callable[[Path, World], World]
) -> None:
    world = way(directory, lived.worlds[-1])
    same(world, lived.worlds[-1])
    assert answered(world, lived.reads) == lived.reads


def test_a_file_takes_a_tenant_elsewhere_over_restarts_too(lived: Lived, tmp_path: Path) -> None:
    with kept(tmp_path) as timeline:
        timeline.adopt(replay.exported(lived.worlds[-1]))
        same(timeline.tenant.world, lived.worlds[-1], OF_THE_CLIENT)
        copytree(tmp_path, tmp_path / "killed")
    for directory in (tmp_path, tmp_path / "killed"):
        with kept(directory) as timeline:
            same(timeline.tenant.world, lived.worlds[-1], OF_THE_CLIENT)
            assert answered(timeline.tenant.world, lived.reads) == lived.reads


def test_one_goes_back_to_any_moment(lived: Lived, directory: Path) -> None:
    with kept(directory) as timeline:
        assert timeline.history.count == len(lived.worlds) - 1
        for number in range(0, len(lived.worlds), 9):
            same(timeline.history.at(number), lived.worlds[number])
            timeline.rewind(number)
            assert timeline.diff(str(number)) == Difference({}, {})
        back = timeline.tenant.world
    with kept(directory) as timeline:
        same(timeline.tenant.world, back)
        advance(timeline.tenant)
