"""/v1/object/usage: record what customers use; /v1/usage/accounts: list it."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from msgspec import field
from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import NotFoundError, RuleError
from toolkit.billing.subscriptions import Charge
from toolkit.billing.usage import Usage
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.paging import page
from toolkit.zuora.rate_details import list_price_text, rate_detail_text
from toolkit.zuora.refusals import Category, Refusal
from toolkit.zuora.usages import check_quantity, moment, named
from toolkit.zuora.wire import Body, number, stamp
from toolkit.zuora.world import Change, World

_SYSTEM_USER = "402881e522cf4f9b0122cf5d82860002"

Value = TypeVar("Value")


class NewUsage(Body, frozen=True, rename="pascal"):
    """A usage record; moments are text, as they may come with or without a time zone."""

    open: ClassVar[bool] = True

    account_id: str | None = None
    account_number: str | None = None
    subscription_id: str | None = None
    subscription_number: str | None = None
    charge_id: str | None = None
    charge_number: str | None = None
    start_date_time: str | None = None
    end_date_time: str | None = None
    uom: str | None = field(default=None, name="UOM")
    quantity: Decimal | None = None
    description: str | None = None


class UsageChange(Body, frozen=True, rename="pascal"):
    """New values for some fields of a usage record; its status is not to be set."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"RbeStatus"})

    start_date_time: str | None = None
    end_date_time: str | None = None
    uom: str | None = field(default=None, name="UOM")
    quantity: Decimal | None = None
    description: str | None = None


def create(call: Call) -> Reply:
    """Record usage. Every unit of measure is known: tenants define them, and nothing here does yet."""
    said: NewUsage = call.body
    world = call.world
    account = world.accounts.find(_given(said.account_id or said.account_number, "AccountId"))
    begun = moment(world, "StartDateTime", _given(said.start_date_time, "StartDateTime"))
    subscription, charge = named(
        world,
        account.id,
        said.subscription_number or said.subscription_id,
        said.charge_number or said.charge_id,
    )
    change = Change(world)
    record = Usage(
        id=change.id(),
        account_id=account.id,
        uom=_given(said.uom, "UOM"),
        quantity=check_quantity(_given(said.quantity, "Quantity")),
        start=begun.date(),
        begun=begun,
        ended=moment(world, "EndDateTime", said.end_date_time) if said.end_date_time else None,
        subscription_number=subscription,
        charge_number=charge,
        description=said.description,
        created=world.now,
        updated=world.now,
        custom_fields=said.custom_fields,
    )
    change.put(record)
    return Reply({"Success": True, "Id": record.id}, change.world)


def _given(value: Value | None, name: str) -> Value:
    if value is None:
        raise Refusal(Category.MISSING_FIELD, f"Missing required value: {name}")
    return value


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
        "CreatedById": _SYSTEM_USER,
        "CreatedDate": _exact(record.created),
        "UpdatedById": _SYSTEM_USER,
        "UpdatedDate": _exact(record.updated),
        "SubmissionDateTime": _exact(record.created),
        **record.custom_fields,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _exact(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def update(call: Call) -> Reply:
    """Change a record that nothing bills."""
    said: UsageChange = call.body
    world, record = call.world, _pending(call, "update")
    begun = record.begun
    if said.start_date_time:
        begun = moment(world, "StartDateTime", said.start_date_time)
    changed = replace(
        record,
        start=begun.date() if begun else record.start,
        begun=begun,
        ended=moment(world, "EndDateTime", said.end_date_time) if said.end_date_time else record.ended,
        uom=said.uom or record.uom,
        quantity=record.quantity if said.quantity is None else check_quantity(said.quantity),
        description=record.description if said.description is None else said.description,
        custom_fields={**record.custom_fields, **said.custom_fields},
        updated=world.now,
    )
    change = Change(world)
    change.put(changed)
    return Reply({"Success": True, "Id": record.id}, change.world)


def delete(call: Call) -> Reply:
    """Delete a record that nothing bills. Source of the spelling: the official sample of delete."""
    record, change = _pending(call, "delete"), Change(call.world)
    change.drop(record)
    return Reply({"success": True, "id": record.id}, change.world)


def _pending(call: Call, verb: str) -> Usage:
    """Return the record that a call names. Source: recorded, the sentence of an unknown id.

    Raises:
        Refusal: There is none.
        RuleError: It is billed.
    """
    record = call.world.usages.get(call.path["id"])
    if record is None:
        raise Refusal(Category.NOT_FOUND, f"invalid id for {verb}", status=400)
    if record.status != "Pending":
        raise RuleError(f"The usage {record.id} is {record.status}: only Pending usage can be changed.")
    return record


def list_by_account(call: Call) -> Reply:
    """Show an account's usage, latest first. Source: Zuora, retrieve usage records by account."""
    account = call.world.accounts.find(call.path["account-key"])
    found = sorted(call.world.usages.of(account.id), key=lambda record: record.start)
    shown, following = page(call, found[::-1])
    return Reply({"usage": [_show_item(account, one) for one in shown], **following, "success": True})


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
    held = ((invoice, item) for invoice in call.world.invoices.latest() for item in invoice.items)
    invoice, item = next((both for both in held if both[1].id == key), (None, None))
    if invoice is None or item is None:
        raise NotFoundError(key)
    charge = _charge_of(call.world, item)
    if charge is None or charge.terms.model not in _DETAILED or charge.terms.on_demand:
        raise RuleError(f"The invoice item {key} has no usage rate detail.")
    if invoice.status == "Canceled" or charge.terms.rating_group not in {None, "ByBillingPeriod"}:
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
    Endpoint("POST", "/v1/object/usage", create, NewUsage, crud=True),
    Endpoint("GET", "/v1/object/usage/{id}", read, crud=True),
    Endpoint("PUT", "/v1/object/usage/{id}", update, UsageChange, crud=True),
    Endpoint("DELETE", "/v1/object/usage/{id}", delete, crud=True),
    Endpoint("GET", "/v1/usage/accounts/{account-key}", list_by_account),
    Endpoint("GET", "/v1/invoices/invoice-item/{invoice-item-id}/usage-rate-detail", read_rate_detail),
)
