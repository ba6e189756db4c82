"""What was applied is recorded item by item, and comes back first in, first out."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.parts import ItemAmount, Part, with_part, without_part

if TYPE_CHECKING:
    from tests.billing.papers import Papers
    from toolkit.billing.invoices import Invoice


def amounts(**items: str) -> list[ItemAmount]:
    return [ItemAmount(key, Decimal(amount)) for key, amount in items.items()]


@pytest.fixture
def invoice(papers: "Papers") -> "Invoice":
    return papers.invoice("10", "20")


@pytest.fixture
def parts(invoice: "Invoice", papers: "Papers") -> tuple[Part, ...]:
    """10 of one item, then 20 of another and 5 of the first, and something of another document."""
    other = with_part((), papers.debit_memo("7"), amounts(c="7"), papers, invoice.created)
    first = with_part(other, invoice, amounts(a="10"), papers, invoice.created)
    return with_part(first, invoice, amounts(b="20", a="5"), papers, invoice.created.replace(hour=3))


def test_a_document_has_one_part_however_often_it_gets_something(
    parts: tuple[Part, ...], invoice: "Invoice"
) -> None:
    other, part = parts
    assert [other.kind, other.amount] == ["debit memo", 7]
    assert (part.kind, part.document_id, part.document_number) == ("invoice", invoice.id, invoice.number)
    assert [share.item_id for share in part.shares] == ["a", "b", "a"]
    assert [share.amount for share in part.shares] == [10, 20, 5]
    assert [part.amount, part.created, part.updated.hour] == [35, invoice.created, 3]
    assert len({share.id for share in part.shares} | {part.id}) == 4


@pytest.mark.parametrize(
    ("amount", "items", "freed"),
    [
        (Decimal(12), None, {"a": 10, "b": 2}),
        (Decimal(35), None, {"a": 15, "b": 20}),
        (Decimal(12), amounts(a="12"), {"a": 12}),
        (Decimal(13), amounts(b="1", a="12"), {"a": 12, "b": 1}),
    ],
)
def test_what_comes_back_comes_from_the_first_or_from_the_named_items(
    amount: Decimal,
    items: list[ItemAmount] | None,
    freed: dict[str, int],
    parts: tuple[Part, ...],
    invoice: "Invoice",
) -> None:
    later = invoice.created.replace(hour=4)
    left, back = without_part(parts, invoice, amount, later, items)
    assert back == freed
    assert left[0] is parts[0]
    assert sum(part.amount for part in left) == 42 - amount
    assert [part.updated for part in left[1:]] == [later] * (amount < 35)


def test_a_share_of_a_negative_item_comes_back_with_the_whole(papers: "Papers", invoice: "Invoice") -> None:
    parts = with_part((), invoice, amounts(a="10", b="-2"), papers, invoice.created)
    assert list(without_part(parts, invoice, Decimal(8), invoice.created)) == [(), {"a": 10, "b": -2}]
    assert without_part(parts, invoice, Decimal(8), invoice.created, amounts(a="10", b="-2"))[0] == ()


def test_no_more_comes_back_than_was_applied(
    parts: tuple[Part, ...], invoice: "Invoice", papers: "Papers"
) -> None:
    now = invoice.created
    with pytest.raises(InvalidValueError, match="should be greater than 0"):
        without_part(parts, invoice, Decimal(0), now)
    with pytest.raises(RuleError, match="The amount 36 should not be greater than the amount 35 applied to"):
        without_part(parts, invoice, Decimal(36), now)
    with pytest.raises(
        RuleError, match="amount 1 should not be greater than the amount 0 applied to the inv"
    ):
        without_part(parts, papers.invoice("1"), Decimal(1), now)
    with pytest.raises(RuleError, match="The amount 16 is more than what was applied to the item a"):
        without_part(parts, invoice, Decimal(16), now, amounts(a="16"))
    with pytest.raises(RuleError, match="The amounts of the items add up to 5, not to the amount 6"):
        without_part(parts, invoice, Decimal(6), now, amounts(a="5"))
