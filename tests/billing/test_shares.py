"""Amounts are divided without a remainder, in both directions."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.shares import Shares

CENT = Decimal("0.01")
cents = st.decimals(-1000, 100000, places=2)
parts = st.lists(st.integers(1, 60).map(Decimal), min_size=2, max_size=9)


def test_rows_and_columns_are_whole() -> None:
    """Source: Zuora, split invoice considerations, amount allocation: 130 as 50, 50 and 30."""
    shares = Shares([Decimal(50), Decimal(50), Decimal(30)], Decimal(130), CENT)
    assert shares.of_all([Decimal(120), Decimal(10)]) == [
        [Decimal("46.15"), Decimal("46.16"), Decimal("27.69")],
        [Decimal("3.85"), Decimal("3.84"), Decimal("2.31")],
    ]


@given(rows=st.lists(cents, min_size=1, max_size=7), weights=parts)
def test_nothing_is_lost(rows: list[Decimal], weights: list[Decimal]) -> None:
    shares = Shares(weights, sum(weights, Decimal(0)), CENT)
    divided = shares.of_all(rows)
    assert [sum(row) for row in divided] == rows
    assert [sum(column) for column in zip(*divided, strict=True)] == shares.of(sum(rows, Decimal(0)))
    assert all(one % CENT == 0 for row in divided for one in row)
