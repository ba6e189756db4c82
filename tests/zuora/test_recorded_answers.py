"""Answers beside those that real tenants gave, as public recordings keep them."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from toolkit.zuora.tenant import Tenant

# contactually/zuora-ruby, spec/cassettes/rest: recorded from a US API sandbox in 2016 and 2017
CREATE_ACCOUNT = {
    "name": "Account Name",
    "currency": "USD",
    "billCycleDay": "1",
    "billToContact": {"firstName": "Joe", "lastName": "Schmoe", "country": "USA"},
}
CONTACT: dict[str, Any] = {
    "address1": None,
    "address2": None,
    "city": None,
    "country": "United States",
    "county": None,
    "fax": None,
    "firstName": "Joe",
    "homePhone": None,
    "lastName": "Schmoe",
    "mobilePhone": None,
    "nickname": None,
    "otherPhone": None,
    "otherPhoneType": None,
    "personalEmail": None,
    "state": None,
    "taxRegion": None,
    "workEmail": None,
    "workPhone": None,
    "zipCode": None,
}


@pytest.fixture
def created(call: "Caller") -> str:
    return str(call("POST", "/v1/accounts", CREATE_ACCOUNT).body["accountId"])


def test_an_account_created_as_in_2016_reads_as_it_did(call: "Caller", created: str) -> None:
    call("PUT", f"/v1/accounts/{created}", {"notes": "Adding some notes"})
    answer = call("GET", f"/v1/accounts/{created}")
    recorded: dict[str, Any] = {
        "basicInfo": {
            "id": created,
            "name": "Account Name",
            "notes": "Adding some notes",
            "status": "Active",
            "crmId": None,
            "batch": "Batch1",
            "communicationProfileId": None,
        },
        "billingAndPayment": {
            "billCycleDay": 1,
            "currency": "USD",
            "paymentTerm": "Due Upon Receipt",
            "paymentGateway": None,
        },
        "metrics": {"balance": 0, "totalInvoiceBalance": 0, "creditBalance": 0, "contractedMrr": 0},
        "billToContact": CONTACT,
        "soldToContact": CONTACT,
        "success": True,
    }
    assert answer.status == 200
    for part, fields in recorded.items():
        found = answer.body[part]
        assert found == fields or {name: found[name] for name in fields} == fields, part


def test_creating_an_account_answers_ids_and_success(call: "Caller") -> None:
    answer = call("POST", "/v1/accounts", CREATE_ACCOUNT)
    assert answer.status == 200
    assert answer.body["success"] is True
    assert len(answer.body["accountId"]) == 32
    assert answer.body["accountNumber"].startswith("A0")


def test_updating_an_account_answers_nothing_but_success(call: "Caller", created: str) -> None:
    answer = call("PUT", f"/v1/accounts/{created}", {"notes": "Adding some notes"})
    assert (answer.status, answer.body) == (200, {"success": True})


def test_a_call_without_credentials_is_refused_as_recorded(call: "Caller") -> None:
    answer = call("POST", "/v1/connections", headers={})
    recorded = {
        "success": False,
        "reasons": [{"code": 90000011, "message": "this resource is protected, please sign in first"}],
    }
    assert (answer.status, answer.body) == (401, recorded)


def test_an_unknown_account_is_refused_with_http_200_as_in_2017(call: "Caller") -> None:
    answer = call("GET", "/v1/accounts/2c92c0fa52e3f6790152f11fd4fd1fcfx")
    trace = answer.body.pop("processId")
    assert answer.body.pop("requestId")  # added since: guardian/support-service-lambdas, 2024
    recorded = {
        "success": False,
        "reasons": [
            {
                "code": 50000040,
                "message": "Cannot find entity by key: '2c92c0fa52e3f6790152f11fd4fd1fcfx'.",
            }
        ],
    }
    assert (answer.status, answer.body) == (200, recorded)
    assert len(trace) == 16
    assert trace == trace.upper()


# cuon-inc/zuora, spec/fixtures/json: recorded in 2022; ZR and GU-SSL: live probes
@pytest.mark.parametrize(
    ("method", "path", "body", "code", "message"),
    [
        (
            "POST",
            "/v1/accounts",
            {"name": "A", "billToContact": {"firstName": "J", "lastName": "S"}},
            51000322,
            "'currency' may not be null",
        ),
        (
            "POST",
            "/v1/orders",
            {
                "orderDate": "2026-01-01",
                "existingAccountNumber": "hogehoge",
                "subscriptions": [{"orderActions": []}],
            },
            58560040,
            "Cannot find entity by key: 'hogehoge'.",
        ),
        ("GET", "/v1/orders/hogehoge", None, 50000020, "Invalid orderNumber: hogehoge"),
        (
            "GET",
            "/v1/commitments",
            None,
            50000040,
            (
                "The endpoint /v1/commitments does not exist. "
                "Please check the URL or refer to the API documentation."
            ),
        ),
    ],
)
def test_refusals_have_the_recorded_codes_and_messages(
    call: "Caller", method: str, path: str, body: object, code: int, message: str
) -> None:
    assert call(method, path, body).reason == (code, message)


def test_an_unknown_field_of_an_account_is_named(call: "Caller", created: str) -> None:
    answer = call("PUT", f"/v1/accounts/{created}", {"nam": "x"})
    assert answer.reason == (51500021, "Invalid parameter(s): 'nam'.")


def test_a_misspelt_preview_option_is_an_unknown_field(call: "Caller") -> None:
    body = {
        "orderDate": "2026-01-01",
        "existingAccountNumber": "A00000001",
        "previewOptions": {"previewThruTyp": "TermEnd"},
        "subscriptions": [],
    }
    answer = call("POST", "/v1/orders/preview", body, version="2025-08-12")
    assert answer.status == 400
    assert answer.reason == (58740021, "Invalid parameter(s): 'previewThruTyp'.")


def test_an_order_that_changes_a_cancelled_subscription_is_refused_as_recorded(call: "Caller") -> None:
    """Source: guardian/support-service-lambdas, credit-processor."""
    orders = [("CancelSubscription", {"cancellationPolicy": "EndOfCurrentTerm"}), ("RenewSubscription", {})]
    answers = []
    for kind, said in orders:
        action = {"type": kind, "triggerDates": [], f"{kind[0].lower()}{kind[1:]}": said}
        subscription = {"subscriptionNumber": "A-S00000001", "orderActions": [action]}
        body = {
            "orderDate": "2026-01-01",
            "existingAccountNumber": "A00000001",
            "subscriptions": [subscription],
        }
        answers.append(call("POST", "/v1/orders", body, version="2025-08-12"))
    assert answers[0].body["success"] is True
    assert (answers[1].status, answers[1].reason[0]) == (400, 58730020)


def test_a_term_without_days_is_refused_in_the_recorded_words(call: "Caller") -> None:
    """Source: zuorasc."""
    body = {
        "accountKey": "A00000001",
        "termType": "TERMED",
        "initialTerm": 0,
        "contractEffectiveDate": "2026-01-01",
        "subscribeToRatePlans": [],
    }
    answer = call("POST", "/v1/subscriptions", body)
    assert answer.reason[1] == "Initial Term should be greater than zero"


@pytest.mark.parametrize(("count", "accepted"), [(100, True), (101, False)])
def test_an_order_has_a_hundred_line_items_at_most(call: "Caller", count: int, accepted: bool) -> None:  # noqa: FBT001 - a case's outcome
    """Source: Zuora, create an order."""
    item = {"itemName": "x", "amountPerUnit": 1, "quantity": 1}
    body = {
        "orderDate": "2026-01-01",
        "existingAccountNumber": "A00000001",
        "orderLineItems": [item] * count,
    }
    assert call("POST", "/v1/orders", body).body["success"] is accepted


def test_a_put_without_a_body_is_answered_415(call: "Caller") -> None:
    answer = call("PUT", "/v1/bill-runs/BR-00000001/post")
    assert answer.status == 415
    assert answer.reason[0] == 50000045


def test_a_country_code_becomes_a_name_and_a_made_up_one_stays(call: "Caller") -> None:
    for given, shown in (("GB", "United Kingdom"), ("Utopia", "Utopia"), (None, None)):
        contact = {"firstName": "J", "lastName": "S", "country": given}
        made = call("POST", "/v1/accounts", {**CREATE_ACCOUNT, "billToContact": contact}).body["accountId"]
        assert call("GET", f"/v1/accounts/{made}").body["billToContact"]["country"] == shown


def test_the_invoices_of_an_account_name_it_and_their_files(call: "Caller", tenant: "Tenant") -> None:
    """Source: guardian/support-service-lambdas, EndToEndHandlerTest of the product move API, 2017."""
    posted = next(one for one in tenant.world.invoices.latest() if one.status == "Posted")
    invoice = call("GET", f"/v1/transactions/invoices/accounts/{posted.account_id}").body["invoices"][0]
    recorded = {
        *("id", "accountId", "accountNumber", "accountName", "invoiceDate", "invoiceNumber", "dueDate"),
        *("invoiceTargetDate", "amount", "balance", "creditBalanceAdjustmentAmount", "createdBy", "status"),
        *("body", "invoiceItems", "invoiceFiles"),
    }
    assert recorded <= set(invoice)
    (file,) = invoice["invoiceFiles"]
    assert set(file) == {"id", "versionNumber", "pdfFileUrl"}
    assert invoice["body"] == file["pdfFileUrl"]
    assert file["pdfFileUrl"].startswith("/v1/files/")


def test_a_contact_is_made_for_the_number_of_an_account(call: "Caller", created: str) -> None:
    """Source: cuon-inc/zuora, spec/fixtures, create_contact_error, of 2022."""
    person = {"FirstName": "J", "LastName": "S", "Country": "Japan"}
    known = call("GET", f"/v1/accounts/{created}").body["basicInfo"]["accountNumber"]
    assert call("POST", "/v1/object/contact", {**person, "AccountNumber": known}).status == 200
    answer = call(
        "POST", "/v1/object/contact", {**person, "AccountId": created, "AccountNumber": "123xProxy"}
    )
    swapped = call("POST", "/v1/object/contact", {**person, "AccountId": known})
    assert swapped.body["Errors"][0]["Message"] == f"The account '{known}' does not exist."
    error = {"Code": "INVALID_VALUE", "Message": "The account number 123xProxy is invalid."}
    assert (answer.status, answer.body) == (400, {"Success": False, "Errors": [error]})
