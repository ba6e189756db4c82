"""Orders: what they ask for, and the record that they leave."""

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

import msgspec

from toolkit.billing.catalog import (
    Alignment,
    BillingDay,
    ChargeTerms,
    DiscountLevel,
    EndDateCondition,
    ListPriceBase,
    PriceChange,
    Product,
    ProductRatePlan,
    ProrationOption,
    Tier,
    TriggerEvent,
    UpToPeriodsType,
)
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.periods import BillingPeriod, Weekday
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.subscriptions import RenewalSetting, Term, TermType
from toolkit.billing.taxcodes import TaxMode

PlanPolicy = Literal["EffectiveImmediately", "EffectiveEndOfBillingPeriod", "SpecificDate"]
OrderStatus = Literal[
    "Draft", "Pending", "Completed", "Cancelled", "Scheduled", "Executing", "Failed", "Reverted"
]


class Triggers(msgspec.Struct, frozen=True, gc=False):
    """The dates of an action; a missing activation is the contract's, a missing acceptance the activation's.

    Raises:
        InvalidValueError: The dates are not in the order contract, activation, acceptance.
    """

    contract_effective: date
    service_activation: date | None = None
    customer_acceptance: date | None = None

    @property
    def activation(self) -> date:
        """The day on which service begins."""
        return self.service_activation or self.contract_effective

    @property
    def acceptance(self) -> date:
        """The day on which the customer accepts."""
        return self.customer_acceptance or self.activation

    def start(self, terms: ChargeTerms, specific: date | None = None) -> date:
        """Return the day on which a charge of these terms takes effect; `specific` is its specific date."""
        match terms.trigger_event:
            case "ServiceActivation":
                return self.activation
            case "CustomerAcceptance":
                return self.acceptance
            case "SpecificDate":
                return specific or self.contract_effective
            case _:
                return self.contract_effective

    def __post_init__(self) -> None:
        if not self.contract_effective <= self.activation <= self.acceptance:
            raise InvalidValueError(
                "The trigger dates should be in the order ContractEffective, ServiceActivation, "
                "CustomerAcceptance."
            )


class Metering(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an order changes of how usage is rated; what is absent stays."""

    tiers: tuple[Tier, ...] | None = None
    included_units: Decimal | None = None
    overage_price: Decimal | None = None
    unused_price: Decimal | None = None
    number_of_periods: int | None = None
    rating_group: str | None = None
    uom: str | None = None


class Discounting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an order changes of a discount; what is absent stays."""

    discount_amount: Decimal | None = None
    discount_percentage: Decimal | None = None
    discount_level: DiscountLevel | None = None
    discount_class: str | None = None
    apply_discount_to: str | None = None
    apply_partially: bool | None = None


class Taxation(msgspec.Struct, frozen=True, gc=False):
    """How a charge is taxed, as far as an order says it."""

    taxable: bool | None
    code: str | None
    mode: TaxMode | None


class Schedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an order changes of when a charge begins, is billed and ends; what is absent stays."""

    trigger_event: TriggerEvent | None = None
    end_date_condition: EndDateCondition | None = None
    up_to_periods: int | None = None
    up_to_periods_type: UpToPeriodsType | None = None
    billing_period: BillingPeriod | None = None
    specific_billing_period: int | None = None
    billing_day: BillingDay | None = None
    bill_cycle_day: int | None = None
    weekly_bill_cycle_day: Weekday | None = None
    alignment: Alignment | None = None
    timing: Literal["IN_ADVANCE", "IN_ARREARS"] | None = None
    list_price_base: ListPriceBase | None = None
    specific_list_price_base: int | None = None
    proration_option: ProrationOption | None = None
    delivery_days: tuple[Weekday, ...] | None = None


class LastTerm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The current term as an order changes it; a missing start stays."""

    type: TermType
    term: Term | None = None
    start: date | None = None


class Override(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an order changes of a charge: of a catalog charge when subscribing, of a segment when updating.

    Attributes:
        key: Product charge id when subscribing; charge number or id when updating.
        attributes: Pricing attributes, which choose the prices of a charge with a price table by attributes.
    """

    key: str
    price: Decimal | None = None
    quantity: Decimal | None = None
    specific_trigger: date | None = None
    specific_end: date | None = None
    description: str | None = None
    metering: Metering | None = None
    discount: Discounting | None = None
    taxation: Taxation | None = None
    schedule: Schedule | None = None
    attributes: Mapping[str, str] | None = None
    price_change: PriceChange | None = None
    custom_fields: Mapping[str, object] = {}


class Subscribe(msgspec.Struct, frozen=True, gc=False):
    """A rate plan of the catalog to copy into a subscription."""

    product_rate_plan_id: str
    overrides: tuple[Override, ...] = ()
    custom_fields: Mapping[str, object] = {}


class CreateSubscription(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Start a subscription."""

    triggers: Triggers
    rate_plans: tuple[Subscribe, ...]
    number: str | None = None
    term_type: TermType = "TERMED"
    initial_term: Term | None = None
    term_start: date | None = None
    renewal_term: Term | None = None
    renewal_setting: RenewalSetting = "RENEW_WITH_SPECIFIC_TERM"
    auto_renew: bool = False
    invoice_owner_id: str | None = None
    invoice_separately: bool = False
    notes: str | None = None
    custom_fields: Mapping[str, object] = {}
    addressed: Mapping[str, str | None] = {}


class AddProduct(msgspec.Struct, frozen=True, gc=False):
    """Add a rate plan."""

    triggers: Triggers
    rate_plan: Subscribe


class UpdateProduct(msgspec.Struct, frozen=True, gc=False):
    """Change price or quantity of charges in a rate plan, which begins a new segment of each.

    Attributes:
        custom_fields: New values of the rate plan's own; others stay.
    """

    triggers: Triggers
    rate_plan_id: str
    changes: tuple[Override, ...]
    custom_fields: Mapping[str, object] = {}


class RemoveProduct(msgspec.Struct, frozen=True, gc=False):
    """Remove a rate plan."""

    triggers: Triggers
    rate_plan_id: str


class RenewSubscription(msgspec.Struct, frozen=True, gc=False):
    """Add a term; `addressed` are new values of the `Addressee`, by their names."""

    triggers: Triggers
    addressed: Mapping[str, str | None] = {}


class CancelSubscription(msgspec.Struct, frozen=True, gc=False):
    """End the subscription by a policy."""

    triggers: Triggers
    policy: Literal["EndOfCurrentTerm", "EndOfLastInvoicePeriod", "SpecificDate"]
    effective: date | None = None


class TermsAndConditions(msgspec.Struct, frozen=True, gc=False):
    """Change how the subscription renews, and its current term."""

    triggers: Triggers
    auto_renew: bool | None = None
    renewal_setting: RenewalSetting | None = None
    renewal_term: Term | None = None
    notes: str | None = None
    last_term: LastTerm | None = None
    invoice_separately: bool | None = None
    addressed: Mapping[str, str | None] = {}


class Suspend(msgspec.Struct, frozen=True, gc=False):
    """Suspend the subscription by a policy; `periods` count from today."""

    triggers: Triggers
    policy: Literal["Today", "EndOfLastInvoicePeriod", "FixedPeriodsFromToday", "SpecificDate"]
    periods: Term | None = None
    specific: date | None = None


class Resume(msgspec.Struct, frozen=True, gc=False):
    """Resume a suspended subscription by a policy; `periods` count from today or from the suspension.

    Attributes:
        extends_term: Whether the term ends later by as many days as the subscription was suspended.
    """

    triggers: Triggers
    policy: Literal[
        "Today", "FixedPeriodsFromSuspendDate", "FixedPeriodsFromToday", "SpecificDate", "SuspendDate"
    ]
    periods: Term | None = None
    specific: date | None = None
    extends_term: bool = False


class TransferOwner(msgspec.Struct, frozen=True, gc=False):
    """Give the subscription, its invoices to come, or both to another account."""

    triggers: Triggers
    account_id: str | None = None
    invoice_owner_id: str | None = None
    addressed: Mapping[str, str | None] = {}


class ChangePlan(msgspec.Struct, frozen=True, gc=False):
    """Replace a rate plan with another.

    Attributes:
        triggers: Missing at the end of the billing period, which sets the dates itself.
        rate_plan: Id or number of the rate plan to remove, or of the product rate plan that it copies.
    """

    triggers: Triggers | None
    rate_plan: str
    new_rate_plan: Subscribe
    policy: PlanPolicy = "SpecificDate"


Change = (
    AddProduct
    | UpdateProduct
    | RemoveProduct
    | RenewSubscription
    | CancelSubscription
    | TermsAndConditions
    | Suspend
    | Resume
    | TransferOwner
    | ChangePlan
)


DONE = msgspec.Raw(b"null")
"""What is still to be done of an order that waits for nothing."""


class Order(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order as it was placed: what it asked for, kept as data, and the versions that it made.

    Attributes:
        actions: What it did to each subscription: its version before (0 for a new one) and after (0 while
            nothing is done).
        request: What is still to be done, as the client's JSON; `null` when all is.
        scheduled: The day on which it is to be done.
    """

    id: str
    number: str
    account_id: str
    order_date: date
    status: OrderStatus
    created: datetime
    updated: datetime
    currency: str
    actions: tuple["OrderedSubscription", ...]
    description: str | None = None
    custom_fields: Mapping[str, object] = {}
    request: msgspec.Raw = DONE
    scheduled: date | None = None
    cancel_reason: str | None = None

    @property
    def subscription_numbers(self) -> tuple[str, ...]:
        """The subscriptions that it names."""
        return tuple(one.number for one in self.actions)


class OrderedSubscription(msgspec.Struct, frozen=True, gc=False):
    """What an order did to one subscription; `actions` are kept as JSON, as the client wrote them."""

    number: str
    base_version: int
    new_version: int
    actions: tuple[msgspec.Raw, ...]


class Names(Protocol):
    """Gives new records their ids and numbers."""

    def id(self) -> str:
        """Return a new id of 32 hexadecimal digits."""

    def number(self, kind: str) -> str:
        """Return the next number of this kind, such as A-S00000001."""


class Desk(NamedTuple):
    """What placing an order needs besides the order.

    Attributes:
        find_plan: Returns a product rate plan with its product; raises NotFoundError.
        bill_cycle_day: The invoice owner's, 1-31.
        tax_codes: The names of the tenant's tax codes.
        parts: Ids for the new parts of the version that is made.
    """

    names: Names
    find_plan: Callable[[str], tuple[Product, ProductRatePlan]]
    now: datetime
    order_number: str
    order_date: date
    bill_cycle_day: int = 1
    rules: BillingRules = DEFAULT_RULES
    tax_codes: Container[str] = ()
    parts: Iterator[str] = iter(())

    @property
    def today(self) -> date:
        """The date in the tenant's time zone."""
        return self.now.date()
