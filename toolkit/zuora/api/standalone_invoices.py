"""POST /v1/invoices: create standalone invoices, one by one or in batches."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.accounts import check_payment_term
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Invoice
from toolkit.billing.standalone import StandaloneItem, standalone_invoice, standalone_items
from toolkit.zuora.api._memo_request import find_charge
from toolkit.zuora.api.invoices import show_invoice
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed_account
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change, World


class NewItem(Body, frozen=True):
    """An item, of a charge of the catalog or free."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("accountingCode", "accountsReceivableAccountingCode", "adjustmentLiabilityAccountingCode"),
            *("adjustmentRevenueAccountingCode", "bookingReference", "chargeDate"),
            *("contractAssetAccountingCode", "contractLiabilityAccountingCode"),
            *("contractRecognizedRevenueAccountingCode", "deferredRevenueAccountingCode"),
            *("excludeItemBillingFromRevenueAccounting", "itemType", "purchaseOrderNumber"),
            *("recognizedRevenueAccountingCode", "revRecCode", "revRecTriggerCondition", "revRecStartDate"),
            *("revenueRecognitionRuleName", "unbilledReceivablesAccountingCode"),
        }
    )
    lacking: ClassVar[frozenset[str]] = frozenset({"discountItems", "taxCode", "taxItems", "taxMode"})

    amount: Decimal
    service_start_date: date
    charge_name: str | None = None
    product_rate_plan_charge_id: str | None = None
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    service_end_date: date | None = None
    description: str | None = None
    sku: str | None = None
    uom: str | None = None


class NewInvoice(Body, frozen=True):
    """A standalone invoice."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"communicationProfileId", "sequenceSet", "templateId", "transferredToAccounting"}
    )
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("billToContact", "billToContactId", "customRates", "shipToContact", "shipToContactId"),
            *("shipToSameAsBillTo", "soldToContact", "soldToContactId", "soldToSameAsBillTo"),
        }
    )

    invoice_date: date
    invoice_items: tuple[NewItem, ...]
    account_id: str | None = None
    account_number: str | None = None
    currency: str | None = None
    due_date: date | None = None
    invoice_number: str | None = None
    payment_term: str | None = None
    comments: str = ""
    auto_pay: bool | None = None
    status: str = "Draft"


class NewInvoices(Body, frozen=True):
    """Several standalone invoices."""

    harmless: ClassVar[frozenset[str]] = frozenset({"useSingleTransaction"})

    invoices: tuple[NewInvoice, ...]


def create(call: Call) -> Reply:
    """Create a standalone invoice, a draft unless its status is Posted."""
    change = Change(call.world)
    invoice = _made(change, call.world, call.body)
    account = call.world.accounts.find(invoice.account_id)
    return Reply({**show_invoice(invoice, account), "success": True}, change.world)


def create_several(call: Call) -> Reply:
    """Create standalone invoices, all of them or none."""
    said: NewInvoices = call.body
    change = Change(call.world)
    made = [_made(change, call.world, one) for one in said.invoices]
    shown = [{**show_invoice(one, call.world.accounts.find(one.account_id)), "success": True} for one in made]
    return Reply({"invoices": shown, "success": True}, change.world)


def _made(change: Change, world: World, said: NewInvoice) -> Invoice:
    account = needed_account(world, said)
    if said.invoice_number is not None and change.table("invoices").get(said.invoice_number) is not None:
        raise InvalidValueError(f"The invoice number {said.invoice_number} is used already.")
    if not said.invoice_items:
        raise MissingValueError("invoiceItems")
    if said.payment_term is not None:
        check_payment_term(said.payment_term, world.payment_terms)
    billed = replace(
        account,
        currency=said.currency or account.currency,
        payment_term=said.payment_term or account.payment_term,
    )
    head = Heading(
        account=billed,
        invoice_date=said.invoice_date,
        target_date=said.invoice_date,
        now=world.now,
        source="API",
        source_id=None,
        post=said.status == "Posted",
        payment_terms=world.payment_terms,
    )
    wanted = [_item(item, world) for item in said.invoice_items]
    items = standalone_items(wanted, billed.currency, change, world.now)
    made = standalone_invoice(items, head, change, number=said.invoice_number)
    invoice = replace(
        made,
        due_date=said.due_date or made.due_date,
        payment_term=said.payment_term,
        comments=said.comments,
        auto_pay=said.auto_pay,
        custom_fields=said.custom_fields,
    )
    change.put(invoice)
    return invoice


def _item(said: NewItem, world: World) -> StandaloneItem:
    """Return the item; what it copies of a charge is what it does not say itself."""
    item = StandaloneItem(
        name=said.charge_name or "",
        amount=said.amount,
        start=said.service_start_date,
        end=said.service_end_date,
        quantity=said.quantity,
        unit_price=said.unit_price,
        description=said.description or "",
        uom=said.uom,
        sku=said.sku,
        custom_fields=said.custom_fields,
    )
    if said.product_rate_plan_charge_id is None:
        if said.charge_name is None:
            raise MissingValueError("invoiceItems.chargeName")
        return item
    plan, charge = find_charge(world, said.product_rate_plan_charge_id)
    product = world.products.find(plan.product_id)
    return replace(
        item,
        name=said.charge_name or charge.terms.name,
        description=said.description or charge.terms.description,
        uom=charge.terms.uom,
        sku=product.sku,
        product_name=product.name,
        charge_id=charge.id,
        charge_type=charge.terms.type,
    )


ENDPOINTS = (
    Endpoint("POST", "/v1/invoices", create, NewInvoice, resource=592000),
    Endpoint("POST", "/v1/invoices/batch", create_several, NewInvoices, resource=592000),
)
