"""A made subscription is what an order over the API would have made."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from toolkit import worlds
from toolkit.billing.catalog import ChargeTerms, PriceChange
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.wire import parse
from toolkit.zuora.client import Client
from toolkit.zuora.state.world import World, empty
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport


@pytest.fixture
def world() -> World:
    return worlds.load("gitlab-self-managed")


@pytest.mark.parametrize(
    "asked",
    [
        {"seats": 10},
        {"plans": {"Ultimate - 1 Year": 3, "GitLab Duo Enterprise - 1 Year": "2"}, "auto_renew": True},
        {"plans": {"SaaS - Premium - 1 Year": 7, "1,000 Compute Minutes": 4}, "namespace": "tanuki/games"},
        {"seats": 1, "months": 24, "notes": "two years"},
    ],
)
@pytest.mark.parametrize(
    "price_change", [None, PriceChange(option="SpecificPercentageValue", percentage=Decimal(5))]
)
def test_an_order_over_the_api_makes_the_same(
    world: World, asked: dict[str, object], price_change: PriceChange | None
) -> None:
    account, opened = worlds.make(
        replace(world, rules=replace(world.rules, price_change=price_change)), "account"
    )
    tenant = Tenant(opened)
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        client.get(f"/v1/accounts/{account.number}")  # the token that it is given counts as an id, too
        made, after = worlds.make(tenant.world, "subscription", account=account, **asked)
        order = after.orders.find(made.order_number)
        action = parse(order.actions[0].actions[0])
        client.post(
            "/v1/orders",
            {
                "orderDate": order.order_date.isoformat(),
                "existingAccountNumber": account.number,
                "subscriptions": [{"orderActions": [action]}],
            },
        )
    assert tenant.world.subscriptions == after.subscriptions
    assert tenant.world.numbers == after.numbers
    assert tenant.world.serial == after.serial


def test_a_subscription_starts_today_and_lasts_a_year() -> None:
    made, world = worlds.make(empty(), "subscription")
    assert (made.term_start, made.term_end) == (world.today, world.today.replace(year=2027))


def test_seats_are_the_quantity_of_every_charge_by_the_seat(world: World) -> None:
    made, _ = worlds.make(world, "subscription", seats=33)
    assert [charge.quantity for charge in made.charges] == [33]


def test_without_a_plan_it_is_for_the_first_one_on_sale(world: World) -> None:
    made, _ = worlds.make(world, "subscription")
    assert [plan.name for plan in made.rate_plans] == ["Premium - 1 Year"]


def test_an_empty_catalog_gets_a_plan() -> None:
    made, world = worlds.make(empty(), "subscription")
    assert [plan.product_rate_plan_id for plan in made.rate_plans] == [one.id for one in world.plans.latest()]


def test_a_flat_fee_has_no_seats_to_override() -> None:
    terms = ChargeTerms(name="Support", type="Recurring", model="FlatFee", billing_period="Annual")
    plan, world = worlds.make(empty(), "product_rate_plan", charge__terms=terms)
    made, _ = worlds.make(world, "subscription", plan=plan.id, seats=9)
    assert [charge.quantity for charge in made.charges] == [1]


def test_a_purchase_sets_gitlabs_switches(world: World) -> None:
    made, _ = worlds.make(world, "subscription")
    assert made.custom_fields["TurnOnSeatReconciliation__c"] == "Yes"
    assert "GitLabNamespaceId__c" not in made.custom_fields


def test_a_namespace_has_the_same_id_whoever_asks(world: World) -> None:
    first, world = worlds.make(world, "subscription", namespace="tanuki")
    second, world = worlds.make(world, "subscription", namespace="tanuki")
    other, _ = worlds.make(world, "subscription", namespace="heron")
    ids = [made.custom_fields["GitLabNamespaceId__c"] for made in (first, second, other)]
    assert ids[0] == ids[1] != ids[2]


def test_a_misspelt_plan_is_refused_with_the_likely_one(world: World) -> None:
    with pytest.raises(ToolkitError, match="no rate plan 'Premum - 1 Year'. Did you mean 'Premium - 1 Year'"):
        worlds.make(world, "subscription", plan="Premum - 1 Year")


def test_a_plan_that_is_no_longer_sold_is_refused_in_zuoras_words(world: World) -> None:
    with pytest.raises(ToolkitError, match="is not effective on the contract effective date of 01/01/2026."):
        worlds.make(world, "subscription", plan="Premium - 1 Year (transition)")
