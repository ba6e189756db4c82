"""Accounts, contacts and payment methods as queries see them."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from toolkit.billing.accounts import Account, ContactSnapshot
from toolkit.billing.money import ZERO
from toolkit.zuora.documents.balances import balances, contracted_mrr
from toolkit.zuora.query.kinds import (
    Field,
    Finder,
    Kind,
    Many,
    One,
    Reader,
    always,
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
    never,
    numbered,
    owned,
    text,
    to,
)
from toolkit.zuora.state.world import World


def account_of(name: str = "account_id") -> One:
    """Return the join to the account whose id a record's attribute is."""
    return to("Account", "accounts", name)


def _tax(name: str) -> Reader:
    return lambda _, account: account.tax_info and getattr(account.tax_info, name)


def _owed(name: str) -> Reader:
    return lambda world, account: getattr(balances(world, account), name)


def _is_contact(name: str) -> Reader:
    return lambda world, contact: getattr(world.accounts.find(contact.account_id), name) == contact.id


def _opened(world: World, contact: object) -> object:
    return world.accounts.find(contact.account_id).created  # type: ignore[attr-defined]  # it is a contact


def _account_of(table: str) -> Finder:
    """Return a finder of the account that a contact or a payment method belongs to."""

    def found(world: World, identity: str) -> Iterable[Account]:
        row = getattr(world, table).rows.get(identity)
        account = row and world.accounts.rows.get(row.account_id or "")
        return () if account is None else (account,)

    return found


ACCOUNT = Kind(
    name="Account",
    plural="accounts",
    rows=every("accounts"),
    finders={
        "Id": in_table("accounts"),
        "AccountNumber": numbered("accounts"),
        "BillToId": among(_account_of("contacts"), "bill_to_id"),
        "CrmId": among(owned("accounts"), "crm_id"),
        "DefaultPaymentMethodId": among(_account_of("payment_methods"), "default_payment_method_id"),
        "ParentId": among(owned("accounts"), "parent_id"),
        "SoldToId": among(_account_of("contacts"), "sold_to_id"),
    },
    custom=attrgetter("custom_fields"),
    ones={
        "BillTo": to("Contact", "contacts", "bill_to_id"),
        "SoldTo": to("Contact", "contacts", "sold_to_id"),
        "DefaultPaymentMethod": to("PaymentMethod", "payment_methods", "default_payment_method_id"),
        "ParentAccount": account_of("parent_id"),
    },
    many={
        "subscriptions": Many("Subscription", "AccountId"),
        "invoices": Many("Invoice", "AccountId"),
        "payments": Many("Payment", "AccountId"),
        "refunds": Many("Refund", "AccountId"),
        "creditMemos": Many("CreditMemo", "AccountId"),
        "debitMemos": Many("DebitMemo", "AccountId"),
        "usages": Many("Usage", "AccountId"),
        "paymentMethods": Many("PaymentMethod", "AccountId"),
    },
    fields={
        "Id": text("id"),
        "AccountNumber": text("number"),
        "Name": text("name"),
        "AdditionalEmailAddresses": text(lambda _, account: ",".join(account.additional_emails) or None),
        "AllowInvoiceEdit": flag(never),
        "AutoPay": flag("auto_pay"),
        "Balance": amount(_owed("balance")),
        "Batch": choice("batch"),
        "BcdSettingOption": choice(
            lambda _, account: "ManualSet" if account.bill_cycle_day else "AutoSet",
        ),
        "BillCycleDay": count("bill_cycle_day"),
        "BillToId": text("bill_to_id"),
        "CommunicationProfileId": text("communication_profile_id"),
        "CreditBalance": amount(always(ZERO)),
        "CrmId": text("crm_id"),
        "Currency": choice("currency"),
        "CustomerServiceRepName": text("customer_service_rep"),
        "DefaultPaymentMethodId": text("default_payment_method_id"),
        "InvoiceDeliveryPrefsEmail": flag("invoice_delivery_email"),
        "InvoiceDeliveryPrefsPrint": flag("invoice_delivery_print"),
        "InvoiceTemplateId": text("invoice_template_id"),
        "LastInvoiceDate": day("last_invoice_date"),
        "Mrr": amount(contracted_mrr),
        "Notes": text("notes"),
        "ParentId": text("parent_id"),
        "PaymentGateway": text("payment_gateway"),
        "PaymentTerm": choice("payment_term"),
        "PurchaseOrderNumber": text("purchase_order_number"),
        "SalesRepName": text("sales_rep"),
        "SoldToId": text("sold_to_id"),
        "Status": choice("status"),
        "TaxCompanyCode": text(_tax("company_code")),
        "TaxExemptCertificateID": text(_tax("exempt_certificate_id")),
        "TaxExemptCertificateType": text(_tax("exempt_certificate_type")),
        "TaxExemptDescription": text(_tax("exempt_description")),
        "TaxExemptEffectiveDate": day(_tax("exempt_effective_date")),
        "TaxExemptEntityUseCode": text(_tax("exempt_entity_use_code")),
        "TaxExemptExpirationDate": day(_tax("exempt_expiration_date")),
        "TaxExemptIssuingJurisdiction": text(_tax("exempt_issuing_jurisdiction")),
        "TaxExemptStatus": choice(_tax("exempt_status")),
        "TotalDebitMemoBalance": amount(_owed("debit_memos")),
        "TotalInvoiceBalance": amount(_owed("invoices")),
        "UnappliedBalance": amount(_owed("unapplied_payments")),
        "UnappliedCreditMemoAmount": amount(_owed("unapplied_credit")),
        "VATId": text(_tax("vat_id")),
        **history(),
    },
)

CONTACT = Kind(
    name="Contact",
    plural="contacts",
    rows=every("contacts"),
    finders={"Id": in_table("contacts"), "AccountId": owned("contacts")},
    custom=attrgetter("custom_fields"),
    ones={"Account": account_of()},
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "Address1": text("address1"),
        "Address2": text("address2"),
        "AsBillTo": flag(_is_contact("bill_to_id")),
        "AsSoldTo": flag(_is_contact("sold_to_id")),
        "City": text("city"),
        "Country": text("country"),
        "County": text("county"),
        "Description": text("contact_description"),
        "Fax": text("fax"),
        "FirstName": text("first_name"),
        "HomePhone": text("home_phone"),
        "LastName": text("last_name"),
        "MobilePhone": text("mobile_phone"),
        "NickName": text("nickname"),
        "OtherPhone": text("other_phone"),
        "OtherPhoneType": choice("other_phone_type"),
        "PersonalEmail": text("personal_email"),
        "PostalCode": text("zip_code"),
        "State": text("state"),
        "TaxRegion": text("tax_region"),
        "WorkEmail": text("work_email"),
        "WorkPhone": text("work_phone"),
        **history(_opened, _opened),
    },
)
"""That a contact is as old as its account is an assumption: its own history is not kept."""


def _card(name: str) -> Reader:
    return lambda _, method: getattr(method, name) if method.type.startswith("CreditCard") else None


def _as_it_was(field: Field) -> Field:
    return Field(field.type, lambda world, snapshot: field.read(world, snapshot.contact))


def _snapshots_of(world: World, account_id: str) -> Iterator[ContactSnapshot]:
    return (
        one for contact in world.contacts.of(account_id) for one in world.contact_snapshots.of(contact.id)
    )


CONTACT_SNAPSHOT = Kind(
    name="ContactSnapshot",
    plural="contact-snapshots",
    rows=every("contact_snapshots"),
    finders={
        "Id": in_table("contact_snapshots"),
        "AccountId": _snapshots_of,
        "ContactId": owned("contact_snapshots"),
    },
    custom=attrgetter("contact.custom_fields"),
    fields={
        **{name: _as_it_was(field) for name, field in CONTACT.fields.items()},
        "Id": text("id"),
        "ContactId": text("contact_id"),
    },
)

PAYMENT_METHOD = Kind(
    name="PaymentMethod",
    plural="payment-methods",
    rows=every("payment_methods"),
    custom=attrgetter("custom_fields"),
    finders={"Id": in_table("payment_methods"), "AccountId": owned("payment_methods")},
    ones={"Account": account_of()},
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "Active": flag(lambda _, method: method.status == "Active"),
        "CreditCardExpirationMonth": count(_card("expiration_month")),
        "CreditCardExpirationYear": count(_card("expiration_year")),
        "CreditCardHolderName": text(_card("holder_name")),
        "CreditCardMaskNumber": text(_card("masked_number")),
        "CreditCardType": choice(_card("card_type")),
        "LastFailedSaleTransactionDate": day(lambda _, row: row.last_failed and row.last_failed.date()),
        "LastTransactionDateTime": moment("last_tried"),
        "NumConsecutiveFailures": count("failures"),
        "PaymentMethodStatus": choice("status"),
        "SecondTokenId": text("second_token"),
        "TokenId": text("token"),
        "TotalNumberOfErrorPayments": count("errors"),
        "TotalNumberOfProcessedPayments": count("payments"),
        "Type": choice("type"),
        **history(updated=lambda _, method: method.updated or method.created),
    },
)
