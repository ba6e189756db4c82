"""Billing preview runs through the SDK: asked for, read, and their file downloaded."""

import csv
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture(scope="module")
def account(desk: Any, plan: Any) -> Any:
    """An account that has bought seven seats for a year."""
    account = desk.open_account("Wren Forecasts")
    desk.place(desk.purchase(account, desk.clock.today(), plan, 7))
    return account


def test_a_preview_run_foretells_the_bill_of_an_account(
    desk: Any, ask: Any, client: Any, account: Any, plan: Any
) -> None:
    runs, day = client.billing_preview_run_api(), desk.clock.today()
    only = {"filterType": "Account", "accountId": account.id}
    how = {"chargeTypeToExclude": "OneTime,Usage", "assumeRenewal": "None", "storageOption": "Csv"}
    request = desk.write("CreateBillingPreviewRunRequest", targetDate=day, filters=[only], **how)
    made = ask(runs.create_billing_preview_run, request)
    run = ask(runs.get_billing_preview_run, made.billing_preview_run_id)
    assert (run.status, run.total_accounts, run.succeeded_accounts) == ("Completed", 1, 1)
    assert (run.assume_renewal, run.including_evergreen_subscription) == ("None", False)
    handle = run.result_file_url.rpartition("/")[2]
    content = client.files_api().get_files_with_http_info(handle).raw_data
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        (name,) = packed.namelist()
        (row,) = csv.DictReader(packed.read(name).decode().splitlines())
    assert row["Account: ID"] == account.id
    assert Decimal(row["Invoice Item: Charge Amount"]) == 7 * plan.price
    assert desk.bill(account, day).invoice.amount == Decimal(row["Invoice Item: Charge Amount"])


def test_a_preview_run_of_batches_may_go_to_the_database(desk: Any, ask: Any, client: Any) -> None:
    runs = client.billing_preview_run_api()
    wanted = {"targetDate": desk.clock.today(), "batches": "Batch1", "storageOption": "Database"}
    request = desk.write("CreateBillingPreviewRunRequest", **wanted, includingEvergreenSubscription=True)
    made = ask(runs.create_billing_preview_run, request)
    run = ask(runs.get_billing_preview_run, made.billing_preview_run_id)
    assert (run.result_file_url, run.batches, run.storage_option) == (None, "Batch1", "Database")
    assert run.total_accounts == run.succeeded_accounts > 0
