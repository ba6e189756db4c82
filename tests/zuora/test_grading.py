"""The simulator beside recorded billing previews: every recording at hand, and one carried along."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

import toolkit
from toolkit.errors import ToolkitError
from toolkit.zuora.calls import wire
from toolkit.zuora.grading import Explanations, Grade, Known, explanations, grade
from toolkit.zuora.recorded import Recording, read

CARRIED = Path(__file__).parent / "recordings" / "annual-with-discount.json"
SHARED = Path(toolkit.__file__).parents[2] / "shared" / "data" / "billing-previews"
RECORDINGS = sorted(SHARED.glob("*.json"))
EDITED = "The price was edited."
UNTAXED = "The tax is lost."
KNOWN = Explanations((), {"edited-price": EDITED, "tax-left-out": UNTAXED})
START = date(2026, 3, 23)


@pytest.mark.skipif(not RECORDINGS, reason="the recorded previews, ../shared, are not beside this repository")
@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_production_tenant_was_billed_the_same(path: Path) -> None:
    found = grade(read(path), explanations())
    assert found.dates == found.items
    assert found.amounts == found.items - len(found.differences)
    assert all(difference.reason for difference in found.differences)


@pytest.fixture
def document() -> dict[str, Any]:
    """A recording: 424.00 a year less ten percent, tax included; numbers and dates of a production tenant."""
    found: dict[str, Any] = wire.parse(CARRIED.read_bytes())
    return found


def graded(document: dict[str, Any], known: Explanations = KNOWN) -> Grade:
    return grade(msgspec.convert(document, Recording), known)


def charge(document: dict[str, Any], index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document["subscription"]["ratePlans"][index]["charges"][0]
    return found


def test_charge_and_discount_agree_and_another_subscriptions_item_is_left_out() -> None:
    assert grade(read(CARRIED), KNOWN) == Grade(2, 2, 2, ())


def test_what_is_credited_is_compared_too(document: dict[str, Any]) -> None:
    """A tenant with Invoice Settlement previews it as a credit memo, the recorded one has no such memos."""
    document["subscription"]["ratePlans"] = document["subscription"]["ratePlans"][:1]
    charge(document)["price"] *= -1
    item = document["invoiceItems"][0]
    document["invoiceItems"] = [item | {name: -item[name] for name in ("chargeAmount", "taxAmount")}]
    assert graded(document) == Grade(1, 1, 1, ())


def test_another_amount_is_an_unexplained_difference(document: dict[str, Any]) -> None:
    document["invoiceItems"][0]["chargeAmount"] = Decimal("368.71")
    found = graded(document)
    assert (found.items, found.dates, found.amounts, found.unexplained) == (2, 2, 1, 1)
    assert found.differences == (
        ("annual with discount", "C01", START, "amount: Zuora 424.01, simulator 424.0", ""),
    )


def test_another_last_day_is_an_unexplained_difference(document: dict[str, Any]) -> None:
    document["invoiceItems"][1]["serviceEndDate"] = "2027-03-23"
    found = graded(document)
    assert (found.dates, found.amounts, found.unexplained) == (1, 2, 1)
    assert found.differences[0].found == "last day: Zuora 2027-03-23, simulator 2027-03-22"


def test_an_item_that_the_simulator_does_not_bill_is_a_difference(document: dict[str, Any]) -> None:
    items = document["invoiceItems"]
    items.append({**items[0], "serviceStartDate": "2026-03-24"})
    found = graded(document)
    assert (found.items, found.dates, found.amounts, found.unexplained) == (3, 2, 2, 1)
    assert found.differences[0][2:4] == (date(2026, 3, 24), "the simulator does not bill it")


def test_an_item_that_zuora_does_not_bill_is_a_difference(document: dict[str, Any]) -> None:
    del document["invoiceItems"][1]
    found = graded(document)
    assert (found.items, found.dates, found.amounts, found.unexplained) == (1, 1, 1, 1)
    assert found.differences[0].found == "the simulator bills a Discount that Zuora does not"


def test_of_two_items_of_one_day_none_of_which_is_equal_each_meets_the_nearest(
    document: dict[str, Any],
) -> None:
    document["subscription"]["ratePlans"][0]["charges"].append({**charge(document), "price": 10, "mrr": None})
    items = document["invoiceItems"]
    items[1:1] = [{**items[0], "chargeAmount": 11, "taxAmount": 0}]
    items[0] = {**items[0], "chargeAmount": 400}
    items[2:3] = [{**items[2], "chargeAmount": amount, "taxAmount": 0} for amount in (Decimal("-42.4"), -1)]
    assert [one.found for one in graded(document).differences] == [
        "amount: Zuora 455.3, simulator 424.0",
        "amount: Zuora 11, simulator 10.0",
    ]


def test_of_two_items_of_one_day_each_meets_its_equal(document: dict[str, Any]) -> None:
    twin = {**charge(document), "charge": "C01", "price": 10}
    document["subscription"]["ratePlans"][0]["charges"].append(twin)
    items = document["invoiceItems"]
    items[1:1] = [{**items[0], "chargeAmount": 10, "taxAmount": 0}]
    items[2:3] = [{**items[2], "chargeAmount": amount, "taxAmount": 0} for amount in (Decimal("-42.4"), -1)]
    assert graded(document) == Grade(4, 4, 4, ())


def test_an_item_that_comes_first_leaves_its_equal_to_a_later_one(document: dict[str, Any]) -> None:
    document["subscription"]["ratePlans"][1:] = []
    document["subscription"]["ratePlans"][0]["charges"].append({**charge(document), "price": 300})
    item = document["invoiceItems"][0]
    document["invoiceItems"] = [{**item, "chargeAmount": amount, "taxAmount": 0} for amount in (423, 424)]
    assert [one.found for one in graded(document).differences] == ["amount: Zuora 423, simulator 300.0"]


def test_a_price_that_contradicts_its_own_mrr_explains_an_amount(document: dict[str, Any]) -> None:
    charge(document)["price"] = 500
    document["subscription"]["ratePlans"][1:] = []
    del document["invoiceItems"][1]
    found = graded(document)
    assert (found.amounts, found.unexplained) == (0, 0)
    assert found.differences[0].reason == EDITED


def test_a_price_that_was_edited_explains_its_discount_too(document: dict[str, Any]) -> None:
    charge(document)["price"] = 500
    for number, item in enumerate(document["invoiceItems"], 1):
        item["item"] = number
    document["invoiceItems"][1]["appliedToItem"] = 1
    found = graded(document)
    assert [one.found for one in found.differences] == [
        "amount: Zuora 424.0, simulator 500.0",
        "amount: Zuora -42.40, simulator -50.0",
    ]
    assert found.unexplained == 0
    document["invoiceItems"][1]["chargeAmount"] = -30  # no tenth of what was billed
    assert graded(document).unexplained == 1


def untaxed(document: dict[str, Any], *amounts: str) -> Grade:
    """Grade the recording with these amounts and no tax."""
    for item, amount in zip(document["invoiceItems"], amounts, strict=False):
        item.update(chargeAmount=Decimal(amount), taxAmount=0)
    return graded(document)


def test_amounts_that_fall_short_by_one_rate_have_lost_their_tax(document: dict[str, Any]) -> None:
    found = untaxed(document, "368.70", "-36.87")  # what Zuora billed, at 15 %
    assert (found.dates, found.amounts, found.unexplained) == (2, 0, 0)
    assert {one.reason for one in found.differences} == {UNTAXED}


@pytest.mark.parametrize(
    "amounts",
    [
        ("368.70", "-38.55"),  # 15 and 10 %
        ("424.0", "-36.87"),  # one has no tax
        ("212.0", "-21.2"),  # 100 %
        ("430.0", "-43.0"),  # more than the price
        ("368.70", "-0.01"),  # too little to tell a rate
    ],
)
def test_amounts_that_fall_short_otherwise_are_not_explained_by_tax(
    document: dict[str, Any], amounts: tuple[str, str]
) -> None:
    assert not any(one.reason for one in untaxed(document, *amounts).differences)


def test_one_amount_does_not_show_that_tax_was_lost(document: dict[str, Any]) -> None:
    document["subscription"]["ratePlans"][1:] = []
    del document["invoiceItems"][1]
    assert untaxed(document, "368.70").unexplained == 1


def test_tax_that_is_said_is_not_lost(document: dict[str, Any]) -> None:
    document["invoiceItems"][0].update(chargeAmount=Decimal("368.70"), taxAmount=Decimal("0.01"))
    document["invoiceItems"][1].update(chargeAmount=Decimal("-36.87"), taxAmount=0)
    assert graded(document).unexplained == 2


def test_tax_comes_on_top_of_prices_that_exclude_it(document: dict[str, Any]) -> None:
    charge(document)["taxMode"] = "TaxExclusive"
    for number, item in enumerate(document["invoiceItems"], 1):
        item["item"] = number
    taxed = document["invoiceItems"]
    taxed[0].update(chargeAmount=424, taxAmount=Decimal("63.60"))
    taxed[1].update(chargeAmount=Decimal("-42.4"), taxAmount=Decimal("-6.36"), appliedToItem=1)
    assert graded(document) == Grade(2, 2, 2, ())


@pytest.mark.parametrize(
    "change",
    [
        {"mrr": None},
        {"mrr": Decimal("41.67")},  # agrees with the price
        {"mrr": 30},  # agrees with neither
        {"billingPeriod": "Specific_Weeks", "specificBillingPeriod": 52},
    ],
)
def test_without_that_contradiction_nothing_is_explained(
    document: dict[str, Any], change: dict[str, Any]
) -> None:
    charge(document).update(price=500, **change)
    assert not any(one.reason for one in graded(document).differences)


def test_a_contradiction_does_not_explain_another_day(document: dict[str, Any]) -> None:
    charge(document)["price"] = 500
    document["invoiceItems"][0]["serviceEndDate"] = "2027-03-21"
    assert not graded(document).differences[0].reason


@pytest.mark.parametrize("change", [{"chargeAmount": 1}, {"serviceEndDate": "2027-01-01"}])
def test_a_difference_may_be_explained_by_name(document: dict[str, Any], change: dict[str, Any]) -> None:
    document["invoiceItems"][0].update(change)
    known = Explanations((Known("annual with discount", "C01", START, "why"),), KNOWN.evidence)
    assert [one.reason for one in graded(document, known).differences] == ["why"]
    other = Explanations((Known("annual with discount", "C04", START, "why"),), KNOWN.evidence)
    assert graded(document, other).unexplained == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"billingPeriod": "Fortnight"}, "'billingPeriod': Invalid enum value 'Fortnight'"),
        ({"effectiveStartDate": None}, "it lacks 'effectiveStartDate'"),
        ({"price": "much"}, "'price': Invalid decimal string"),
    ],
)
def test_what_cannot_be_loaded_is_different_in_every_item(
    document: dict[str, Any], change: dict[str, Any], why: str
) -> None:
    charge(document).update(change)
    found = graded(document)
    assert (found.items, found.dates, found.amounts, found.unexplained) == (2, 0, 0, 2)
    assert found.failure == f"annual with discount cannot be loaded: {why}."


def test_a_refused_preview_is_different_in_every_item(document: dict[str, Any]) -> None:
    document["request"]["assumeRenewal"] = "Perhaps"
    found = graded(document)
    assert (found.items, found.unexplained) == (2, 2)
    assert found.failure == (
        "annual with discount is refused by the simulator: "
        "'assumeRenewal' value should be one of: None, Autorenew, All"
    )


def test_a_recording_without_items_has_nothing_to_agree_on(document: dict[str, Any]) -> None:
    document["invoiceItems"] = []
    assert graded(document) == Grade(0, 0, 0, ())


def test_a_list_of_explanations_that_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "fixtures" / "fidelity" / "billing-previews.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("items: [{charge: C01}]\nevidence: {}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ToolkitError, match="previews.yaml: Object missing required field `source`"):
        explanations()
