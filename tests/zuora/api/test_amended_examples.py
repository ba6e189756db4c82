"""The documented examples come out as printed when the amend call does what their orders do."""

from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.billing.conftest import FIRST_DAY, LAST_DAY, Customer, Sold
from tests.billing.test_worked_examples import EXAMPLES, Example, Step, run
from tests.zuora.conftest import Caller
from toolkit.billing.catalog import Product
from toolkit.billing.orders import (
    AddProduct,
    CancelSubscription,
    Change,
    LastTerm,
    Override,
    RemoveProduct,
    RenewSubscription,
    Resume,
    Suspend,
    TermsAndConditions,
    UpdateProduct,
)
from toolkit.billing.subscriptions import Subscription, Term
from toolkit.zuora.state.world import Change as WorldChange
from toolkit.zuora.state.world import World, starting
from toolkit.zuora.tenant import Tenant


def charge(key: str, override: Override) -> dict[str, Any]:
    """Return what an override says, which is a price, a quantity, or both."""
    said = {"Price": override.price, "Quantity": override.quantity}
    given = {name: value for name, value in said.items() if value is not None}
    return {"RatePlanCharge": {"ProductRatePlanChargeId": key, **given}}


class AmendingCustomer(Customer):
    """A customer of a simulated tenant, whose every order is an amend call."""

    world = World()

    def put(self, *rows: Any) -> None:  # noqa: ANN401 - any record
        change = WorldChange(self.world)
        for row in rows:
            change.put(row)
        self.world = change.world

    def order(self, action: Change, ordered: date | None = None) -> Subscription:
        assert action.triggers is not None
        day = ordered or action.triggers.contract_effective
        product = Product(
            id="product",
            number="P",
            sku="S",
            name="Product",
            effective_start=FIRST_DAY,
            effective_end=LAST_DAY,
        )
        self.put(self.account, self.subscription, product, *self._plans.values())
        ruled = replace(self.world, rules=self.rules, tax_codes=self.tax_codes)
        tenant = Tenant(starting(ruled, day))
        amendment = {
            "Name": "Amendment",
            "SubscriptionId": self.subscription.id,
            "ContractEffectiveDate": action.triggers.contract_effective,
            **self.written(action),
        }
        request = {"Amendments": [amendment], "AmendOptions": {"GenerateInvoice": False}}
        (result,) = Caller(tenant)("POST", "/v1/action/amend", {"requests": [request]}).body["results"]
        assert result["Success"], result
        self.world, self.former = tenant.world, self.subscription
        self.subscription = self.world.subscriptions.find(result["SubscriptionId"])
        (made,) = result["AmendmentIds"]
        assert self.world.amendments.find(made).new_subscription_id == self.subscription.id
        return self.subscription

    def written(self, action: Change) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind of action
        """Return an action as an amendment writes it."""
        match action:
            case AddProduct(rate_plan=wish):
                said = [charge(one.key, one) for one in wish.overrides if one.price is not None]
                plan = {"ProductRatePlanId": wish.product_rate_plan_id}
                return {
                    "Type": "NewProduct",
                    "RatePlanData": {"RatePlan": plan, "RatePlanChargeData": said},
                }
            case UpdateProduct(rate_plan_id=key, changes=changes):
                known = {one.number: one.product_charge_id for one in self.subscription.charges}
                said = [charge(known[one.key], one) for one in changes]
                plan = {"AmendmentSubscriptionRatePlanId": key}
                return {
                    "Type": "UpdateProduct",
                    "RatePlanData": {"RatePlan": plan, "RatePlanChargeData": said},
                }
            case RemoveProduct(rate_plan_id=key):
                plan = {"AmendmentSubscriptionRatePlanId": key}
                return {"Type": "RemoveProduct", "RatePlanData": {"RatePlan": plan}}
            case RenewSubscription():
                return {"Type": "Renewal"}
            case CancelSubscription():
                return {"Type": "Cancellation", "EffectiveDate": self.last_day(action)}
            case Suspend(specific=day):
                return {"Type": "SuspendSubscription", "SuspendDate": day}
            case Resume(specific=day, extends_term=False):
                return {"Type": "ResumeSubscription", "ResumeDate": day}
            case TermsAndConditions(last_term=LastTerm(type=kind, term=Term(length=length, unit=unit))):
                term = {"TermType": kind, "CurrentTerm": length, "CurrentTermPeriodType": unit}
                return {"Type": "TermsAndConditions", **term}
            case _:
                raise NotImplementedError(action)

    def last_day(self, action: CancelSubscription) -> date | None:
        """Return the day that a policy means, as an amendment knows none."""
        match action.policy:
            case "EndOfCurrentTerm":
                return self.subscription.term_end
            case "EndOfLastInvoicePeriod":
                return self.subscription.billed_through
            case _:
                return action.effective


def sold(price: object = None, **terms: object) -> Sold:
    return msgspec.convert({"price": price, **terms}, Sold)


def changes(step: Step) -> bool:
    """Whether a step changes the subscription in a way that an amendment can write."""
    return any((step.add, step.update, step.remove, step.renew, step.cancel, step.suspend))


def amended(example: Example) -> bool:
    """Whether an example changes its subscription, and an amendment can write how."""
    steps = [one for step in example.steps for one in (step, *step.together)]
    extends = any(step.suspend is not None and step.suspend.extends_term for step in steps)
    return any(map(changes, steps)) and not extends


AMENDED = [example for example in EXAMPLES if amended(example)]


@pytest.mark.parametrize("example", AMENDED, ids=[example.id for example in AMENDED])
def test_amendments_bill_what_orders_bill(example: Example) -> None:
    run(example, AmendingCustomer, sold)


def test_many_examples_are_amended() -> None:
    assert len(AMENDED) > 70
