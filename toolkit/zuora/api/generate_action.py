"""POST /v1/action/generate: a draft invoice of what an account owes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from toolkit.billing.catalog import ChargeType
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.invoices import Invoice
from toolkit.zuora.api.object_actions import one_by_one
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import bounded
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.bills import heading, issue
from toolkit.zuora.objects._writing import given, unknown
from toolkit.zuora.state.owners import invoiced_to
from toolkit.zuora.state.world import Change, World


class WantedInvoice(Body, frozen=True, rename="pascal"):
    """An invoice to generate."""

    open: ClassVar[bool] = True

    account_id: str | None = None
    invoice_date: date | None = None
    target_date: date | None = None
    includes_one_time: bool = True
    includes_recurring: bool = True
    includes_usage: bool = True

    @property
    def excluded(self) -> tuple[ChargeType, ...]:
        """The types of charges that are not billed."""
        included: dict[ChargeType, bool] = {
            "OneTime": self.includes_one_time,
            "Recurring": self.includes_recurring,
            "Usage": self.includes_usage,
        }
        return tuple(kind for kind, wanted in included.items() if not wanted)


class WantedInvoices(Body, frozen=True):
    """Invoices to generate."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"objects"})

    type: str
    objects: tuple[dict[str, Any], ...]


def generate(call: Call) -> Reply:
    """Make a draft invoice for each account; from what is owed in credit becomes a credit memo."""
    said: WantedInvoices = call.body
    if said.type != "Invoice":
        raise InvalidValueError(f"Objects of the type {said.type} cannot be generated.")

    def one(world: World, document: Mapping[str, Any]) -> tuple[dict[str, Any], World]:
        wanted, change = bounded(document, WantedInvoice, world.today), Change(world)
        return _generated(change, wanted), change.world

    return one_by_one(call.world, said.objects, one)


def _generated(change: Change, said: WantedInvoice) -> dict[str, Any]:
    world = change.world
    account = world.accounts.rows.get(given(said.account_id, "AccountId"))
    if account is None:
        raise unknown("generate")
    invoice_date, target_date = given(said.invoice_date, "InvoiceDate"), given(said.target_date, "TargetDate")
    head = heading(world, account, invoice_date, target_date, post=False)
    subscriptions = invoiced_to(world.subscriptions, account.id)
    made = issue(change, head, subscriptions, world.rules, said.excluded)
    if not made:
        raise InvalidValueError(
            "The invoice will not be generated because there are no charges due on this account."
        )
    first = next((one for one in made if isinstance(one, Invoice)), made[0])
    return {"Success": True, "Id": first.id}


ENDPOINTS = (Endpoint("POST", "/v1/action/generate", generate, WantedInvoices, crud=True),)
