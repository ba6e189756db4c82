"""Rests: what discounts have left of the lines of a bill."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Self

from toolkit.billing.money import ZERO
from toolkit.billing.rating import Line, unrounded
from toolkit.billing.rules import BillingRules


class Rests(NamedTuple):
    """The lines of a bill, and what is left of each while discounts are taken off, which changes it.

    Attributes:
        lines: Without discounts.
        day: The account's bill cycle day.
        rules: The tenant's.
        billed: What is left of the line, or of the item that a credit takes back.
        kept: What is left of the part of that item that stays billed; 0 where the rules price the unused
            part itself.
    """

    lines: Sequence[Line]
    day: int
    rules: BillingRules
    billed: list[Decimal]
    kept: list[Decimal]

    @classmethod
    def of(cls, lines: Sequence[Line], day: int, rules: BillingRules) -> Self:
        """Return what is left before any discount."""
        if rules.percentage_of == "unrounded":
            pairs = [unrounded(line, day, rules) for line in lines]
            return cls(lines, day, rules, [billed for billed, _ in pairs], [kept for _, kept in pairs])
        items = [line.item for line in lines]
        billed = [item.kept - item.amount if item.credit else item.amount for item in items]
        return cls(lines, day, rules, billed, [item.kept for item in items])

    def copy(self) -> Self:
        """Return the same, to be left unchanged."""
        return self._replace(billed=list(self.billed), kept=list(self.kept))

    def fall(self, position: int) -> Decimal:
        """Return by how much a credit lessens what is left of an item."""
        return self.billed[position] - self.kept[position]

    def reduce(self, position: int, off_billed: Decimal, off_kept: Decimal) -> None:
        """Take off what was off the billed item, and what stays off the part that stays billed."""
        if self.rules.credit_basis == "credit_period":
            off_billed, off_kept = off_billed - off_kept, ZERO
        self.billed[position] -= off_billed
        self.kept[position] -= off_kept
