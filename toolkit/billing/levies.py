"""Levies: which taxes are due on the lines of a document."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from toolkit.billing.accounts import Contact, TaxInfo
from toolkit.billing.documents import VOID, DocumentItem
from toolkit.billing.rating import Line
from toolkit.billing.rules import BillingRules
from toolkit.billing.taxcodes import Tax, TaxCode, TaxItem, TaxMode


class Taxpayer(NamedTuple):
    """Where an account is sold to, and whether it is exempt."""

    sold_to: Contact
    info: TaxInfo | None

    def exempt(self, day: date) -> bool:
        """Tell whether it is exempt on a day."""
        return self.info is not None and self.info.exempts(day)


class TaxOffice(NamedTuple):
    """What computing taxes needs besides the lines.

    Attributes:
        codes: The tenant's tax codes by name.
        payer: Returns the taxpayer by the id of its account.
        invoiced: Returns the items that the invoice owner was invoiced before, latest first; asked for
            credits only.
        rules: The tenant's.
    """

    codes: Mapping[str, TaxCode]
    payer: Callable[[str], Taxpayer]
    invoiced: Callable[[], Iterable[DocumentItem]]
    rules: BillingRules


class Books(Protocol):
    """The tenant's records, as far as taxes depend on them."""

    @property
    def tax_codes(self) -> Mapping[str, TaxCode]:
        """The tax codes by name."""

    def table(self, name: str) -> Any:  # noqa: ANN401 - a table of any kind of record
        """Return a table, which has `find` by id and `of` an owner, oldest first."""


def office_of(books: Books, owner_id: str, rules: BillingRules) -> TaxOffice:
    """Return what computing the taxes of an invoice owner needs."""
    accounts, contacts = books.table("accounts"), books.table("contacts")

    def payer(account_id: str) -> Taxpayer:
        account = accounts.find(account_id)
        return Taxpayer(contacts.find(account.sold_to_id or ""), account.tax_info)

    def invoiced() -> Iterator[DocumentItem]:
        for invoice in reversed(list(books.table("invoices").of(owner_id))):
            if invoice.status not in VOID:
                yield from invoice.items

    return TaxOffice(books.tax_codes, payer, invoiced, rules)


class Levy(NamedTuple):
    """The taxes on [start, end) of a line's service period.

    Attributes:
        day: The tax date, which decided which taxes they are.
        exempt: Whether the taxpayer is spared them.
    """

    day: date
    start: date
    end: date
    taxes: tuple[Tax, ...]
    exempt: bool
    code: str
    description: str
    mode: TaxMode
    country: str | None


def levies(lines: Sequence[Line], owner_id: str, day: date, office: TaxOffice) -> list[tuple[Levy, ...]]:
    """Return what is levied on each line of a document; on discounts nothing by themselves.

    Args:
        lines: Those of one document.
        owner_id: The invoice owner.
        day: The date of the document.
        office: The tenant's tax codes, taxpayers and rules.
    """
    found = [tuple(_levies(line, owner_id, day, office)) for line in lines]
    if office.rules.new_tax_rate_for_added_units and not office.rules.multiple_tax_items:
        for credit, anew in _changes(lines):
            adds = lines[anew].item.amount + lines[credit].item.amount > 0
            follower, leader = (credit, anew) if adds else (anew, credit)
            item = lines[follower].item
            found[follower] = tuple(one._replace(start=item.start, end=item.end) for one in found[leader])
    return found


def _levies(line: Line, owner_id: str, day: date, office: TaxOffice) -> Iterator[Levy]:
    """Yield the levies on a line.

    The tax date is the document's, for a credit that of the item which it takes back. With several tax
    items it is the first day of each part.
    Source: Zuora, generation of multiple taxation items; tax selection for calculation. That a credit of
    what nobody knows is taxed as on the first day of that item is an assumption.
    """
    item, terms, rules = line.item, line.item.charge.terms, office.rules
    name = terms.tax_code if terms.taxable else None
    code = office.codes.get(name) if name is not None else None
    if name is None or code is None:
        return
    payer = office.payer(
        line.subscription.account_id if rules.tax_account == "subscription_owner" else owner_id
    )
    shared = name, code.description, terms.tax_mode or "TaxExclusive", payer.sold_to.country
    if rules.multiple_tax_items:
        for start, end, taxes in code.spans(payer.sold_to, item.start, item.end):
            yield Levy(start, start, end, taxes, payer.exempt(start), *shared)
        return
    billed = _billed(line, office.invoiced()) if item.credit else None
    if billed is None:
        day = item.billed_from or day
        yield Levy(day, item.start, item.end, code.taxes(payer.sold_to, day), payer.exempt(day), *shared)
    elif billed:
        day, exempt = billed[0].tax_date, bool(billed[0].exempt_amount)
        taxes = tuple(tax.tax for tax in billed if tax.tax_date == day)
        yield Levy(day, item.start, item.end, taxes, exempt, *shared)


def _billed(credit: Line, invoiced: Iterable[DocumentItem]) -> tuple[TaxItem, ...] | None:
    """Return the tax items of the item of which a credit takes back a part; None if it is not among these."""
    key = credit.item.charge.id, credit.item.billed_from
    return next(
        (one.tax_items for one in invoiced if (one.charge_id, one.start) == key and one.quantity >= 0), None
    )


def _changes(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where a credit stands, and where what is charged anew for the same days of its charge does."""
    for credit, line in enumerate(lines):
        if line.item.credit and line.item.applied_to is None:
            for anew, other in enumerate(lines):
                if _replaces(other, line):
                    yield credit, anew


def _replaces(line: Line, credited: Line) -> bool:
    item, credit = line.item, credited.item
    return (
        not item.credit
        and item.charge.number == credit.charge.number
        and item.start < credit.end
        and credit.start < item.end
    )
