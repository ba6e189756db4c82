"""Printed documents, read by pypdf and compared with what the API says of the same document."""

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from tests.zuora.conftest import KEYS, triggers
from toolkit import worlds
from toolkit.billing.money import smallest_unit
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.files.pdf import render
from toolkit.zuora.files.sheets import Row, Sheet, money
from toolkit.zuora.files.sheets import sheet as sheet_of
from toolkit.zuora.tenant import Tenant


@pytest.fixture
def tenant() -> Tenant:
    """The world with taxes."""
    return Tenant(worlds.load("taxed"))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def file_of(tenant: Tenant, client: Client, invoice: str) -> bytes:
    (file,) = client.get(f"/v1/invoices/{invoice}/files")["invoiceFiles"]
    path = file["pdfFileUrl"].removeprefix("http://zuora.test")
    return tenant.handle(Request("GET", path, headers=KEYS)).body


@pytest.fixture
def invoice(tenant: Tenant, client: Client) -> dict[str, Any]:
    """A posted invoice of the Irish account for a seat for a year."""
    plan = next(plan for plan in tenant.world.plans.latest() if plan.name == "Net")
    charge = {
        "productRatePlanChargeId": plan.charges[0].id,
        "pricing": {"recurringPerUnit": {"quantity": 3}},
    }
    creation = {
        "terms": {"initialTerm": {"period": 12, "periodType": "Month"}},
        "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [charge]}],
    }
    action = {
        "type": "CreateSubscription",
        "triggerDates": triggers("2026-01-01"),
        "createSubscription": creation,
    }
    body = {
        "orderDate": "2026-01-01",
        "existingAccountNumber": "A00000001",
        "subscriptions": [{"orderActions": [action]}],
        "processingOptions": {"runBilling": True, "billingOptions": {"targetDate": "2026-01-01"}},
    }
    number = client.post("/v1/orders", body)["invoiceNumbers"][0]
    if client.get(f"/v1/invoices/{number}")["status"] == "Draft":
        client.put(f"/v1/invoices/{number}/post")
    client.put(f"/v1/invoices/{number}", {"comments": "Thank you (very much) \\o/"})
    return client.get(f"/v1/invoices/{number}")


def test_a_printed_invoice_says_what_the_api_says(
    tenant: Tenant, client: Client, invoice: dict[str, Any]
) -> None:
    said = text_of(file_of(tenant, client, invoice["invoiceNumber"]))
    (item,) = client.get(f"/v1/invoices/{invoice['id']}/items")["invoiceItems"]
    account = client.get("/v1/accounts/A00000001")
    contact = account["billToContact"]
    unit = smallest_unit(invoice["currency"])
    figures = [
        *(invoice[name] for name in ("amount", "amountWithoutTax", "taxAmount", "balance")),
        *(item[name] for name in ("chargeAmount", "unitPrice", "taxAmount")),
    ]
    assert invoice["taxAmount"] > 0
    for figure in figures:
        assert money(Decimal(figure), unit) in said, figure
    for word in (
        *(invoice["invoiceNumber"], account["basicInfo"]["name"], "A00000001", account["basicInfo"]["name"]),
        *(contact["firstName"], contact["lastName"], contact["country"], invoice["paymentTerm"]),
        *("Jan 1, 2026", "Dec 31, 2026", item["productName"], item["subscriptionName"]),
        *(item["taxationItems"]["data"][0]["name"], "Thank you (very much) \\o/"),
    ):
        assert word in said, word
    assert f"{invoice['currency']} {money(invoice['balance'], unit)}" in said


def test_an_account_without_a_contact_is_still_addressed(tenant: Tenant, client: Client) -> None:
    account = tenant.world.accounts.find("A00000001")
    change = {"VATId": "IE1234567"}
    client.put("/v1/accounts/A00000001", {"taxInfo": change, "purchaseOrderNumber": "PO-7"})
    changed = replace(tenant.world.accounts.find("A00000001"), bill_to_id=None)
    accounts = tenant.world.accounts.put(changed)
    tenant.world = replace(tenant.world, accounts=accounts)
    item = {"chargeName": "Cable", "serviceStartDate": "2026-01-01", "amount": 5}
    body = {"accountNumber": "A00000001", "invoiceDate": "2026-01-01", "invoiceItems": [item]}
    number = client.post("/v1/invoices", {**body, "status": "Posted"})["invoiceNumber"]
    said = text_of(file_of(tenant, client, number))
    assert account.name in said
    assert "VAT IE1234567" in said
    assert "PO-7" in said


def test_a_discount_has_neither_quantity_nor_price(tenant: Tenant, client: Client) -> None:
    until = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2040-01-01"}
    product = client.post("/v1/object/product", {"Name": "Loyalty", **until})["Id"]
    body = {"Name": "Less", "ProductId": product, **until}
    less = client.post("/v1/object/product-rate-plan", body)["Id"]
    charge = {
        "Name": "Fifteen per cent",
        "ProductRatePlanId": less,
        "ChargeType": "Recurring",
        "ChargeModel": "Discount-Percentage",
        "BillCycleType": "DefaultFromCustomer",
        "BillingPeriod": "Annual",
        "TriggerEvent": "ContractEffective",
        "DiscountLevel": "subscription",
        "ApplyDiscountTo": "RECURRING",
    }
    tiers = {"ProductRatePlanChargeTier": [{"Currency": "USD", "DiscountPercentage": 15}]}
    client.post("/v1/object/product-rate-plan-charge", {**charge, "ProductRatePlanChargeTierData": tiers})
    plan = next(plan for plan in tenant.world.plans.latest() if plan.name == "Net")
    price = {"recurringPerUnit": {"quantity": 1, "listPrice": 100}}
    override = {"productRatePlanChargeId": plan.charges[0].id, "pricing": price}
    plans = [
        {"productRatePlanId": plan.id, "chargeOverrides": [override]},
        {"productRatePlanId": less},
    ]
    action = {
        "type": "CreateSubscription",
        "triggerDates": triggers("2026-01-01"),
        "createSubscription": {
            "terms": {"initialTerm": {"period": 12, "periodType": "Month"}},
            "subscribeToRatePlans": plans,
        },
    }
    order: dict[str, Any] = {"orderDate": "2026-01-01", "existingAccountNumber": "A00000001"}
    order["subscriptions"] = [{"orderActions": [action]}]
    order["processingOptions"] = {"runBilling": True, "billingOptions": {"targetDate": "2026-01-01"}}
    number = client.post("/v1/orders", order)["invoiceNumbers"][0]
    world = tenant.world
    seat, discount = sheet_of(world, world.invoices.find(number), "Posted", Decimal(0), world.now).rows
    assert (seat.quantity, seat.price) == ("1 Seat", "100.00")
    assert (discount.name, discount.quantity, discount.price) == ("Fifteen per cent", "", "")
    assert discount.amount == "-15.00"


def sheet(rows: int, **more: Any) -> Sheet:  # noqa: ANN401 - any field
    row = Row("Seat", "a note", "Jan 1, 2026 - Dec 31, 2026", "10 Seat", "1.00", "0.00", "10.00")
    return Sheet(
        **{
            "title": "Invoice",
            "number": "INV00000001",
            "status": "Posted",
            "currency": "USD",
            "address": ("Acme",),
            "facts": (("Invoice number", "INV00000001"),),
            "rows": tuple(replace(row, name=f"Seat {place}") for place in range(rows)),
            "totals": (("Total", "10.00"),),
            "due": ("Balance due", "USD 10.00"),
            "remark": "",
            "made": worlds.load("taxed").now,
            **more,
        }
    )


@pytest.mark.parametrize("rows", [0, 1, 14, 15, 60, 500])
def test_long_lists_are_continued_on_pages_with_a_head_each(rows: int) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render(sheet(rows)))).pages]
    for place, page in enumerate(pages, start=1):
        assert f"Page {place} of {len(pages)}" in page
        assert "Service period" in page or place == len(pages)
    said = "\n".join(pages).splitlines()
    assert [line for line in said if line.startswith("Seat ")] == [f"Seat {place}" for place in range(rows)]
    assert "USD 10.00" in pages[-1]
    assert (len(pages) > 10) == (rows == 500)


def test_totals_that_do_not_fit_go_to_a_page_of_their_own() -> None:
    remark = "Much to say. " * 300
    pages = PdfReader(io.BytesIO(render(sheet(14, remark=remark)))).pages
    assert "USD 10.00" not in pages[0].extract_text()
    assert "Much to say." in pages[-1].extract_text()


def test_the_same_sheet_makes_the_same_bytes_and_another_one_others() -> None:
    assert render(sheet(3)) == render(sheet(3))
    assert render(sheet(3)) != render(sheet(3, number="INV00000002"))


def test_signs_that_the_typeface_lacks_stay_readable() -> None:
    said = text_of(render(sheet(1, address=("Łódź Zażółć Müller & Søn €", "日本"))))
    assert "Lódz Zazólc Müller & Søn €" in said
    assert "??" in said


def test_what_is_not_posted_says_so() -> None:
    assert "DRAFT" in text_of(render(sheet(1, status="Draft")))


def test_a_figure_that_is_wide_is_set_smaller(tmp_path: Path) -> None:
    row = Row("Seat", "", "Jan 1, 2026", "1" * 90, "1.00", "0.00", "1,234,567,890,123.45")
    content = render(replace(sheet(0), rows=(row,)))
    said = text_of(content)
    assert "1,234,567,890,123.45" in said
    assert "1" * 90 in said
    if reader := shutil.which("pdftotext"):  # another reader, where it is installed
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        done = subprocess.run([reader, str(path), "-"], capture_output=True, text=True, check=True)
        assert "1,234,567,890,123.45" in done.stdout
        assert done.stderr == ""


def test_amounts_have_the_places_of_their_currency() -> None:
    cent, yen = smallest_unit("USD"), smallest_unit("JPY")
    found = [money(Decimal(one), cent) for one in ("1234.5", "-0.1", "1E+3", "0.0001", "0")]
    assert found == ["1,234.50", "-0.10", "1,000.00", "0.0001", "0.00"]
    assert money(Decimal(1000), yen) == "1,000"
