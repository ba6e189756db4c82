"""Grading: recorded billing previews of a real tenant, played against the simulator."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from toolkit import content
from toolkit.billing.periods import MONTHS
from toolkit.errors import ToolkitError
from toolkit.zuora import wire
from toolkit.zuora.call import Request
from toolkit.zuora.recorded import Document, RecordedItem, Recording, tenant_of
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.world import World

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


def grade(recording: Recording, known: Explanations) -> Grade:
    """Ask a fresh tenant for the recorded preview and compare item by item."""
    world, account, names = tenant_of(recording)
    answered = _preview(recording, world, account.id)
    billed: dict[tuple[str, str, date], list[Billed]] = defaultdict(list)
    for item in answered:
        key = (
            names[item["chargeNumber"]],
            item["processingType"],
            date.fromisoformat(item["serviceStartDate"]),
        )
        amount = Decimal(item["chargeAmount"]) + item["taxAmount"]
        billed[key].append(Billed(date.fromisoformat(item["serviceEndDate"]), amount))
    dates, amounts = 0, 0
    differences: list[Difference] = []

    def differ(item: RecordedItem, found: str) -> None:
        start, reason = item.service_start_date, _explain(recording, known, item)
        differences.append(Difference(recording.source, item.charge, start, found, reason))

    for recorded in recording.items:
        candidates = billed[recorded.charge, recorded.processing_type, recorded.service_start_date]
        if not candidates:
            differ(recorded, "the simulator does not bill it")
            continue
        ours = min(
            candidates, key=lambda one: (one.amount != recorded.amount, one.end != recorded.service_end_date)
        )
        candidates.remove(ours)
        dates += ours.end == recorded.service_end_date
        amounts += ours.amount == recorded.amount
        found = [
            f"{what}: Zuora {theirs}, simulator {mine}"
            for what, theirs, mine in (
                ("last day", recorded.service_end_date, ours.end),
                ("amount", recorded.amount, ours.amount),
            )
            if theirs != mine
        ]
        if found:
            differ(recorded, "; ".join(found))
    for (charge, kind, start), rest in billed.items():
        found_extra = f"the simulator bills a {kind} that Zuora does not"
        differences += [Difference(recording.source, charge, start, found_extra, "") for _ in rest]
    return Grade(len(recording.items), dates, amounts, tuple(differences))


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


def _explain(recording: Recording, known: Explanations, item: RecordedItem) -> str:
    """Return why Zuora billed this item otherwise, or nothing."""
    name = recording.source, item.charge, item.service_start_date
    for one in known.items:
        if (one.source, one.charge, one.start) == name:
            return one.reason
    said = next(
        charge
        for plan in recording.subscription["ratePlans"]
        for charge in plan["charges"]
        if charge["charge"] == item.charge
    )
    return known.evidence["edited-price"] if _is_price_edited(said, item) else ""


def _is_price_edited(said: Document, item: RecordedItem) -> bool:
    """Tell whether the charge's recorded mrr contradicts its price and agrees with what was billed."""
    months = MONTHS.get(said.get("billingPeriod") or "")
    if months is None or said.get("mrr") is None or said.get("price") is None:
        return False
    by_mrr = Decimal(said["mrr"]) * months
    return abs(by_mrr - item.amount) <= _CENT < abs(by_mrr - Decimal(said["price"]))
