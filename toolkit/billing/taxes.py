"""Taxes: what is added to the lines of a document, or carved out of prices that include it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.errors import RuleError
from toolkit.billing.generation import placed
from toolkit.billing.invoices import Bill
from toolkit.billing.levies import Books, Levy, TaxOffice, levies, office_of
from toolkit.billing.money import ZERO, smallest_unit
from toolkit.billing.proration import period_fraction
from toolkit.billing.rating import Line
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import first_bill_cycle_day, grid
from toolkit.billing.taxcodes import TaxItem

_DAY = timedelta(days=1)


def add_taxes(owed: Bill, account: Account, day: date, books: Books, rules: BillingRules) -> Bill:
    """Return a bill with the taxes that a document of this date has; without tax codes as it is.

    Raises:
        RuleError: A price would include a flat fee.
    """
    if not (books.tax_codes and owed.lines):
        return owed
    return taxed(owed, account, day, office_of(books, account.id, rules))


def taxed(owed: Bill, account: Account, day: date, office: TaxOffice) -> Bill:
    """Return a bill with the taxes of its lines.

    Taxes come after discounts, and a discount is taxed as what it discounts.
    Source: Zuora, rating process; generation of multiple taxation items, tax discount.

    Args:
        owed: Rated and discounted; amounts include tax where the charge's tax mode says so.
        account: The invoice owner.
        day: The date of the documents.
        office: The tenant's tax codes, taxpayers and rules.

    Returns:
        The same lines in the same order. The amount of one that included tax is net.

    Raises:
        RuleError: A price would include a flat fee.
    """
    lines = owed.lines
    due = levies(lines, account.id, day, office)
    items: list[TaxItem] = []
    owners: list[int] = []
    for at, line in enumerate(lines):
        root = at if line.item.applied_to is None else line.item.applied_to
        parts = _parts(line.item.amount, lines[root], due[root], account, office.rules)
        for levy, amount in zip(due[root], parts, strict=True):
            for tax in _levied(amount, levy, account.currency, office.rules):
                items.append(tax)
                owners.append(at)
    found = _with_taxes(owed, owners, items)
    if office.rules.redistribute_tax_rounding:
        places = placed(found, account, office.rules)
        items = _redistributed(items, [places[at] for at in owners], account.currency, office.rules)
        found = _with_taxes(owed, owners, items)
    return found


def _with_taxes(owed: Bill, owners: Sequence[int], items: Sequence[TaxItem]) -> Bill:
    """Return a bill with these tax items, each on the line at the place of its owner."""
    taxes = defaultdict[int, list[TaxItem]](list)
    for at, tax in zip(owners, items, strict=True):
        taxes[at].append(tax)
    lines = (_with(line, tuple(taxes[at])) if at in taxes else line for at, line in enumerate(owed.lines))
    return Bill(tuple(lines), owed.subscriptions)


def _with(line: Line, taxes: tuple[TaxItem, ...]) -> Line:
    line = replace(line, taxes=taxes)
    if taxes[0].mode == "TaxInclusive":
        return replace(line, item=replace(line.item, amount=line.item.amount - line.tax_amount))
    return line


def _parts(
    amount: Decimal, root: Line, due: Sequence[Levy], account: Account, rules: BillingRules
) -> list[Decimal]:
    """Return the part of a line's amount that each levy is on, prorated by the tenant's rules.

    They add up to the amount: each is what is due up to its end, rounded, less what came before.
    Source: Zuora, rules for prorating taxable amount.
    """
    if len(due) <= 1:
        return [amount] * len(due)
    parts = []
    before, whole = ZERO, _length(root, root.item.end, account, rules)
    for levy in due:
        part = _length(root, levy.end, account, rules) / whole
        upto = rules.rounded(amount * part.numerator / part.denominator, account.currency)
        parts.append(upto - before)
        before = upto
    return parts


def _length(root: Line, end: date, account: Account, rules: BillingRules) -> Fraction:
    """Return how many billing periods a line takes up to `end`; days where the period is a term."""
    item = root.item
    if item.charge.terms.billing_period == "Subscription_Term":
        return Fraction((end - item.start).days)
    day = account.bill_cycle_day or first_bill_cycle_day([root.subscription])
    span = grid(root.subscription, item.charge, day)
    return sum(
        (
            period_fraction(max(period[0], item.start), min(period[1], end), span, period, rules)
            for period in span.periods(item.start, end)
        ),
        Fraction(0),
    )


def _levied(amount: Decimal, levy: Levy, currency: str, rules: BillingRules) -> Iterator[TaxItem]:
    """Yield the tax items of an amount.

    Each is rounded by itself. Of a price that includes several taxes the last gets what the others leave
    of the tax on the whole. An exempt account owes an inclusive price all the same, which is an assumption.
    Source: Zuora, tax rounding method; rounding rule for inclusive tax mode; tax rates.

    Raises:
        RuleError: A price would include a flat fee. Source: Zuora, tax code and set tax mode.
    """
    inclusive = levy.mode == "TaxInclusive"
    if inclusive and any(tax.type == "FlatFee" for tax in levy.taxes):
        raise RuleError(f"The tax code {levy.code} has a flat fee, which no price can include.")
    divisor = 1 + sum((tax.rate for tax in levy.taxes), ZERO) if inclusive else 1
    exact = [tax.rate if tax.type == "FlatFee" else amount * tax.rate / divisor for tax in levy.taxes]
    rounded = [rules.rounded(one, currency) for one in exact]
    if inclusive and exact:
        total = rules.included(sum(exact, ZERO), amount, currency)
        rounded[-1] = total - sum(rounded[:-1], ZERO)
        amount -= ZERO if levy.exempt else total
    for tax, unrounded, due in zip(levy.taxes, exact, rounded, strict=True):
        yield TaxItem(
            tax=tax,
            code=levy.code,
            code_description=levy.description,
            mode=levy.mode,
            country=levy.country,
            tax_date=levy.day,
            start=levy.start,
            end=levy.end - _DAY,
            taxable_amount=amount,
            amount=ZERO if levy.exempt else due,
            unrounded=ZERO if levy.exempt else unrounded,
            exempt_amount=due if levy.exempt else ZERO,
        )


_SURE = 12
"""Decimal places to which a sum of unrounded taxes is sure: a third of a cent has 28 digits, and no end."""


def _redistributed(
    items: Sequence[TaxItem], places: Sequence[int], currency: str, rules: BillingRules
) -> list[TaxItem]:
    """Let the items of the same code, tax and rate on a document add up to the tax on their sum.

    `places` are the documents of the items.

    Units that are missing or too many fall on the items that lost, or gained, most by rounding.
    Source: Zuora, redistribute Zuora Tax rounding differences, with one percentage a code; it does not say
    which items change. Source of that: an assumption that its figures bear out (SET-043).
    """
    result = list(items)
    increments = {} if rules.round_invoices else rules.rounding_increments
    unit = increments.get(currency) or smallest_unit(currency)
    groups = defaultdict[tuple[object, ...], list[int]](list)
    for at, (one, place) in enumerate(zip(items, places, strict=True)):
        groups[place, one.code, one.tax.name, one.tax.rate, one.mode].append(at)
    for group in groups.values():
        exact = round(sum((items[at].unrounded for at in group), ZERO), _SURE)
        amount = sum((items[at].amount for at in group), ZERO)
        inclusive = items[group[0]].mode == "TaxInclusive"
        gross = sum((items[at].taxable_amount for at in group), amount)
        total = rules.included(exact, gross, currency) if inclusive else rules.rounded(exact, currency)
        step = unit.copy_sign(total - amount)
        by_loss = sorted(group, key=lambda at: step * (items[at].unrounded - items[at].amount), reverse=True)
        for at in by_loss[: int(abs(total - amount) / unit)]:
            one = items[at]
            net = one.taxable_amount - step if inclusive else one.taxable_amount
            result[at] = replace(one, amount=one.amount + step, taxable_amount=net)
    return result
