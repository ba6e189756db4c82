"""Reading recorded previews, and building the tenant that they were taken from."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from toolkit.errors import ToolkitError
from toolkit.zuora.calls import wire
from toolkit.zuora.recorded import Recording, read, tenant_of

CARRIED = Path(__file__).parent / "recordings" / "annual-with-discount.json"


@pytest.fixture
def document() -> dict[str, Any]:
    """The recording that is carried along, as JSON."""
    found: dict[str, Any] = wire.parse(CARRIED.read_bytes())
    return found


def recording(document: dict[str, Any]) -> Recording:
    return msgspec.convert(document, Recording)


def first_charge(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["subscription"]["ratePlans"][0]["charges"][0]
    return found


def test_amounts_keep_their_digits() -> None:
    assert [str(item.amount) for item in read(CARRIED).items] == ["424.0", "-42.40"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Malformed JSON"),
        ("[]", "Expected `object`, got `array`"),
        ('{"source": "x"}', "Object missing required field `subscription`"),
        (CARRIED.read_text().replace("2027-03-22", "2027-02-30"), "Invalid RFC3339"),
    ],
)
def test_a_file_that_is_no_recording_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ToolkitError, match=f"bad.json is no recorded billing preview: .*{said}"):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="gone.json cannot be read: No such file or directory"):
        read(tmp_path / "gone.json")


def test_the_tenant_holds_the_subscription_on_the_day_of_the_recording() -> None:
    world, account, names = tenant_of(read(CARRIED))
    assert world.today == date(2025, 6, 25)
    assert (account.bill_cycle_day, account.currency) == (23, "AUD")
    (subscription,) = world.subscriptions.of(account.id)
    assert (subscription.auto_renew, subscription.term_end) == (True, date(2026, 3, 23))
    flat, discount = subscription.charges
    assert [names[flat.number], names[discount.number]] == ["C01", "C04"]
    assert (flat.pricing.price, flat.charged_through) == (Decimal(424), date(2026, 3, 23))
    assert (discount.pricing.discount_percentage, discount.quantity) == (Decimal(10), None)


def test_what_the_account_does_not_say_its_charges_do(document: dict[str, Any]) -> None:
    document["account"] = {}
    _, account, _ = tenant_of(recording(document))
    assert (account.currency, account.bill_cycle_day) == ("AUD", 1)
    for plan in document["subscription"]["ratePlans"]:
        plan["charges"][0]["currency"] = None
    assert tenant_of(recording(document))[1].currency == "USD"


@pytest.mark.parametrize(
    ("segment", "through", "trigger_day"),
    [
        (1, "2026-02-28", date(2019, 3, 23)),
        (2, "2026-03-31", date(2026, 3, 31)),  # the highest day at which billing stopped is the billing day
        (2, None, date(2019, 3, 23)),
    ],
)
def test_a_later_segments_billing_day_is_seen_where_billing_stopped(
    document: dict[str, Any], segment: int, through: str | None, trigger_day: date
) -> None:
    processed = "2026-02-28" if through else None
    first_charge(document).update(segment=segment, chargedThroughDate=through, processedThroughDate=processed)
    world, account, _ = tenant_of(recording(document))
    charge = next(world.subscriptions.of(account.id)[0].charges)
    assert charge.trigger_day == trigger_day


def test_an_evergreen_subscription_has_no_term_and_no_end(document: dict[str, Any]) -> None:
    document["subscription"] |= {"termType": "EVERGREEN", "termEndDate": None, "currentTerm": None}
    document["subscription"] |= {"renewalTerm": 24, "renewalTermPeriodType": None}  # months, then
    world, account, _ = tenant_of(recording(document))
    subscription = world.subscriptions.of(account.id)[0]
    assert (subscription.current_term, subscription.term_end) == (None, None)
    assert subscription.renewal_term is not None
    assert (subscription.renewal_term.length, subscription.renewal_term.unit) == (24, "Month")


def test_what_a_recording_need_not_say_it_may_leave_out(document: dict[str, Any]) -> None:
    del document["request"], document["account"]
    for name in ("version", "renewalSetting", "autoRenew", "serviceActivationDate"):
        del document["subscription"][name]
    for item in document["invoiceItems"]:
        del item["taxAmount"], item["chargeDate"], item["processingType"]
    world, account, _ = tenant_of(recording(document))
    (subscription,) = world.subscriptions.of(account.id)
    assert (subscription.version, subscription.auto_renew, subscription.service_activation) == (
        1,
        False,
        None,
    )
    items = recording(document).items
    assert {(item.tax_amount, item.processing_type) for item in items} == {(Decimal(0), "Charge")}


def test_a_bill_cycle_day_may_be_words(document: dict[str, Any]) -> None:
    document["account"]["billCycleDay"] = "15"
    assert tenant_of(recording(document))[1].bill_cycle_day == 15
    document["account"]["billCycleDay"] = "Friday"
    with pytest.raises(ToolkitError, match="'billCycleDay': Expected `int`"):
        tenant_of(recording(document))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("ChargeTriggerDay", ("ChargeTriggerDay", None, None)),
        ("SpecificDayofMonth/1st of the month", ("SpecificDayofMonth", 1, None)),
        ("SpecificDayofWeek/friday", ("SpecificDayofWeek", None, "Friday")),
        (None, (None, None, None)),
    ],
)
def test_a_billing_day_may_have_its_day_behind_it(
    document: dict[str, Any], said: str | None, found: tuple[str | None, int | None, str | None]
) -> None:
    first_charge(document)["billingDay"] = said
    world, account, _ = tenant_of(recording(document))
    terms = next(world.subscriptions.of(account.id)[0].charges).terms
    assert (terms.billing_day, terms.bill_cycle_day, terms.weekly_bill_cycle_day) == found


def test_a_table_of_prices_is_read(document: dict[str, Any]) -> None:
    tiers = [
        {"tier": 1, "startingUnit": 0, "endingUnit": 10, "price": 5, "priceFormat": "FlatFee"},
        {"tier": 2, "startingUnit": 11, "endingUnit": None, "price": 4},
    ]
    first_charge(document).update(model="Tiered", price=None, quantity=12, tiers=tiers)
    world, account, _ = tenant_of(recording(document))
    found = next(world.subscriptions.of(account.id)[0].charges).pricing.tiers
    assert [(one.ending_unit, one.price, one.price_format) for one in found] == [
        (Decimal(10), Decimal(5), "FlatFee"),
        (None, Decimal(4), "PerUnit"),
    ]


def test_the_target_is_the_requests_or_the_latest_first_day(document: dict[str, Any]) -> None:
    assert recording(document).target == "2026-03-23"
    document["request"]["targetDate"] = "2026-07-25"
    assert recording(document).target == "2026-07-25"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "Asleep"}, "Invalid enum value 'Asleep'"),
        ({"version": "many"}, "Expected `int`"),
        ({"subscriptionStartDate": None}, "it lacks 'subscriptionStartDate'"),
        ({"initialTerm": -1}, "A term should be at least 1 Day, not -1"),
        ({"ratePlans": [{"charges": [{}]}]}, "it lacks 'charge'"),
        ({"ratePlans": 5}, "'ratePlans': Expected `array`, got `int`"),
        ({"ratePlans": None}, "'ratePlans': Expected `array`, got `null`"),
        ({"renewalTermPeriodType": "Fortnight"}, "'renewalTerm': Invalid enum value 'Fortnight'"),
    ],
)
def test_a_value_that_the_domain_does_not_know_is_named(
    document: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    document["subscription"].update(change)
    with pytest.raises(ToolkitError, match=f"^annual with discount cannot be loaded: .*{said}"):
        tenant_of(recording(document))
