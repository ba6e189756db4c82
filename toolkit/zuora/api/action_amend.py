"""POST /v1/action/amend: change subscriptions by amendments, each an action of an order."""

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.activation import awaited
from toolkit.billing.amendments import Amendment
from toolkit.billing.errors import InvalidValueError, MissingValueError, RuleError
from toolkit.billing.orders import Triggers
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.api._action_options import Options, Preview, made_by
from toolkit.zuora.api._amendment_actions import action_of
from toolkit.zuora.api._amendment_request import NewAmendment, record
from toolkit.zuora.api._subscription_orders import followed
from toolkit.zuora.api.object_actions import one_by_one
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import bounded
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.objects._writing import given, unknown
from toolkit.zuora.orders.body import NewOrder
from toolkit.zuora.orders.placing import place
from toolkit.zuora.orders.processing import Processed, submit
from toolkit.zuora.orders.request import OrderedSubscription
from toolkit.zuora.state.world import Change, World

_MOST = 10
"""Source: Zuora, amend call: up to ten amendments, all of one subscription."""


class AmendRequest(Body, frozen=True, rename="pascal"):
    """Amendments of one subscription, carried out in their order."""

    open: ClassVar[bool] = True

    amendments: tuple[NewAmendment, ...]
    amend_options: Options = Options()
    preview_options: Preview = Preview()


class AmendCall(Body, frozen=True):
    """Requests, each of which succeeds or fails as a whole."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"requests"})

    requests: tuple[dict[str, Any], ...]


def amend(call: Call) -> Reply:
    """Carry out each request on what the ones before it have left; one that fails changes nothing."""
    said: AmendCall = call.body

    def one(world: World, document: Mapping[str, Any]) -> tuple[dict[str, Any], World]:
        wanted, change = bounded(document, AmendRequest, world.today), Change(world)
        done = _amended(change, replace(call, world=world), wanted)
        return done, world if wanted.preview_options.enable_preview_mode else change.world

    reply = one_by_one(call.world, said.requests, one)
    return Reply({"results": reply.body}, reply.world)


def _amended(change: Change, call: Call, said: AmendRequest) -> dict[str, Any]:
    world = call.world
    base = _base(world, said.amendments)
    order = _order(change, world, base, said)
    if said.preview_options.enable_preview_mode:
        return _preview(change, call, order, said)
    made = tuple(record(one, base, change, world.now, order.order_number or "") for one in said.amendments)
    for one in made:
        if change.table("amendments").get(one.number) is not None:
            raise InvalidValueError(f"The amendment code {one.number} is used already.")
        change.put(one)
    processed = submit(change, world, order)
    if processed.order.status == "Pending":
        _wait(change, world, made, said.amendments)
    return _result(change.world, base, made, processed)


def _base(world: World, amendments: tuple[NewAmendment, ...]) -> Subscription:
    """Return the version to amend.

    Raises:
        RuleError: There are too many amendments, or they are of several subscriptions or of a former version.
        Refusal: There is no such subscription.
    """
    if not 1 <= len(amendments) <= _MOST:
        raise RuleError(f"A request takes between 1 and {_MOST} amendments, not {len(amendments)}.")
    key, *others = {given(one.subscription_id, "SubscriptionId") for one in amendments}
    if others:
        raise RuleError("The amendments of one request should have the same SubscriptionId.")
    found = world.subscriptions.rows.get(key)
    if found is None:
        raise unknown("amend")
    latest = world.subscriptions.find(found.number)
    if latest.id != found.id:
        raise RuleError(f"The subscription {found.number} has a later version, {latest.id}: amend that one.")
    return latest


def _order(change: Change, world: World, base: Subscription, said: AmendRequest) -> NewOrder:
    """Return the order of today that the amendments are.

    Source: Zuora, orders harmonization: an amendment makes an order too.
    """
    drafts = {one.status == "Draft" for one in said.amendments}
    if len(drafts) > 1:
        raise RuleError("The amendments of one request should all be drafts, or none of them.")
    actions = tuple(action_of(one, world, base) for one in said.amendments)
    return NewOrder(
        order_date=world.today,
        order_number=change.number("order"),
        existing_account_number=world.accounts.find(base.account_id).number,
        subscriptions=(OrderedSubscription(order_actions=actions, subscription_number=base.number),),
        processing_options=said.amend_options.processing,
        status="Draft" if drafts == {True} else None,
    )


def _wait(change: Change, world: World, made: tuple[Amendment, ...], said: tuple[NewAmendment, ...]) -> None:
    """Give amendments that wait for a date, or for one before them, their status.

    Raises:
        MissingValueError: One is said to be completed.
    """
    waiting: Any = "Pending Acceptance"
    for one, wanted in zip(made, said, strict=True):
        triggers = Triggers(one.contract_effective, one.service_activation, one.customer_acceptance)
        waiting = awaited(triggers, world.rules) or waiting
        if wanted.status == "Completed":
            missing = "ServiceActivationDate" if waiting == "Pending Activation" else "CustomerAcceptanceDate"
            raise MissingValueError(missing)
        change.put(replace(one, status=waiting))


def _result(
    world: World, base: Subscription, made: tuple[Amendment, ...], processed: Processed
) -> dict[str, Any]:
    latest, moved = followed(world, base)
    return {
        "AmendmentIds": [one.id for one in made],
        "SubscriptionId": latest.id,
        **made_by(processed),
        "TotalDeltaMrr": number(moved.mrr),
        "TotalDeltaTcv": number(moved.tcv),
        "Success": True,
    }


def _preview(change: Change, call: Call, order: NewOrder, said: AmendRequest) -> dict[str, Any]:
    """Show what amendments would bill; what they credit is negative. Nothing of it is kept."""
    placed = place(change, call.world, order)
    target = said.amend_options.invoicing.invoice_target_date or call.world.today
    options, (after,) = said.preview_options, placed.latest
    return {
        "InvoiceDatas": options.shown(change, call, target, placed.invoiced),
        **options.metrics(after, call.world.subscriptions.find(after.number), call.world.today),
        "Success": True,
    }


ENDPOINTS = (Endpoint("POST", "/v1/action/amend", amend, AmendCall, crud=True),)
