"""Every factory of the room makes a whole record of its own accord, and the same one for the same world."""

import re
from typing import Any

import msgspec
import pytest

from toolkit import worlds
from toolkit.worlds.making import Workbench, factories
from toolkit.zuora.state.world import World, empty

ON_ITS_OWN = sorted(factories().keys() - {"invoice", "payment"})
NUMBERS = re.compile(r"(A|CT-|PM-|PC-|PRP-|PRPC-|A-S)\d{8}")


@pytest.fixture(params=["empty", "gitlab-self-managed"])
def world(request: pytest.FixtureRequest) -> World:
    return worlds.load(request.param)


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_a_factory_makes_a_whole_record_from_nothing(world: World, entity: str) -> None:
    record, _ = worlds.make(world, entity)
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    assert msgspec.convert(fields, type(record), from_attributes=True) == record


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_ids_and_numbers_have_zuoras_shape(entity: str) -> None:
    record, _ = worlds.make(empty(), entity)
    assert re.fullmatch(r"[0-9a-f]{32}", record.id)
    assert NUMBERS.fullmatch(record.number)


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_equal_worlds_get_equal_records(entity: str) -> None:
    assert worlds.make(empty("a"), entity) == worlds.make(empty("a"), entity)


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_another_seed_gives_another_record(entity: str) -> None:
    assert worlds.make(empty("a"), entity)[0] != worlds.make(empty("b"), entity)[0]


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_making_leaves_the_world_as_it_was(entity: str) -> None:
    before = empty()
    worlds.make(before, entity)
    assert before == empty()


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_two_records_share_neither_id_nor_number(world: World, entity: str) -> None:
    first, world = worlds.make(world, entity)
    second, _ = worlds.make(world, entity)
    assert first.id != second.id
    assert first.number != second.number


@pytest.mark.parametrize("entity", ON_ITS_OWN)
def test_what_is_only_built_is_not_kept(entity: str) -> None:
    bench = Workbench(empty())
    made: Any = factories()[entity].build(bench=bench)
    tables = (bench.world.accounts, bench.world.contacts, bench.world.subscriptions, bench.world.products)
    assert all(table.get(made.id) is None for table in tables)
