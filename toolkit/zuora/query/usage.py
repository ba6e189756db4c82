"""Usage and bill runs as queries see them."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from toolkit.billing.identities import seen_in
from toolkit.billing.usage import Usage
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
from toolkit.zuora.world import World


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


def _of_version(world: World, identity: str) -> Iterable[Usage]:
    """Return the usage of the account that owns a version of a subscription."""
    version = world.subscriptions.rows.get(identity)
    return () if version is None else world.usages.of(version.account_id)


USAGE = Kind(
    name="Usage",
    plural="usages",
    rows=every("usages"),
    finders={
        "Id": in_table("usages"),
        "AccountId": owned("usages"),
        "AccountNumber": _of_account,
        "SubscriptionId": among(_of_version, _subscription_id),
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

BILLING_RUN = Kind(
    name="BillingRun",
    plural="billing-runs",
    rows=every("bill_runs"),
    finders={"Id": in_table("bill_runs"), "BillingRunNumber": numbered("bill_runs")},
    fields={
        "Id": text("id"),
        "AutoPost": flag("auto_post"),
        "AutoRenewal": flag("auto_renewal"),
        "Batches": text(lambda _, run: ",".join(run.batches) or "AllBatches"),
        "BillingRunNumber": text("number"),
        "ChargeTypeToExclude": text(lambda _, run: ",".join(run.excluded) or None),
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
