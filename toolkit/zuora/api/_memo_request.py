"""Request bodies of credit and debit memos."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeVar

from msgspec.structs import replace

from toolkit.billing.allocation import Application
from toolkit.billing.catalog import ProductCharge, ProductRatePlan
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.memos import MemoTerms, Portion
from toolkit.billing.models import price_of
from toolkit.billing.parts import DocumentSource, ItemAmount
from toolkit.billing.rules import AllocationRule
from toolkit.billing.standalone import StandaloneItem, standalone_items
from toolkit.billing.taxcodes import TaxMode
from toolkit.zuora.calls.needed import needed, needed_account
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change, World

Memo = TypeVar("Memo", CreditMemo, DebitMemo)


class AppliedItem(Body, frozen=True):
    """How much of an item, or a tax item, of a credit memo goes to which one of a document."""

    amount: Decimal
    credit_memo_item_id: str | None = None
    credit_tax_item_id: str | None = None
    invoice_item_id: str | None = None
    debit_memo_item_id: str | None = None
    tax_item_id: str | None = None


class AppliedInvoice(Body, frozen=True):
    """How much goes to which invoice."""

    invoice_id: str
    amount: Decimal
    items: tuple[AppliedItem, ...] = ()


class AppliedDebitMemo(Body, frozen=True):
    """How much goes to which debit memo."""

    debit_memo_id: str
    amount: Decimal
    items: tuple[AppliedItem, ...] = ()


class Applying(Body, frozen=True):
    """What to apply a credit memo to, or from what to take it back."""

    invoices: tuple[AppliedInvoice, ...] = ()
    debit_memos: tuple[AppliedDebitMemo, ...] = ()
    effective_date: date | None = None

    def applications(self, rule: AllocationRule) -> Iterator[tuple[str, str, Application]]:
        """Yield the table and the key of each document, and how much of it this is about.

        Raises:
            MissingValueError: An item is not named.
        """
        for invoice in self.invoices:
            yield "invoices", invoice.invoice_id, _application(invoice.amount, invoice.items, rule)
        for memo in self.debit_memos:
            yield "debit_memos", memo.debit_memo_id, _application(memo.amount, memo.items, rule)


class ApplyingByRule(Applying, frozen=True):
    """What to apply a credit memo to, and by which rule if not by the tenant's.

    Raises:
        InvalidValueError: The rule is not for what it is to be applied to. Source: the official SDK, apply
            a credit memo, application rule.
    """

    application_rule: Literal["ApplyCreditToSourceItemRule"] | None = None

    def __post_init__(self) -> None:
        named = any(one.items for one in self.invoices)
        if self.application_rule and (len(self.invoices) != 1 or self.debit_memos or named):
            raise InvalidValueError(
                f"'applicationRule' {self.application_rule} is for one invoice, without items or debit memos."
            )


def _application(amount: Decimal, items: Iterable[AppliedItem], rule: AllocationRule) -> Application:
    return Application(amount, [_applied(item) for item in items] or None, rule)


def _applied(item: AppliedItem) -> ItemAmount:
    target = item.tax_item_id or item.invoice_item_id or item.debit_memo_item_id
    source = item.credit_tax_item_id or item.credit_memo_item_id
    return ItemAmount(needed(target, "items.invoiceItemId"), item.amount, source)


class TaxPortion(Body, frozen=True):
    """How much of a tax item goes to the memo."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *(
                "financeInformation",
                "jurisdiction",
                "locationCode",
                "taxCode",
                "taxCodeDescription",
                "taxDate",
            ),
            *("taxExemptAmount", "taxName", "taxRate", "taxRateDescription", "taxRateType"),
        }
    )

    amount: Decimal
    source_tax_item_id: str


class InvoiceItemPortion(Body, frozen=True):
    """How much of an invoice item goes to the memo."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("contributeToCommitment", "excludeItemBillingFromRevenueAccounting", "financeInformation"),
            *("skuName", "unitOfMeasure"),
        }
    )

    amount: Decimal
    invoice_item_id: str
    tax_mode: TaxMode = "TaxExclusive"
    quantity: Decimal | None = None
    service_start_date: date | None = None
    service_end_date: date | None = None
    comment: str | None = None
    description: str | None = None
    tax_items: tuple[TaxPortion, ...] | None = None

    def portion(self, *, with_tax: bool) -> Portion:
        """Return it as the domain has it; without tax unless that is to be computed, or is said."""
        said: dict[str, Decimal] | None = None if with_tax else {}
        if self.tax_items is not None:
            said = {tax.source_tax_item_id: tax.amount for tax in self.tax_items}
        return Portion(
            self.invoice_item_id,
            self.amount,
            self.quantity,
            self.service_start_date,
            self.service_end_date,
            self.comment if self.description is None else self.description,
            said,
            self.custom_fields,
            self.tax_mode == "TaxInclusive",
        )


class ChargePortion(Body, frozen=True):
    """A charge of the catalog to credit or to debit; its name on the wire depends on the version."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"excludeItemBillingFromRevenueAccounting", "financeInformation"}
    )

    amount: Decimal | None = None
    memo_item_amount: Decimal | None = None
    charge_id: str | None = None
    product_rate_plan_charge_id: str | None = None
    quantity: Decimal | None = None
    service_start_date: date | None = None
    service_end_date: date | None = None
    comment: str | None = None
    description: str | None = None


_MEMO_HARMLESS = frozenset({"transferredToAccounting", "soldToSameAsBillTo"})
_MEMO_LACKING = frozenset({"customRates", "billToContactId", "soldToContactId"})


class MemoFromInvoice(Body, frozen=True):
    """A memo of parts of an invoice's items."""

    harmless: ClassVar[frozenset[str]] = _MEMO_HARMLESS
    lacking: ClassVar[frozenset[str]] = _MEMO_LACKING

    items: tuple[InvoiceItemPortion, ...]
    invoice_id: str | None = None
    effective_date: date | None = None
    reason_code: str | None = None
    comment: str | None = None
    auto_post: bool = False
    auto_pay: bool = True
    auto_apply_to_invoice_upon_posting: bool = False
    exclude_from_auto_apply_rules: bool = False
    tax_auto_calculation: bool = True


class MemoFromCharges(Body, frozen=True):
    """A memo of charges of the catalog."""

    harmless: ClassVar[frozenset[str]] = _MEMO_HARMLESS
    lacking: ClassVar[frozenset[str]] = _MEMO_LACKING

    charges: tuple[ChargePortion, ...]
    account_id: str | None = None
    account_number: str | None = None
    currency: str | None = None
    number: str | None = None
    due_date: date | None = None
    effective_date: date | None = None
    reason_code: str | None = None
    comment: str | None = None
    auto_post: bool = False
    auto_pay: bool = True
    exclude_from_auto_apply_rules: bool = False


class MemoChange(Body, frozen=True):
    """New values for some fields of a draft."""

    harmless: ClassVar[frozenset[str]] = frozenset({"transferredToAccounting"})
    lacking: ClassVar[frozenset[str]] = frozenset({"items"})

    effective_date: date | None = None
    due_date: date | None = None
    reason_code: str | None = None
    comment: str | None = None
    auto_pay: bool | None = None
    auto_apply_upon_posting: bool | None = None
    exclude_from_auto_apply_rules: bool | None = None

    def of(self, memo: Memo, now: datetime) -> Memo:
        """Return a memo with the new values of the fields that both kinds have.

        Raises:
            RuleError: Its date is to change, and it is no draft.
        """
        if self.effective_date is not None and memo.status != "Draft":
            raise RuleError(f"The date of {memo.number} cannot change: it is {memo.status}.")
        return replace(
            memo,
            memo_date=self.effective_date or memo.memo_date,
            reason=self.reason_code or memo.reason,
            comment=memo.comment if self.comment is None else self.comment,
            custom_fields={**memo.custom_fields, **self.custom_fields},
            updated=now,
        )


class TakingBack(Body, frozen=True):
    """How to reverse or to write off a document."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("applyEffectiveDate", "nonRevenueWriteOffAccountingCode", "revenueImpacting"),
            *("taxAutoCalculation",),
        }
    )
    lacking: ClassVar[frozenset[str]] = frozenset({"items"})

    memo_date: date | None = None
    reason_code: str | None = None
    comment: str | None = None
    amount: Decimal | None = None

    def terms(self, account_id: str, currency: str, world: World, source: DocumentSource) -> MemoTerms:
        """Return what the memo that takes it back says above its items."""
        return MemoTerms(
            account_id=account_id,
            currency=currency,
            memo_date=self.memo_date or world.today,
            now=world.now,
            source=source,
            reason=self.reason_code,
            comment=self.comment,
            custom_fields=self.custom_fields,
        )


def charge_terms(said: MemoFromCharges, world: World, kind: Literal["credit", "debit"]) -> MemoTerms:
    """Return what a memo of charges says above its items.

    Raises:
        MissingValueError: No account is named.
        InvalidValueError: The number is taken.
    """
    account = needed_account(world, said)
    table = world.credit_memos if kind == "credit" else world.debit_memos
    if said.number is not None and table.get(said.number) is not None:
        raise InvalidValueError(f"The memo number {said.number} is used already.")
    return MemoTerms(
        account_id=account.id,
        currency=said.currency or account.currency,
        memo_date=said.effective_date or world.today,
        now=world.now,
        source="AdhocFromPrpc",
        post=said.auto_post,
        number=said.number,
        reason=said.reason_code,
        comment=said.comment,
        due_date=said.due_date,
        custom_fields=said.custom_fields,
        payment_runs=said.auto_pay if kind == "debit" else not said.exclude_from_auto_apply_rules,
    )


def charge_items(
    said: MemoFromCharges, terms: MemoTerms, change: Change, world: World
) -> tuple[DocumentItem, ...]:
    """Return the items of a memo of charges.

    Raises:
        MissingValueError: A charge is not named.
        NotFoundError: There is no such charge.
    """
    wanted = [_of_charge(portion, terms.currency, world) for portion in said.charges]
    return standalone_items(wanted, terms.currency, change, terms.now)


def _of_charge(portion: ChargePortion, currency: str, world: World) -> StandaloneItem:
    key = portion.product_rate_plan_charge_id or portion.charge_id
    plan, charge = find_charge(world, needed(key, "charges.productRatePlanChargeId"))
    amount = portion.memo_item_amount if portion.amount is None else portion.amount
    quantity = portion.quantity or charge.default_quantity or Decimal(1)
    if amount is None:
        if currency not in charge.pricing:
            raise InvalidValueError(f"The charge {charge.number} has no price in {currency}.")
        amount = price_of(charge.terms.model, charge.pricing[currency], quantity)
    product = world.products.find(plan.product_id)
    said = portion.comment if portion.description is None else portion.description
    return StandaloneItem(
        name=charge.terms.name,
        amount=amount,
        start=portion.service_start_date or plan.effective_start,
        end=portion.service_end_date or plan.effective_end,
        quantity=quantity,
        description=charge.terms.description if said is None else said,
        uom=charge.terms.uom,
        sku=product.sku,
        product_name=product.name,
        charge_id=charge.id,
        charge_type=charge.terms.type,
        custom_fields=portion.custom_fields,
    )


def find_charge(world: World, key: str) -> tuple[ProductRatePlan, ProductCharge]:
    """Return a charge of the catalog by id or number, with its rate plan.

    Raises:
        NotFoundError: There is none.
    """
    for plan in world.plans.latest():
        for charge in plan.charges:
            if key in {charge.id, charge.number}:
                return plan, charge
    raise NotFoundError(key)


def invoice_terms(
    said: MemoFromInvoice, invoice_id: str, world: World, kind: Literal["credit", "debit"]
) -> MemoTerms:
    """Return what a memo of an invoice says above its items."""
    invoice = world.invoices.find(invoice_id)
    return MemoTerms(
        account_id=invoice.account_id,
        currency=invoice.currency,
        memo_date=said.effective_date or world.today,
        now=world.now,
        source="AdhocFromInvoice",
        post=said.auto_post,
        invoice_id=invoice.id,
        bill_to_id=invoice.bill_to_id,
        reason=said.reason_code,
        comment=said.comment,
        auto_apply=said.auto_apply_to_invoice_upon_posting,
        custom_fields=said.custom_fields,
        payment_runs=said.auto_pay if kind == "debit" else not said.exclude_from_auto_apply_rules,
    )
