"""Batches: requests for several documents, each of which succeeds or fails by itself."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from toolkit.billing.errors import BillingError, RuleError
from toolkit.zuora.calls.refusals import Refusal, refusal_of
from toolkit.zuora.state.world import Change, World

Wanted = TypeVar("Wanted")

MOST = 50
"""Source: Zuora, create, update and post several invoices or memos."""


def check_size(asked: Sequence[object], what: str) -> None:
    """Refuse a batch that is too large.

    Raises:
        RuleError: It is.
    """
    if len(asked) > MOST:
        raise RuleError(f"A request takes at most {MOST} {what}, not {len(asked)}.")


def each(
    world: World,
    asked: Sequence[Wanted],
    resource: int,
    work: Callable[[Change, Wanted], dict[str, Any]],
) -> tuple[list[dict[str, Any]], World]:
    """Do the work for each in a transaction of its own; what is refused leaves only the id of its process.

    An answer of several is a success under every version. Source: recorded, bulk post, HTTP 200; that memos
    are answered likewise is an assumption.

    Returns:
        What is answered of each, in their order, and the world after it.
    """
    answers = []
    for one in asked:
        change = Change(world)
        try:
            answer = {**work(change, one), "success": True}
        except (BillingError, Refusal) as error:
            refusal, change = refusal_of(error), Change(world)
            reasons = [{"code": refusal.code(resource), "message": refusal.message}]
            answer = {"success": False, "processId": change.id()[-16:].upper(), "reasons": reasons}
            answer |= {"id": key} if (key := getattr(one, "id", None)) else {}
        answers.append(answer)
        world = change.world
    return answers, world
