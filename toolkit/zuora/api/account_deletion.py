"""DELETE /v1/accounts: an account is cancelled, and nothing is left of what it bought, owed and paid."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.errors import RuleError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.runs.jobs import Job
from toolkit.zuora.state.succession import versions_of
from toolkit.zuora.state.world import Change, World

_TRANSACTIONS = (
    *("orders", "invoices", "credit_memos", "debit_memos", "payments", "refunds", "inquiries", "usages"),
    *("order_line_items", "invoice_schedules", "payment_schedules", "payment_schedule_items"),
)


def delete(call: Call) -> Reply:
    """Remove an account's transactions and cancel it; its contacts and payment methods stay.

    The job is done at once, for time stands still here unless somebody moves it.
    Source: Zuora, delete an account. That contacts and payment methods are no transactions is an assumption.

    Raises:
        RuleError: A subscription of the account is invoiced to another, or one of another to it.
    """
    world, change = call.world, Change(call.world)
    account = world.accounts.find(call.path["account-key"])
    for subscription in world.subscriptions.of(account.id):
        if subscription.account_id != subscription.invoice_owner_id:
            raise RuleError(
                f"The account {account.number} cannot be deleted: the subscription {subscription.number} has "
                "another owner than invoice owner."
            )
    for row in list(_transactions(world, account)):
        change.drop(row)
    change.put(replace(account, status="Canceled", updated=world.now))
    job = Job(id=change.id(), status="Completed")
    change.put(job)
    shown = {"id": account.id, "jobId": job.id, "jobStatus": job.status, "success": True}
    return Reply(shown, change.world)


def _transactions(world: World, account: Account) -> Iterator[Any]:
    for name in _TRANSACTIONS:
        yield from getattr(world, name).of(account.id)
    for subscription in world.subscriptions.of(account.id):
        yield from world.amendments.of(subscription.number)
        yield from (ramp for ramp in world.ramps.latest() if ramp.subscription_number == subscription.number)
        yield from versions_of(world.subscriptions, subscription.number)


ENDPOINTS = (Endpoint("DELETE", "/v1/accounts/{account-key}", delete, resource=515000),)
