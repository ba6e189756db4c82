"""What an owner of many has, in the order in which it got it."""

import random
from functools import reduce
from typing import NamedTuple

import pytest

from toolkit.zuora.state.maps import Layer, Map
from toolkit.zuora.state.owned import Owned, given, numbers_of, taken
from toolkit.zuora.state.tables import Table

MANY = [f"N{place}" for place in range(1600)]


def with_all(owned: Owned, owner: str, numbers: list[str]) -> Owned:
    return reduce(lambda so_far, one: given(so_far, owner, one), numbers, owned)


@pytest.fixture(params=[Map, lambda: Layer({})], ids=["map", "layer"])
def nothing(request: pytest.FixtureRequest) -> Owned:
    made: Owned = request.param()
    return made


def test_an_owner_of_many_keeps_the_order(nothing: Owned) -> None:
    owned = with_all(with_all(nothing, "few", MANY[:5]), "many", MANY)
    assert list(numbers_of(owned, "many")) == MANY
    assert list(numbers_of(owned, "few")) == MANY[:5]
    assert numbers_of(owned, "nobody") == ()


def test_numbers_are_taken_from_anywhere(nothing: Owned) -> None:
    """Compared with a plain list, in a random order that is the same each time."""
    owned, left = with_all(nothing, "many", MANY), list(MANY)
    gone = random.Random(7).sample(MANY, len(MANY))  # noqa: S311 - an order of a test, no secret
    for place, number in enumerate(gone):
        owned = taken(owned, "many", number)
        left.remove(number)
        if place % 250 == 0:
            owned, left = given(owned, "many", f"M{place}"), [*left, f"M{place}"]
            assert list(numbers_of(owned, "many")) == left
    assert list(numbers_of(owned, "many")) == left == [f"M{place}" for place in range(0, 1600, 250)]


def test_one_more_number_copies_less_than_two_chunks() -> None:
    assert max(map(len, with_all(Map(), "many", MANY).values())) < 1024


def test_what_an_earlier_archive_holds_in_one_piece_is_cut() -> None:
    owned = with_all(Map({"many": tuple(MANY[:1400])}), "many", MANY[1400:])
    assert list(numbers_of(owned, "many")) == MANY
    assert len(owned["many"]) < 1024


class _Row(NamedTuple):
    id: str
    number: str


def test_one_more_record_of_an_owner_of_many_copies_few_numbers() -> None:
    """A table that copied all of them took 16 s for 50,000 records, one that copies few half a second."""
    table = reduce(
        lambda so_far, number: so_far.add(_Row(f"id-{number}", number), ["many"]), MANY, Table[_Row]()
    )
    assert [row.number for row in table.of("many")] == MANY
    assert max(map(len, table.owned.values())) < len(MANY) / 1.5
