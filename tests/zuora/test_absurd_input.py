"""Requests that make no sense: each is answered, none with a fault of ours, and none breaks a tenant."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from toolkit import worlds
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state.journal import Journal
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.zuora.conftest import Caller

HEADERS = {
    "apiaccesskeyid": "key",
    "apisecretaccesskey": "secret",
    "content-type": "application/json",
    "zuora-version": "2025-08-12",
}
BASE = Tenant(worlds.load("gitlab-self-managed"))
INTERNAL = 60

INVOICE = next(one for one in BASE.world.invoices.latest() if one.balance > 1)
ACCOUNT = BASE.world.accounts.find(INVOICE.account_id)
SUBSCRIPTION = BASE.world.subscriptions.of(ACCOUNT.id)[0]
PLAN = next(plan for plan in BASE.world.plans.latest() if plan.name == "Premium - 1 Year")


class Sample(NamedTuple):
    """A request that is accepted."""

    method: str
    path: str
    body: dict[str, Any]


def _action(kind: str, **parts: object) -> dict[str, object]:
    names = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
    dates = [{"name": name, "triggerDate": "2026-01-01"} for name in names]
    return {"type": kind, "triggerDates": dates, **parts}


def _order(action: dict[str, object], **more: object) -> dict[str, Any]:
    body = {"orderDate": "2026-01-01", "existingAccountNumber": ACCOUNT.number, "description": "d"}
    return {**body, "subscriptions": [{"orderActions": [action], **more}]}


CREATION = {
    "terms": {
        "initialTerm": {
            "period": 12,
            "periodType": "Month",
            "termType": "TERMED",
            "startDate": "2026-01-01",
        },
        "renewalTerms": [{"period": 12, "periodType": "Month"}],
        "autoRenew": True,
        "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
    },
    "subscribeToRatePlans": [
        {
            "productRatePlanId": PLAN.id,
            "chargeOverrides": [
                {
                    "productRatePlanChargeId": PLAN.charges[0].id,
                    "pricing": {"recurringPerUnit": {"quantity": 10, "listPrice": 3}},
                    "startDate": {"specificTriggerDate": "2026-01-01"},
                }
            ],
        }
    ],
    "subscriptionNumber": "A-SMINE",
    "invoiceOwnerAccountNumber": ACCOUNT.number,
    "a__c": 1,
}
CREATE = _order(_action("CreateSubscription", createSubscription=CREATION))
UPDATE = _order(
    _action(
        "UpdateProduct",
        updateProduct={
            "ratePlanId": SUBSCRIPTION.rate_plans[0].id,
            "specificUpdateDate": "2026-01-02",
            "chargeUpdates": [
                {
                    "chargeNumber": SUBSCRIPTION.rate_plans[0].charges[0].number,
                    "pricing": {"recurringPerUnit": {"quantity": 5}},
                }
            ],
        },
    ),
    subscriptionNumber=SUBSCRIPTION.number,
)
CANCEL = _order(
    _action(
        "CancelSubscription",
        cancelSubscription={
            "cancellationPolicy": "SpecificDate",
            "cancellationEffectiveDate": "2026-01-02",
        },
    ),
    subscriptionNumber=SUBSCRIPTION.number,
)
SAMPLES = {
    "create": Sample(
        "POST",
        "/v1/orders",
        {
            **CREATE,
            "orderNumber": "O-MINE",
            "processingOptions": {
                "runBilling": True,
                "billingOptions": {"targetDate": "2026-01-01", "documentDate": "2026-01-01"},
            },
        },
    ),
    "update": Sample("POST", "/v1/orders", {**UPDATE, "processingOptions": {"runBilling": True}}),
    "cancel": Sample("POST", "/v1/orders", {**CANCEL, "processingOptions": {"runBilling": True}}),
    "preview order": Sample(
        "POST",
        "/v1/orders/preview",
        {
            **_order(_action("RenewSubscription"), subscriptionNumber=SUBSCRIPTION.number),
            "previewOptions": {
                "previewThruType": "NumberOfPeriods",
                "previewNumberOfPeriods": 2,
                "specificPreviewThruDate": "2026-05-01",
            },
        },
    ),
    "account": Sample(
        "POST",
        "/v1/accounts",
        {
            "name": "A",
            "currency": "USD",
            "billCycleDay": 1,
            "billToContact": {"firstName": "J", "lastName": "S", "country": "US", "b__c": 1},
            "accountNumber": "A-MINE",
            "paymentTerm": "Net 30",
            "customFields": {"c__c": 1},
            "d__c": 2,
        },
    ),
    "change account": Sample(
        "PUT", f"/v1/accounts/{ACCOUNT.id}", {"name": "B", "billCycleDay": 2, "notes": None, "a__c": 1}
    ),
    "contact": Sample("POST", "/v1/contacts", {"accountId": ACCOUNT.id, "firstName": "J", "lastName": "S"}),
    "payment method": Sample(
        "POST",
        "/v1/payment-methods",
        {
            "type": "CreditCard",
            "cardNumber": "4111111111111111",
            "expirationMonth": 1,
            "expirationYear": 2030,
            "accountKey": ACCOUNT.id,
            "makeDefault": True,
            "cardHolderInfo": {"cardHolderName": "J"},
        },
    ),
    "payment": Sample(
        "POST",
        "/v1/payments",
        {
            "type": "External",
            "amount": 10,
            "currency": ACCOUNT.currency,
            "accountId": ACCOUNT.id,
            "effectiveDate": "2026-01-01",
            "number": "P-MINE",
            "invoices": [{"invoiceId": INVOICE.id, "amount": 1}],
        },
    ),
    "bill account": Sample(
        "POST",
        "/v1/bill-runs",
        {
            "targetDate": "2027-06-01",
            "invoiceDate": "2026-02-01",
            "billRunFilters": [{"filterType": "Account", "accountId": ACCOUNT.id}],
            "autoPost": True,
            "autoRenewal": True,
        },
    ),
    "bill batch": Sample(
        "POST", "/v1/bill-runs", {"targetDate": "2026-06-01", "batches": ["Batch1"], "billCycleDay": "1"}
    ),
    "preview bill": Sample(
        "POST",
        "/v1/operations/billing-preview",
        {"accountId": ACCOUNT.id, "targetDate": "2027-01-01", "assumeRenewal": "All"},
    ),
    "advance": Sample("POST", "/__toolkit/clock", {"advance": "P1M"}),
    "go to": Sample("POST", "/__toolkit/clock", {"to": "2026-05-01"}),
}
READS = (
    f"/v1/accounts/{ACCOUNT.id}",
    f"/v1/accounts/{ACCOUNT.id}/summary",
    f"/v1/subscriptions/accounts/{ACCOUNT.id}",
    f"/v1/transactions/invoices/accounts/{ACCOUNT.id}",
    f"/v1/orders/subscriptionOwner/{ACCOUNT.number}",
)
ABSURD = (
    *("1e999999999", "-1e999999999", "0e999999999", "9" * 30, "9" * 5000, "999999999999999", "1000000000"),
    *("1e-20", "0.30000000000000004", "-9", "0", "1.5", "true", "null", "[]", "{}", "[{}]", "[1,2]"),
    *("NaN", '""', '"x"', '"NaN"', '"-Infinity"', '"1e999999999"', '"\\u0000"', '"\\ud800"', '"\xff"'),
    *('"9999-12-31"', '"0001-01-01"', '"2045-12-31"', '"2006-01-10"', '"Day"', '"0001-01-01T00:00+14:00"'),
    *('"9999-12-31T23:59:59"', '"P9999Y"', f'"P{"9" * 5000}Y"', "[" * 9000, '{"a":' * 400 + "1" + "}" * 400),
)
PLACE = "@here@"


def ask(tenant: Tenant, method: str, path: str, body: bytes = b"", query: str = "") -> dict[str, Any]:
    response = tenant.handle(Request(method, path, query, HEADERS, body))
    answer: dict[str, Any] = json.loads(response.body)
    for reason in answer.get("reasons", ()):
        assert reason["code"] % 100 != INTERNAL
    return answer


def everywhere(document: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield the document with each of its values in turn replaced by a mark."""
    yield PLACE
    parts = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in parts:
        for changed in everywhere(value) if isinstance(value, dict | list) else (PLACE,):
            copy = document.copy()
            copy[key] = changed
            yield copy


@pytest.mark.parametrize("name", SAMPLES)
def test_no_value_anywhere_in_a_request_breaks_a_tenant(name: str) -> None:
    method, path, body = SAMPLES[name]
    assert ask(BASE.fork(), method, path, json.dumps(body).encode()).get("success", True) is True
    for document in everywhere(body):
        before, after = json.dumps(document).split(f'"{PLACE}"')
        for value in ABSURD:
            tenant = BASE.fork()
            answer = ask(tenant, method, path, f"{before}{value}{after}".encode("latin-1"))
            if not answer.get("success", True):
                assert tenant.world is BASE.world
            elif tenant.world is not BASE.world:
                for read in READS:
                    assert ask(tenant, "GET", read)["success"] is True


words = st.sampled_from(
    ["v1", "accounts", "orders", "A00000001", "..", "%2F", "", "bill-runs", "summary", "é"]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=9) | st.sampled_from(["a__c", "customFields", "name"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
headers = st.dictionaries(
    st.sampled_from([*HEADERS, "host", "zuora-track-id", "authorization", "cookie"]),
    st.text(st.characters(max_codepoint=255), max_size=40)
    | st.sampled_from(["Basic x", "Bearer", "186", "[::"]),
)


@settings(max_examples=200)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "", "get"]),
    path=st.lists(words | st.text(max_size=9), max_size=5).map(lambda parts: "/" + "/".join(parts))
    | st.sampled_from(
        [*READS, *(sample.path for sample in SAMPLES.values()), "/oauth/token", "/v1/catalog/products"]
    ),
    query=st.text(max_size=20)
    | st.tuples(
        st.sampled_from(["page", "pageSize", "charge-detail", "accountId", "status", "returnIds"]),
        st.text(max_size=9)
        | st.integers().map(str)
        | st.sampled_from(["9" * 5000, "²", "٣", "1e9", "%ff", "0"]),
    ).map("=".join),
    more=headers,
    body=st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()),
)
def test_whatever_is_asked_is_answered(
    method: str, path: str, query: str, more: dict[str, str], body: bytes
) -> None:
    tenant = BASE.fork()
    response = tenant.handle(Request(method, path, query, {**HEADERS, **more}, body))
    answer = json.loads(response.body)
    assert response.status < 500
    if answer.get("success") is False:
        assert tenant.world is BASE.world


def test_a_fault_of_ours_is_zuoras_500_with_its_traceback_on_standard_error(
    call: "Caller", capsys: pytest.CaptureFixture[str]
) -> None:
    world = call.tenant.world
    broken = world.invoices.put(_with(INVOICE, created=None))
    call.tenant.world = _with(world, invoices=broken)
    for version in (None, "2025-08-12"):
        answer = call("GET", f"/v1/invoices/{INVOICE.id}", version=version)
        assert answer.status == 500
        assert answer.reason == (
            50000060,
            "Oops, internal error occurred, please contact Zuora support.",
        )
    assert "AttributeError" in capsys.readouterr().err
    assert call("GET", "/v1/accounts/A00000001").body["success"] is True


def _with(record: Any, **fields: object) -> Any:  # noqa: ANN401 - any record
    return replace(record, **fields)


def test_a_write_that_cannot_be_noted_is_not_acknowledged(
    tmp_path: "Path", capsys: pytest.CaptureFixture[str]
) -> None:
    with Journal(tmp_path / "zuora.journal") as journal:
        tenant = Tenant(BASE.world, journal)
    response = tenant.handle(Request("PUT", f"/v1/accounts/{ACCOUNT.id}", "", HEADERS, b'{"notes": "n"}'))
    assert response.status == 500
    assert tenant.world is BASE.world
    assert "Bad file descriptor" in capsys.readouterr().err
