"""The strict reading itself: what the SDK lets pass must not pass here."""

from collections.abc import Callable
from typing import Any

FaultsIn = Callable[[Any, Any], list[str]]


def test_a_field_that_the_sdk_does_not_know_is_found_at_any_depth(sdk: Any, faults_in: FaultsIn) -> None:
    body = {"success": True, "basicInfo": {"id": "1", "nickName": "x"}}
    assert faults_in(sdk.AccountDetailResponse, body) == [
        "$.basicInfo.nickName is unknown to AccountBasicInfo"
    ]


def test_a_custom_field_is_welcome_anywhere(sdk: Any, faults_in: FaultsIn) -> None:
    body = {"TurnOn__c": "Yes", "basicInfo": {"id": "1", "Region__c": 7}}
    assert faults_in(sdk.AccountDetailResponse, body) == []


def test_money_as_text_is_found(sdk: Any, faults_in: FaultsIn) -> None:
    body = {"metrics": {"balance": 1.5, "creditBalance": "0.00"}}
    found = faults_in(sdk.AccountDetailResponse, body)
    assert len(found) == 1
    assert found[0].startswith("$.metrics.creditBalance is '0.00'")


def test_a_number_where_the_sdk_wants_text_is_found(sdk: Any, faults_in: FaultsIn) -> None:
    assert faults_in(sdk.AccountDetailResponse, {"basicInfo": {"name": 5}}) == [
        "$.basicInfo.name is 5, the SDK wants str",
    ]


def test_a_status_outside_its_enumeration_is_found(sdk: Any, faults_in: FaultsIn) -> None:
    (found,) = faults_in(sdk.GetSubscriptionResponse, {"status": "ACTIVE"})
    assert "'Pending Activation'" in found


def test_a_date_with_a_time_is_found(sdk: Any, faults_in: FaultsIn) -> None:
    (found,) = faults_in(sdk.GetSubscriptionResponse, {"termEndDate": "2026-01-01T00:00:00"})
    assert found.endswith("the SDK wants date")


def test_a_missing_required_field_is_found(sdk: Any, faults_in: FaultsIn) -> None:
    (found,) = faults_in(sdk.OrderActionCancelSubscription, {"cancellationEffectiveDate": "2026-01-01"})
    assert "cancellationPolicy is missing" in found
