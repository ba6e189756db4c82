"""/v1/amendments: how subscriptions came to be what they are."""

from typing import Any

from toolkit.billing.amendments import Amendment
from toolkit.billing.errors import NotFoundError
from toolkit.billing.subscriptions import Term
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import day


def read(call: Call) -> Reply:
    """Show an amendment by its id or code."""
    return _shown(call.world.amendments.find(call.path["amendment-key"]))


def read_last(call: Call) -> Reply:
    """Show the amendment that made a version of a subscription, the latest where it is named by number.

    Raises:
        NotFoundError: It is the first version, which no amendment has made.
    """
    key = call.path["subscription-id"]
    found = call.world.subscriptions.find(key)
    made = (one for one in call.world.amendments.of(found.number) if one.new_subscription_id == found.id)
    amendment = next(made, None)
    if amendment is None:
        raise NotFoundError(key)
    return _shown(amendment)


def _shown(one: Amendment) -> Reply:
    """Return an amendment as it is shown. Source: a documented answer; the fields are GETAmendmentType's."""
    shown: dict[str, Any] = {
        "id": one.id,
        "code": one.number,
        "name": one.name,
        "type": one.type,
        "description": one.description,
        "status": one.status,
        "contractEffectiveDate": day(one.contract_effective),
        "serviceActivationDate": day(one.service_activation),
        "customerAcceptanceDate": day(one.customer_acceptance),
        "effectiveDate": day(one.effective),
        "newSubscriptionId": one.new_subscription_id,
        "baseSubscriptionId": one.subscription_id,
        "termType": one.term_type,
        **_term("currentTerm", one.term),
        "termStartDate": day(one.term_start),
        "renewalSetting": one.renewal_setting,
        **_term("renewalTerm", one.renewal_term),
        "autoRenew": one.auto_renew,
        "specificUpdateDate": day(one.specific_update),
        "newRatePlanId": one.new_rate_plan_id,
        "baseRatePlanId": one.base_rate_plan_id,
        "destinationAccountId": one.destination_account_id,
        "destinationInvoiceOwnerId": one.destination_invoice_owner_id,
        "suspendDate": day(one.suspended),
        "resumeDate": day(one.resumed),
    }
    return Reply({"success": True, **shown, **one.custom_fields})


def _term(name: str, term: Term | None) -> dict[str, Any]:
    return {name: term and term.length, f"{name}PeriodType": term and term.unit}


ENDPOINTS = (
    Endpoint("GET", "/v1/amendments/{amendment-key}", read),
    Endpoint("GET", "/v1/amendments/subscriptions/{subscription-id}", read_last),
)
