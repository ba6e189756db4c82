"""POST /v1/debit-memos/{key}/collect: settle a debit memo with credit, and collect the rest."""

from collections.abc import Sequence
from typing import Any, ClassVar

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.payments import Payment
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.documents.holdings import ORDER, HoldingKind, Source, held, spend
from toolkit.zuora.payments.collecting import Choice, collect
from toolkit.zuora.state.world import Change

_MOST_ITEMS, _MOST_SOURCES, _MOST_MEMO_ITEMS = 10, 25, 100
"""Source: Zuora, collect a posted debit memo, restrictions."""


class Paying(Body, frozen=True):
    """What to collect with, where that is not the account's default."""

    harmless: ClassVar[frozenset[str]] = frozenset({"balanceRefresh", "cryptogram"})

    gateway_id: str | None = None
    payment_method_id: str | None = None


class Collecting(Body, frozen=True):
    """Whether to use credit, in which order, and whether to collect what is left."""

    apply_credit: bool = False
    application_order: tuple[HoldingKind, ...] = ORDER
    collect: bool = False
    payment: Paying = Paying()


def collect_memo(call: Call) -> Reply:
    """Settle a posted debit memo with what the account holds, and then by a payment.

    A payment that is declined is kept with its error, and answered. Source: an assumption, after the
    statuses of the official SDK.
    """
    said: Collecting = call.body
    world, change = call.world, Change(call.world)
    memo = world.debit_memos.find(call.path["debit-memo-key"])
    if memo.status != "Posted":
        raise RuleError(f"The debit memo {memo.number} is {memo.status}: only Posted ones can be collected.")
    if len(memo.items) > _MOST_ITEMS:
        raise RuleError(f"A debit memo with more than {_MOST_ITEMS} items cannot be collected.")
    answer: dict[str, Any] = {"debitMemo": {"id": memo.id, "number": memo.number}}
    for kind in said.application_order if said.apply_credit else ():
        used = _spent(change, memo.id, held(change, memo.account_id, kind))
        answer["appliedCreditMemos" if kind == "CreditMemo" else "appliedPayments"] = used
    memo = change.table("debit_memos").find(memo.id)
    if said.collect and memo.balance > 0:
        choice = Choice(said.payment.payment_method_id, said.payment.gateway_id, may_fail=True)
        answer["processedPayment"] = _show(collect(change, world, (memo,), choice))
    return Reply({**answer, "success": True}, change.world)


def _spent(change: Change, key: str, sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Apply one source after the other to a debit memo, and return what is answered of those that were used.

    Raises:
        RuleError: They are too many.
    """
    used = list(spend(change, change.table("debit_memos").find(key), sources))
    items = sum(len(one.items) for one, _ in used if isinstance(one, CreditMemo))
    if len(used) > _MOST_SOURCES or items > _MOST_MEMO_ITEMS:
        raise RuleError(
            f"More than {_MOST_SOURCES} credit memos or payments, or {_MOST_MEMO_ITEMS} items of credit "
            "memos, would be applied to the debit memo."
        )
    return [
        {
            "id": one.id,
            "number": one.number,
            "appliedAmount": number(amount),
            "unappliedAmount": number(one.unapplied),
        }
        for one, amount in used
    ]


def _show(payment: Payment) -> dict[str, Any]:
    """Return what was collected. Source: the official SDK, CollectDebitMemoResponseProcessedPayment."""
    return {
        "id": payment.id,
        "number": payment.number,
        "amount": number(payment.amount),
        "status": payment.status,
        "gatewayId": payment.gateway,
        "gatewayResponse": payment.gateway_text,
        "gatewayResponseCode": payment.gateway_code,
        "paymentMethodId": payment.payment_method_id,
    }


ENDPOINTS = tuple(
    Endpoint("POST", f"/v1/{spelling}/{{debit-memo-key}}/collect", collect_memo, Collecting, resource=549500)
    for spelling in ("debit-memos", "debitmemos")
)
