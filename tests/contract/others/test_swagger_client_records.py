"""zuora-swagger-client of 2022, which still has actions, amendments and records by /v1/object."""

from typing import Any

import pytest

DAY = "2026-01-01"
CONTACT = {"FirstName": "Ada", "LastName": "Byron", "Country": "USA", "State": "California"}
NEW = {"Name": "Rook Records", "Currency": "USD", "BillCycleDay": 1, "Batch": "Batch1", "Status": "Draft"}
CARD = {"Type": "CreditCard", "CreditCardType": "Visa", "CreditCardNumber": "4111111111111111"}
EXPIRY = {"CreditCardExpirationMonth": 12, "CreditCardExpirationYear": 2031, "CreditCardHolderName": "Ada"}


@pytest.fixture(scope="module")
def bought(swagger: Any, transport: Any, ask: Any, plan: str, charge: str) -> Any:
    """What a subscription to a plan with an account, a contact and a card of its own led to."""
    said = {"ContractEffectiveDate": DAY, "ServiceActivationDate": DAY, "ContractAcceptanceDate": DAY}
    terms = {"TermType": "TERMED", "TermStartDate": DAY, "InitialTerm": 12, "RenewalTerm": 12}
    seats = {"RatePlanCharge": {"ProductRatePlanChargeId": charge, "Quantity": 5}}
    wanted = {
        "Account": {**NEW, "PaymentTerm": "Net 30"},
        "BillToContact": CONTACT,
        "PaymentMethod": CARD | EXPIRY,
        "SubscribeOptions": {"GenerateInvoice": True, "ProcessPayments": False},
        "SubscriptionData": {
            "Subscription": said | terms,
            "RatePlanData": [{"RatePlan": {"ProductRatePlanId": plan}, "RatePlanChargeData": [seats]}],
        },
    }
    (made,) = ask(swagger.ActionsApi(transport).action_pos_tsubscribe, {"subscribes": [wanted]})
    return made


@pytest.fixture(scope="module")
def paid(swagger: Any, transport: Any, ask: Any, bought: Any) -> Any:
    """A payment of 10 towards the invoice."""
    applied = [{"invoiceId": bought["InvoiceId"], "amount": 10}]
    payment = {"accountId": bought["AccountId"], "amount": 10, "currency": "USD", "effectiveDate": DAY}
    api = swagger.PaymentsApi(transport)
    return ask(api.p_ost_create_payment, {**payment, "type": "External", "invoices": applied})


@pytest.fixture(scope="module")
def find(swagger: Any, transport: Any, ask: Any) -> Any:
    """Return the id of the first record of a kind that has a value in a field."""

    def find(kind: str, field: str, value: str) -> str:
        zoql = f"select Id from {kind} where {field} = '{value}'"  # noqa: S608 - this is no SQL
        query = swagger.ActionsApi(transport).action_pos_tquery
        return str(ask(query, {"queryString": zoql})["records"][0]["Id"])

    return find


def test_an_account_and_its_contact_and_card_are_records(swagger: Any, transport: Any, ask: Any) -> None:
    accounts, contacts = swagger.AccountsApi(transport), swagger.ContactsApi(transport)
    cards = swagger.PaymentMethodsApi(transport)
    account = ask(accounts.object_post_account, NEW)["Id"]
    contact = ask(contacts.object_post_contact, {**CONTACT, "AccountId": account})["Id"]
    card = ask(cards.object_post_payment_method, {**CARD, **EXPIRY, "AccountId": account})["Id"]
    ask(contacts.object_put_contact, {"City": "London"}, contact)
    assert ask(contacts.object_get_contact, contact)["City"] == "London"
    ask(cards.object_put_payment_method, {"CreditCardExpirationYear": 2032}, card)
    assert ask(cards.object_get_payment_method, card)["CreditCardExpirationYear"] == 2032
    ask(accounts.object_put_account, {"BillToId": contact, "Notes": "x"}, account)
    shown = ask(accounts.object_get_account, account)
    assert (shown["BillToId"], shown["Notes"]) == (contact, "x")
    ask(cards.object_delete_payment_method, card)
    ask(accounts.object_delete_account, account)


def test_a_contact_that_nobody_needs_is_deleted(swagger: Any, transport: Any, ask: Any) -> None:
    account = ask(swagger.AccountsApi(transport).object_post_account, NEW)["Id"]
    contacts = swagger.ContactsApi(transport)
    contact = ask(contacts.object_post_contact, {**CONTACT, "AccountId": account})["Id"]
    ask(contacts.object_delete_contact, contact)
    with pytest.raises(swagger.rest.ApiException, match="404"):
        contacts.object_get_contact(contact)


def test_what_is_subscribed_is_read_down_to_its_tiers(
    swagger: Any, transport: Any, ask: Any, find: Any, bought: Any
) -> None:
    subscriptions = swagger.SubscriptionsApi(transport)
    key = bought["SubscriptionId"]
    ask(subscriptions.object_put_subscription, {"Notes": "Subscribed"}, key)
    shown = ask(subscriptions.object_get_subscription, key)
    assert (shown["Name"], shown["Notes"]) == (bought["SubscriptionNumber"], "Subscribed")
    plan = find("RatePlan", "SubscriptionId", key)
    assert ask(swagger.RatePlansApi(transport).object_get_rate_plan, plan)["SubscriptionId"] == key
    charge = find("RatePlanCharge", "RatePlanId", plan)
    shown = ask(swagger.RatePlanChargesApi(transport).object_get_rate_plan_charge, charge)
    assert shown["RatePlanId"] == plan
    tier = find("RatePlanChargeTier", "RatePlanChargeId", charge)
    shown = ask(swagger.RatePlanChargeTiersApi(transport).object_get_rate_plan_charge_tier, tier)
    assert shown["RatePlanChargeId"] == charge


def test_what_is_billed_and_paid_is_read_record_by_record(
    swagger: Any, transport: Any, ask: Any, find: Any, bought: Any, paid: Any
) -> None:
    invoice = bought["InvoiceId"]
    invoices = swagger.InvoicesApi(transport)
    ask(invoices.object_put_invoice, {"Comments": "Seen"}, invoice)
    shown = ask(invoices.object_get_invoice, invoice)
    assert (shown["InvoiceNumber"], shown["Comments"]) == (bought["InvoiceNumber"], "Seen")
    item = find("InvoiceItem", "InvoiceId", invoice)
    shown = ask(swagger.InvoiceItemsApi(transport).object_get_invoice_item, item)
    assert shown["InvoiceId"] == invoice
    assert ask(swagger.PaymentsApi(transport).object_get_payment, paid["id"])["Amount"] == 10
    part = find("InvoicePayment", "PaymentId", paid["id"])
    shown = ask(swagger.InvoicePaymentsApi(transport).object_get_invoice_payment, part)
    assert (shown["InvoiceId"], shown["Amount"]) == (invoice, 10)


def test_the_invoices_of_an_account_are_listed_with_their_files(
    swagger: Any, transport: Any, ask: Any, bought: Any
) -> None:
    found = ask(swagger.TransactionsApi(transport).g_et_transaction_invoice, bought["AccountId"])["invoices"]
    assert [one["id"] for one in found] == [bought["InvoiceId"]]


def test_a_refund_is_a_record(swagger: Any, transport: Any, ask: Any, bought: Any) -> None:
    payment = {"accountId": bought["AccountId"], "amount": 10, "currency": "USD", "effectiveDate": DAY}
    payments = swagger.PaymentsApi(transport)
    made = ask(payments.p_ost_create_payment, {**payment, "type": "External"})
    refund = ask(
        payments.p_ost_refund_payment,
        {"type": "External", "methodType": "Check", "totalAmount": 4},
        made["id"],
    )["id"]
    assert ask(swagger.RefundsApi(transport).object_get_refund, refund)["Amount"] == 4


def test_a_subscription_is_amended(swagger: Any, transport: Any, ask: Any, bought: Any) -> None:
    change = {"Type": "TermsAndConditions", "Name": "Longer", "TermType": "TERMED", "CurrentTerm": 24}
    dates = {"ContractEffectiveDate": DAY, "ServiceActivationDate": DAY, "CustomerAcceptanceDate": DAY}
    amendment = {**change, **dates, "SubscriptionId": bought["SubscriptionId"]}
    request = {"Amendments": [amendment], "AmendOptions": {"GenerateInvoice": False}}
    actions, amendments = swagger.ActionsApi(transport), swagger.AmendmentsApi(transport)
    (made,) = ask(actions.action_pos_tamend, {"requests": [request]})["results"]
    assert made["Success"], made
    (key,) = made["AmendmentIds"]
    record = ask(amendments.object_get_amendment, key)
    assert (record["Name"], record["Type"]) == ("Longer", "TermsAndConditions")
    assert ask(amendments.g_et_amendments_by_key, record["Code"])["name"] == "Longer"
    shown = ask(amendments.g_et_amendments_by_subscription_id, made["SubscriptionId"])
    assert shown["code"] == record["Code"]


def test_an_invoice_is_generated_and_deleted(
    swagger: Any, transport: Any, ask: Any, plan: str, charge: str, account: Any
) -> None:
    terms = {"termType": "TERMED", "initialTerm": 12, "renewalTerm": 12, "contractEffectiveDate": DAY}
    seats = {"chargeOverrides": [{"productRatePlanChargeId": charge, "quantity": 5}]}
    wanted = {
        **terms,
        "accountKey": account.id,
        "subscribeToRatePlans": [{"productRatePlanId": plan, **seats}],
    }
    ask(swagger.SubscriptionsApi(transport).p_ost_subscription, {**wanted, "invoiceCollect": False})
    invoice = {"AccountId": account.id, "InvoiceDate": DAY, "TargetDate": DAY}
    generate = swagger.ActionsApi(transport).action_pos_tgenerate
    (made,) = ask(generate, {"type": "Invoice", "objects": [invoice]})
    invoices = swagger.InvoicesApi(transport)
    assert ask(invoices.object_get_invoice, made["Id"])["Status"] == "Draft"
    ask(invoices.object_delete_invoice, made["Id"])


def test_access_keys_open_a_connection(swagger: Any, transport: Any, ask: Any) -> None:
    api = swagger.ConnectionsApi(transport)
    assert ask(api.p_ost_connections, "key", "secret", "application/json") == {"success": True}


def test_a_data_query_is_cancelled(swagger: Any, transport: Any, ask: Any) -> None:
    api = swagger.DataQueriesApi(transport)
    signing_in = swagger.OAuthApi(transport).create_token
    token = f"Bearer {ask(signing_in, '0' * 36, 'a-secret', 'client_credentials')['access_token']}"
    query = {"query": "select id from account", "outputFormat": "JSON", "compression": "NONE"}
    job = ask(api.p_ost_data_query_job, {**query, "output": {"target": "S3"}}, token)["data"]["id"]
    assert ask(api.d_elete_data_query_job, token, job)["data"]["queryStatus"] == "cancelled"


def test_a_tax_item_is_a_record(swagger: Any, transport: Any, ask: Any, account: Any) -> None:
    invoices, taxes = swagger.InvoicesApi(transport), swagger.TaxationItemsApi(transport)
    item = {"amount": 100, "chargeName": "Press", "serviceStartDate": DAY, "serviceEndDate": DAY}
    wanted = {"accountId": account.id, "invoiceDate": DAY, "status": "Draft", "invoiceItems": [item]}
    invoice = ask(invoices.p_ost_standalone_invoice, wanted)["id"]
    (item,) = ask(invoices.g_et_invoice_items, invoice)["invoiceItems"]
    tax = {"Name": "VAT", "Jurisdiction": "Ireland", "TaxRate": 0.23, "TaxRateType": "Percentage"}
    more = {"TaxAmount": 7, "TaxDate": DAY, "InvoiceItemId": item["id"]}
    key = ask(taxes.object_post_taxation_item, tax | more)["Id"]
    ask(taxes.object_put_taxation_item, {"TaxAmount": 8}, key)
    shown = ask(taxes.object_get_taxation_item, key)
    assert (shown["TaxAmount"], shown["InvoiceItemId"]) == (8, item["id"])
    ask(taxes.object_delete_taxation_item, key)
    assert ask(invoices.object_get_invoice, invoice)["Amount"] == 100


def test_a_bill_run_is_a_record(swagger: Any, transport: Any, ask: Any, account: Any) -> None:
    runs = swagger.BillRunApi(transport)
    dates = {"InvoiceDate": DAY, "TargetDate": DAY, "AccountId": account.id}
    first, second = (ask(runs.object_post_bill_run, dates)["Id"] for _ in range(2))
    ask(runs.object_put_bill_run, {"Status": "Posted"}, first)
    assert ask(runs.object_get_bill_run, first)["Status"] == "Posted"
    ask(runs.object_put_bill_run, {"Status": "Canceled"}, second)
    ask(runs.object_delete_bill_run, second)


def test_a_draft_is_split_by_an_action(
    swagger: Any, transport: Any, ask: Any, wire: Any, account: Any
) -> None:
    keys = {"apiAccessKeyId": "key", "apiSecretAccessKey": "secret"}
    assert wire("PUT", "/settings/billing-rules", {"invoiceSplit": True}, **keys)["invoiceSplit"] is True
    item = {"amount": 100, "chargeName": "Press", "serviceStartDate": DAY, "serviceEndDate": DAY}
    wanted = {"accountId": account.id, "invoiceDate": DAY, "invoiceItems": [item]}
    draft = ask(swagger.InvoicesApi(transport).p_ost_standalone_invoice, wanted)["id"]
    api = swagger.ActionsApi(transport)

    def make(kind: str, *objects: dict[str, Any]) -> list[str]:
        made = ask(api.action_pos_tcreate, {"type": kind, "objects": list(objects)})
        return [str(one["Id"]) for one in made]

    (split,) = make("InvoiceSplit", {"InvoiceId": draft})
    part = {"InvoiceSplitId": split, "InvoiceDate": DAY, "PaymentTerm": "Net 30"}
    shares = [{**part, "SplitPercentage": share} for share in (60, 40)]
    items = make("InvoiceSplitItem", *shares)
    body = {"type": "InvoiceSplit", "ids": [split], "synchronous": False}
    assert ask(api.action_pos_texecute, body) == [{"Success": True, "Id": split}]
    assert ask(swagger.InvoiceSplitsApi(transport).object_get_invoice_split, split)["InvoiceId"] == draft
    read = swagger.InvoiceSplitItemsApi(transport).object_get_invoice_split_item
    parts = [ask(read, key)["InvoiceId"] for key in items]
    invoices = swagger.InvoicesApi(transport)
    assert [ask(invoices.object_get_invoice, key)["Amount"] for key in parts] == [60, 40]
