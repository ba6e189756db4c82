"""Billing preview runs: whom they preview, and that their files say what single previews say."""

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import KEYS, Caller
from toolkit import worlds
from toolkit.billing.catalog import ChargeTerms
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state import archive
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Find, Meter, Record
    from tests.zuora.conftest import Order

PATH = "/v1/billing-preview-runs"
Rows = list[dict[str, str]]
Forecast = Callable[..., tuple[dict[str, Any], dict[str, Rows]]]

HEADS = (  # Zuora, BillingPreviewRun, field descriptions of the CSV output file
    "Account: ID,Rate Plan Charge: ID,Invoice Item: Charge Amount,Invoice Item: Processing Type,"
    "Invoice Item: Service Start Date,Invoice Item: Service End Date,Invoice Item: Charge Date,"
    "Invoice Item: ID,Subscription: SubscriptionId,Invoice Item: AppliedToInvoiceItemId,"
    "Invoice Item: Quantity,Invoice Item: UOM,Invoice Item: ChargeType,Invoice Item: SubscriptionNumber,"
    "Invoice Item: ChargeNumber"
)
SAME = {  # what the file calls the fields of POST /v1/operations/billing-preview
    "Rate Plan Charge: ID": "chargeId",
    "Invoice Item: Processing Type": "processingType",
    "Invoice Item: Service Start Date": "serviceStartDate",
    "Invoice Item: Service End Date": "serviceEndDate",
    "Invoice Item: UOM": "unitOfMeasure",
    "Invoice Item: ChargeType": "chargeType",
    "Invoice Item: SubscriptionNumber": "subscriptionNumber",
    "Invoice Item: ChargeNumber": "chargeNumber",
}


def unpacked(tenant: Tenant, url: str) -> dict[str, str]:
    answer = tenant.handle(Request("GET", url.removeprefix("http://zuora.test"), headers=KEYS))
    assert (answer.status, dict(answer.headers)["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.fixture
def forecast(tenant: Tenant, client: Client) -> Forecast:
    """Run a preview and return the run, and the rows of each of its files."""

    def run(target: str, **more: object) -> tuple[dict[str, Any], dict[str, Rows]]:
        made = client.post(PATH, {"targetDate": target, **more})
        assert set(made) == {"success", "billingPreviewRunId"}
        shown = client.get(f"{PATH}/{made['billingPreviewRunId']}")
        assert shown["status"] == "Completed"
        files = unpacked(tenant, shown["resultFileUrl"])
        return shown, {name: list(csv.DictReader(io.StringIO(text))) for name, text in files.items()}

    return run


@pytest.fixture
def discounted(tenant: Tenant, order: "Order", creation: dict[str, Any]) -> None:
    """A subscription at 90 percent of its price."""
    parts = {
        "charge__terms": ChargeTerms(
            name="off", type="Recurring", model="DiscountPercentage", billing_period="Month"
        ),
        "charge__pricing": {"USD": {"currency": "USD", "discount_percentage": Decimal(10)}},
    }
    off, tenant.world = worlds.make(tenant.world, "product_rate_plan", **parts)
    plans = [*creation["subscribeToRatePlans"], {"productRatePlanId": off.id}]
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "subscribeToRatePlans": plans})


@pytest.mark.usefixtures("discounted")
def test_the_file_says_of_each_account_what_its_own_preview_says(
    tenant: Tenant, client: Client, forecast: Forecast
) -> None:
    how = {"assumeRenewal": "All", "chargeTypeToExclude": "Usage, OneTime"}
    run, files = forecast("2028-06-01", **how)
    (rows,) = files.values()
    accounts = sorted(tenant.world.accounts.latest(), key=lambda account: account.number)
    said: list[tuple[str, dict[str, Any]]] = []
    for account in accounts:
        body = {"accountId": account.id, "targetDate": "2028-06-01", "includingEvergreenSubscription": False}
        items = client.post("/v1/operations/billing-preview", {**body, **how})["invoiceItems"]
        said += [(account.id, item) for item in items]
    assert (run["totalAccounts"], run["succeededAccounts"]) == (len(accounts), len(accounts))
    assert len(rows) == len(said) > len(accounts)
    by_id = {row["Invoice Item: ID"]: row for row in rows}
    assert len(by_id) == len(rows)
    for row, (account_id, item) in zip(rows, said, strict=True):
        assert row["Account: ID"] == account_id
        assert {head: row[head] for head in SAME} == {head: item[name] for head, name in SAME.items()}
        assert Decimal(row["Invoice Item: Charge Amount"]) == item["chargeAmount"]
        assert Decimal(row["Invoice Item: Quantity"]) == item["quantity"]
        assert row["Invoice Item: Charge Date"][:10] == item["chargeDate"][:10]
        assert (row["Invoice Item: AppliedToInvoiceItemId"] == "") == (item["appliedToItemId"] is None)
    discounts = [row for row in rows if row["Invoice Item: Processing Type"] == "Discount"]
    assert discounts
    for row in discounts:
        whole = by_id[row["Invoice Item: AppliedToInvoiceItemId"]]
        tenth = Decimal(whole["Invoice Item: Charge Amount"]) / 10
        assert Decimal(row["Invoice Item: Charge Amount"]) == -tenth


@pytest.mark.usefixtures("subscription")
def test_the_heads_are_the_documented_ones(tenant: Tenant, forecast: Forecast) -> None:
    run, _ = forecast("2026-06-01")
    (text,) = unpacked(tenant, run["resultFileUrl"]).values()
    assert text.splitlines()[0] == HEADS


def test_evergreen_subscriptions_are_left_out_unless_one_asks(
    account: str,
    account_id: "Find",
    client: Client,
    order: "Order",
    creation: dict[str, Any],
    forecast: Forecast,
) -> None:
    terms = {"initialTerm": {"termType": "EVERGREEN"}}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    only = {"filters": [{"filterType": "Account", "accountId": account_id(client, account)}]}
    (none,) = forecast("2026-06-01", **only)[1].values()
    (one,) = forecast("2026-06-01", **only, includingEvergreenSubscription=True)[1].values()
    assert (len(none), len(one)) == (0, 1)


@pytest.mark.usefixtures("subscription")
def test_a_run_takes_the_accounts_of_its_batches(
    call: Caller, tenant: Tenant, client: Client, account: str, forecast: Forecast
) -> None:
    client.put(f"/v1/accounts/{account}", {"batch": "Batch9"})
    everybody = len(list(tenant.world.accounts.latest()))
    for batches, count in (("Batch9", 1), ("Batch8, Batch9", 1), ("Batch8", 0), ("AllBatches", everybody)):
        run, _ = forecast("2026-06-01", batches=batches)
        assert (run["totalAccounts"], run["batches"]) == (count, batches.replace(" ", ""))
    assert forecast("2026-06-01", batches="")[0]["totalAccounts"] == everybody
    made = call("POST", PATH, {"targetDate": "2026-06-01", "batch": "Batch9"}).body
    shown = call("GET", f"{PATH}/{made['billingPreviewRunId']}").body
    assert (shown["totalAccounts"], shown["batch"]) == (1, "Batch9")


def test_a_version_knows_one_of_the_two_fields_for_batches(call: Caller) -> None:
    for field, version in (("batches", "309.0"), ("batch", "314.0")):
        answer = call("POST", PATH, {"targetDate": "2026-06-01", field: "Batch1"}, version=version)
        assert answer.reason == (50000021, f"Invalid parameter(s): '{field}'.")


def test_what_goes_to_the_database_has_no_file(tenant: Tenant, client: Client) -> None:
    made = client.post(PATH, {"targetDate": "2026-06-01", "storageOption": "Database"})
    run = client.get(f"{PATH}/{made['billingPreviewRunId']}")
    assert (run["resultFileUrl"], run["storageOption"]) == (None, "Database")
    assert not list(tenant.world.export_files.latest())


def test_an_account_that_cannot_be_previewed_is_told_in_a_file_of_its_own(
    client: Client, account: str, account_id: "Find", meter: "Meter", used: "Record", forecast: Forecast
) -> None:
    meter({}, model="PreratedPricing")
    used(10, "2026-01-05")  # without its price
    run, files = forecast("2026-06-01")
    (failure,) = files[f"{run['runNumber']}_errors.csv"]
    assert failure["Account: ID"] == account_id(client, account)
    assert run["totalAccounts"] - run["succeededAccounts"] == 1


@pytest.mark.usefixtures("subscription")
def test_a_result_stays_as_it_is_for_half_a_year(tenant: Tenant, client: Client, forecast: Forecast) -> None:
    run, files = forecast("2026-06-01")
    client.post("/v1/bill-runs", {"targetDate": "2026-06-01", "autoPost": True})
    client.advance("P179D")
    (before,) = files.values()
    assert list(csv.DictReader(io.StringIO(*unpacked(tenant, run["resultFileUrl"]).values()))) == before
    made = client.post(PATH, {"targetDate": "2026-06-01", "assumeRenewal": "All"})
    client.advance("P1D")
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        client.get(run["resultFileUrl"])
    kept = tenant.world.preview_runs.find(run["runNumber"])
    assert client.get(f"{PATH}/{kept.id}")["resultFileUrl"] is None
    assert client.get(f"{PATH}/{made['billingPreviewRunId']}")["resultFileUrl"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'targetDate' may not be null"),
        ({"targetDate": "2046-06-01"}, "'targetDate' should be within 20 years"),
        ({"assumeRenewal": "Some"}, "'assumeRenewal' value should be one of: None, Autorenew, All"),
        ({"storageOption": "Tape"}, "'storageOption' value should be one of: Csv, Database"),
        ({"chargeTypeToExclude": "Recurring,Gift"}, "should list some of OneTime, Recurring, Usage"),
        ({"filters": [{"filterType": "Batch", "accountId": "x"}]}, "value should be one of: Account"),
        ({"filters": [{"filterType": "Account", "accountId": "0" * 32}]}, "0" * 32),
        ({"filters": [{"filterType": "Account", "accountId": "0" * 32}] * 2}, "Invalid value for 'filters'"),
        ({"includingDraftItems": True}, "'includingDraftItems' is not simulated yet"),
        ({"storeDifference": True}, "'storeDifference' is not simulated yet"),
        ({"color": "red"}, "'color'"),
    ],
)
def test_a_run_that_cannot_be_is_refused(client: Client, body: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message.replace("(", r"\(")):
        client.post(PATH, {"targetDate": "2026-06-01", **body} if body else body)


def test_a_run_that_is_not_there_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="Cannot find entity by key: 'x'"):
        client.get(f"{PATH}/x")


@pytest.mark.usefixtures("subscription")
def test_a_run_comes_back_from_a_journal_an_archive_and_a_rewind(tmp_path: Path, tenant: Tenant) -> None:
    world = tenant.world
    with Store(tmp_path) as store:
        timeline = Timeline(Tenant.recover(store.begin("bought", lambda: world), store), store)
        Caller(timeline.tenant)("POST", PATH, {"targetDate": "2026-06-01", "assumeRenewal": "Autorenew"})
        after = timeline.tenant.world
        (run,) = after.preview_runs.latest()
        timeline.rewind(0)
        assert not timeline.tenant.world.preview_runs.rows
        assert not timeline.tenant.world.export_files.rows
        timeline.rewind(1)
    with Store(tmp_path) as store:
        again = Tenant.recover(store.begin("bought", lambda: world), store).world
    assert again.preview_runs == after.preview_runs
    assert again.export_files.find(run.file_id or "") == after.export_files.find(run.file_id or "")
    assert archive.read(b"".join(archive.write(after))).world == after
