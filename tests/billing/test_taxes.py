"""Taxes beyond the documented figures, which `examples/taxes.yaml` has."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from toolkit.billing.accounts import TaxInfo
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import amounts
from toolkit.billing.errors import RuleError
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Bill, Invoice
from toolkit.billing.rules import BillingRules
from toolkit.billing.taxcodes import Tax, TaxCode, TaxRate

if TYPE_CHECKING:
    from tests.billing.conftest import Customer, Sold

START, JULY = date(2026, 1, 1), date(2026, 7, 1)
Sell = Callable[..., "Sold"]


def _code(*rates: str, **more: object) -> dict[str, TaxCode]:
    taxes = tuple(Tax(name=f"Tax {n}", rate=Decimal(rate)) for n, rate in enumerate(rates))
    return {"VAT": TaxCode(rates=(TaxRate(taxes=taxes, **more),))}  # type: ignore[arg-type]


RISING = {
    "VAT": TaxCode(
        rates=(
            TaxRate(end=date(2026, 6, 30), taxes=(Tax(name="VAT", rate=Decimal("0.1")),)),
            TaxRate(start=JULY, taxes=(Tax(name="VAT", rate=Decimal("0.2")),)),
        )
    )
}


@pytest.fixture
def buys(customer: "type[Customer]", sold: Sell) -> Callable[..., "Customer"]:
    """Return a customer who has bought charges at these prices, taxed by the code VAT."""

    def subscribed(
        *prices: object, codes: dict[str, TaxCode], rules: BillingRules | None = None, **terms: object
    ) -> "Customer":
        one = customer(rules=rules or BillingRules(), tax_codes=codes)
        taxed = {"taxable": True, "tax_code": "VAT", "type": "OneTime", **terms}
        one.subscribe(*(sold(price, **taxed) for price in prices), start=START)
        return one

    return subscribed


def _taxes(owed: Bill) -> list[list[Decimal]]:
    return [[tax.amount for tax in line.taxes] for line in owed.lines]


def test_several_taxes_are_independent_of_one_another(buys: Callable[..., "Customer"]) -> None:
    """The figures of Zuora's page on tax rates."""
    assert _taxes(buys(10, codes=_code("0.07", "0.01")).bill(START)) == [[Decimal("0.70"), Decimal("0.10")]]


def test_several_inclusive_taxes_add_up_to_the_tax_on_the_price(buys: Callable[..., "Customer"]) -> None:
    owed = buys(10, codes=_code("0.07", "0.01"), tax_mode="TaxInclusive").bill(START)
    assert _taxes(owed) == [[Decimal("0.65"), Decimal("0.09")]]
    assert owed.total == round(Decimal(10) / Decimal("1.08"), 2)


def test_a_flat_fee_is_added_to_credits_too(buys: Callable[..., "Customer"]) -> None:
    """Source: Zuora, tax rates."""
    fee = Tax(name="Fee", rate=Decimal("0.50"), type="FlatFee")
    assert _taxes(buys(10, -10, codes={"VAT": TaxCode(rates=(TaxRate(taxes=(fee,)),))}).bill(START)) == [
        [Decimal("0.50")],
        [Decimal("0.50")],
    ]


def test_no_price_can_include_a_flat_fee(buys: Callable[..., "Customer"]) -> None:
    fee = Tax(name="Fee", rate=Decimal("0.50"), type="FlatFee")
    one = buys(10, codes={"VAT": TaxCode(rates=(TaxRate(taxes=(fee,)),))}, tax_mode="TaxInclusive")
    with pytest.raises(RuleError, match="The tax code VAT has a flat fee"):
        one.bill(START)


@pytest.mark.parametrize("terms", [{"taxable": False}, {"tax_code": None}, {"tax_code": "GST"}])
def test_what_has_no_tax_code_of_the_tenant_is_not_taxed(
    buys: Callable[..., "Customer"], terms: dict[str, object]
) -> None:
    assert _taxes(buys(10, codes=_code("0.2"), **terms).bill(START)) == [[]]


@pytest.mark.parametrize(
    ("info", "spared"),
    [
        (TaxInfo(exempt_status="Yes"), True),
        (TaxInfo(exempt_status="Yes", exempt_effective_date=START, exempt_expiration_date=START), True),
        (TaxInfo(exempt_status="Yes", exempt_effective_date=JULY), False),
        (TaxInfo(exempt_status="Yes", exempt_expiration_date=date(2025, 12, 31)), False),
        (TaxInfo(exempt_status="PendingVerification"), False),
        (TaxInfo(), False),
        (None, False),
    ],
)
@pytest.mark.parametrize("mode", ["TaxExclusive", "TaxInclusive"])
def test_an_exempt_account_is_spared_the_tax_while_the_exemption_holds(
    buys: Callable[..., "Customer"],
    info: TaxInfo | None,
    mode: Literal["TaxExclusive", "TaxInclusive"],
    *,
    spared: bool,
) -> None:
    one = buys(120, codes=_code("0.2"), tax_mode=mode)
    one.account = replace(one.account, tax_info=info)
    (line,) = one.bill(START).lines
    due = Decimal(24) if mode == "TaxExclusive" else Decimal(20)
    (tax,) = line.taxes
    assert [tax.amount, tax.exempt_amount] == ([0, due] if spared else [due, 0])
    assert line.item.amount == tax.taxable_amount == (120 if spared or mode == "TaxExclusive" else 100)


@pytest.mark.parametrize(
    ("rule", "asked"), [("subscription_owner", "owner"), ("invoice_owner", "invoice owner")]
)
def test_the_rule_says_whose_address_decides(
    buys: Callable[..., "Customer"], rule: Literal["subscription_owner", "invoice_owner"], asked: str
) -> None:
    one = buys(10, codes=_code("0.2", country="Ireland"), rules=BillingRules(tax_account=rule))
    one.subscription = replace(one.subscription, account_id="owner")
    one.account = replace(one.account, id="invoice owner")
    addresses = {asked: replace(one.sold_to, country="Ireland")}
    one.payers = lambda key: addresses.get(key, one.sold_to)
    (line,) = one.bill(START).lines
    (tax,) = line.taxes
    assert tax.amount == 2
    assert tax.country == "Ireland"


def test_a_credit_is_taxed_as_what_it_takes_back_was(buys: Callable[..., "Customer"]) -> None:
    one = buys(1200, codes=RISING, type="Recurring", billing_period="Annual")
    one.bill(START)
    one.cancel(JULY)
    (line,) = one.bill(JULY).lines
    assert [line.item.amount, line.taxes[0].amount] == [-600, -60]
    assert line.taxes[0].tax_date == START


def test_a_credit_of_an_exempt_item_is_exempt(buys: Callable[..., "Customer"]) -> None:
    one = buys(1200, codes=RISING, type="Recurring", billing_period="Annual")
    one.account = replace(one.account, tax_info=TaxInfo(exempt_status="Yes", exempt_expiration_date=START))
    one.bill(START)
    one.cancel(JULY)
    (line,) = one.bill(JULY).lines
    assert [line.taxes[0].amount, line.taxes[0].exempt_amount] == [0, -60]


def test_a_credit_of_what_nobody_knows_is_taxed_as_on_its_first_day(buys: Callable[..., "Customer"]) -> None:
    one = buys(1200, codes=RISING, type="Recurring", billing_period="Annual")
    one.bill(START)
    one.cancel(JULY)
    one.invoiced.clear()
    assert _taxes(one.bill(JULY)) == [[-60]]


def test_a_credit_of_an_item_with_several_tax_dates_is_taxed_once(buys: Callable[..., "Customer"]) -> None:
    rules = BillingRules(multiple_tax_items=True)
    one = buys(1200, codes=RISING, rules=rules, type="Recurring", billing_period="Annual")
    one.bill(START)
    one.rules = BillingRules()
    one.cancel(JULY)
    assert _taxes(one.bill(JULY)) == [[-60]]


def test_what_is_only_given_back_keeps_the_old_rate(buys: Callable[..., "Customer"]) -> None:
    rules = BillingRules(new_tax_rate_for_added_units=True)
    one = buys(1200, codes=RISING, rules=rules, type="Recurring", billing_period="Annual")
    one.bill(START)
    one.cancel(JULY)
    assert _taxes(one.bill(JULY)) == [[-60]]


def test_a_discount_is_taxed_as_what_it_discounts(customer: "type[Customer]", sold: Sell) -> None:
    """The discount is not taxable itself, and follows a changed rate with its charge."""
    one = customer(rules=BillingRules(new_tax_rate_for_added_units=True), tax_codes=RISING)
    one.subscribe(
        sold(1200, billing_period="Annual", taxable=True, tax_code="VAT"),
        sold(model="DiscountPercentage", percentage=50, discount_level="subscription"),
        start=START,
    )
    assert _taxes(one.bill(START)) == [[120], [-60]]
    one.update(JULY, price=2400)
    owed = one.bill(JULY)
    assert [line.item.amount for line in owed.lines] == [-600, 1200, 300, -600]
    assert _taxes(owed) == [[-120], [240], [60], [-120]]


def test_two_discounts_off_a_price_with_tax_leave_what_a_production_tenant_was_billed(
    customer: "type[Customer]", sold: Sell
) -> None:
    """Recorded: guardian/support-service-lambdas, discount-api, billing-preview-with-discount.json."""
    one = customer(tax_codes=_code("0.2"))
    quarter_off = {"model": "DiscountPercentage", "percentage": 25, "discount_level": "subscription"}
    one.subscribe(
        sold("24.99", billing_period="Month", taxable=True, tax_code="VAT", tax_mode="TaxInclusive"),
        sold(**quarter_off),
        sold(**quarter_off),
        start=START,
    )
    owed = one.bill(START)
    assert [str(line.item.amount) for line in owed.lines] == ["20.83", "-5.21", "-3.91"]
    assert _taxes(owed) == [[Decimal("4.16")], [Decimal("-1.04")], [Decimal("-0.78")]]


@pytest.mark.parametrize(
    ("price", "rate", "net"),
    [
        ("10", "0.1", "9.09"),
        ("15", "0.07", "14.02"),
        ("17", "0.1", "15.45"),
        ("119", "0.2", "99.17"),
        ("120", "0.05", "114.29"),
        ("424", "0.15", "368.70"),
        ("-42.40", "0.15", "-36.87"),
    ],
)
def test_a_price_with_tax_leaves_what_a_production_tenant_was_billed(
    buys: Callable[..., "Customer"], price: str, rate: str, net: str
) -> None:
    """Recorded: billing previews of guardian/price-migration-engine and support-service-lambdas."""
    (line,) = buys(price, codes=_code(rate), tax_mode="TaxInclusive").bill(START).lines
    assert (line.item.amount, line.tax_amount) == (Decimal(net), Decimal(price) - Decimal(net))


@pytest.mark.parametrize(
    ("terms", "parts"),
    [
        ({"billing_period": "Annual"}, [600, 600]),
        ({"billing_period": "Subscription_Term"}, [Decimal("595.07"), Decimal("604.93")]),
        ({"billing_period": "Annual", "billing_day": "SpecificDayofMonth", "bill_cycle_day": 15}, None),
    ],
)
def test_a_split_counts_months_or_the_days_of_a_term(
    buys: Callable[..., "Customer"], terms: dict[str, object], parts: list[Decimal] | None
) -> None:
    """Source: Zuora, rules for prorating taxable amount; 181 and 184 of 365 days."""
    one = buys(1200, codes=RISING, rules=BillingRules(multiple_tax_items=True), type="Recurring", **terms)
    line = one.bill(START).lines[-1]
    amounts = [tax.taxable_amount for tax in line.taxes]
    assert sum(amounts) == line.item.amount
    assert parts is None or amounts == parts
    assert [(tax.start, tax.end) for tax in line.taxes[1:]] in ([], [(JULY, line.item.last_day)])


def test_a_one_time_item_lies_in_one_tax_period(buys: Callable[..., "Customer"]) -> None:
    assert _taxes(buys(10, codes=RISING, rules=BillingRules(multiple_tax_items=True)).bill(START)) == [[1]]


def test_an_item_is_taxed_for_the_part_of_its_time_in_which_a_tax_is_due(
    buys: Callable[..., "Customer"],
) -> None:
    rules = BillingRules(multiple_tax_items=True)
    one = buys(1200, codes=_code("0.2", start=JULY), rules=rules, type="Recurring", billing_period="Annual")
    assert _taxes(one.bill(START)) == [[120]]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_document_shows_its_taxes(buys: Callable[..., "Customer"], sign: int) -> None:
    """On a credit memo what is given back is positive, and so is its tax."""
    one = buys(sign * 100, codes=_code("0.07", "0.01"))
    (made,) = documents(one.bill(START), one.heading(START), one)
    assert isinstance(made, Invoice if sign > 0 else CreditMemo)
    assert made.amount == 108
    (item,) = made.items
    assert [item.amount, item.tax_amount] == [100, 8]
    assert [[tax.taxable_amount, tax.amount, tax.unrounded] for tax in item.tax_items] == [
        [100, 7, 7],
        [100, 1, 1],
    ]
    assert list(amounts(made.items)) == [(item.id, 100), *((tax.id, tax.amount) for tax in item.tax_items)]
    assert len(dict(amounts(made.items))) == 3


@example(
    twentieths=[-202, -5550, 1, -2752],
    rate=Decimal("0.1"),
    mode="TaxInclusive",
    rules=BillingRules(redistribute_tax_rounding=True, inclusive_tax_rounding="tax", rounding="UP"),
)
@example(
    twentieths=[-106, 9992, 1, 136],
    rate=Decimal("0.3"),
    mode="TaxInclusive",
    rules=BillingRules(redistribute_tax_rounding=True, rounding="DOWN"),
)
@given(
    twentieths=st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=6),
    rate=st.decimals(0, "0.3", places=4),
    mode=st.sampled_from(["TaxExclusive", "TaxInclusive"]),
    rules=st.builds(
        BillingRules,
        redistribute_tax_rounding=st.just(True),  # noqa: FBT003 - the value, not a switch
        inclusive_tax_rounding=st.sampled_from(["net", "tax"]),
        rounding=st.sampled_from(["HALF_UP", "UP", "DOWN"]),
        rounding_increments=st.sampled_from([{}, {"USD": Decimal("0.05")}]),
        round_invoices=st.booleans(),
    ),
)
def test_redistributed_taxes_add_up_to_the_tax_on_the_sum(
    customer: "type[Customer]",
    sold: Sell,
    twentieths: list[int],
    rate: Decimal,
    mode: str,
    rules: BillingRules,
) -> None:
    charge = {"type": "OneTime", "taxable": True, "tax_code": "VAT", "tax_mode": mode}
    prices = [count * Decimal("0.05") for count in twentieths]

    def owed(*amounts: Decimal) -> Bill:
        one = customer(rules=rules, tax_codes=_code(str(rate)))
        one.subscribe(*(sold(amount, **charge) for amount in amounts), start=START)
        return one.bill(START)

    together = owed(*prices)
    assert together.tax == owed(sum(prices, Decimal(0))).tax
    for price, line in zip(prices, together.lines, strict=True):
        (tax,) = line.taxes
        assert abs(tax.amount - tax.unrounded) < Decimal("0.10" if rules.rounding_increments else "0.02")
        assert tax.taxable_amount == line.item.amount
        assert line.item.amount == price - (tax.amount if mode == "TaxInclusive" else 0)


@pytest.mark.parametrize(
    ("separately", "rule", "taxes"),
    [
        (False, "net_negative", ["0.11", "0.11", "-0.11"]),
        (False, "negative", ["0.10", "0.11", "-0.11"]),
        (True, "negative", ["0.10", "0.11", "-0.11"]),
    ],
)
def test_taxes_are_redistributed_within_a_document(
    buys: Callable[..., "Customer"], rule: object, taxes: list[str], *, separately: bool
) -> None:
    rules = BillingRules(redistribute_tax_rounding=True, credit_memo_generation=rule)  # type: ignore[arg-type]
    one = buys("1.05", "1.05", "-1.05", codes=_code("0.1"), rules=rules)
    one.subscription = replace(one.subscription, invoice_separately=separately)
    owed = one.bill(START)
    assert _taxes(owed) == [[Decimal(tax)] for tax in taxes]
    made = documents(owed, one.heading(START), one, rules)
    assert [sum(item.tax_amount for item in document.items) for document in made] == (
        [Decimal("0.11")] if rule == "net_negative" else [Decimal("0.21"), Decimal("0.11")]
    )
