"""Accounts, their contacts and their payment methods, written over /v1/object."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from tests.zuora.objects.conftest import Create, Refuse, Shown

ACME = {"Name": "Acme", "Currency": "USD"}
ADA = {"FirstName": "Ada", "LastName": "Tanaka", "Country": "USA", "PostalCode": "94016"}
CARD = {
    "Type": "CreditCard",
    "CreditCardType": "Visa",
    "CreditCardNumber": "4242424242424242",
    "CreditCardExpirationMonth": 12,
    "CreditCardExpirationYear": 2030,
    "CreditCardHolderName": "Ada Tanaka",
}


@pytest.fixture
def draft(create: "Create") -> str:
    """The id of an account without contacts."""
    return create("account", ACME)


@pytest.fixture
def contact(create: "Create", draft: str) -> str:
    """The id of a contact of it."""
    return create("contact", ADA, AccountId=draft)


@pytest.fixture
def card(create: "Create", draft: str) -> str:
    """The id of a payment method of it."""
    return create("payment-method", CARD, AccountId=draft)


def test_an_account_is_a_draft_without_contacts(call: "Caller", shown: "Shown", draft: str) -> None:
    assert shown(f"account/{draft}")["Status"] == "Draft"
    assert "BillToId" not in shown(f"account/{draft}")
    answer = call("GET", f"/v1/accounts/{draft}").body
    assert (answer["billToContact"], answer["soldToContact"]) == (None, None)
    assert call("GET", f"/v1/accounts/{draft}/summary").body["billToContact"] is None


def test_an_account_is_active_with_its_contacts(
    call: "Caller", shown: "Shown", draft: str, contact: str
) -> None:
    body = {"Status": "Active", "BillToId": contact, "SoldToId": contact, "BillCycleDay": 7}
    assert call("PUT", f"/v1/object/account/{draft}", body).body == {"Success": True, "Id": draft}
    account = shown(f"account/{draft}")
    assert {name: account[name] for name in body} == body
    assert call("GET", f"/v1/accounts/{draft}").body["billToContact"]["country"] == "United States"


def test_an_account_is_shown_as_it_was_written(create: "Create", shown: "Shown") -> None:
    body = {
        **ACME,
        "AccountNumber": "A-1",
        "BillCycleDay": 31,
        "CrmId": "001",
        "CustomerServiceRepName": "Grace",
        "InvoiceDeliveryPrefsEmail": True,
        "SalesRepName": "Mary",
        "TaxExemptStatus": "Yes",
        "VATId": "DE1",
        "TaxCompanyCode": "T",
        "Team__c": "verify",
    }
    account = shown(f"account/{create('account', body)}")
    assert {name: account[name] for name in body} == body


def test_a_status_of_tax_is_never_null(create: "Create", call: "Caller", shown: "Shown") -> None:
    key = create("account", ACME, TaxExemptStatus="Yes", Batch="Batch2")
    call("PUT", f"/v1/object/account/{key}", {"fieldsToNull": ["TaxExemptStatus", "Batch"]})
    account = shown(f"account/{key}")
    assert (account["TaxExemptStatus"], account["Batch"]) == ("No", "Batch1")


def test_the_bill_cycle_day_is_set_automatically(create: "Create", call: "Caller", shown: "Shown") -> None:
    key = create("account", ACME, BillCycleDay=5)
    call("PUT", f"/v1/object/account/{key}", {"BcdSettingOption": "AutoSet"})
    assert shown(f"account/{key}")["BillCycleDay"] == 0


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"Currency": "USD"}, ("MISSING_REQUIRED_VALUE", "Missing required value: Name")),
        ({**ACME, "BillCycleDay": 32}, ("INVALID_VALUE", "'BillCycleDay' should be between 0 and 31")),
        ({**ACME, "Status": "Active"}, ("INVALID_VALUE", "The account A")),
        ({**ACME, "AutoPay": True}, ("INVALID_VALUE", "The account A")),
        ({**ACME, "BillToId": "no"}, ("INVALID_VALUE", "The id 'no' is none of the account")),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    refused: "Refuse", body: dict[str, Any], fault: tuple[str, str]
) -> None:
    code, message = refused("POST", "account", body)
    assert code == fault[0]
    assert message.startswith(fault[1])


def test_account_numbers_are_unique(create: "Create", refused: "Refuse") -> None:
    create("account", ACME, AccountNumber="A-1")
    assert refused("POST", "account", {**ACME, "AccountNumber": "A-1"})[0] == "DUPLICATE_VALUE"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Currency": "EUR"}, "INVALID_VALUE"),
        ({"AccountNumber": "A-2"}, "INVALID_VALUE"),
        ({"Name": None}, "MISSING_REQUIRED_VALUE"),
    ],
)
def test_what_stays_of_an_account(refused: "Refuse", draft: str, body: dict[str, Any], code: str) -> None:
    assert refused("PUT", f"account/{draft}", body)[0] == code


def test_an_account_is_deleted_with_what_belongs_to_it(
    call: "Caller", draft: str, contact: str, card: str
) -> None:
    assert call("DELETE", f"/v1/object/account/{draft}").body == {"success": True, "id": draft}
    for path in (f"account/{draft}", f"contact/{contact}", f"payment-method/{card}"):
        assert call("GET", f"/v1/object/{path}").status == 404


def test_an_account_with_a_subscription_cannot_be_deleted(
    call: "Caller", refused: "Refuse", subscription: str
) -> None:
    key = call("GET", f"/v1/subscriptions/{subscription}").body["accountId"]
    assert refused("DELETE", f"account/{key}")[0] == "CANNOT_DELETE"


def test_a_contact_is_changed(call: "Caller", shown: "Shown", contact: str) -> None:
    body = {"LastName": "Byron", "Description": "Engineer", "NickName": "A", "X__c": 1}
    call("PUT", f"/v1/object/contact/{contact}", body)
    changed = shown(f"contact/{contact}")
    assert {name: changed[name] for name in body} == body
    assert changed["PostalCode"] == ADA["PostalCode"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (ADA, ("MISSING_REQUIRED_VALUE", "Missing required value: AccountId")),
        ({**ADA, "AccountId": "no"}, ("INVALID_VALUE", "The account 'no' does not exist.")),
    ],
)
def test_a_contact_needs_its_account(refused: "Refuse", body: dict[str, Any], fault: tuple[str, str]) -> None:
    assert refused("POST", "contact", body) == fault


@pytest.mark.parametrize(
    ("body", "code"),
    [({"AccountId": "other"}, "INVALID_VALUE"), ({"LastName": None}, "MISSING_REQUIRED_VALUE")],
)
def test_what_stays_of_a_contact(refused: "Refuse", contact: str, body: dict[str, Any], code: str) -> None:
    assert refused("PUT", f"contact/{contact}", body)[0] == code


def test_a_contact_that_is_billed_cannot_be_deleted(
    call: "Caller", refused: "Refuse", draft: str, contact: str
) -> None:
    call("PUT", f"/v1/object/account/{draft}", {"BillToId": contact})
    assert refused("DELETE", f"contact/{contact}")[0] == "CANNOT_DELETE"
    call("PUT", f"/v1/object/account/{draft}", {"fieldsToNull": ["BillToId"]})
    assert call("DELETE", f"/v1/object/contact/{contact}").body["success"]


def test_a_card_is_kept_masked(call: "Caller", shown: "Shown", card: str) -> None:
    made = shown(f"payment-method/{card}")
    assert made["CreditCardMaskNumber"] == "************4242"
    assert "CreditCardNumber" not in made
    assert call("GET", f"/v1/payment-methods/{card}").body["cardNumber"] == "************4242"


@pytest.mark.parametrize(
    ("body", "shown_type"),
    [
        ({"Type": "CreditCardReferenceTransaction", "TokenId": "tok"}, "CreditCardReferenceTransaction"),
        (
            {
                "Type": "ACH",
                "AchAbaCode": "123456789",
                "AchAccountName": "Ada",
                "AchAccountNumber": "12345678",
                "AchAccountType": "Checking",
                "AchBankName": "Bank",
            },
            "ACH",
        ),
        ({"Type": "PayPal", "PaypalBaid": "B-1", "PaypalEmail": "ada@example.com"}, "PayPalEC"),
        ({"Type": "PayPal", "PaypalBaid": "B-1", "PaypalType": "AdaptivePayments"}, "PayPal"),
    ],
)
def test_other_payment_methods(
    create: "Create", call: "Caller", body: dict[str, str], shown_type: str
) -> None:
    made = call("GET", f"/v1/payment-methods/{create('payment-method', body)}").body
    assert made["type"] == shown_type


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Type": "Cheque"}, "INVALID_VALUE"),
        ({"Type": "CreditCard"}, "MISSING_REQUIRED_VALUE"),
        ({**CARD, "CreditCardExpirationMonth": 13}, "INVALID_VALUE"),
        ({**CARD, "AccountId": "no"}, "INVALID_VALUE"),
    ],
)
def test_a_payment_method_that_cannot_be_is_refused(
    refused: "Refuse", body: dict[str, Any], code: str
) -> None:
    assert refused("POST", "payment-method", body)[0] == code


def test_a_payment_method_of_nobody_gets_an_account_once(
    call: "Caller", create: "Create", refused: "Refuse", draft: str
) -> None:
    key = create("payment-method", CARD)
    call("PUT", f"/v1/object/payment-method/{key}", {"AccountId": draft, "CreditCardExpirationYear": 2031})
    other = create("account", ACME)
    assert refused("PUT", f"payment-method/{key}", {"AccountId": other})[0] == "INVALID_VALUE"
    assert refused("PUT", f"payment-method/{key}", {"CreditCardNumber": "4111"})[0] == "INVALID_VALUE"
    assert call("GET", f"/v1/payment-methods/{key}").body["expirationYear"] == 2031


def test_a_default_payment_method_is_not_deleted(
    call: "Caller", refused: "Refuse", draft: str, card: str
) -> None:
    call("PUT", f"/v1/object/account/{draft}", {"DefaultPaymentMethodId": card, "AutoPay": True})
    assert refused("DELETE", f"payment-method/{card}")[0] == "INVALID_VALUE"
    body = {"AutoPay": False, "fieldsToNull": ["DefaultPaymentMethodId"]}
    call("PUT", f"/v1/object/account/{draft}", body)
    assert call("DELETE", f"/v1/object/payment-method/{card}").body["success"]


def test_a_payment_method_of_nobody_is_deleted(call: "Caller", create: "Create") -> None:
    key = create("payment-method", CARD)
    assert call("DELETE", f"/v1/object/payment-method/{key}").body == {"success": True, "id": key}
