"""Account: a customer, a draft until its contacts are known."""

from datetime import date
from typing import Any, Literal

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from toolkit.billing.accounts import Account, AccountStatus, TaxInfo, check_payment_term
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.zuora.messages.mails import several
from toolkit.zuora.objects._writing import Fields, Said, Writer, duplicate, found, in_use, said
from toolkit.zuora.state.world import Change

_LAST_BILL_CYCLE_DAY = 31


class AccountFields(Fields, frozen=True):
    """What may be said of an account."""

    name: str | UnsetType | None = UNSET
    account_number: str | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    status: AccountStatus | UnsetType | None = UNSET
    batch: str | UnsetType | None = UNSET
    bill_cycle_day: int | UnsetType | None = UNSET
    bcd_setting_option: Literal["AutoSet", "ManualSet"] | UnsetType | None = UNSET
    bill_to_id: str | UnsetType | None = UNSET
    sold_to_id: str | UnsetType | None = UNSET
    payment_term: str | UnsetType | None = UNSET
    payment_gateway: str | UnsetType | None = UNSET
    default_payment_method_id: str | UnsetType | None = UNSET
    auto_pay: bool | UnsetType | None = UNSET
    additional_email_addresses: str | UnsetType | None = UNSET
    invoice_delivery_prefs_email: bool | UnsetType | None = UNSET
    invoice_delivery_prefs_print: bool | UnsetType | None = UNSET
    invoice_template_id: str | UnsetType | None = UNSET
    communication_profile_id: str | UnsetType | None = UNSET
    crm_id: str | UnsetType | None = UNSET
    customer_service_rep_name: str | UnsetType | None = UNSET
    notes: str | UnsetType | None = UNSET
    parent_id: str | UnsetType | None = UNSET
    purchase_order_number: str | UnsetType | None = UNSET
    sales_rep_name: str | UnsetType | None = UNSET
    tax_exempt_status: Literal["No", "Yes", "PendingVerification"] | UnsetType | None = UNSET
    tax_exempt_effective_date: date | UnsetType | None = UNSET
    tax_exempt_expiration_date: date | UnsetType | None = UNSET
    tax_exempt_certificate_id: str | UnsetType | None = field(default=UNSET, name="TaxExemptCertificateID")
    tax_exempt_certificate_type: str | UnsetType | None = UNSET
    tax_exempt_description: str | UnsetType | None = UNSET
    tax_exempt_entity_use_code: str | UnsetType | None = UNSET
    tax_exempt_issuing_jurisdiction: str | UnsetType | None = UNSET
    tax_company_code: str | UnsetType | None = UNSET
    vat_id: str | UnsetType | None = field(default=UNSET, name="VATId")


_NAMES = {
    "customer_service_rep_name": "customer_service_rep",
    "invoice_delivery_prefs_email": "invoice_delivery_email",
    "invoice_delivery_prefs_print": "invoice_delivery_print",
    "sales_rep_name": "sales_rep",
}
_NEVER_NULL = {
    "status": "Draft",
    "batch": "Batch1",
    "bill_cycle_day": 0,
    "payment_term": "Due Upon Receipt",
    "auto_pay": False,
    "invoice_delivery_prefs_email": False,
    "invoice_delivery_prefs_print": False,
}
"""What a field has in the place of nothing."""


_OWNED = ("subscriptions", "orders", "invoices", "credit_memos", "debit_memos", "payments", "refunds")
"""The tables of what keeps an account from being deleted."""


def create(change: Change, fields: AccountFields) -> str:
    """Add an account, a draft unless it is said to be active. Source: Zuora, create an account by CRUD."""
    told, moment = said(fields), change.before.now
    account = Account(
        id=change.id(),
        number=told.values.get("account_number") or change.number("account"),
        name=told.given("name"),
        currency=told.given("currency"),
        status="Draft",
        bill_cycle_day=0,
        bill_to_id=None,
        sold_to_id=None,
        created=moment,
        updated=moment,
    )
    if change.table("accounts").get(account.number) is not None:
        raise duplicate("AccountNumber", account.number)
    _keep(change, account, told)
    return account.id


def update(change: Change, identity: str, fields: AccountFields) -> None:
    """Change an account; its number and its currency stay. Source of the latter: Zuora, update an account."""
    told, account = said(fields), found(change, "accounts", identity, "update")
    for name, has in (("account_number", account.number), ("currency", account.currency)):
        if told.values.get(name, has) != has:
            raise InvalidValueError(f"{has} cannot be changed to {told.values[name]}.")
    _keep(change, account, told)


def _keep(change: Change, before: Account, told: Said) -> None:
    changes, taxes = dict[str, Any](), dict[str, Any]()
    for name, value in told.values.items():
        if name.startswith("tax_exempt_") or name in {"tax_company_code", "vat_id"}:
            taxes[name.removeprefix("tax_")] = value
        elif name == "additional_email_addresses":
            changes["additional_emails"] = several(value)
        elif name not in {"account_number", "currency", "bcd_setting_option"}:
            given = _NEVER_NULL[name] if value is None and name in _NEVER_NULL else value
            changes[_NAMES.get(name, name)] = given
    if "name" in told.values:
        told.given("name")
    if "payment_term" in changes:
        check_payment_term(changes["payment_term"], change.before.payment_terms)
    if told.values.get("bcd_setting_option") == "AutoSet":
        changes["bill_cycle_day"] = 0
    if taxes:
        taxes["exempt_status"] = taxes.get("exempt_status") or "No"
        changes["tax_info"] = replace(before.tax_info or TaxInfo(), **taxes)
    custom = {**before.custom_fields, **told.custom}
    account = replace(before, **changes, custom_fields=custom, updated=change.before.now)
    _check(change, account)
    change.put(account)


def _check(change: Change, account: Account) -> None:
    """Refuse an account whose parts are not its own, or which is active without them, or cancelled too soon.

    Source: Zuora, account: an active account has contacts; auto-pay needs a payment method; cancel and delete
    customer accounts: all subscriptions are to be cancelled first.
    """
    if not 0 <= account.bill_cycle_day <= _LAST_BILL_CYCLE_DAY:
        raise InvalidValueError(f"'BillCycleDay' should be between 0 and 31, not {account.bill_cycle_day}.")
    for name, table in (
        ("bill_to_id", "contacts"),
        ("sold_to_id", "contacts"),
        ("default_payment_method_id", "payment_methods"),
    ):
        key = getattr(account, name)
        row = None if key is None else change.table(table).rows.get(key)
        if key is not None and (row is None or row.account_id != account.id):
            raise InvalidValueError(f"The id '{key}' is none of the account {account.number}.")
    if account.status == "Active" and not (account.bill_to_id and account.sold_to_id):
        raise RuleError(f"The account {account.number} needs BillToId and SoldToId to be Active.")
    if account.status == "Canceled":
        for one in change.table("subscriptions").of(account.id):
            if one.status != "Cancelled":
                raise RuleError(f"The subscription {one.number} is to be cancelled before its account is.")
    if account.auto_pay and account.default_payment_method_id is None:
        raise RuleError(f"The account {account.number} needs a default payment method for AutoPay.")


def delete(change: Change, identity: str) -> None:
    """Delete an account without subscriptions and documents, with its contacts and payment methods."""
    account = found(change, "accounts", identity, "delete")
    if any(change.table(table).of(account.id) for table in _OWNED):
        raise in_use(f"The account {account.number}")
    for table in ("contacts", "payment_methods", "usages"):
        for row in change.table(table).of(account.id):
            change.drop(row)
    change.drop(account)


WRITERS = (Writer("Account", AccountFields, update, create, delete),)
