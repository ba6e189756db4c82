"""Invoice splits and their items as queries see them."""

from collections.abc import Iterator
from typing import NamedTuple

from toolkit.billing.splitting import InvoiceSplit, InvoiceSplitItem
from toolkit.zuora.query.kinds import (
    Kind,
    among,
    amount,
    choice,
    day,
    every,
    everywhere,
    history,
    in_table,
    owned,
    text,
    within,
)


class _Part(NamedTuple):
    split: InvoiceSplit
    item: InvoiceSplitItem


def _parts(split: InvoiceSplit) -> Iterator[_Part]:
    return (_Part(split, item) for item in split.items)


INVOICE_SPLIT = Kind(
    name="InvoiceSplit",
    plural="",
    rows=every("invoice_splits"),
    finders={
        "Id": in_table("invoice_splits"),
        "InvoiceId": among(owned("invoice_splits"), "invoice_id"),
    },
    fields={"Id": text("id"), "InvoiceId": text("invoice_id"), **history()},
)

INVOICE_SPLIT_ITEM = Kind(
    name="InvoiceSplitItem",
    plural="",
    rows=everywhere("invoice_splits", _parts),
    finders={
        "Id": among(within(owned("invoice_splits"), _parts), "item.id"),
        "InvoiceId": among(within(owned("invoice_splits"), _parts), "item.invoice_id"),
        "InvoiceSplitId": within(in_table("invoice_splits"), _parts),
    },
    fields={
        "Id": text("item.id"),
        "InvoiceDate": day("item.invoice_date"),
        "InvoiceId": text("item.invoice_id"),
        "InvoiceSplitId": text("split.id"),
        "PaymentTerm": choice("item.payment_term"),
        "SplitPercentage": amount("item.percentage"),
        **history("item.created", "item.updated"),
    },
)
