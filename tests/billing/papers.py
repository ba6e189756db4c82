"""Posted documents of given amounts, without a subscription behind them."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem, total
from toolkit.billing.invoices import Invoice
from toolkit.billing.taxcodes import Tax, TaxItem

NOW = datetime(2026, 1, 1, tzinfo=UTC)

Paper = TypeVar("Paper", Invoice, DebitMemo, CreditMemo)


class Papers:
    """Makes posted documents of items with these amounts; ids are item-1, item-2 and so on."""

    def __init__(self) -> None:
        self._next = count(1)

    def id(self) -> str:
        return f"{next(self._next):032x}"

    def number(self, kind: str) -> str:
        return f"{kind} {next(self._next):08}"

    def item(self, key: str, amount: Decimal) -> DocumentItem:
        return DocumentItem(
            id=key,
            subscription_id="subscription",
            subscription_number="A-S1",
            charge_id="charge",
            charge_number="C-1",
            charge_name="Charge",
            charge_type="Recurring",
            description="",
            product_name="Product",
            start=NOW.date(),
            end=NOW.date(),
            amount=amount,
            quantity=Decimal(1),
            unit_price=amount,
            uom=None,
            processing_type="Charge",
            applied_to_item_id=None,
            charge_date=NOW,
        )

    def invoice(self, *amounts: str, **more: object) -> Invoice:
        terms = {"due_date": NOW.date(), "invoice_date": NOW.date(), "target_date": NOW.date()}
        return self._made(Invoice, amounts, {**terms, **more})

    def taxed_invoice(self, *items: str, **more: object) -> Invoice:
        """Return an invoice whose items are said with the amounts of their taxes, as in "100 20 5".

        One after "off" is a discount of the first item.
        """
        words = [item.removeprefix("off").split() for item in items]
        made = self.invoice(*(amount for amount, *_ in words), **more)
        taxed = tuple(
            replace(one, tax_items=tuple(self._tax(Decimal(tax), one.amount) for tax in taxes))
            for one, (_, *taxes) in zip(made.items, words, strict=True)
        )
        taxed = tuple(
            replace(one, processing_type="Discount", applied_to_item_id=taxed[0].id)
            if item.startswith("off")
            else one
            for one, item in zip(taxed, items, strict=True)
        )
        return replace(made, items=taxed, amount=total(taxed))

    def discounted_invoice(self, amount: str, discount: str, **more: object) -> Invoice:
        """Return an invoice of an item and a discount of it."""
        made = self.invoice(amount, discount, **more)
        less = replace(made.items[1], applied_to_item_id=made.items[0].id)
        return replace(made, items=(made.items[0], less))

    def _tax(self, amount: Decimal, taxable: Decimal) -> TaxItem:
        return TaxItem(
            id=self.id(),
            tax=Tax(name="VAT", rate=Decimal(0)),
            code="VAT",
            code_description="",
            mode="TaxExclusive",
            country=None,
            tax_date=NOW.date(),
            start=NOW.date(),
            end=NOW.date(),
            taxable_amount=taxable,
            amount=amount,
            unrounded=amount,
        )

    def debit_memo(self, *amounts: str, **more: object) -> DebitMemo:
        return self._made(DebitMemo, amounts, {"due_date": NOW.date(), "memo_date": NOW.date(), **more})

    def credit_memo(self, *amounts: str, **more: object) -> CreditMemo:
        terms = {"memo_date": NOW.date(), "target_date": NOW.date()}
        return self._made(CreditMemo, amounts, {**terms, **more}, "credit")

    def _made(self, kind: type[Paper], amounts: tuple[str, ...], more: dict[str, object], *key: str) -> Paper:
        items = tuple(
            self.item("-".join((*key, f"item-{index}")), Decimal(amount))
            for index, amount in enumerate(amounts, 1)
        )
        terms = {
            "id": self.id(),
            "number": self.number(kind.__name__),
            "account_id": "account",
            "currency": "USD",
            "status": "Posted",
            "items": items,
            "amount": sum(map(Decimal, amounts), Decimal(0)),
            "created": NOW,
            "updated": NOW,
            "source": "API",
            **more,
        }
        return msgspec.convert(terms, kind, from_attributes=True)
