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
    "useOriginalExchangeRateForCredits": False,
    "cashBasedAccountingStartDate": None,
    "createJournalEntriesForPendingPayments": False,
}
"""No accounting period ever closes here, so that everything is allowed in one.

Source of the first five and their values: Zuora, submit settings requests, which shows them as an example; of
the others: the sample of list all settings; that nothing of them is set is an assumption.
"""

_SCHEMAS = {**dict.fromkeys(_FIXED, FLAG), "cashBasedAccountingStartDate": {"type": ["string", "null"]}}


class AccountingRulesDocument(Document, frozen=True):
    """The accounting rules."""

    lacking = frozenset(_FIXED)


_BOOK = RuleBook({}, _FIXED, _SCHEMAS)

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
