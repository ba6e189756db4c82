"""/v1/accounts: create, read and change accounts."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import UNSET, Raw, UnsetType, field
from msgspec.structs import asdict, replace

from toolkit.billing.accounts import Account, Contact, TaxInfo, check_payment_term
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.money import ZERO
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.zuora.api.contacts import (
    ContactChange,
    changed_contact,
    show_contact_of,
)
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, number, write
from toolkit.zuora.contact_fields import ContactFields, new_contact
from toolkit.zuora.documents.balances import balances, contracted_mrr
from toolkit.zuora.documents.taxation import show_tax_info
from toolkit.zuora.messages.mails import several
from toolkit.zuora.state.remembering import remembered
from toolkit.zuora.state.world import Change, World

_LAST_BILL_CYCLE_DAY = 31

_COMMON_HARMLESS = frozenset(
    {
        *("communicationProfileName", "creditMemoTemplateId", "debitMemoTemplateId", "eReportingProfile"),
        *("einvoiceProfile", "gatewayRoutingEligible", "organizationLabel", "partnerAccount"),
        *("paymentGatewayNumber", "profileNumber", "rollUpUsage", "sequenceSetId", "sequenceSetName"),
        *("summaryStatementTemplateId", "tagging"),
    }
)


class TaxFields(Body, frozen=True):
    """What an account says to the tax office, or new values for some of it."""

    exempt_status: Literal["No", "Yes", "PendingVerification"] | UnsetType = UNSET
    exempt_effective_date: date | UnsetType | None = UNSET
    exempt_expiration_date: date | UnsetType | None = UNSET
    exempt_certificate_id: str | UnsetType | None = UNSET
    exempt_certificate_type: str | UnsetType | None = UNSET
    exempt_description: str | UnsetType | None = UNSET
    exempt_entity_use_code: str | UnsetType | None = UNSET
    exempt_issuing_jurisdiction: str | UnsetType | None = UNSET
    company_code: str | UnsetType | None = UNSET
    vat_id: str | UnsetType | None = field(default=UNSET, name="VATId")


class NewAccount(Body, frozen=True):
    """An account with its bill-to contact and, unless it is the same, its sold-to contact."""

    harmless: ClassVar[frozenset[str]] = _COMMON_HARMLESS | {
        *("gatewayId", "paymentGatewayName", "shipToContact", "shipToSameAsBillTo", "soldToSameAsBillTo"),
    }
    lacking: ClassVar[frozenset[str]] = frozenset({"associateCommitmentNumber", "parentAccountNumber"})

    name: str
    currency: str
    bill_to_contact: ContactFields
    sold_to_contact: ContactFields | None = None
    account_number: str | None = None
    additional_email_addresses: tuple[str, ...] = ()
    bill_cycle_day: int = 0
    auto_pay: bool | None = None
    batch: str = "Batch1"
    communication_profile_id: str | None = None
    crm_id: str | None = None
    customer_service_rep_name: str | None = None
    hpm_credit_card_payment_method_id: str | None = None
    invoice_delivery_prefs_email: bool = False
    invoice_delivery_prefs_print: bool = False
    invoice_template_id: str | None = None
    notes: str | None = None
    parent_id: str | None = None
    payment_gateway: str | None = None
    payment_method_id: str | None = None
    payment_term: str = "Due Upon Receipt"
    purchase_order_number: str | None = None
    sales_rep: str | None = None
    tax_info: TaxFields | None = None


class AccountChange(Body, frozen=True):
    """New values for some fields of an account."""

    harmless: ClassVar[frozenset[str]] = _COMMON_HARMLESS
    lacking: ClassVar[frozenset[str]] = frozenset({"shipToContact", "shipToContactId"})

    name: str | UnsetType = UNSET
    additional_email_addresses: tuple[str, ...] | UnsetType = UNSET
    auto_pay: bool | UnsetType = UNSET
    batch: str | UnsetType = UNSET
    bill_cycle_day: int | UnsetType = UNSET
    bill_to_contact: ContactChange | UnsetType = UNSET
    bill_to_contact_id: str | UnsetType = UNSET
    communication_profile_id: str | UnsetType | None = UNSET
    crm_id: str | UnsetType | None = UNSET
    customer_service_rep_name: str | UnsetType | None = UNSET
    default_payment_method_id: str | UnsetType | None = UNSET
    invoice_delivery_prefs_email: bool | UnsetType = UNSET
    invoice_delivery_prefs_print: bool | UnsetType = UNSET
    invoice_template_id: str | UnsetType | None = UNSET
    notes: str | UnsetType | None = UNSET
    parent_id: str | UnsetType | None = UNSET
    payment_gateway: str | UnsetType | None = UNSET
    payment_term: str | UnsetType = UNSET
    purchase_order_number: str | UnsetType | None = UNSET
    sales_rep: str | UnsetType | None = UNSET
    sold_to_contact: ContactChange | UnsetType = UNSET
    sold_to_contact_id: str | UnsetType = UNSET
    tax_info: TaxFields | UnsetType = UNSET


_RECORD_NAMES = {
    "additional_email_addresses": "additional_emails",
    "bill_to_contact_id": "bill_to_id",
    "sold_to_contact_id": "sold_to_id",
    "customer_service_rep_name": "customer_service_rep",
    "invoice_delivery_prefs_email": "invoice_delivery_email",
    "invoice_delivery_prefs_print": "invoice_delivery_print",
}


def create(change: Change, said: NewAccount) -> dict[str, object]:
    """Put an Active account into the change, and tell of it; sold-to is bill-to unless it is given.

    Source: recorded.
    """
    world = change.before
    check_bill_cycle_day(said.bill_cycle_day)
    check_payment_term(said.payment_term, world.payment_terms)
    if said.account_number and change.table("accounts").get(said.account_number):
        raise InvalidValueError(f"The account number {said.account_number} is invalid.")
    method = said.payment_method_id or said.hpm_credit_card_payment_method_id
    if said.auto_pay and method is None:
        raise RuleError("Auto Pay requires a payment method: give one, or set 'autoPay' to false.")
    identity = change.id()
    bill_to = new_contact(change, identity, said.bill_to_contact)
    sold_to = new_contact(change, identity, said.sold_to_contact) if said.sold_to_contact else bill_to
    account = Account(
        id=identity,
        number=said.account_number or change.number("account"),
        name=said.name,
        currency=said.currency,
        bill_cycle_day=said.bill_cycle_day,
        bill_to_id=bill_to.id,
        sold_to_id=sold_to.id,
        created=world.now,
        updated=world.now,
        batch=said.batch,
        payment_term=said.payment_term,
        payment_gateway=said.payment_gateway,
        default_payment_method_id=method and _attach(change, method, identity),
        auto_pay=bool(said.auto_pay),
        invoice_delivery_print=said.invoice_delivery_prefs_print,
        invoice_delivery_email=said.invoice_delivery_prefs_email,
        additional_emails=said.additional_email_addresses
        and several(",".join(said.additional_email_addresses)),
        crm_id=said.crm_id,
        notes=said.notes,
        parent_id=said.parent_id,
        purchase_order_number=said.purchase_order_number,
        sales_rep=said.sales_rep,
        customer_service_rep=said.customer_service_rep_name,
        communication_profile_id=said.communication_profile_id,
        invoice_template_id=said.invoice_template_id,
        tax_info=tax_info_of(None, said.tax_info) if said.tax_info else None,
        custom_fields=said.custom_fields,
    )
    change.put(account)
    answer: dict[str, object] = {"success": True, "accountId": account.id, "accountNumber": account.number}
    if account.default_payment_method_id:
        answer["paymentMethodId"] = account.default_payment_method_id
    answer |= {"billToContactId": bill_to.id, "soldToContactId": sold_to.id}
    return answer


def tax_info_of(before: TaxInfo | None, said: TaxFields) -> TaxInfo:
    """Return the tax information with what is said of it; what is not said stays as it is."""
    given = {name: value for name, value in asdict(said).items() if value is not UNSET}
    given.pop("custom_fields")
    return replace(before or TaxInfo(), **given)


def _attach(change: Change, key: str, account_id: str) -> str:
    method: PaymentMethod = change.table("payment_methods").find(key)
    if method.account_id is not None:
        raise NotFoundError(key)
    change.put(replace(method, account_id=account_id))
    return method.id


def check_bill_cycle_day(value: int) -> None:
    """Refuse a bill cycle day that no account may have; 0 is set by its first recurring charge.

    Raises:
        InvalidValueError: It is such.
    """
    if not 0 <= value <= _LAST_BILL_CYCLE_DAY:
        raise InvalidValueError(f"'billCycleDay' should be between 0 and 31, not {value}.")


def change(call: Call) -> Reply:
    """Change some fields of an account, or of its contacts; answers nothing but success. Source: recorded."""
    said: AccountChange = call.body
    world, account = call.world, call.world.accounts.find(call.path["account-key"])
    given = {
        _RECORD_NAMES.get(name, name): value
        for name, value in asdict(said).items()
        if value is not UNSET and name != "custom_fields"
    }
    if "additional_emails" in given:
        given["additional_emails"] = several(",".join(given["additional_emails"]))
    check_bill_cycle_day(given.get("bill_cycle_day", 0))
    if "payment_term" in given:
        check_payment_term(given["payment_term"], world.payment_terms)
    for name in ("bill_to_id", "sold_to_id"):
        if name in given:
            given[name] = _own_contact(world, given[name], account).id
    method = given.get("default_payment_method_id")
    if method is not None:
        given["default_payment_method_id"] = _own_method(world, method, account).id
    if isinstance(said.tax_info, TaxFields):
        given["tax_info"] = tax_info_of(account.tax_info, said.tax_info)
    custom = {**account.custom_fields, **said.custom_fields}
    update = Change(world)
    bill_to, sold_to = (given.pop(name, None) for name in ("bill_to_contact", "sold_to_contact"))
    changed = replace(account, **given, custom_fields=custom, updated=world.now)
    for key, wire, fields in (
        (changed.bill_to_id, "billToContactId", bill_to),
        (changed.sold_to_id, "soldToContactId", sold_to),
    ):
        if fields is None:
            continue
        if key is None:
            raise MissingValueError(wire)
        changed_contact(update, update.world.contacts.find(key), fields)
    update.put(changed)
    return Reply({"success": True}, update.world)


def _own_contact(world: World, key: str, account: Account) -> Contact:
    """Return a contact of the account. Source: the official SDK, update an account."""
    contact = world.contacts.find(key)
    if contact.account_id != account.id:
        raise NotFoundError(key)
    return contact


def _own_method(world: World, key: str, account: Account) -> PaymentMethod:
    method = world.payment_methods.find(key)
    if method.account_id != account.id:
        raise NotFoundError(key)
    return method


def read(call: Call) -> Reply:
    """Show an account with its balances and contacts. Source: recorded, production 2025."""
    world, account = call.world, call.world.accounts.find(call.path["account-key"])
    owed = balances(world, account)
    bill_to = show_contact_of(world, account.bill_to_id)
    same = account.sold_to_id == account.bill_to_id
    answer = {
        **_stated(account),
        "metrics": {
            "balance": number(owed.balance),
            "currency": account.currency,
            "totalInvoiceBalance": number(owed.invoices),
            "creditBalance": number(ZERO),
            "totalDebitMemoBalance": number(owed.debit_memos),
            "unappliedPaymentAmount": number(owed.unapplied_payments),
            "unappliedCreditMemoAmount": number(owed.unapplied_credit),
            "contractedMrr": number(contracted_mrr(world, account)),
        },
        "billToContact": bill_to,
        "soldToContact": bill_to if same else show_contact_of(world, account.sold_to_id),
        "taxInfo": show_tax_info(account.tax_info),
        "success": True,
    }
    return Reply(answer)


@remembered
def _stated(account: Account) -> dict[str, Raw]:
    """Return what an account says of itself."""
    return {
        "basicInfo": Raw(write(basic_info(account))),
        "billingAndPayment": Raw(write(_billing_and_payment(account))),
    }


def basic_info(account: Account) -> dict[str, object]:
    """Return what answers show of an account first."""
    return {
        "id": account.id,
        "name": account.name,
        "accountNumber": account.number,
        "notes": account.notes,
        "status": account.status,
        "crmId": account.crm_id,
        "batch": account.batch,
        "invoiceTemplateId": account.invoice_template_id,
        "communicationProfileId": account.communication_profile_id,
        "profileNumber": None,
        "purchaseOrderNumber": account.purchase_order_number,
        "customerServiceRepName": account.customer_service_rep,
        "salesRep": account.sales_rep,
        "creditMemoTemplateId": None,
        "debitMemoTemplateId": None,
        "summaryStatementTemplateId": None,
        "sequenceSetId": None,
        **account.custom_fields,
    }


def _billing_and_payment(account: Account) -> dict[str, object]:
    return {
        "billCycleDay": account.bill_cycle_day,
        "currency": account.currency,
        "paymentTerm": account.payment_term,
        "paymentGateway": account.payment_gateway,
        "paymentGatewayNumber": None,
        "defaultPaymentMethodId": account.default_payment_method_id,
        "invoiceDeliveryPrefsPrint": account.invoice_delivery_print,
        "invoiceDeliveryPrefsEmail": account.invoice_delivery_email,
        "autoPay": account.auto_pay,
        "additionalEmailAddresses": account.additional_emails,
        "paymentMethodCascadingConsent": False,
        "gatewayRoutingEligible": None,
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/accounts/{account-key}", read),
    Endpoint("PUT", "/v1/accounts/{account-key}", change, AccountChange, resource=515000),
)
