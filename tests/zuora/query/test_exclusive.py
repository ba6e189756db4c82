"""Fields that a query has alone or not at all: what iron_bank reads from the messages of live tenants."""

# ruff: noqa: S608 - these queries are no SQL

import re
from base64 import b64decode
from typing import Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import Caller
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.grammar import read
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.selecting import select
from toolkit.zuora.state.world import Change
from toolkit.zuora.tenant import Tenant

# iron_bank, lib/iron_bank/describe/excluded_fields/extract_from_message.rb
READ = re.compile(
    r"invalid field for query: \w+\.(\w+)"
    r"|Cannot use the (BillRunId) field in the select clause"
    r"|Can only query one invoice (body) at a time"
    r"|use Price or (DiscountAmount) or (DiscountPercentage)"
    r"|When querying for (active currencies)"
    r"|You can only query (RolloverBalance) in particular"
    r"|(OveragePrice), Price, (IncludedUnits), (DiscountAmount) or (DiscountPercentage)"
)


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("select BillRunId from Invoice", ["BillRunId"]),
        ("select Id, Body from Invoice", ["body"]),
        (
            "select Price, DiscountAmount from ProductRatePlanChargeTier",
            ["DiscountAmount", "DiscountPercentage"],
        ),
        ("select ActiveCurrencies from ProductRatePlan", ["activecurrencies"]),
        ("select RolloverBalance from RatePlanCharge", ["RolloverBalance"]),
        (
            "select Price, IncludedUnits from RatePlanCharge",
            ["OveragePrice", "IncludedUnits", "DiscountAmount", "DiscountPercentage"],
        ),
        ("select Nothing from Account", ["nothing"]),
        ("select Id, AutoPay from Invoice", ["autopay"]),
        ("select Balance from taxationitem", ["balance"]),
        ("select AllowInvoiceEdit from Account", ["allowinvoiceedit"]),
    ],
)
def test_the_client_of_gitlab_learns_which_fields_to_leave_out(
    call: Caller, query: str, left_out: list[str]
) -> None:
    answer = call("POST", "/v1/action/query", {"queryString": query})
    assert (answer.status, answer.body["FaultCode"]) == (400, "INVALID_FIELD")
    found = READ.search(answer.body["FaultMessage"])
    assert found is not None
    assert [one.replace(" ", "") for one in found.groups() if one] == left_out


def ask(tenant: Tenant, query: str) -> list[dict[str, Any]]:
    answer = Caller(tenant)("POST", "/v1/action/query", {"queryString": query})
    assert answer.status == 200, answer.body
    return [dict(one) for one in answer.body.get("records", ())]


@pytest.mark.parametrize(
    "query", ["select Price from ProductRatePlanChargeTier", "select Id, Price from RatePlanChargeTier"]
)
def test_one_of_the_fields_alone_is_answered(traded: Tenant, query: str) -> None:
    assert any("Price" in one for one in ask(traded, query))


def test_a_charge_has_its_price_in_zoql_alone(traded: Tenant) -> None:
    """Source: the WSDL, whose RatePlanCharge has prices; the models of the official SDK, which have none."""
    fee = "Name = 'Fee' and Version = 1"
    assert {one["Price"] for one in ask(traded, f"select Price from RatePlanCharge where {fee}")} == {30}
    off = ask(traded, "select DiscountPercentage from RatePlanCharge where Name = 'Off'")
    assert {one["DiscountPercentage"] for one in off} == {10}
    shown = Caller(traded)("GET", "/object-query/rate-plan-charges?filter[]=name.EQ:Fee").body["data"][0]
    assert "price" not in shown
    identity = off[0]["Id"]
    alone = ask(traded, f"select RolloverBalance from RatePlanCharge where Id = '{identity}'")
    assert alone == [{"Id": identity}]


def test_an_item_says_what_is_billed_in_zoql_alone(traded: Tenant) -> None:
    """Source: zuorajs, which asks for these fields of items; what nothing fills is empty."""
    (product,) = (one for one in traded.world.products.latest() if one.name == "Reader")
    change = Change(traded.world)
    change.put(replace(product, description="For books"))
    traded.world = change.world
    fields = "AccountingCode, ChargeDescription, ProductDescription, ProductName, RevRecStartDate"
    records = ask(traded, f"select {fields} from InvoiceItem")
    described = {(one.get("ProductName"), one.get("ProductDescription")) for one in records}
    assert ("Reader", "For books") in described
    assert not [one for one in records if "AccountingCode" in one]
    with pytest.raises(Fault, match="productname"):
        select(traded.world, read("select ProductName from InvoiceItem", export=True))


def test_usage_names_its_subscription_and_charge_in_zoql_alone(traded: Tenant) -> None:
    """Source: the WSDL, Usage."""
    records = ask(traded, "select SubscriptionNumber, ChargeNumber, Quantity from Usage")
    known = {one.number for one in traded.world.subscriptions.latest()}
    assert records
    assert {one["SubscriptionNumber"] for one in records} <= known


def test_the_body_of_one_invoice_is_its_latest_pdf(traded: Tenant) -> None:
    """Source: iron_bank, which asks for the body of one invoice; Zuora, invoice, Body: base64."""
    posted = next(one for one in traded.world.invoices.latest() if one.posted)
    (found,) = ask(traded, f"select Body from Invoice where Id = '{posted.id}'")
    assert b64decode(found["Body"]).startswith(b"%PDF-")
    change = Change(traded.world)
    change.put(replace(posted, id=change.id(), number="INV-DRAFT", posted=None, status="Draft"))
    traded.world = change.world
    (found,) = ask(
        traded, f"select Body from Invoice where Id = '{change.world.invoices.find('INV-DRAFT').id}'"
    )
    assert "Body" not in found


def test_a_rate_plan_has_active_currencies(traded: Tenant) -> None:
    """Source: iron_bank, ProductRatePlan#active_currencies."""
    plan = next(iter(traded.world.plans.latest()))
    query = f"select ActiveCurrencies from ProductRatePlan where Id = '{plan.id}'"
    assert ask(traded, query) == [{"ActiveCurrencies": "USD", "Id": plan.id}]


@pytest.mark.parametrize(
    "name", ["Order", "orderaction", "CreditMemo", "DebitMemoItem", "PaymentApplication"]
)
def test_objects_of_orders_and_of_invoice_settlement_are_not_asked_for(traded: Tenant, name: str) -> None:
    """Source: Zuora, query: limitations."""
    answer = Caller(traded)("POST", "/v1/action/query", {"queryString": f"select Id from {name}"})
    assert (answer.status, answer.body["FaultCode"]) == (400, "INVALID_TYPE")


def test_removed_rate_plans_are_left_out_unless_the_query_is_about_them(traded: Tenant) -> None:
    """Source: Zuora, ZOQL, automatic filtering of RatePlan objects, with these queries."""
    removed = next(one for one in KINDS["RatePlan"].rows(traded.world) if one.plan.last_change == "Remove")
    identity = KINDS["RatePlan"].fields["Id"].read(traded.world, removed)
    every = "select Id from RatePlan where AmendmentType = null or AmendmentType != null"
    kept = {one["Id"] for one in ask(traded, "select Id from RatePlan")}
    assert identity in {one["Id"] for one in ask(traded, every)} - kept
    assert kept
    asked = f"select Id from RatePlan where Id = '{identity}'"
    assert ask(traded, asked) == []
    either = " or ".join(f"AmendmentType {sign} null and Id = '{identity}'" for sign in ("=", "!="))
    assert ask(traded, f"select Id from RatePlan where {either}") == [{"Id": identity}]
    exported = select(traded.world, read(asked.replace("where", "where not Name = 'x' and"), export=True))
    assert len(exported.rows) == 1
