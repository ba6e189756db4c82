"""Usage through the SDK: recorded one by one, and by the file."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings"),  # the SDK's own, of dates as text
]


@pytest.fixture(scope="module")
def account(desk: Any) -> Any:
    return desk.open_account("Oriole Cloud")


@pytest.fixture
def api(client: Any) -> Any:
    return client.usage_api()


def moment(desk: Any) -> str:
    return f"{desk.clock.today()}T10:00:00.000-08:00"


def test_usage_is_recorded_shown_changed_and_deleted(desk: Any, ask: Any, api: Any, account: Any) -> None:
    fields = {"UOM": "Minute", "Quantity": 7.5, "StartDateTime": moment(desk)}
    made = ask(api.create_usage, desk.write("CreateUsageRequest", AccountNumber=account.number, **fields))
    assert ask(api.get_usage, made.id).quantity == 7.5
    ask(api.update_usage, made.id, desk.write("UpdateUsageRequest", Quantity=8))
    (listed,) = ask(api.get_usages_by_account, account.number).usage
    assert listed.quantity == 8
    ask(api.delete_usage, made.id)


def test_usage_is_imported_from_a_file(desk: Any, ask: Any, api: Any, account: Any, tmp_path: Path) -> None:
    lines = f"ACCOUNT_ID,UOM,QTY,STARTDATE\n{account.number},Minute,2.5,{desk.clock.today():%m/%d/%Y}\n"
    file = tmp_path / "usage.csv"
    file.write_text(lines)
    sent = ask(api.upload_usage_file, file=str(file))
    assert sent.size == len(lines)
