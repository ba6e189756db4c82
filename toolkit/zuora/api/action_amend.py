"""POST /v1/action/amend: change subscriptions by amendments, each an action of an order."""

from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.activation import awaited
from toolkit.billing.amendments import Amendment
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import BillingError, InvalidValueError, MissingValueError, RuleError
from toolkit.billing.orders import Triggers
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.api._amendment_actions import action_of
from toolkit.zuora.api._amendment_request import NewAmendment, record
from toolkit.zuora.api._order_body import (
    BillingOptions,
    ElectronicPaymentOptions,
    NewOrder,
    ProcessingOptions,
)
from toolkit.zuora.api._order_placing import place
from toolkit.zuora.api._order_processing import Processed, submit
from toolkit.zuora.api._order_request import OrderedSubscription
from toolkit.zuora.api._subscription_orders import followed
from toolkit.zuora.api.object_actions import failure
from toolkit.zuora.api.order_preview import PreviewOptions, billing_docs
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.refusals import Refusal
from toolkit.zuora.wire import Body, number
from toolkit.zuora.world import Change, World

_MOST_REQUESTS = 50
"""Source: Zuora, actions: up to 50 objects at a time."""

_MOST = 10
"""Source: Zuora, amend call: up to ten amendments, all of one subscription."""


class InvoiceProcessingOptions(Body, frozen=True, rename="pascal"):
    """How far a bill goes, and its date."""

    open: ClassVar[bool] = True

    invoice_date: date | None = None
    invoice_target_date: date | None = None


class PaymentOptions(Body, frozen=True, rename="pascal"):
    """What a payment is collected with."""

    open: ClassVar[bool] = True

    payment_method_id: str | None = None


class AmendOptions(Body, frozen=True, rename="pascal"):
    """Whether amendments are billed and paid at once; they are billed unless they say otherwise.

    Source: Zuora, amend options, `GenerateInvoice`.
    """

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"ApplyCreditBalance", "ExternalPaymentOptions"})

    generate_invoice: bool = True
    process_payments: bool = False
    invoice_processing_options: InvoiceProcessingOptions = InvoiceProcessingOptions()
    electronic_payment_options: PaymentOptions = PaymentOptions()

    @property
    def processing(self) -> ProcessingOptions:
        """What an order says for it."""
        said, key = self.invoice_processing_options, self.electronic_payment_options.payment_method_id
        return ProcessingOptions(
            run_billing=self.generate_invoice,
            collect_payment=self.process_payments,
            billing_options=BillingOptions(
                target_date=said.invoice_target_date, document_date=said.invoice_date
            ),
            electronic_payment_options=ElectronicPaymentOptions(payment_method_id=key),
        )


class AmendPreview(Body, frozen=True, rename="pascal"):
    """How far to preview instead."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"IncludeExistingDraftInvoiceItems"})

    enable_preview_mode: bool = False
    number_of_periods: int | None = None
    preview_through_term_end: bool = False
    preview_type: Literal["InvoiceItem", "ChargeMetrics", "InvoiceItemChargeMetrics"] = "InvoiceItem"

    def through(self, day: date) -> PreviewOptions:
        """Return how far an order preview goes for it; `day` is where nothing is said."""
        if self.preview_through_term_end:
            return PreviewOptions(preview_thru_type="TermEnd")
        if self.number_of_periods is not None:
            return PreviewOptions(
                preview_thru_type="NumberOfPeriods", preview_number_of_periods=self.number_of_periods
            )
        return PreviewOptions(preview_thru_type="SpecificDate", specific_preview_thru_date=day)


class AmendRequest(Body, frozen=True, rename="pascal"):
    """Amendments of one subscription, carried out in their order."""

    open: ClassVar[bool] = True

    amendments: tuple[NewAmendment, ...]
    amend_options: AmendOptions = AmendOptions()
    preview_options: AmendPreview = AmendPreview()


class AmendCall(Body, frozen=True):
    """Requests, each of which succeeds or fails as a whole."""

    open: ClassVar[bool] = True

    requests: tuple[AmendRequest, ...]


def amend(call: Call) -> Reply:
    """Carry out each request on what the ones before it have left; one that fails changes nothing."""
    said: AmendCall = call.body
    if len(said.requests) > _MOST_REQUESTS:
        raise RuleError(f"An amend call takes at most {_MOST_REQUESTS} requests, not {len(said.requests)}.")
    world, results = call.world, []
    for request in said.requests:
        change = Change(world)
        try:
            results.append(_amended(change, call._replace(world=world), request))
        except (BillingError, Refusal) as error:
            results.append(failure(error))
        else:
            world = world if request.preview_options.enable_preview_mode else change.world
    return Reply({"results": results}, world)


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
        NotFoundError: There is no such subscription.
    """
    if not 1 <= len(amendments) <= _MOST:
        raise RuleError(f"A request takes between 1 and {_MOST} amendments, not {len(amendments)}.")
    key, *others = {one.subscription_id for one in amendments}
    if others:
        raise RuleError("The amendments of one request should have the same SubscriptionId.")
    found = world.subscriptions.find(key)
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
    shown: dict[str, Any] = {
        "AmendmentIds": [one.id for one in made],
        "SubscriptionId": latest.id,
        "TotalDeltaMrr": number(moved.mrr),
        "TotalDeltaTcv": number(moved.tcv),
        "Success": True,
    }
    for document in processed.documents:
        shown["CreditMemoId" if isinstance(document, CreditMemo) else "InvoiceId"] = document.id
    for payment in processed.payments:
        shown["PaymentId"] = payment.id
    return shown


def _preview(change: Change, call: Call, order: NewOrder, said: AmendRequest) -> dict[str, Any]:
    """Show what amendments would bill; what they credit is negative. Nothing of it is kept."""
    options = said.preview_options
    if "ChargeMetrics" in options.preview_type:
        raise InvalidValueError("'PreviewType' with ChargeMetrics is not simulated yet.")
    placed = place(change, call.world, order)
    target = said.amend_options.invoice_processing_options.invoice_target_date or call.world.today
    docs = billing_docs(change, call, options.through(target), placed.invoiced)
    shown = [_invoice(one, one["invoiceItems"], 1) for one in docs["invoices"]]
    shown += [_invoice(one, one["creditMemoItems"], -1) for one in docs["creditMemos"]]
    return {"InvoiceDatas": shown, "Success": True}


def _invoice(document: dict[str, Any], items: list[dict[str, Any]], sign: int) -> dict[str, Any]:
    amounts = ("amount", "amountWithoutTax", "taxAmount")
    head = {name[0].upper() + name[1:]: sign * document[name] for name in amounts}
    head["TargetDate"] = document["targetDate"]
    return {"Invoice": head, "InvoiceItem": [_item(item, sign) for item in items]}


def _item(item: dict[str, Any], sign: int) -> dict[str, Any]:
    return {
        "ChargeAmount": sign * item["amountWithoutTax"],
        "ChargeDescription": item["chargeDescription"],
        "ChargeName": item["chargeName"],
        "ChargeNumber": item["chargeNumber"],
        "ProcessingType": item["processingType"],
        "ProductName": item["productName"],
        "Quantity": item["additionalInfo"]["quantity"],
        "ServiceEndDate": item["serviceEndDate"],
        "ServiceStartDate": item["serviceStartDate"],
        "SubscriptionNumber": item["subscriptionNumber"],
        "TaxAmount": sign * item["taxAmount"],
        "UOM": item["additionalInfo"]["unitOfMeasure"],
        "UnitPrice": item["unitPrice"],
    }


ENDPOINTS = (Endpoint("POST", "/v1/action/amend", amend, AmendCall, crud=True),)
