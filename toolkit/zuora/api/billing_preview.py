"""POST /v1/operations/billing-preview: what an account will be billed up to a date."""

from datetime import date
from typing import Any, ClassVar, Literal

from toolkit.billing.documents import item_name
from toolkit.billing.errors import MissingValueError
from toolkit.billing.identities import seen_in
from toolkit.billing.invoices import bill
from toolkit.billing.orders import Desk
from toolkit.billing.periods import MONTHS
from toolkit.billing.rating import Line
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.taxes import add_taxes
from toolkit.billing.versions import renewed_through
from toolkit.clock import add_months
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.owners import invoiced_to
from toolkit.zuora.usages import usage_for
from toolkit.zuora.wire import Body, number, stamp
from toolkit.zuora.world import Change, World


class BillingPreview(Body, frozen=True):
    """What to preview."""

    harmless: ClassVar[frozenset[str]] = frozenset({"includingDraftItems"})

    target_date: date
    account_id: str | None = None
    account_number: str | None = None
    assume_renewal: Literal["None", "Autorenew", "All"] = "None"
    charge_type_to_exclude: str = ""
    including_evergreen_subscription: bool = True


def preview(call: Call) -> Reply:
    """Rate the account's subscriptions up to the target date and change nothing.

    With `assumeRenewal` Autorenew the subscriptions that renew by themselves, with All every one,
    are taken to be renewed as far as the target date, which is the tax date too.
    Source: recorded, 37 production previews; Zuora community, tax calculation with different tax rates.
    """
    said: BillingPreview = call.body
    key = said.account_id or said.account_number
    if key is None:
        raise MissingValueError("accountId")
    account = call.world.accounts.find(key)
    excluded = {kind.strip() for kind in said.charge_type_to_exclude.split(",")}
    subscriptions = [
        _assume(said, call.world, one)
        for one in invoiced_to(call.world.subscriptions, account.id)
        if said.including_evergreen_subscription or one.term_type == "TERMED"
    ]
    usage = usage_for(call.world.usages, subscriptions)
    owed = bill(account, subscriptions, said.target_date, call.world.rules, usage, excluded)
    names = Change(call.world)
    owed = add_taxes(owed, account, said.target_date, names, call.world.rules)
    ids = [names.id() for _ in owed.lines]
    items = [_show(line, ids, index, call.world) for index, line in enumerate(owed.lines)]
    answer = {"accountId": account.id, "invoiceItems": items, "creditMemoItems": [], "success": True}
    return Reply(answer)


def _assume(said: BillingPreview, world: World, subscription: Subscription) -> Subscription:
    renews = said.assume_renewal == "All" or (said.assume_renewal == "Autorenew" and subscription.auto_renew)
    if not renews or subscription.status != "Active":
        return subscription
    desk = Desk(Change(world), world.plan, world.now, "", world.today, rules=world.rules)
    return renewed_through(subscription, _end_of_periods(subscription, said.target_date), desk)


def _end_of_periods(subscription: Subscription, target: date) -> date:
    """Return a day by which every period that begins on or before `target` has ended.

    A period that crosses the end of the term is billed whole when renewal is assumed. Source: recorded.
    """
    lengths = (MONTHS.get(charge.terms.billing_period or "", 1) for charge in subscription.charges)
    return add_months(target, max(lengths, default=1))


def _show(line: Line, ids: list[str], index: int, world: World) -> dict[str, Any]:
    item, charge = line.item, line.item.charge
    return {
        "id": ids[index],
        "subscriptionName": line.subscription.number,
        "subscriptionId": line.subscription.id,
        "subscriptionNumber": line.subscription.number,
        "serviceStartDate": item.start,
        "serviceEndDate": item.last_day,
        "chargeAmount": number(item.amount),
        "chargeDescription": charge.terms.description,
        "chargeName": item_name(item),
        "chargeNumber": charge.number,
        "chargeId": seen_in(line.subscription.id, charge.id),
        "productName": line.plan.product_name,
        "quantity": item.quantity,
        "taxAmount": number(line.tax_amount),
        "unitOfMeasure": charge.terms.uom or "",
        "chargeDate": stamp(world.now),
        "chargeType": charge.terms.type,
        "processingType": item.processing_type,
        "appliedToItemId": None if item.applied_to is None else ids[item.applied_to],
        "numberOfDeliveries": number(item.deliveries),
    }


ENDPOINTS = (Endpoint("POST", "/v1/operations/billing-preview", preview, BillingPreview, resource=511300),)
