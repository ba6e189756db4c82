"""Accounts and their contacts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.money import ZERO
from toolkit.billing.periods import on_day
from toolkit.billing.unnumbered import Unnumbered
from toolkit.clock import add_months

AccountStatus = Literal["Draft", "Active", "Canceled"]


class NetTerm(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="net"):
    """A payment term that ends some days after the invoice's date."""

    days: int

    def due(self, invoice_date: date) -> date:
        """Return the due date of an invoice of this date."""
        return invoice_date + timedelta(days=self.days)


class ProxTerm(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="prox"):
    """A payment term that ends on a day of a following month.

    Attributes:
        cutoff_day: The last day of the month (1-31) whose invoices count as that month's; those of later
            days count as the next one's.
        months: How many months later they are due.
        due_day: The day of that month (1-31), or its last day if it is shorter.

    Source: Zuora, prox payment term examples (BP-031).
    """

    cutoff_day: int
    months: int
    due_day: int

    def due(self, invoice_date: date) -> date:
        """Return the due date of an invoice of this date."""
        months = self.months + (invoice_date.day > self.cutoff_day)
        return on_day(add_months(invoice_date.replace(day=1), months), self.due_day)


PaymentTerm = NetTerm | ProxTerm

_UPON_RECEIPT = NetTerm(days=0)
PAYMENT_TERMS: Mapping[str, PaymentTerm] = {
    "Due Upon Receipt": _UPON_RECEIPT,
    **{f"Net {days}": NetTerm(days=days) for days in (15, 30, 45, 60, 90)},
}


class Contact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A person to whom an account sends its bills or for whom it buys."""

    id: str
    number: str
    account_id: str
    first_name: str
    last_name: str
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    contact_description: str | None = None
    country: str | None = None
    county: str | None = None
    fax: str | None = None
    home_phone: str | None = None
    mobile_phone: str | None = None
    nickname: str | None = None
    other_phone: str | None = None
    other_phone_type: str | None = None
    personal_email: str | None = None
    state: str | None = None
    tax_region: str | None = None
    work_email: str | None = None
    work_phone: str | None = None
    zip_code: str | None = None
    custom_fields: Mapping[str, object] = {}


class ContactSnapshot(Unnumbered, frozen=True, kw_only=True, gc=False):
    """A contact as it was before it changed."""

    contact: Contact

    @property
    def contact_id(self) -> str:
        """Whose it is."""
        return self.contact.id


class TaxInfo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an account says to the tax office; only the exemption and its dates decide what it is taxed.

    Attributes:
        exempt_status: An exemption that is to be verified does not hold yet. Source: Zuora, create tax
            exemptions.
        exempt_effective_date: First day of the exemption; without it the exemption always held.
        exempt_expiration_date: Last day of it, which is an assumption; without it it never ends.
    """

    exempt_status: Literal["No", "Yes", "PendingVerification"] = "No"
    exempt_effective_date: date | None = None
    exempt_expiration_date: date | None = None
    exempt_certificate_id: str | None = None
    exempt_certificate_type: str | None = None
    exempt_description: str | None = None
    exempt_entity_use_code: str | None = None
    exempt_issuing_jurisdiction: str | None = None
    company_code: str | None = None
    vat_id: str | None = None

    def exempts(self, day: date) -> bool:
        """Tell whether the account is exempt from taxes on a day."""
        first, last = self.exempt_effective_date or date.min, self.exempt_expiration_date or date.max
        return self.exempt_status == "Yes" and first <= day <= last


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A customer's billing account.

    Attributes:
        bill_cycle_day: 1-31 (31 is the month's last day), or 0 until the first recurring charge sets it.
        bill_to_id: The contact that gets the bills; a Draft may have none yet.
        sold_to_id: The contact whose address decides taxes; a Draft may have none yet.
        additional_emails: Addresses that get mails with documents, too.
    """

    id: str
    number: str
    name: str
    currency: str
    bill_cycle_day: int
    bill_to_id: str | None
    sold_to_id: str | None
    created: datetime
    updated: datetime
    status: AccountStatus = "Active"
    batch: str = "Batch1"
    payment_term: str = "Due Upon Receipt"
    payment_gateway: str | None = None
    default_payment_method_id: str | None = None
    auto_pay: bool = False
    invoice_delivery_print: bool = False
    invoice_delivery_email: bool = False
    additional_emails: tuple[str, ...] = ()
    crm_id: str | None = None
    notes: str | None = None
    parent_id: str | None = None
    purchase_order_number: str | None = None
    sales_rep: str | None = None
    customer_service_rep: str | None = None
    communication_profile_id: str | None = None
    invoice_template_id: str | None = None
    last_invoice_date: date | None = None
    tax_info: TaxInfo | None = None
    custom_fields: Mapping[str, object] = {}


class Balances(msgspec.Struct, frozen=True, gc=False):
    """What an account owes and holds, in its currency.

    Attributes:
        invoices: Sum of the balances of posted invoices.
        unapplied_credit: Sum of the unapplied amounts of posted credit memos.
        unapplied_payments: Sum of the unapplied amounts of processed payments.
        debit_memos: Sum of the balances of posted debit memos.
    """

    invoices: Decimal
    unapplied_credit: Decimal
    unapplied_payments: Decimal
    debit_memos: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        """The balances of invoices and debit memos less unapplied credit and payments.

        Source: Zuora, invoice settlement: account balance = total invoice balance
        + total debit memo balance - unapplied credit memo amount - unapplied payment amount.
        """
        return self.invoices + self.debit_memos - self.unapplied_credit - self.unapplied_payments


def check_currency(account: Account, currency: str) -> None:
    """Refuse money of another currency than an account is billed in.

    Raises:
        RuleError: It is.
    """
    if account.currency != currency:
        raise RuleError(f"The account {account.number} is billed in {account.currency}, not {currency}.")


def check_payment_term(payment_term: str, own: Mapping[str, PaymentTerm]) -> None:
    """Refuse a payment term that nobody has defined. Source of the sentence: an assumption.

    Raises:
        InvalidValueError: It is such.
    """
    if payment_term not in PAYMENT_TERMS and payment_term not in own:
        raise InvalidValueError(f"The payment term {payment_term} is invalid.")


def due_date(invoice_date: date, payment_term: str, own: Mapping[str, PaymentTerm]) -> date:
    """Return when an invoice is due; by a term that nobody has defined, as imports may have, upon receipt.

    Args:
        invoice_date: The invoice's date.
        payment_term: The account's.
        own: Terms of the tenant's own, by name, beside those of every tenant.
    """
    term = own.get(payment_term) or PAYMENT_TERMS.get(payment_term) or _UPON_RECEIPT
    return term.due(invoice_date)
