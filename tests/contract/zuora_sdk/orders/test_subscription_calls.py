"""The calls on single subscriptions through the SDK."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture(scope="module")
def account(desk: Any) -> Any:
    return desk.open_account("Nuthatch News")


@pytest.fixture
def api(client: Any) -> Any:
    return client.subscriptions_api()


@pytest.fixture
def today(desk: Any) -> dict[str, Any]:
    """What these calls have to say where a tenant has orders."""
    return {"orderDate": desk.clock.today()}


@pytest.fixture
def wanted(desk: Any, account: Any, plan: Any) -> dict[str, Any]:
    seats = {"productRatePlanChargeId": plan.charge_id, "quantity": 4}
    return {
        "accountKey": account.number,
        "contractEffectiveDate": desk.clock.today(),
        "termType": "TERMED",
        "initialTerm": 12,
        "subscribeToRatePlans": [{"productRatePlanId": plan.rate_plan_id, "chargeOverrides": [seats]}],
    }


@pytest.fixture
def number(desk: Any, ask: Any, api: Any, wanted: dict[str, Any]) -> str:
    request = desk.write("CreateSubscriptionRequest", **wanted, renewalTerm=12, runBilling=True)
    made = ask(api.create_subscription, request)
    assert made.invoice_id
    return str(made.subscription_number)


def test_a_new_subscription_is_previewed(
    desk: Any, ask: Any, api: Any, wanted: dict[str, Any], plan: Any
) -> None:
    request = desk.write("PreviewSubscriptionRequest", **wanted, previewType="LegalDoc")
    shown = ask(api.preview_subscription, request)
    assert shown.total_contracted_value == 4 * plan.price


def test_a_subscription_is_previewed(desk: Any, ask: Any, api: Any, number: str, plan: Any) -> None:
    """What is billed already is not billed again."""
    through = {"previewThruDatePolicy": "endOfTerm"}
    request = desk.write("PreviewExistingSubscriptionRequest", previewThroughDate=through)
    shown = ask(api.preview_existing_subscription, number, request)
    assert (shown.invoices, shown.credit_memos) == ([], [])
    assert plan


def test_a_subscription_is_updated(desk: Any, ask: Any, api: Any, number: str, plans: Any) -> None:
    seats = {"productRatePlanChargeId": plans[1].charge_id, "quantity": 2}
    more = {"productRatePlanId": plans[1].rate_plan_id, "contractEffectiveDate": desk.clock.today()}
    more["chargeOverrides"] = [seats]
    request = desk.write("UpdateSubscriptionRequest", add=[more], notes="More")
    assert ask(api.update_subscription, number, request).total_delta_tcv > 0
    assert desk.subscription(number).notes == "More"


def test_a_subscription_is_renewed(desk: Any, ask: Any, api: Any, number: str, today: dict[str, Any]) -> None:
    ask(api.renew_subscription, number, desk.write("RenewSubscriptionRequest", **today))
    assert ask(api.get_subscription_by_key_and_version, number, "2").version == 2


def test_a_subscription_is_suspended_and_resumed(
    desk: Any, ask: Any, api: Any, number: str, today: dict[str, Any]
) -> None:
    later = desk.clock.today() + timedelta(days=7)
    pause = desk.write("SuspendSubscriptionRequest", **today, suspendPolicy="Today")
    ask(api.suspend_subscription, number, pause)
    assert desk.subscription(number).status == "Suspended"
    going_on = {"resumePolicy": "SpecificDate", "resumeSpecificDate": later}
    ask(api.resume_subscription, number, desk.write("ResumeSubscriptionRequest", **today, **going_on))
    history = desk.subscription(number).status_history
    assert [one.status for one in history] == ["Suspended", "Active", "OutOfTerm"]


def test_a_subscription_is_cancelled(
    desk: Any, ask: Any, api: Any, number: str, today: dict[str, Any]
) -> None:
    request = desk.write("CancelSubscriptionRequest", **today, cancellationPolicy="EndOfCurrentTerm")
    assert ask(api.cancel_subscription, number, request).cancelled_date
    assert number in {
        one.subscription_number
        for one in ask(
            api.get_subscriptions_by_account, desk.subscription(number).account_number
        ).subscriptions
    }


def test_an_unbilled_subscription_is_deleted(desk: Any, ask: Any, api: Any, wanted: dict[str, Any]) -> None:
    made = ask(api.create_subscription, desk.write("CreateSubscriptionRequest", **wanted, renewalTerm=12))
    ask(api.delete_subscription, made.subscription_number)
    with pytest.raises(desk.sdk.exceptions.ApiException, match=made.subscription_number):
        desk.subscription(made.subscription_number)


def test_metrics_are_shown_by_number(ask: Any, api: Any, number: str, plan: Any) -> None:
    (shown,) = ask(api.get_metrics_by_subscription_numbers, [number]).subscription_metrics
    assert shown.total_contracted_value == shown.net_total_contracted_value == 4 * plan.price


def test_each_version_has_rate_plans_with_new_ids(
    desk: Any, ask: Any, api: Any, client: Any, number: str, today: dict[str, Any]
) -> None:
    (first,) = desk.subscription(number).rate_plans
    ask(api.renew_subscription, number, desk.write("RenewSubscriptionRequest", **today))
    (second,) = desk.subscription(number).rate_plans
    assert second.id != second.original_rate_plan_id == first.id
    shown = ask(client.rate_plans_api().get_rate_plan, second.id)
    assert (shown.id, shown.product_rate_plan_id) == (second.id, first.product_rate_plan_id)
    (action,) = shown.order.order_actions
    why = desk.write("UpdateOrderActionRequest", changeReason="Promised")
    ask(client.order_actions_api().update_order_action, action.id, why)
    order = ask(client.orders_api().get_order, shown.order.order_number).order
    assert order.subscriptions[0].order_actions[0].change_reason == "Promised"


def test_what_an_account_holds_pays_for_a_new_subscription(
    desk: Any, ask: Any, api: Any, client: Any, account: Any, wanted: dict[str, Any]
) -> None:
    paid = {"accountNumber": account.number, "amount": 5, "currency": "USD", "type": "External"}
    payment = ask(client.payments_api().create_payment, desk.write("CreatePaymentRequest", **paid))
    billed = {"runBilling": True, "applyCredit": True, "renewalTerm": 12}
    ask(api.create_subscription, desk.write("CreateSubscriptionRequest", **wanted, **billed))
    assert ask(client.payments_api().get_payment, payment.id).unapplied_amount == 0


def test_a_subscription_is_shown_with_what_is_asked_for(
    ask: Any, api: Any, account: Any, number: str
) -> None:
    """Metrics, owners, and the segments of a day."""
    owners = {"get_subscription_owner_details": True, "get_invoice_owner_details": True}
    shown = ask(api.get_subscription_by_key, number, get_detailed_metrics=True, **owners)
    assert shown.contracted_net_mrr == shown.as_of_day_gross_mrr == shown.contracted_mrr > 0
    assert shown.account_owner_details.account_number == account.number
    assert shown.invoice_owner_account_details.account_number == account.number
    day = {"charge_detail": "specific-segment", "as_of_date": "1999-01-01"}
    plans = ask(api.get_subscription_by_key, number, exclude_rate_plans_with_no_charges=True, **day)
    assert plans.rate_plans == []


def test_an_order_is_shown_with_its_account(
    ask: Any, client: Any, api: Any, account: Any, number: str
) -> None:
    order = ask(api.get_subscription_by_key, number).order_number
    shown = ask(client.orders_api().get_order, order, get_account_details=True).order
    assert shown.existing_account_details.basic_info.account_number == account.number
