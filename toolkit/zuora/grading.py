"""Grading: recorded billing previews of a real tenant, played against the simulator."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from toolkit import content
from toolkit.billing.money import ZERO
from toolkit.billing.periods import MONTHS
from toolkit.errors import ToolkitError
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Request
from toolkit.zuora.recorded import Document, RecordedItem, Recording, tenant_of
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

_HEADERS = {"content-type": "application/json", "apiaccesskeyid": "grader", "apisecretaccesskey": "grader"}

_CENT = Decimal("0.01")
_HIGHEST_TAX = Decimal("0.3")
"""No sales tax is higher; Hungary's is 27 %."""


class Difference(NamedTuple):
    """One item that Zuora and the simulator do not agree on.

    Attributes:
        start: First day of the item's service period.
        found: What is different, in words.
        reason: Why, where it is explained; empty where it is not.
    """

    source: str
    charge: str
    start: date
    found: str
    reason: str


class Grade(NamedTuple):
    """How many recorded items there are, and in how many the simulator agrees.

    Attributes:
        failure: Why nothing could be compared: then each item is an unexplained difference.
    """

    items: int
    dates: int
    amounts: int
    differences: tuple[Difference, ...]
    failure: str = ""

    @property
    def unexplained(self) -> int:
        """How many differences have no explanation."""
        return self.items if self.failure else sum(not one.reason for one in self.differences)


class Known(msgspec.Struct, frozen=True):
    """A difference of a recording that is explained by name."""

    source: str
    charge: str
    start: date
    reason: str


class Explanations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why simulator and recordings differ where they do.

    Attributes:
        items: Differences by name.
        evidence: Sentences by the kind of contradiction within a recording that they describe.
    """

    items: tuple[Known, ...]
    evidence: dict[str, str]


def explanations() -> Explanations:
    """Read the shipped list."""
    path = content.find("fixtures", "fidelity", "billing-previews")
    try:
        return msgspec.convert(content.read_yaml(path), Explanations)
    except msgspec.ValidationError as error:
        raise ToolkitError(f"{path}: {error}.") from error


class Billed(NamedTuple):
    """An item of the simulator's answer."""

    end: date
    amount: Decimal


Billing = dict[tuple[str, str, date], list[Billed]]
"""What the simulator bills, by charge, kind and first day."""


def grade(recording: Recording, known: Explanations) -> Grade:
    """Ask a fresh tenant for the recorded preview and compare item by item.

    Of several items of one charge, kind and day each meets its equal, or else the nearest.
    """
    items = recording.items
    try:
        billed = _bill(recording)
    except ToolkitError as error:
        return Grade(len(items), 0, 0, (), error.problem)
    dates, amounts, differences, apart = 0, 0, list[Difference](), list[tuple[RecordedItem, Decimal]]()
    for item in sorted(map(recording.compared, items), key=lambda item: not _has_equal(billed, item)):
        candidates = _candidates(billed, item)
        if not candidates:
            reason = _named(recording, known, item)
            differences.append(_difference(recording, item, "the simulator does not bill it", reason))
            continue
        ours = min(
            candidates, key=lambda one: (abs(one.amount - item.amount), one.end != item.service_end_date)
        )
        candidates.remove(ours)
        same_end, same_amount = ours.end == item.service_end_date, ours.amount == item.amount
        dates += same_end
        amounts += same_amount
        if not same_end:
            found = f"last day: Zuora {item.service_end_date}, simulator {ours.end}"
            differences.append(_difference(recording, item, found, _named(recording, known, item)))
        elif not same_amount:
            apart.append((item, ours.amount))
    untaxed = known.evidence["tax-left-out"] if _is_tax_left_out(items, apart) else ""
    for item, amount in apart:
        found = f"amount: Zuora {item.amount}, simulator {amount}"
        reason = _named(recording, known, item) or _proven(recording, known, item) or untaxed
        differences.append(_difference(recording, item, found, reason))
    differences += [
        Difference(recording.source, charge, start, f"the simulator bills a {kind} that Zuora does not", "")
        for (charge, kind, start), rest in billed.items()
        for _ in rest
    ]
    return Grade(len(items), dates, amounts, tuple(differences))


def _candidates(billed: Billing, item: RecordedItem) -> list[Billed]:
    return billed[item.charge, item.processing_type, item.service_start_date]


def _has_equal(billed: Billing, item: RecordedItem) -> bool:
    return any(one.amount == item.amount for one in _candidates(billed, item))


def _difference(recording: Recording, item: RecordedItem, found: str, reason: str = "") -> Difference:
    return Difference(recording.source, item.charge, item.service_start_date, found, reason)


def _bill(recording: Recording) -> Billing:
    world, account, names = tenant_of(recording)
    billed: Billing = defaultdict(list)
    for item in _preview(recording, world, account.id):
        start, end = (date.fromisoformat(item[f"service{edge}Date"]) for edge in ("Start", "End"))
        amount = Decimal(item["chargeAmount"]) + item["taxAmount"]
        billed[names[item["chargeNumber"]], item["processingType"], start].append(Billed(end, amount))
    return billed


def _preview(recording: Recording, world: World, account_id: str) -> list[dict[str, Any]]:
    """Return the items of invoices, and those of credit memos, which not every tenant has."""
    if not recording.invoice_items:
        return []
    body = {**recording.request, "accountId": account_id, "targetDate": recording.target}
    answer = Tenant(world).handle(
        Request("POST", "/v1/operations/billing-preview", headers=_HEADERS, body=wire.write(body))
    )
    read: dict[str, Any] = wire.parse(answer.body)
    if not read["success"]:
        why = " ".join(reason["message"] for reason in read["reasons"])
        raise ToolkitError(f"{recording.source} is refused by the simulator: {why}")
    credited = ({**one, "chargeAmount": -one["amount"], "taxAmount": ZERO} for one in read["creditMemoItems"])
    return [*read["invoiceItems"], *credited]


def _named(recording: Recording, known: Explanations, item: RecordedItem) -> str:
    """Return the reason that the list gives for this item, or nothing."""
    name = recording.source, item.charge, item.service_start_date
    return next((one.reason for one in known.items if (one.source, one.charge, one.start) == name), "")


def _proven(recording: Recording, known: Explanations, item: RecordedItem) -> str:
    """Return the reason for another amount that the recording itself proves, or nothing."""
    priced, charges = recording.priced(item), recording.charges
    edited = _is_price_edited(charges.get(priced.charge, {}), recording.compared(priced))
    if priced is not item:
        share = Decimal(charges[item.charge].get("discountPercentage") or 0) / 100
        edited = edited and abs(priced.amount * share + item.amount) <= _CENT
    return known.evidence["edited-price"] if edited else ""


def _is_price_edited(said: Document, item: RecordedItem) -> bool:
    """Tell whether the charge's recorded mrr contradicts its price and agrees with what was billed."""
    months = MONTHS.get(said.get("billingPeriod") or "")
    if months is None or said.get("mrr") is None or said.get("price") is None:
        return False
    by_mrr = Decimal(said["mrr"]) * months
    return abs(by_mrr - item.amount) <= _CENT < abs(by_mrr - Decimal(said["price"]))


def _is_tax_left_out(items: Sequence[RecordedItem], apart: Sequence[tuple[RecordedItem, Decimal]]) -> bool:
    """Tell whether items without tax fall short of their prices by one rate, as if tax had been taken out.

    Each item allows for the rates that bring it within a cent of the simulator's amount; one rate has to do
    for all, and items of one amount only would prove nothing.
    """
    if len({item.amount for item, _ in apart}) <= 1 or len(apart) < sum(bool(item.amount) for item in items):
        return False
    if any(item.tax_amount or abs(item.amount) <= _CENT for item in items if item.amount):
        return False
    lowest = max(abs(amount) / (abs(item.amount) + _CENT) for item, amount in apart)
    highest = min(abs(amount) / (abs(item.amount) - _CENT) for item, amount in apart)
    return 1 < lowest <= highest <= 1 + _HIGHEST_TAX
