"""Usage and bill runs as queries see them."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from toolkit.billing.billruns import BillRun
from toolkit.billing.identities import seen_in
from toolkit.billing.usage import Usage
from toolkit.zuora.query.contracts import kin
from toolkit.zuora.query.customers import account_of
from toolkit.zuora.query.kinds import (
    Kind,
    One,
    among,
    amount,
    choice,
    count,
    day,
    every,
    flag,
    history,
    in_table,
    moment,
    numbered,
    owned,
    text,
)
from toolkit.zuora.runs.billruns import ALL_BATCHES
from toolkit.zuora.state.world import World


def _batches(_: World, run: BillRun) -> str:
    return ",".join(run.batches) or ALL_BATCHES


def _account_id(_: World, run: BillRun) -> str | None:
    return run.account_ids[0] if run.account_ids else None


def _excluded(_: World, run: BillRun) -> str | None:
    return ",".join(run.excluded) or None


def _begun(world: World, usage: Usage) -> datetime:
    return usage.begun or datetime.combine(usage.start, datetime.min.time(), world.zone)


def _created(world: World, usage: Usage) -> datetime:
    return usage.created or _begun(world, usage)


def _subscription_id(world: World, usage: Usage) -> str | None:
    return world.subscriptions.ids.get(usage.subscription_number or "")


def _charge_id(world: World, usage: Usage) -> str | None:
    subscription = world.subscriptions.get(usage.subscription_number or "")
    charges = subscription.charges if subscription else ()
    found = next((charge.id for charge in charges if charge.number == usage.charge_number), None)
    return seen_in(subscription.id, found) if subscription and found else None


def _of_account(world: World, number: str) -> Iterable[Usage]:
    return world.usages.of(world.accounts.ids.get(number, ""))


def _of_kin(world: World, identity: str) -> Iterable[Usage]:
    """Return the usage of all accounts that have owned the subscription with this version or part."""
    owners = dict.fromkeys(one.account_id for one in kin(world, identity))
    return (usage for owner in owners for usage in world.usages.of(owner))


USAGE = Kind(
    name="Usage",
    plural="usages",
    rows=every("usages"),
    finders={
        "Id": in_table("usages"),
        "AccountId": owned("usages"),
        "AccountNumber": _of_account,
        "RatePlanChargeId": among(_of_kin, _charge_id),
        "SubscriptionId": among(_of_kin, _subscription_id),
    },
    custom=attrgetter("custom_fields"),
    ones={
        "Account": account_of(),
        "Subscription": One(
            "Subscription", lambda world, row: world.subscriptions.get(row.subscription_number or "")
        ),
    },
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "AccountNumber": text(lambda world, usage: world.accounts.find(usage.account_id).number),
        "Description": text("description"),
        "EndDateTime": moment("ended"),
        "FileName": text("upload"),
        "Quantity": amount("quantity"),
        "RatePlanChargeId": text(_charge_id),
        "RbeStatus": choice("status"),
        "SourceType": choice("source"),
        "StartDateTime": moment(_begun),
        "SubmissionDateTime": moment(_created),
        "SubscriptionId": text(_subscription_id),
        "UOM": text("uom"),
        **history(_created, lambda world, usage: usage.updated or _created(world, usage)),
    },
)

BILL_RUN = Kind(
    name="BillRun",
    plural="",
    rows=every("bill_runs"),
    finders={
        "Id": in_table("bill_runs"),
        "AccountId": among(owned("bill_runs"), _account_id),
        "BillRunNumber": numbered("bill_runs"),
    },
    fields={
        "Id": text("id"),
        "AccountId": text(_account_id),
        "AutoEmail": flag("auto_email"),
        "AutoPost": flag("auto_post"),
        "AutoRenewal": flag("auto_renewal"),
        "Batch": text(_batches),
        "BillCycleDay": text("bill_cycle_day"),
        "BillRunNumber": text("number"),
        "ChargeTypeToExclude": text(_excluded),
        "InvoiceDate": day("invoice_date"),
        "NoEmailForZeroAmountInvoice": flag("no_email_for_zero"),
        "NumberOfInvoices": count(lambda _, run: len(run.invoice_ids)),
        "Status": choice("status"),
        "TargetDate": day("target_date"),
        **history(),
    },
)
"""As ZOQL and CRUD have it. Source: Zuora, CRUD: retrieve a bill run."""

BILLING_RUN = Kind(
    name="BillingRun",
    plural="billing-runs",
    rows=every("bill_runs"),
    finders={"Id": in_table("bill_runs"), "BillingRunNumber": numbered("bill_runs")},
    fields={
        "Id": text("id"),
        "AutoPost": flag("auto_post"),
        "AutoRenewal": flag("auto_renewal"),
        "Batches": text(_batches),
        "BillingRunNumber": text("number"),
        "ChargeTypeToExclude": text(_excluded),
        "InvoiceDate": day("invoice_date"),
        "Name": text("name"),
        "NumberOfAccounts": count(lambda _, run: len(run.account_ids)),
        "NumberOfCreditMemos": count(lambda _, run: len(run.credit_memo_ids)),
        "NumberOfInvoices": count(lambda _, run: len(run.invoice_ids)),
        "PostedDate": moment("posted"),
        "Status": choice("status"),
        "TargetDate": day("target_date"),
        **history(),
    },
)
"""As exports and object queries have it."""
