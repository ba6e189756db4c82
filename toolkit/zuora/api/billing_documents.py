"""Billing documents of an account: invoices and memos in one list, and generated at once."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeType
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import Document
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.filtering import narrow
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import Body, day, number
from toolkit.zuora.documents.bills import heading, issue
from toolkit.zuora.runs.billruns import renewed
from toolkit.zuora.state.owners import invoiced_to
from toolkit.zuora.state.world import Change

_CHARGE_TYPES: dict[str, ChargeType] = {"onetime": "OneTime", "recurring": "Recurring", "usage": "Usage"}
_TURNED = str.maketrans("+- ", "-+-")


class Wanted(Body, frozen=True):
    """Documents to generate."""

    lacking: ClassVar[frozenset[str]] = frozenset({"commitmentKeys"})

    effective_date: date
    target_date: date
    auto_post: bool = False
    auto_renew: bool = False
    charge_type_to_exclude: tuple[str, ...] = ()
    credit_memo_reason_code: str | None = None
    subscription_ids: tuple[str, ...] = ()
    include_subscriptions: bool = True
    include_order_line_items: bool = True

    @property
    def excluded(self) -> list[ChargeType]:
        """The types of charges that are not billed.

        Raises:
            InvalidValueError: There is no such type.
        """
        unknown = [kind for kind in self.charge_type_to_exclude if kind.lower() not in _CHARGE_TYPES]
        if unknown:
            raise InvalidValueError(
                f"'chargeTypeToExclude' value should be one of: {', '.join(_CHARGE_TYPES)}, not {unknown[0]}"
            )
        return [_CHARGE_TYPES[kind.lower()] for kind in self.charge_type_to_exclude]


def list_documents(call: Call) -> Reply:
    """Show an account's documents, latest first.

    Unlike in other lists `+` and no sign sort downwards, `-` sorts upwards. Source: the official SDK.

    Raises:
        MissingValueError: No account is named.
    """
    key = call.query.get("accountId") or call.query.get("accountNumber")
    if not key:
        raise MissingValueError("accountId")
    world, account = call.world, call.world.accounts.find(key)
    rows = [
        *map(_show, world.invoices.of(account.id)),
        *map(_show, world.credit_memos.of(account.id)),
        *map(_show, world.debit_memos.of(account.id)),
    ]
    fields = call.query.get("sort", "documentDate").split(",")
    order = ",".join(one.translate(_TURNED) if one[:1] in "+- " else f"-{one}" for one in fields)
    wanted = {name: value for name, value in call.query.items() if name != "sort"}
    kept = narrow(replace(call, query=wanted), rows, ("documentDate", "status"))
    ordered = narrow(replace(call, query={"sort": order}), kept, ("documentDate", "documentType"))
    return listing(call, "documents", ordered)


def _show(document: Document) -> dict[str, Any]:
    kind, dated, left = _described(document)
    return {
        "id": document.id,
        "accountId": document.account_id,
        "documentType": kind,
        "documentNumber": document.number,
        "documentDate": day(dated),
        "amount": number(document.amount),
        "balance": number(left),
        "currency": document.currency,
        "status": document.status,
    }


def _described(document: Document) -> tuple[str, date, Decimal]:
    """Return the type, date and balance; of a credit memo that is what is unapplied, an assumption."""
    if isinstance(document, Invoice):
        return "Invoice", document.invoice_date, document.balance
    if isinstance(document, CreditMemo):
        return "CreditMemo", document.memo_date, document.unapplied
    return "DebitMemo", document.memo_date, document.balance


def generate(call: Call) -> Reply:
    """Bill an account now; where nothing is due there are no documents, which is an assumption.

    Source: the official SDK, generate billing documents by account.
    """
    said: Wanted = call.body
    world, change = call.world, Change(call.world)
    account = world.accounts.find(call.path["account-key"])
    head = heading(world, account, said.effective_date, said.target_date, post=said.auto_post)
    subscriptions = _chosen(said, invoiced_to(world.subscriptions, account.id))
    if said.auto_renew:
        subscriptions = [renewed(change, world, one, said.target_date) for one in subscriptions]
    lines = said.include_order_line_items
    made = issue(change, head, subscriptions, world.rules, said.excluded, line_items=lines)
    memos = [one for one in made if isinstance(one, CreditMemo)]
    if said.credit_memo_reason_code:
        for memo in memos:
            change.put(replace(memo, reason=said.credit_memo_reason_code))
    answer = {
        "invoices": [{"id": one.id} for one in made if isinstance(one, Invoice)],
        "creditMemos": [{"id": one.id} for one in memos],
    }
    return Reply({**answer, "success": True}, change.world)


def _chosen(said: Wanted, subscriptions: list[Subscription]) -> list[Subscription]:
    """Return the subscriptions that are billed.

    Raises:
        NotFoundError: An id is not that of the latest version of a subscription of the account.
    """
    unknown = set(said.subscription_ids) - {one.id for one in subscriptions}
    if unknown:
        raise NotFoundError(min(unknown))
    if not said.include_subscriptions:
        return []
    return [one for one in subscriptions if not said.subscription_ids or one.id in said.subscription_ids]


ENDPOINTS = (
    Endpoint("GET", "/v1/billing-documents", list_documents),
    Endpoint("POST", "/v1/accounts/{account-key}/billing-documents/generate", generate, Wanted),
)
