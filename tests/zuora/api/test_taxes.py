"""Taxes over the API: what accounts say, what documents show, and what orders change."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import Caller, plan_named, subscribed, triggers
from toolkit import worlds
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Run

IRELAND, GERMANY, CALIFORNIA, SWITZERLAND = "A00000001", "A00000002", "A00000003", "A00000004"
VAT = "Digital services"

Subscribe = Callable[..., str]


@pytest.fixture
def tenant() -> Tenant:
    """The world with taxes."""
    return Tenant(worlds.load("taxed"))


@pytest.fixture
def wanted(tenant: Tenant) -> Callable[..., dict[str, Any]]:
    """Return the body of an order for one seat of a plan for a year, with overrides of its charge."""

    def body(account: str, plan: str = "Net", **override: object) -> dict[str, Any]:
        sold = plan_named(tenant, plan)
        charge = {
            "productRatePlanChargeId": sold.charges[0].id,
            "pricing": {"recurringPerUnit": {"quantity": 1}},
            **override,
        }
        creation = {
            "terms": {"initialTerm": {"period": 12, "periodType": "Month"}},
            "subscribeToRatePlans": [{"productRatePlanId": sold.id, "chargeOverrides": [charge]}],
        }
        action = {
            "type": "CreateSubscription",
            "triggerDates": triggers("2026-01-01"),
            "createSubscription": creation,
        }
        return {
            "orderDate": "2026-01-01",
            "existingAccountNumber": account,
            "subscriptions": [{"orderActions": [action]}],
        }

    return body


@pytest.fixture
def subscribe(client: Client, wanted: Callable[..., dict[str, Any]]) -> Subscribe:
    """Place that order, and return the subscription's number."""

    def place(account: str, plan: str = "Net", **override: object) -> str:
        done = client.post("/v1/orders", wanted(account, plan, **override))
        return subscribed(done)

    return place


@pytest.fixture
def billed(client: Client, subscribe: Subscribe, run_for: "Run", invoices: "Invoices") -> Callable[..., Any]:
    """Subscribe, bill, and return the invoice."""

    def bill(account: str, plan: str = "Net", **override: object) -> dict[str, Any]:
        subscribe(account, plan, **override)
        run_for(client, account, "2026-01-01", autoPost=True)
        return invoices(client, account)[0]

    return bill


@pytest.mark.parametrize(
    ("account", "plan", "net", "taxes"),
    [
        (IRELAND, "Net", 100, [("VAT", 23)]),
        (IRELAND, "Gross", 100, [("VAT", 23)]),
        (GERMANY, "Net", 100, [("USt", 19)]),
        (CALIFORNIA, "Net", 100, [("State tax", Decimal("7.25")), ("District tax", 1)]),
        (SWITZERLAND, "Net", 100, []),
        (SWITZERLAND, "Gross", 123, []),
    ],
)
def test_an_invoice_is_taxed_where_it_is_sold_to(
    billed: Callable[..., Any], account: str, plan: str, net: int, taxes: list[tuple[str, Decimal]]
) -> None:
    invoice = billed(account, plan)
    (item,) = invoice["invoiceItems"]
    shown = item["taxationItems"]["data"]
    assert [(tax["name"], tax["taxAmount"]) for tax in shown] == taxes
    assert [tax["balance"] for tax in shown] == [amount for _, amount in taxes]
    due = sum(amount for _, amount in taxes)
    assert item["chargeAmount"] == invoice["amountWithoutTax"] == net
    assert item["taxAmount"] == invoice["taxAmount"] == due
    assert invoice["amount"] == invoice["balance"] == net + due
    assert (item["taxCode"], item["taxMode"]) == (
        (VAT, "TaxInclusive" if plan == "Gross" else "TaxExclusive") if taxes else (None, None)
    )


def test_a_tax_item_is_read_by_its_id_and_listed_by_its_item(
    client: Client, billed: Callable[..., Any]
) -> None:
    invoice = billed(IRELAND)
    (item,) = invoice["invoiceItems"]
    (listed,) = client.get(f"/v1/invoices/{invoice['id']}/items/{item['id']}/taxation-items")["data"]
    assert listed == item["taxationItems"]["data"][0]
    read = client.get(f"/v1/taxationitems/{listed['id']}")
    assert read == client.get(f"/v1/taxation-items/{listed['id']}")
    assert listed.items() - read.items() == {("balance", 23)}
    assert read["invoiceItemId"] == item["id"]
    assert read["applicableTaxUnRounded"] == 23
    assert (read["taxCode"], read["taxRate"], read["taxDate"]) == (VAT, Decimal("0.23"), "2026-01-01")
    assert (read["country"], read["taxMode"], read["memoItemId"]) == ("Ireland", "TaxExclusive", None)
    for path in (
        f"/v1/taxation-items/{item['id']}",
        f"/v1/invoices/{invoice['id']}/items/{listed['id']}/taxation-items",
    ):
        with pytest.raises(RefusedError, match="Cannot find entity by key"):
            client.get(path)


CANCELLED = {"type": "CancelSubscription", "cancelSubscription": {"cancellationPolicy": "SpecificDate"}}


def _act(client: Client, account: str, number: str, day: str, **action: Any) -> None:  # noqa: ANN401 - JSON
    if "cancelSubscription" in action:
        action["cancelSubscription"] = {**action["cancelSubscription"], "cancellationEffectiveDate": day}
    wanted = {"subscriptionNumber": number, "orderActions": [{**action, "triggerDates": triggers(day)}]}
    client.post("/v1/orders", {"orderDate": day, "existingAccountNumber": account, "subscriptions": [wanted]})


@pytest.mark.parametrize(
    ("plan", "net", "tax", "amount"),
    [("Net", 50, "9.5", 50), ("Gross", "51.68", "9.82", "61.5")],
)
def test_a_credit_memo_gives_back_the_tax_that_was_invoiced(
    call: Caller,
    client: Client,
    subscribe: Subscribe,
    run_for: "Run",
    plan: str,
    net: str,
    tax: str,
    amount: str,
) -> None:
    """At the rate of January, not of July; the amount includes tax where the price does."""
    number = subscribe(GERMANY, plan)
    run_for(client, GERMANY, "2026-01-01", autoPost=True)
    _act(client, GERMANY, number, "2026-07-01", **CANCELLED)
    run_for(client, GERMANY, "2026-07-01", invoiceDate="2026-07-01", autoPost=True)
    (memo,) = client.get("/v1/credit-memos")["creditmemos"]
    assert [memo["amount"], memo["taxAmount"]] == [Decimal(net) + Decimal(tax), Decimal(tax)]
    path = f"/v1/credit-memos/{memo['id']}/items"
    (item,) = call("GET", path, version="239.0").body["items"]
    assert [item["amountWithoutTax"], item["amount"]] == [Decimal(net), Decimal(amount)]
    (shown,) = item["taxationItems"]["data"]
    assert (shown["taxDate"], shown["taxRate"]) == ("2026-01-01", Decimal("0.19"))
    assert [shown[name] for name in ("taxAmount", "unappliedAmount", "appliedAmount", "refundAmount")] == [
        Decimal(tax),
        Decimal(tax),
        0,
        0,
    ]
    assert call("GET", f"{path}/{item['id']}/taxation-items").body["data"] == [shown]
    assert call("GET", path, version="230.0").body["items"][0]["creditTaxItems"] == [shown]
    read = call("GET", f"/v1/taxation-items/{shown['id']}").body
    assert (read["memoItemId"], read["invoiceItemId"]) == (item["id"], None)


def test_what_is_not_taxed_has_an_empty_list(client: Client, subscribe: Subscribe, run_for: "Run") -> None:
    number = subscribe(SWITZERLAND)
    run_for(client, SWITZERLAND, "2026-01-01", autoPost=True)
    _act(client, SWITZERLAND, number, "2026-07-01", **CANCELLED)
    run_for(client, SWITZERLAND, "2026-07-01", autoPost=True)
    (memo,) = client.get("/v1/credit-memos")["creditmemos"]
    (item,) = client.get(f"/v1/credit-memos/{memo['id']}/items")["items"]
    assert (item["taxationItems"]["data"], item["taxMode"], memo["taxAmount"]) == ([], None, 0)


def test_a_draft_that_was_cancelled_is_not_what_a_credit_takes_back(
    client: Client, subscribe: Subscribe, run_for: "Run"
) -> None:
    number = subscribe(GERMANY)
    run_for(client, GERMANY, "2026-01-01", autoPost=True)
    subscribe(GERMANY)
    run = run_for(client, GERMANY, "2026-01-01")
    client.put(f"/v1/bill-runs/{run['id']}/cancel", {})
    _act(client, GERMANY, number, "2026-07-01", **CANCELLED)
    run_for(client, GERMANY, "2026-06-30", invoiceDate="2026-07-01", autoPost=True)
    run_for(client, GERMANY, "2026-07-01", invoiceDate="2026-07-01", autoPost=True)
    (memo,) = client.get("/v1/credit-memos")["creditmemos"]
    assert memo["taxAmount"] == Decimal("9.5")


def test_who_gets_a_credit_without_the_invoice_is_taxed_as_on_its_first_day(
    client: Client, subscribe: Subscribe, run_for: "Run"
) -> None:
    """The subscription stays with its owner in Germany, whose rate of January it is."""
    number = subscribe(GERMANY)
    run_for(client, GERMANY, "2026-01-01", autoPost=True)
    transfer = {"type": "OwnerTransfer", "ownerTransfer": {"destinationInvoiceAccountNumber": IRELAND}}
    _act(client, GERMANY, number, "2026-02-01", **transfer)
    _act(client, GERMANY, number, "2026-07-01", **CANCELLED)
    run_for(client, IRELAND, "2026-07-01", invoiceDate="2026-07-01", autoPost=True)
    (memo,) = client.get(f"/v1/credit-memos?accountNumber={IRELAND}")["creditmemos"]
    assert memo["taxAmount"] == Decimal("9.5")


def test_previews_show_taxes(client: Client, call: Caller, wanted: Callable[..., dict[str, Any]]) -> None:
    """By default as on the last day of the preview; the list of tax items came with version 309.0."""
    body = wanted(GERMANY)
    options = {"previewThruType": "SpecificDate", "specificPreviewThruDate": "2026-07-01"}

    def tax(version: str = "309.0", **more: object) -> dict[str, Any]:
        answer = call(
            "POST", "/v1/orders/preview", {**body, "previewOptions": {**options, **more}}, version=version
        )
        found: dict[str, Any] = answer.body["previewResult"]["invoices"][0]
        return found

    assert [tax()[name] for name in ("amountWithoutTax", "taxAmount", "amount")] == [100, 20, 120]
    assert tax(documentDate="2026-06-30")["taxAmount"] == 19
    assert tax(skipTax=True)["taxAmount"] == 0
    (item,) = tax()["invoiceItems"]
    (shown,) = item["taxationItems"]
    assert (shown["id"], shown["taxAmount"], item["taxAmount"]) == (None, 20, 20)
    assert "taxationItems" not in tax(version="257.0")["invoiceItems"][0]
    client.post("/v1/orders", body)
    asked = {"accountNumber": GERMANY, "targetDate": "2026-01-01"}
    (item,) = client.post("/v1/operations/billing-preview", asked)["invoiceItems"]
    assert [item["chargeAmount"], item["taxAmount"]] == [100, 19]


@pytest.mark.parametrize(
    ("override", "terms", "tax"),
    [
        ({"taxMode": "TaxInclusive"}, (True, VAT, "TaxInclusive"), Decimal("18.70")),
        ({"taxable": False}, (False, VAT, "TaxExclusive"), 0),
        ({"taxCode": "Books"}, (True, "Books", "TaxExclusive"), 9),
        (
            {"taxable": True, "taxCode": "Books", "taxMode": "TaxExclusive"},
            (True, "Books", "TaxExclusive"),
            9,
        ),
    ],
)
def test_an_order_chooses_how_a_charge_is_taxed(
    tenant: Tenant,
    client: Client,
    billed: Callable[..., Any],
    override: dict[str, object],
    terms: tuple[object, ...],
    tax: Decimal,
) -> None:
    world = tenant.world
    (rate, *_) = world.tax_codes[VAT].rates
    reduced = replace(rate, taxes=(replace(rate.taxes[0], rate=Decimal("0.09")),))
    books = replace(world.tax_codes[VAT], rates=(reduced,))
    tenant.world = replace(world, tax_codes={**world.tax_codes, "Books": books})
    assert billed(IRELAND, **override)["taxAmount"] == tax
    (held,) = client.get(f"/v1/subscriptions/accounts/{IRELAND}")["subscriptions"]
    charge = held["ratePlans"][0]["ratePlanCharges"][0]
    assert (charge["taxable"], charge["taxCode"], charge["taxMode"]) == terms


def test_an_order_cannot_name_a_tax_code_that_does_not_exist(subscribe: Subscribe) -> None:
    with pytest.raises(RefusedError, match="The tax code 'Toys' does not exist"):
        subscribe(IRELAND, taxCode="Toys")


EXEMPTION = {
    "exemptStatus": "Yes",
    "exemptCertificateId": "C-1",
    "exemptCertificateType": "Reseller",
    "exemptDescription": "Sells on",
    "exemptEffectiveDate": "2026-01-01",
    "exemptEntityUseCode": None,
    "exemptExpirationDate": "2026-12-31",
    "exemptIssuingJurisdiction": "Ireland",
    "companyCode": None,
    "VATId": "IE1234567T",
}


def test_what_an_account_says_to_the_tax_office_is_kept(client: Client) -> None:
    new = {"name": "Acme", "currency": "USD", "billToContact": {"firstName": "A", "lastName": "B"}}
    answer = client.post("/v1/accounts", {**new, "taxInfo": EXEMPTION})
    path = f"/v1/accounts/{answer['accountNumber']}"
    assert client.get(path)["taxInfo"] == client.get(f"{path}/summary")["taxInfo"] == EXEMPTION
    client.put(path, {"taxInfo": {"exemptStatus": "No", "VATId": None}})
    assert client.get(path)["taxInfo"] == {**EXEMPTION, "exemptStatus": "No", "VATId": None}
    other = client.post("/v1/accounts", new)["accountNumber"]
    assert client.get(f"/v1/accounts/{other}")["taxInfo"] is None
    client.put(f"/v1/accounts/{other}", {"taxInfo": {"companyCode": "X"}})
    assert client.get(f"/v1/accounts/{other}")["taxInfo"] == {
        **dict.fromkeys(EXEMPTION),
        "exemptStatus": "No",
        "companyCode": "X",
    }


def test_an_exempt_account_is_told_what_it_is_spared(client: Client, billed: Callable[..., Any]) -> None:
    client.put(f"/v1/accounts/{IRELAND}", {"taxInfo": EXEMPTION})
    (item,) = billed(IRELAND)["invoiceItems"]
    (tax,) = item["taxationItems"]["data"]
    assert [tax["taxAmount"], tax["exemptAmount"]] == [0, 23]


def test_the_catalog_says_what_is_taxable(call: Caller) -> None:
    (product,) = call("GET", "/v1/catalog/products").body["products"]
    net, gross = (plan["productRatePlanCharges"][0] for plan in product["productRatePlans"])
    assert (net["taxable"], net["taxCode"], net["taxMode"]) == (True, VAT, "TaxExclusive")
    assert gross["taxMode"] == "TaxInclusive"
