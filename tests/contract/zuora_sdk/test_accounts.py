"""What else of accounts the SDK asks for: contacts, hosted pages, and taxes of what they are billed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import serving


@pytest.fixture(scope="module")
def taxed(sdk: Any) -> Iterator[Any]:
    """A client of a tenant with taxes."""
    with serving("taxed") as url:
        client = sdk.zuora_client.ZuoraClient("0" * 36, "x", None, sdk.Configuration(host=url, retries=False))
        client.refresh_token()
        yield client


def test_a_payment_page_is_signed_and_its_answer_decrypted(desk: Any, ask: Any, client: Any) -> None:
    page = {"uri": "https://www.zuora.com/apps/PublicHostedPageLite.do", "method": "POST", "pageId": "0" * 32}
    api = client.rsa_signatures_api()
    signed = ask(api.create_rsa_signature, desk.write("CreateRSASignatureRequest", **page))
    assert signed.signature
    answer = {"method": "POST", "publicKey": signed.key, "signature": signed.signature}
    ask(api.decrypt_rsa_signature, desk.write("DecryptRSASignatureRequest", **answer))


def test_taxes_of_an_invoice_and_of_a_credit_memo_are_shown(desk: Any, ask: Any, taxed: Any) -> None:
    products = ask(taxed.products_api().get_products).products
    plans = ask(taxed.product_rate_plans_api().get_rate_plans_by_product, products[0].id).product_rate_plans
    plan = next(plan for plan in plans if plan.name == "Net")
    seats = {"productRatePlanChargeId": plan.product_rate_plan_charges[0].id, "quantity": 1}
    wanted = {
        "accountKey": "A00000001",
        "contractEffectiveDate": "2026-01-01",
        "termType": "TERMED",
        "initialTerm": 12,
        "renewalTerm": 12,
        "runBilling": True,
        "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [seats]}],
    }
    api = taxed.invoices_api()
    made = ask(
        taxed.subscriptions_api().create_subscription, desk.write("CreateSubscriptionRequest", **wanted)
    )
    (item,) = ask(api.get_invoice_items, made.invoice_id).invoice_items
    (tax,) = ask(api.get_taxation_items_of_invoice_item, made.invoice_id, item.id).data
    assert (tax.name, float(tax.tax_amount)) == ("VAT", 23)
    assert ask(taxed.taxation_items_api().get_taxation_item, tax.id).tax_rate == 0.23
    memos = taxed.credit_memos_api()
    portion = {"items": [{"amount": 50, "invoiceItemId": item.id, "skuName": "x"}]}
    if ask(api.get_invoice, made.invoice_id).status == "Draft":
        ask(api.post_invoice, made.invoice_id, desk.sdk.PostAsyncInvoiceRequest())
    request = desk.write("CreateCreditMemoFromInvoiceRequest", **portion)
    memo = ask(memos.create_credit_memo_from_invoice, made.invoice_id, request)
    (credited,) = ask(memos.get_credit_memo_items, memo.id).items
    (back,) = ask(memos.get_taxation_items_of_credit_memo_item, memo.id, credited.id).data
    assert back.tax_amount == 11.5


CARD = {"cardType": "Visa", "cardNumber": "4242424242424242", "expirationMonth": 12, "expirationYear": 2031}
HOLDER = {
    "cardHolderName": "Ada",
    "addressLine1": "1 Lee Way",
    "city": "Cork",
    "country": "Ireland",
    "state": "Cork",
    "zipCode": "T12",
}
PLACES = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")


def test_an_account_opens_with_a_card_and_a_subscription_that_is_paid(desk: Any, plan: Any) -> None:
    terms = {"termType": "TERMED", "initialTerm": 12, "contractEffectiveDate": "2026-01-01"}
    seats = {"productRatePlanChargeId": plan.charge_id, "quantity": 2}
    wanted = {"productRatePlanId": plan.rate_plan_id, "chargeOverrides": [seats]}
    request = desk.write(
        "CreateAccountRequest",
        name="Heron Ltd",
        currency="USD",
        billCycleDay=1,
        billToContact={"firstName": "Ada", "lastName": "Byron", "country": "USA", "state": "California"},
        creditCard=CARD | {"cardHolderInfo": HOLDER, "expirationMonth": "12", "expirationYear": "2031"},
        subscription={**terms, "subscribeToRatePlans": [wanted]},
        runBilling=True,
        collect=True,
        targetDate="2026-01-01",
    )
    made = desk.ask(desk.client.accounts_api().create_account, request)
    invoice = desk.ask(desk.client.invoices_api().get_invoice, made.invoice_id)
    assert float(made.paid_amount) == invoice.amount == 2 * float(plan.price)
    moved = {"firstName": "Ada", "lastName": "Byron", "city": "Cork"}
    change = desk.write("UpdateAccountRequest", billToContact=moved, notes="moved")
    desk.ask(desk.client.accounts_api().update_account, made.account_id, change)
    assert desk.ask(desk.client.accounts_api().get_account, made.account_id).bill_to_contact.city == "Cork"


def test_an_order_opens_the_account_that_it_is_for(desk: Any, plan: Any) -> None:
    contact = {"firstName": "Ada", "lastName": "Byron", "country": "USA", "state": "California"}
    account = {"name": "Egret Ltd", "currency": "USD", "billCycleDay": 1, "creditCard": CARD}
    terms = {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}}
    action = {
        "type": "CreateSubscription",
        "triggerDates": [{"name": name, "triggerDate": "2026-01-01"} for name in PLACES],
        "createSubscription": {
            "terms": terms,
            "subscribeToRatePlans": [{"productRatePlanId": plan.rate_plan_id}],
        },
    }
    request = desk.write(
        "CreateOrderRequest",
        orderDate="2026-01-01",
        newAccount={**account, "billToContact": {**contact, "postalCode": "94105"}},
        subscriptions=[{"orderActions": [action]}],
    )
    made = desk.ask(desk.client.orders_api().create_order, request)
    shown = desk.ask(desk.client.accounts_api().get_account, made.account_number)
    assert (shown.basic_info.name, shown.bill_to_contact.zip_code) == ("Egret Ltd", "94105")
