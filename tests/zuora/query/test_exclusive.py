"""Fields that a query has alone or not at all: what iron_bank reads from the messages of live tenants."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

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
        ("select Body from Invoice where Id = 'x'", ["body"]),
    ],
)
def test_the_client_of_gitlab_learns_which_fields_to_leave_out(
    call: "Caller", query: str, left_out: list[str]
) -> None:
    answer = call("POST", "/v1/action/query", {"queryString": query})
    assert (answer.status, answer.body["FaultCode"]) == (400, "INVALID_FIELD")
    found = READ.search(answer.body["FaultMessage"])
    assert found is not None
    assert [one.replace(" ", "") for one in found.groups() if one] == left_out


def test_one_of_the_fields_alone_is_answered(call: "Caller") -> None:
    for query in (
        "select Price from ProductRatePlanChargeTier",
        "select Id, Price from RatePlanChargeTier",
    ):
        assert call("POST", "/v1/action/query", {"queryString": query}).status == 200
