"""An amount is divided among items, to the cent and within what is open of each."""

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.allocation import allocate, pair
from toolkit.billing.parts import ItemAmount

if TYPE_CHECKING:
    from collections.abc import Mapping

CENT = Decimal("0.01")


def opened(*amounts: str) -> "Mapping[str, Decimal]":
    return {str(index): Decimal(amount) for index, amount in enumerate(amounts)}


def test_an_amount_is_divided_in_proportion_to_what_is_positive() -> None:
    """Source: write-off use case VII (SET-027)."""
    items = opened("100", "20", "-10", "-2")
    assert allocate(items, Decimal(108), "USD") == {"0": 90, "1": 18}


def test_first_in_first_out_fills_one_item_after_the_other() -> None:
    items = opened("100", "0", "20", "50")
    assert allocate(items, Decimal(108), "USD", "FIFO") == {"0": 100, "2": 8}


@given(
    st.lists(st.integers(-1000, 10000), min_size=1, max_size=9).filter(lambda some: max(some) > 0), st.data()
)
def test_shares_add_up_and_none_exceeds_its_item(cents: list[int], data: st.DataObject) -> None:
    items = {str(index): cent * CENT for index, cent in enumerate(cents)}
    most = sum(cent for cent in cents if cent > 0)
    amount = data.draw(st.integers(1, most)) * CENT
    for rule in ("Proration", "FIFO"):
        shares = allocate(items, amount, "USD", rule)
        assert sum(shares.values()) == amount
        assert all(0 < share <= items[key] and share % CENT == 0 for key, share in shares.items())


def test_yen_are_not_divided() -> None:
    assert allocate(opened("1", "1", "1"), Decimal(2), "JPY") == {"0": 1, "2": 1}


def test_items_are_paired_in_order_and_by_sign() -> None:
    pairs = pair({"a": Decimal(5), "b": Decimal(-2), "c": Decimal(4)}, {"x": Decimal(7), "y": Decimal(-2)})
    assert list(pairs) == [
        ItemAmount("x", Decimal(5), "a"),
        ItemAmount("x", Decimal(2), "c"),
        ItemAmount("y", Decimal(-2), "b"),
    ]
