"""An amendment as a client writes it, and the record of it."""

from datetime import date, datetime
from typing import ClassVar, Literal

from toolkit.billing.amendments import Amendment
from toolkit.billing.orders import Names
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, Subscription, Term, TermType
from toolkit.zuora.api._rate_plan_data import RatePlanData
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.objects._writing import given


class NewAmendment(Body, frozen=True, rename="pascal"):
    """An amendment; of what it may change, its type says which fields count."""

    open: ClassVar[bool] = True

    type: Literal[
        "NewProduct",
        "RemoveProduct",
        "UpdateProduct",
        "Renewal",
        "Cancellation",
        "TermsAndConditions",
        "OwnerTransfer",
        "SuspendSubscription",
        "ResumeSubscription",
    ]
    subscription_id: str | None = None
    name: str | None = None
    contract_effective_date: date | None = None
    status: Literal["Draft", "Pending Activation", "Pending Acceptance", "Completed"] | None = None
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None
    effective_date: date | None = None
    specific_update_date: date | None = None
    description: str | None = None
    code: str | None = None
    rate_plan_data: RatePlanData | None = None
    auto_renew: bool | None = None
    renewal_setting: RenewalSetting | None = None
    renewal_term: int | None = None
    renewal_term_period_type: TermUnit = "Month"
    term_type: TermType | None = None
    current_term: int | None = None
    current_term_period_type: TermUnit = "Month"
    term_start_date: date | None = None
    suspend_date: date | None = None
    resume_date: date | None = None
    destination_account_id: str | None = None
    destination_invoice_owner_id: str | None = None

    @property
    def contract(self) -> date:
        """The contract effective date.

        Raises:
            Refusal: There is none.
        """
        return given(self.contract_effective_date, "ContractEffectiveDate")

    @property
    def plan(self) -> RatePlanData:
        """The rate plan.

        Raises:
            Refusal: There is none.
        """
        return given(self.rate_plan_data, "RatePlanData")

    @property
    def base_plan(self) -> str:
        """The id of the subscription's rate plan that is updated or removed.

        Raises:
            Refusal: There is none.
        """
        key = self.plan.rate_plan.amendment_subscription_rate_plan_id
        return given(key, "AmendmentSubscriptionRatePlanId")


def record(
    said: NewAmendment, base: Subscription, names: Names, now: datetime, order_number: str
) -> Amendment:
    """Return an amendment as it is asked for, a draft until it is carried out.

    Args:
        said: What is asked for.
        base: The version to change.
        names: Gives it its id, and its code unless it has one of its own.
        now: The moment at which it is made.
        order_number: The order that is to carry it out.

    Raises:
        Refusal: It has no name or contract effective date, or names no rate plan to update or remove.
        InvalidValueError: A term has no length.
    """
    plan = said.base_plan if said.type in {"UpdateProduct", "RemoveProduct"} else None
    return Amendment(
        id=names.id(),
        number=said.code or names.number("amendment"),
        name=given(said.name, "Name"),
        type=said.type,
        subscription_id=base.id,
        subscription_number=base.number,
        order_number=order_number,
        contract_effective=said.contract,
        created=now,
        updated=now,
        service_activation=said.service_activation_date,
        customer_acceptance=said.customer_acceptance_date,
        effective=said.effective_date,
        specific_update=said.specific_update_date,
        description=said.description,
        base_rate_plan_id=plan,
        new_rate_plan_id=plan if said.type == "UpdateProduct" else None,
        auto_renew=said.auto_renew,
        term_type=said.term_type,
        term=_term(said.current_term, said.current_term_period_type),
        term_start=said.term_start_date,
        renewal_setting=said.renewal_setting,
        renewal_term=_term(said.renewal_term, said.renewal_term_period_type),
        suspended=said.suspend_date,
        resumed=said.resume_date,
        destination_account_id=said.destination_account_id,
        destination_invoice_owner_id=said.destination_invoice_owner_id,
        custom_fields=said.custom_fields,
    )


def _term(length: int | None, unit: TermUnit) -> Term | None:
    return None if length is None else Term(length, unit)
