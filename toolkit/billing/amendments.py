"""Amendments: the record of one change of a subscription, which makes at most one new version of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.activation import Awaited
from toolkit.billing.identities import seen_in
from toolkit.billing.orders import Triggers
from toolkit.billing.subscriptions import RenewalSetting, Subscription, Term, TermType

AmendmentType = Literal[
    "NewProduct",
    "RemoveProduct",
    "UpdateProduct",
    "Renewal",
    "Cancellation",
    "TermsAndConditions",
    "OwnerTransfer",
    "SuspendSubscription",
    "ResumeSubscription",
    "Composite",
]
AmendmentStatus = Literal["Draft", "Completed"] | Awaited


class Amendment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One change of a subscription. Source: Zuora, fields of the amendment.

    Attributes:
        number: Its code, such as A-AM00000001.
        subscription_id: The version that it changes.
        new_subscription_id: The version that it made; None while it is not completed.
        order_number: The order that carries it out.
        effective: The day from which a cancelled subscription no longer holds; of others the contract's.
        specific_update: Of an update, the day on which it takes effect where that is not the contract's.
        base_rate_plan_id: The rate plan that it updates or removes.
        new_rate_plan_id: The rate plan that it adds, or has updated.
        term: The length of the current term, anew.
        destination_account_id: The account that gets the subscription.
        destination_invoice_owner_id: The account that gets its invoices.
        former_owner_ids: The accounts that owned the subscription, or got its invoices, until this version.
    """

    id: str
    number: str
    name: str
    type: AmendmentType
    status: AmendmentStatus = "Draft"
    subscription_id: str
    subscription_number: str
    order_number: str
    contract_effective: date
    created: datetime
    updated: datetime
    new_subscription_id: str | None = None
    service_activation: date | None = None
    customer_acceptance: date | None = None
    effective: date | None = None
    specific_update: date | None = None
    description: str | None = None
    base_rate_plan_id: str | None = None
    new_rate_plan_id: str | None = None
    auto_renew: bool | None = None
    term_type: TermType | None = None
    term: Term | None = None
    term_start: date | None = None
    renewal_setting: RenewalSetting | None = None
    renewal_term: Term | None = None
    suspended: date | None = None
    resumed: date | None = None
    destination_account_id: str | None = None
    destination_invoice_owner_id: str | None = None
    former_owner_ids: tuple[str, ...] = ()
    custom_fields: Mapping[str, object] = {}


def composite(
    identity: str, number: str, before: Subscription, after: Subscription, triggers: Triggers
) -> Amendment:
    """Return the record that an order leaves of one new version.

    Source: Zuora, orders harmonization, reporting: what orders change has amendments of type Composite.
    That each version has one, and that it is named like its type, is an assumption.

    Args:
        identity: Its id.
        number: Its code.
        before: The version that was changed.
        after: The version that was made.
        triggers: The dates of the order action.
    """
    waiting = Amendment(
        id=identity,
        number=number,
        name="Composite",
        type="Composite",
        subscription_id=before.id,
        subscription_number=before.number,
        order_number=after.order_number or "",
        contract_effective=triggers.contract_effective,
        created=after.updated,
        updated=after.updated,
    )
    return completed(waiting, before, after, triggers)


def completed(
    amendment: Amendment, before: Subscription, after: Subscription, triggers: Triggers
) -> Amendment:
    """Return an amendment that has made a version.

    Args:
        amendment: The amendment, whatever it has waited for.
        before: The version that it has changed.
        after: The version that it has made.
        triggers: Its dates as they are known now.
    """
    day = triggers.contract_effective
    plan = after.rate_plans[-1].id if amendment.type == "NewProduct" else amendment.new_rate_plan_id
    plan = plan and seen_in(after.id, plan)
    owners = (before.account_id, before.invoice_owner_id)
    return replace(
        amendment,
        status="Completed",
        subscription_id=before.id,
        new_subscription_id=after.id,
        contract_effective=day,
        service_activation=triggers.activation,
        customer_acceptance=triggers.acceptance,
        effective=after.cancelled or amendment.effective or day,
        new_rate_plan_id=plan,
        former_owner_ids=tuple(
            dict.fromkeys(one for one in owners if one not in {after.account_id, after.invoice_owner_id})
        ),
        updated=after.updated,
    )
