"""How values are spelt in answers and in files."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.values import in_file, show, spell
from toolkit.zuora.tenant import Tenant

BERLIN = datetime(2016, 10, 20, 5, 46, 14, tzinfo=ZoneInfo("Europe/Berlin"))
MOMENT = datetime(2017, 3, 1, 0, 11, 13, tzinfo=ZoneInfo("America/Los_Angeles"))


@pytest.mark.parametrize(
    ("value", "answer", "file"),
    [
        (BERLIN, "2016-10-20T05:46:14.000+02:00", "2016-10-20T05:46:14+0200"),
        (date(2016, 10, 20), "2016-10-20", "2016-10-20"),
        (Decimal("1.20"), Decimal("1.2"), "1.2"),
        (Decimal(100), Decimal("100.0"), "100.0"),
        (True, True, "true"),
        (False, False, "false"),
        (3, 3, "3"),
        (None, None, ""),
        ("a", "a", "a"),
    ],
)
def test_values_are_spelt_as_recorded(value: object, answer: object, file: str) -> None:
    assert (spell(value), in_file(value, utc=False)) == (answer, file)


def test_a_file_has_moments_in_utc_where_that_is_asked_for() -> None:
    """Source: Zuora, aggregate query, dateTimeUtc."""
    assert in_file(MOMENT, utc=True) == "2017-03-01T08:11:13+0000"
    assert in_file(MOMENT, utc=False) == "2017-03-01T00:11:13-0800"


def test_a_row_is_shown_with_what_it_has(full: Tenant) -> None:
    account = next(one for one in full.world.accounts.latest() if one.name == "Liffey Books")
    shown = show(KINDS["Account"], full.world, account)
    assert (shown["AccountNumber"], shown["VATId"], shown["CDotOwner__c"]) == (account.number, "IE1", "Ada")
    assert "Notes" not in shown
    assert shown["CreatedDate"] == "2026-01-01T00:00:00.000+01:00"
