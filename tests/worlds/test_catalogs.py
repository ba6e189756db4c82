"""GitLab's catalog: prices with their sources, and charges that bill as GitLab says."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from toolkit import content, worlds
from toolkit.errors import ToolkitError
from toolkit.worlds import catalogs
from toolkit.worlds.catalogs import Catalog, Price
from toolkit.zuora.state.world import World

A_MONTH = re.compile(r"(\d+) USD a user a month")
PLANS = {
    "Premium - 1 Year": 348,
    "SaaS - Premium - 1 Year": 348,
    "Premium - 1 Year (until April 2023)": 228,
    "Premium - 1 Year (transition)": 288,
    "Ultimate - 1 Year": 1188,
    "SaaS - Ultimate - 1 Year": 1188,
    "GitLab Duo Pro - 1 Year": 228,
    "SaaS - GitLab Duo Pro - 1 Year": 228,
    "GitLab Duo Enterprise - 1 Year": 468,
    "SaaS - GitLab Duo Enterprise - 1 Year": 468,
    "1,000 Compute Minutes": 10,
    "Gitlab Storage 10GB - 1 Year": 60,
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalogs.read(content.find("fixtures", "catalogs", "gitlab"))


@pytest.fixture
def prices(catalog: Catalog) -> list[Price]:
    return [
        price
        for product in catalog.products
        for plan in product.plans
        for charge in plan.charges
        for price in charge.prices
    ]


@pytest.fixture
def world() -> World:
    return worlds.load("gitlab-self-managed")


def test_every_price_says_where_it_comes_from(prices: list[Price]) -> None:
    assert all(price.source.endswith(".") for price in prices)
    assert {price.basis for price in prices} == {"published", "older"}


def test_a_price_a_year_is_twelve_times_the_price_a_month_that_its_source_says(prices: list[Price]) -> None:
    said = [(price.amount, A_MONTH.search(price.source)) for price in prices]
    yearly = [(amount, Decimal(match[1]) * 12) for amount, match in said if match]
    assert len(yearly) == 10
    assert all(amount == expected for amount, expected in yearly)


def test_only_dollars_are_published(prices: list[Price]) -> None:
    assert {price.currency for price in prices} == {"USD"}


def test_the_world_sells_the_catalog(world: World) -> None:
    sold = {
        plan.name: charge.pricing["USD"].price for plan in world.plans.latest() for charge in plan.charges
    }
    assert sold == PLANS


def test_charges_are_named_after_their_plans(world: World) -> None:
    assert all(charge.terms.name == plan.name for plan in world.plans.latest() for charge in plan.charges)


def test_plans_are_classified_as_customersdot_reads_them(world: World) -> None:
    fields = {plan.name: plan.custom_fields for plan in world.plans.latest()}
    assert fields["Premium - 1 Year"]["ChargeDeployment__c"] == "Self-Managed"
    assert fields["SaaS - Ultimate - 1 Year"]["ChargeTier__c"] == "Ultimate"
    assert fields["GitLab Duo Enterprise - 1 Year"]["CDotPlanType__c"] == "duo_enterprise"
    assert {one["ChargeDeployment__c"] for name, one in fields.items() if "SaaS" in name} == {"GitLab.com"}


def test_former_prices_are_not_on_sale(world: World) -> None:
    ended = [plan.name for plan in world.plans.latest() if plan.effective_end <= world.today]
    assert sorted(ended) == ["Premium - 1 Year (transition)", "Premium - 1 Year (until April 2023)"]


def test_the_price_rose_without_a_gap(world: World) -> None:
    plans = {plan.name: plan for plan in world.plans.latest()}
    before, between = plans["Premium - 1 Year (until April 2023)"], plans["Premium - 1 Year (transition)"]
    assert before.effective_end == between.effective_start == date(2023, 4, 3)


def test_terms_that_are_not_there_are_named(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "terms: {yearly: {type: Recurring, model: PerUnit}}\n"
        "products: [{name: P, plans: [{name: Q, charges: [{terms: yearli, prices: []}]}]}]\n"
    )
    with pytest.raises(
        ToolkitError, match="'Q' refers to the terms 'yearli', which the file does not have. Did"
    ):
        catalogs.read(file)


def test_a_misspelt_period_is_told_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("terms: {y: {type: Recurring, model: PerUnit, billing_period: Anual}}\nproducts: []\n")
    with pytest.raises(
        ToolkitError, match=r"ours.yaml: terms.y.billing_period cannot be 'Anual'. Did you mean"
    ):
        catalogs.read(file)
