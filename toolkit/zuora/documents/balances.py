"""Balances: what an account owes, holds and is worth a month, summed over its documents."""

from decimal import Decimal

from toolkit.billing.accounts import Account, Balances
from toolkit.billing.metrics import subscription_mrr
from toolkit.billing.money import ZERO
from toolkit.zuora.state.owners import owned_by
from toolkit.zuora.state.world import World


def balances(world: World, account: Account) -> Balances:
    """Sum an account's invoices, memos and payments; drafts count for nothing yet."""
    owner = account.id
    memos = [one.unapplied for one in world.credit_memos.of(owner) if one.status == "Posted"]
    return Balances(
        invoices=sum([one.balance for one in world.invoices.of(owner) if one.status == "Posted"], ZERO),
        debit_memos=sum([one.balance for one in world.debit_memos.of(owner) if one.status == "Posted"], ZERO),
        unapplied_credit=sum(memos, ZERO),
        unapplied_payments=sum([one.unapplied for one in world.payments.of(owner)], ZERO),
    )


def contracted_mrr(world: World, account: Account) -> Decimal:
    """Sum the monthly recurring revenue of an account's active subscriptions."""
    return sum(
        [subscription_mrr(one, world.today) for one in owned_by(world.subscriptions, account.id)], ZERO
    )
