"""Taxes by place and time."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from toolkit.billing.accounts import Contact
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.taxcodes import Tax, TaxCode, TaxRate

LOW, FULL = Tax(name="G5", rate=Decimal("0.07")), Tax(name="RD", rate=Decimal("0.21"))
NEW_YEAR, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def _contact(country: str = "Spain", **more: str | None) -> Contact:
    contact = Contact(id="", number="", account_id="", first_name="", last_name="", country=country)
    return replace(contact, **more)


SPAIN = TaxCode(
    rates=(
        TaxRate(country="Spain", state="Santa Cruz de Tenerife", taxes=(LOW,)),
        TaxRate(country="Spain", taxes=(FULL,)),
        TaxRate(country="Spain", state="STA CRUZ DE TENERIFE", taxes=(LOW,)),
    )
)
"""The table of Zuora's page on matching fields."""


@pytest.mark.parametrize(
    ("state", "due"),
    [
        ("Santa Cruz de Tenerife", LOW),
        ("santa cruz de tenerife", LOW),
        ("STA CRUZ DE TENERIFE", FULL),
        ("Madrid", FULL),
        (None, FULL),
    ],
)
def test_the_first_rate_that_matches_the_place_applies(state: str | None, due: Tax) -> None:
    assert SPAIN.taxes(_contact(state=state), NEW_YEAR) == (due,)


def test_no_rate_elsewhere_is_no_tax() -> None:
    assert SPAIN.taxes(_contact("Portugal"), NEW_YEAR) == ()


@pytest.mark.parametrize("field", ["county", "city", "zip_code", "tax_region"])
def test_every_part_of_an_address_can_decide(field: str) -> None:
    code = TaxCode(rates=(TaxRate(taxes=(LOW,), **{field: "here"}),))  # type: ignore[arg-type]
    assert code.taxes(_contact(**{field: "Here"}), NEW_YEAR) == (LOW,)
    assert code.taxes(_contact(**{field: "there"}), NEW_YEAR) == ()


def test_a_tax_period_holds_its_first_and_its_last_day() -> None:
    code = TaxCode(rates=(TaxRate(start=NEW_YEAR, end=date(2026, 2, 28), taxes=(LOW,)),))
    days = [date(2025, 12, 31), NEW_YEAR, date(2026, 2, 28), MARCH]
    assert [code.taxes(_contact(), day) for day in days] == [(), (LOW,), (LOW,), ()]


def test_a_time_is_split_where_its_taxes_change_and_only_there() -> None:
    code = TaxCode(
        rates=(
            TaxRate(start=date(2026, 1, 10), end=date(2026, 1, 19), taxes=(LOW,)),
            TaxRate(start=date(2026, 1, 20), end=date(2026, 2, 28), taxes=(LOW,)),
            TaxRate(start=date(2026, 1, 25), taxes=(FULL,)),
        )
    )
    assert list(code.spans(_contact(), NEW_YEAR, date(2026, 4, 1))) == [
        (NEW_YEAR, date(2026, 1, 10), ()),
        (date(2026, 1, 10), MARCH, (LOW,)),
        (MARCH, date(2026, 4, 1), (FULL,)),
    ]


def test_a_tax_period_that_ends_with_the_time_does_not_split_it() -> None:
    code = TaxCode(rates=(TaxRate(end=date(2026, 2, 28), taxes=(LOW,)), TaxRate(start=MARCH, taxes=(FULL,))))
    assert list(code.spans(_contact(), NEW_YEAR, MARCH)) == [(NEW_YEAR, MARCH, (LOW,))]
    assert list(code.spans(_contact(), MARCH, date.max)) == [(MARCH, date.max, (FULL,))]


@pytest.mark.parametrize("rate", ["-0.1", "20"])
def test_a_percentage_is_a_fraction(rate: str) -> None:
    with pytest.raises(InvalidValueError, match="a fraction such as 0.2"):
        Tax(name="VAT", rate=Decimal(rate))


def test_a_flat_fee_may_be_more_than_one() -> None:
    assert Tax(name="Fee", rate=Decimal(20), type="FlatFee").rate == 20
