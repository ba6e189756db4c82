"""The accounting rules as a setting, which nobody changes."""

from tests.zuora.conftest import Caller

PATH = "/settings/accounting-rules"
FLAGS = {
    *("allowRevenueScheduleNegativeAmounts", "allowBlankAccountingCodes", "allowCreationInClosedPeriod"),
    *("allowUsageInClosedPeriod", "differentCurrencies", "useOriginalExchangeRateForCredits"),
    "createJournalEntriesForPendingPayments",
}
"""Source: Zuora, list all settings, the sample."""


def test_the_rules_are_those_of_zuoras_sample(call: Caller) -> None:
    shown = call("GET", PATH).body
    assert shown.keys() == FLAGS | {"cashBasedAccountingStartDate"}
    assert {name for name, value in shown.items() if isinstance(value, bool)} == FLAGS
    assert shown["cashBasedAccountingStartDate"] is None
    assert call("PUT", PATH, shown).body == shown


def test_their_schema_is_that_of_zuoras_sample(call: Caller) -> None:
    (listed,) = [
        one for one in call("GET", "/settings/listing").body["settings"] if one["pathPattern"] == PATH[9:]
    ]
    assert (listed["key"], listed["description"]) == ("AccountingRules", "Accounting Rules settings")
    assert [(one["method"], one["url"]) for one in listed["httpOperations"]] == [("GET", PATH), ("PUT", PATH)]
    text, flag = {"type": ["string", "null"]}, {"type": "boolean"}
    known = {**dict.fromkeys(FLAGS, flag), "cashBasedAccountingStartDate": text}
    schema = listed["httpOperations"][0]["responseType"]
    assert schema["$ref"] == "#/definitions/AccountingRules"
    assert schema["definitions"]["AccountingRules"] == {
        "type": "object",
        "additionalProperties": False,
        "properties": known,
    }
