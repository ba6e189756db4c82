"""Tax codes: which taxes a tenant charges, by place and time."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.accounts import Contact
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.money import ZERO

TaxMode = Literal["TaxExclusive", "TaxInclusive"]

_DAY = timedelta(days=1)
_PLACE = ("country", "state", "county", "city", "zip_code", "tax_region")


class Tax(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tax. Several on one charge are independent: none is charged on another.

    Attributes:
        rate: Of a Percentage a fraction, 0.2 for twenty percent; of a FlatFee what each item is taxed, for
            credits as well. Source: Zuora, tax rates.

    Raises:
        InvalidValueError: The rate is negative, or a percentage is no fraction.
    """

    name: str
    rate: Decimal
    type: Literal["Percentage", "FlatFee"] = "Percentage"
    jurisdiction: str = ""
    location_code: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if self.rate < 0 or (self.type == "Percentage" and self.rate > 1):
            raise InvalidValueError(
                f"The rate of the tax {self.name} should be a fraction such as 0.2, not {self.rate}."
            )


class TaxRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The taxes of one place and one tax period; without any taxes it is a period that has no rates yet.

    Attributes:
        id: Given when a client creates it; a rate that is declared in a file has none.
        period_id: The same of its tax period.
        start: First day of the tax period.
        end: Last day of it, as Zuora shows it.
        country: As contacts show it, United Kingdom. What is not said of a place matches every value.
    """

    taxes: tuple[Tax, ...]
    id: str = ""
    period_id: str = ""
    start: date = date.min
    end: date = date.max
    country: str | None = None
    state: str | None = None
    county: str | None = None
    city: str | None = None
    zip_code: str | None = None
    tax_region: str | None = None

    def matches(self, sold_to: Contact) -> bool:
        """Tell whether a contact lives where the taxes are due; case makes no difference."""
        for name in _PLACE:
            wanted = getattr(self, name)
            if wanted is not None and wanted.casefold() != (getattr(sold_to, name) or "").casefold():
                return False
        return True


class TaxCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax code of Zuora Tax; the first of its rates that matches place and day applies.

    Attributes:
        id: Given when a client creates it; a code that is declared in a file has none.

    Source: Zuora, matching fields: of all candidates the one with the smallest tax order.
    """

    rates: tuple[TaxRate, ...]
    id: str = ""
    description: str = ""

    def taxes(self, sold_to: Contact, day: date) -> tuple[Tax, ...]:
        """Return the taxes of a day; none where no rate matches."""
        for rate in self.rates:
            if rate.start <= day <= rate.end and rate.matches(sold_to):
                return rate.taxes
        return ()

    def spans(self, sold_to: Contact, start: date, end: date) -> Iterator[tuple[date, date, tuple[Tax, ...]]]:
        """Yield the parts of [start, end) in which the taxes stay the same, with these taxes."""
        first, taxes = start, self.taxes(sold_to, start)
        for turn in sorted(self._turns(start, end)):
            following = self.taxes(sold_to, turn)
            if following != taxes:
                yield first, turn, taxes
                first, taxes = turn, following
        yield first, end, taxes

    def _turns(self, start: date, end: date) -> set[date]:
        """Return the days within (start, end) on which a tax period begins, or the day after one ends."""
        begins = {rate.start for rate in self.rates if start < rate.start < end}
        return begins | {rate.end + _DAY for rate in self.rates if start <= rate.end < end - _DAY}


class TaxItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one tax is of one item.

    Attributes:
        id: Given when the item is put on a document.
        tax_date: The day that decides which taxes are due.
        start: First day of the part of the service period that it is for.
        end: Last day of it.
        taxable_amount: What it is computed on, without tax.
        amount: Rounded; 0 for an exempt account.
        unrounded: The same before rounding.
        exempt_amount: What an exempt account is spared.
        source_id: The tax item of another document that this one takes back, or adds to.
    """

    id: str = ""
    tax: Tax
    code: str
    code_description: str
    mode: TaxMode
    country: str | None
    tax_date: date
    start: date
    end: date
    taxable_amount: Decimal
    amount: Decimal
    unrounded: Decimal
    exempt_amount: Decimal = ZERO
    source_id: str | None = None
