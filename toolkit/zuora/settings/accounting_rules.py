"""Accounting rules: what an administrator sets under Finance > Configure Accounting Rules."""

from toolkit.zuora.settings._rules import RuleBook
from toolkit.zuora.settings._schema import FLAG
from toolkit.zuora.settings._setting import Document, Operation, Setting

_FIXED: dict[str, object] = {
    "allowBlankAccountingCodes": True,
    "allowCreationInClosedPeriod": True,
    "allowUsageInClosedPeriod": True,
    "allowRevenueScheduleNegativeAmounts": True,
    "differentCurrencies": False,
}
"""No accounting period ever closes here, so that everything is allowed in one.

Source of the fields and values: Zuora, submit settings requests, which shows them as an example.
"""


class AccountingRulesDocument(Document, frozen=True):
    """The accounting rules."""

    lacking = frozenset(_FIXED)


_BOOK = RuleBook({}, _FIXED, dict.fromkeys(_FIXED, FLAG))

SETTINGS = (
    Setting(
        "AccountingRules",
        "Accounting Rules settings",
        "/accounting-rules",
        (
            Operation("GET", _BOOK.show, gives=_BOOK.schema),
            Operation("PUT", _BOOK.change, _BOOK.schema, _BOOK.schema, AccountingRulesDocument),
        ),
    ),
)
