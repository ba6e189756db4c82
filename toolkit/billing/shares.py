"""Shares: amounts divided into parts of a whole, to the smallest unit and without a remainder."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import product
from typing import NamedTuple

from toolkit.billing.money import ZERO


class Shares(NamedTuple):
    """Into which parts of a whole amounts are divided.

    Attributes:
        parts: They add up to `whole`.
        whole: Not 0; 100 for percentages.
        unit: A power of ten; what is divided is a multiple of it, and so are its parts.
    """

    parts: Sequence[Decimal]
    whole: Decimal
    unit: Decimal

    def of(self, amount: Decimal) -> list[Decimal]:
        """Divide an amount; what rounding down leaves falls on the last part."""
        *first, _ = (exact.quantize(self.unit, ROUND_FLOOR) for exact in self._exact(amount))
        return [*first, amount - sum(first, ZERO)]

    def of_all(self, amounts: Sequence[Decimal]) -> list[list[Decimal]]:
        """Divide amounts so that their parts add up to those of their sum, by the largest remainder.

        Units that rounding down leaves go where it took most, of equals to the first, unless what is
        divided there, or that part of the sum, is complete already.
        """
        exact = [self._exact(amount) for amount in amounts]
        rows = [[one.quantize(self.unit, ROUND_FLOOR) for one in row] for row in exact]
        left = [amount - sum(row, ZERO) for amount, row in zip(amounts, rows, strict=True)]
        sums = self.of(sum(amounts, ZERO))
        lacking = [
            amount - sum(column, ZERO) for amount, column in zip(sums, zip(*rows, strict=True), strict=True)
        ]
        places = sorted(
            product(range(len(rows)), range(len(sums))),
            key=lambda place: rows[place[0]][place[1]] - exact[place[0]][place[1]],
        )
        while any(one > 0 for one in left):
            for row, column in places:
                if left[row] > 0 and lacking[column] > 0:
                    rows[row][column] += self.unit
                    left[row] -= self.unit
                    lacking[column] -= self.unit
        return rows

    def _exact(self, amount: Decimal) -> list[Decimal]:
        return [amount * part / self.whole for part in self.parts]
