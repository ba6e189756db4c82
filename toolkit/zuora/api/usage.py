"""/v1/object/usage and /v1/usage/accounts: show what customers used, and how it was rated."""

from datetime import datetime
from functools import partial
from typing import Any

from toolkit.billing.accounts import Account
from toolkit.billing.documents import VOID, DocumentItem
from toolkit.billing.errors import NotFoundError, RuleError
from toolkit.billing.subscriptions import Charge
from toolkit.billing.usage import Usage
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import number, stamp
from toolkit.zuora.files.rate_details import list_price_text, rate_detail_text
from toolkit.zuora.state.world import World


def read(call: Call) -> Reply:
    """Show a usage record, or the fields of it that `fields` names; without one answer an empty list."""
    record = call.world.usages.get(call.path["id"])
    if record is None:
        return Reply({"done": True, "records": [], "size": 0}, status=404)
    shown = _show(call.world, record)
    names = call.query.get("fields")
    return Reply(
        shown if names is None else {name: shown[name] for name in names.split(",") if name in shown}
    )


def _show(world: World, record: Usage) -> dict[str, Any]:
    """Return a record with its fields that have a value, as CRUD calls do."""
    subscription = record.subscription_number and world.subscriptions.find(record.subscription_number)
    charges = (
        [one for one in subscription.charges if one.number == record.charge_number] if subscription else []
    )
    shown = {
        "Id": record.id,
        "AccountId": record.account_id,
        "AccountNumber": world.accounts.find(record.account_id).number,
        "SubscriptionId": subscription.original_id if subscription else None,
        "SubscriptionNumber": record.subscription_number,
        "ChargeId": charges[0].original_id if charges else None,
        "ChargeNumber": record.charge_number,
        "StartDateTime": _exact(record.begun),
        "EndDateTime": _exact(record.ended),
        "UOM": record.uom,
        "Quantity": number(record.quantity),
        "SourceType": record.source,
        "RbeStatus": record.status,
        "Description": record.description,
        "CreatedById": SYSTEM_USER,
        "CreatedDate": _exact(record.created),
        "UpdatedById": SYSTEM_USER,
        "UpdatedDate": _exact(record.updated),
        "SubmissionDateTime": _exact(record.created),
        **record.custom_fields,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _exact(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def list_by_account(call: Call) -> Reply:
    """Show an account's usage, latest first. Source: Zuora, retrieve usage records by account."""
    account = call.world.accounts.find(call.path["account-key"])
    found = sorted(call.world.usages.of(account.id), key=lambda record: record.start)
    return listing(call, "usage", found[::-1], partial(_show_item, account))


def _show_item(account: Account, record: Usage) -> dict[str, Any]:
    return {
        "id": record.id,
        "accountId": account.id,
        "accountName": account.name,
        "accountNumber": account.number,
        "subscriptionNumber": record.subscription_number,
        "chargeNumber": record.charge_number,
        "startDateTime": record.begun and stamp(record.begun),
        "unitOfMeasure": record.uom,
        "quantity": number(record.quantity),
        "sourceName": record.source,
        "fileName": record.upload,
        "status": record.status,
        "submissionDateTime": record.created and stamp(record.created),
    }


_DETAILED = frozenset({"FlatFee", "PerUnit", "Tiered", "Volume"})


def read_rate_detail(call: Call) -> Reply:
    """Show how the amount of an invoice item for usage comes about.

    Source: Zuora, retrieve usage rate detail for an invoice item, with its limitations.
    """
    key = call.path["invoice-item-id"]
    held = ((invoice, item) for invoice in call.world.invoices.of(key) for item in invoice.items)
    invoice, item = next((both for both in held if both[1].id == key), (None, None))
    if invoice is None or item is None:
        raise NotFoundError(key)
    charge = _charge_of(call.world, item)
    if charge is None or charge.terms.model not in _DETAILED or charge.terms.on_demand:
        raise RuleError(f"The invoice item {key} has no usage rate detail.")
    if invoice.status in VOID or charge.terms.rating_group not in {None, "ByBillingPeriod"}:
        raise RuleError(f"The usage rate detail of the invoice item {key} is not supported.")
    data = {
        "invoiceId": invoice.id,
        "invoiceNumber": invoice.number,
        "invoiceItemId": item.id,
        "chargeNumber": item.charge_number,
        "uom": item.uom,
        "quantity": number(item.quantity),
        "servicePeriod": f"{item.start:%m/%d/%Y}-{item.end:%m/%d/%Y}",
        "listPrice": list_price_text(charge),
        "rateDetail": rate_detail_text(charge, item),
        "amountWithoutTax": number(item.amount),
    }
    return Reply({"success": True, "data": data})


def _charge_of(world: World, item: DocumentItem) -> Charge | None:
    """Return the usage charge that an item bills, as the version of the subscription had it."""
    version = world.subscriptions.get(item.subscription_id or "") if item.charge_type == "Usage" else None
    charges = version.charges if version else ()
    return next((charge for charge in charges if charge.id == item.charge_id), None)


ENDPOINTS = (
    Endpoint("GET", "/v1/object/usage/{id}", read, crud=True),
    Endpoint("GET", "/v1/usage/accounts/{account-key}", list_by_account),
    Endpoint("GET", "/v1/invoices/invoice-item/{invoice-item-id}/usage-rate-detail", read_rate_detail),
)
