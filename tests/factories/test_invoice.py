"""A made invoice bills what is due, and a made payment pays it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.state.world import World, empty


@pytest.fixture
def billed() -> tuple[Any, World]:
    """An account with ten seats at 348, and its world."""
    account, world = worlds.make(empty(), "account", payment_term="Net 30")
    _, world = worlds.make(world, "subscription", account=account, seats=10)
    return account, world


def test_an_invoice_is_for_what_is_due(billed: tuple[Any, World]) -> None:
    account, world = billed
    invoice, world = worlds.make(world, "invoice", account=account)
    assert (invoice.amount, invoice.balance, invoice.status) == (3480, 3480, "Posted")
    assert invoice.due_date == date(2026, 1, 31)
    assert world.invoices.find(invoice.id) == invoice


def test_what_is_billed_is_not_billed_again(billed: tuple[Any, World]) -> None:
    account, world = billed
    _, world = worlds.make(world, "invoice", account=account)
    with pytest.raises(ToolkitError, match=r"by 2026-01-01 the account A00000001 owes nothing\. Give it"):
        worlds.make(world, "invoice", account=account)


def test_the_account_remembers_its_last_invoice(billed: tuple[Any, World]) -> None:
    account, world = billed
    invoice, world = worlds.make(world, "invoice", account=account, target_date=date(2026, 2, 1))
    assert world.accounts.find(account.id).last_invoice_date == invoice.invoice_date == date(2026, 2, 1)


def test_a_draft_has_all_of_it_to_settle(billed: tuple[Any, World]) -> None:
    account, world = billed
    invoice, _ = worlds.make(world, "invoice", account=account, post=False)
    assert (invoice.status, invoice.balance) == ("Draft", 3480)


def test_an_account_that_is_owed_money_gets_no_invoice(billed: tuple[Any, World]) -> None:
    account, world = billed
    _, world = worlds.make(world, "invoice", account=account)
    (subscription,) = world.subscriptions.of(account.id)
    (plan,) = subscription.rate_plans
    (charge,) = plan.charges
    ended = replace(charge, effective_end=date(2026, 7, 1))
    cancelled = replace(subscription, rate_plans=(replace(plan, charges=(ended,)),))
    world = replace(world, subscriptions=world.subscriptions.put(cancelled))
    with pytest.raises(ToolkitError, match="would get CM00000001 of 1740.00 USD"):
        worlds.make(world, "invoice", account=account, target_date=date(2026, 7, 1))


def test_an_invoice_needs_an_account() -> None:
    with pytest.raises(ToolkitError, match="made for an account, and none was given. Pass account="):
        worlds.make(empty(), "invoice")


def test_a_payment_settles_its_invoice(billed: tuple[Any, World]) -> None:
    account, world = billed
    invoice, world = worlds.make(world, "invoice", account=account)
    payment, world = worlds.make(world, "payment", invoice=invoice)
    assert (payment.amount, payment.type, payment.unapplied) == (3480, "External", 0)
    assert world.invoices.find(invoice.id).balance == 0


def test_an_invoice_may_be_paid_in_parts(billed: tuple[Any, World]) -> None:
    account, world = billed
    invoice, world = worlds.make(world, "invoice", account=account)
    _, world = worlds.make(world, "payment", invoice=invoice, amount=Decimal(480))
    rest, world = worlds.make(world, "payment", invoice=invoice)
    assert rest.amount == 3000
    assert world.invoices.find(invoice.id).balance == 0


def test_nobody_pays_more_than_is_owed(billed: tuple[Any, World]) -> None:
    account, world = billed
    invoice, world = worlds.make(world, "invoice", account=account)
    with pytest.raises(ToolkitError, match="The payment cannot be made: The amount 3481 should not be great"):
        worlds.make(world, "payment", invoice=invoice, amount=Decimal(3481))


def test_the_accounts_card_pays() -> None:
    account, world = worlds.make(empty(), "account", pays_by_card=True)
    _, world = worlds.make(world, "subscription", account=account)
    invoice, world = worlds.make(world, "invoice", account=account)
    payment, _ = worlds.make(world, "payment", invoice=invoice)
    assert (payment.type, payment.payment_method_id) == ("Electronic", account.default_payment_method_id)
