"""Invoice splits: a draft invoice in the world made into several, and what parts of one invoice share."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.accounts import check_payment_term, due_date
from toolkit.billing.documents import VOID
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.splitting import Split, SplitType, split
from toolkit.zuora.state.world import Change


class Wanted(NamedTuple):
    """One of the invoices to be: its part of the original, in percent or as an amount, and its terms."""

    part: Decimal
    invoice_date: date
    payment_term: str


def split_up(
    change: Change, invoice: Invoice, wanted: Iterable[Wanted], kind: SplitType = "Percentage"
) -> Sequence[Invoice]:
    """Put the drafts into the change into which a draft invoice is split, and return them.

    They belong to the bill run that made it.

    Raises:
        RuleError: The tenant does not split invoices, or this one is no draft.
        InvalidValueError: A payment term is unknown, or the parts do not make up the whole.
    """
    world = change.world
    if not world.rules.split_invoices:
        raise RuleError("The billing rules of this tenant do not allow to split invoices.")
    splits = []
    for part, day, term in wanted:
        check_payment_term(term, world.payment_terms)
        splits.append(Split(part, day, due_date(day, term, world.payment_terms), term))
    made = split(invoice, splits, change, kind)
    for one in made:
        change.put(one)
    run = world.bill_runs.get(invoice.source_id or "")
    if run is not None:
        change.put(replace(run, invoice_ids=(*run.invoice_ids, *(one.id for one in made))))
    return made


def parts_with(change: Change, invoice: Invoice) -> list[Invoice]:
    """Return an invoice with the other invoices that the same one was split into.

    Those that were cancelled, or split themselves, are left out.
    """
    if invoice.split_from is None:
        return [invoice]
    family = change.table("invoices").of(invoice.account_id)
    others = [one for one in family if one.split_from == invoice.split_from and one.id != invoice.id]
    return [invoice, *(one for one in others if one.status not in VOID)]
