"""Grading: recorded billing previews of a real tenant, played against the simulator."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from toolkit import content
from toolkit.billing.periods import MONTHS
from toolkit.errors import ToolkitError
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Request
from toolkit.zuora.recorded import Document, RecordedItem, Recording, tenant_of
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

_HEADERS = {"content-type": "application/json", "apiaccesskeyid": "grader", "apisecretaccesskey": "grader"}

_CENT = Decimal("0.01")


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
    """How many recorded items there are, and in how many the simulator agrees."""

    items: int
    dates: int
    amounts: int
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> int:
        """How many differences have no explanation."""
        return sum(not difference.reason for difference in self.differences)


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

    Where the tenant cannot hold the subscription or refuses the preview, each item is a difference.
    """
    items = recording.items
    try:
        billed = _bill(recording)
    except ToolkitError as error:
        return Grade(len(items), 0, 0, tuple(_difference(recording, item, error.problem) for item in items))
    dates, amounts, differences = 0, 0, list[Difference]()
    for item in items:
        candidates = billed[item.charge, item.processing_type, item.service_start_date]
        if not candidates:
            reason = _named(recording, known, item)
            differences.append(_difference(recording, item, "the simulator does not bill it", reason))
            continue
        ours = min(candidates, key=lambda one: (one.amount != item.amount, one.end != item.service_end_date))
        candidates.remove(ours)
        same_end, same_amount = ours.end == item.service_end_date, ours.amount == item.amount
        dates += same_end
        amounts += same_amount
        if not same_end:
            found = f"last day: Zuora {item.service_end_date}, simulator {ours.end}"
            differences.append(_difference(recording, item, found, _named(recording, known, item)))
        elif not same_amount:
            found = f"amount: Zuora {item.amount}, simulator {ours.amount}"
            reason = _named(recording, known, item) or _proven(recording, known, item)
            differences.append(_difference(recording, item, found, reason))
    differences += [
        Difference(recording.source, charge, start, f"the simulator bills a {kind} that Zuora does not", "")
        for (charge, kind, start), rest in billed.items()
        for _ in rest
    ]
    return Grade(len(items), dates, amounts, tuple(differences))


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
    if not recording.invoice_items:
        return []
    body = {**recording.request, "accountId": account_id, "targetDate": recording.target}
    answer = Tenant(world).handle(
        Request("POST", "/v1/operations/billing-preview", headers=_HEADERS, body=wire.write(body))
    )
    read: dict[str, Any] = wire.parse(answer.body)
    if not read["success"]:
        raise ToolkitError(f"{recording.source}: the simulator refused the preview: {read['reasons']}.")
    return list(read["invoiceItems"])


def _named(recording: Recording, known: Explanations, item: RecordedItem) -> str:
    """Return the reason that the list gives for this item, or nothing."""
    name = recording.source, item.charge, item.service_start_date
    return next((one.reason for one in known.items if (one.source, one.charge, one.start) == name), "")


def _proven(recording: Recording, known: Explanations, item: RecordedItem) -> str:
    """Return the reason for another amount that the recording itself proves, or nothing."""
    charges = (charge for plan in recording.subscription["ratePlans"] for charge in plan["charges"])
    edited = any(_is_price_edited(said, item) for said in charges if said["charge"] == item.charge)
    return known.evidence["edited-price"] if edited else ""


def _is_price_edited(said: Document, item: RecordedItem) -> bool:
    """Tell whether the charge's recorded mrr contradicts its price and agrees with what was billed."""
    months = MONTHS.get(said.get("billingPeriod") or "")
    if months is None or said.get("mrr") is None or said.get("price") is None:
        return False
    by_mrr = Decimal(said["mrr"]) * months
    return abs(by_mrr - item.amount) <= _CENT < abs(by_mrr - Decimal(said["price"]))
