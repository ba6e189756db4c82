"""Usage through the SDK: recorded one by one, and by the file."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest


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


@pytest.fixture
def metered(client: Any, ask: Any, write: Any) -> tuple[str, str]:
    """A plan with a charge of 2 for each minute that is used."""
    dates = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-12-31"}
    wanted = write("CreateProductRequest", Name="Calls", Category="Base Products", **dates)
    product = ask(client.products_api().create_product, wanted).id
    wanted = write("CreateProductRatePlanRequest", Name="By the minute", ProductId=product)
    plan = ask(client.product_rate_plans_api().create_product_rate_plan, wanted).id
    price = {"Currency": "USD", "Price": 2}
    wanted = write(
        "CreateProductRatePlanChargeRequest",
        ProductRatePlanId=plan,
        Name="Minutes",
        ChargeModel="Per Unit Pricing",
        ChargeType="Usage",
        BillCycleType="DefaultFromCustomer",
        BillingPeriod="Month",
        TriggerEvent="ContractEffective",
        UOM="Minute",
        UseDiscountSpecificAccountingCode=False,
        ProductRatePlanChargeTierData={"ProductRatePlanChargeTier": [price]},
    )
    charge = ask(client.product_rate_plan_charges_api().create_product_rate_plan_charge, wanted).id
    return str(plan), str(charge)


def test_an_item_tells_how_usage_was_rated(desk: Any, ask: Any, api: Any, metered: tuple[str, str]) -> None:
    account, day = desk.open_account("Whimbrel Calls"), desk.clock.today()
    creation = {
        "terms": {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}},
        "subscribeToRatePlans": [{"productRatePlanId": metered[0]}],
    }
    create = desk.sdk.CreateOrderCreateSubscription.from_dict(creation)
    desk.place(desk.request(account, day, "CreateSubscription", create_subscription=create))
    fields = {"UOM": "Minute", "Quantity": 7, "StartDateTime": moment(desk)}
    ask(api.create_usage, desk.write("CreateUsageRequest", AccountNumber=account.number, **fields))
    (item,) = desk.bill(account, day + timedelta(days=31)).items
    rated = ask(api.get_usage_rate_detail_by_invoice_item, item.id).data
    assert (rated.invoice_item_id, rated.amount_without_tax) == (item.id, 14)
    assert rated.rate_detail.endswith("= $14.00")
