"""Settings through the SDK: listed, read and changed in batches."""

from typing import Any

import pytest


@pytest.fixture
def api(client: Any) -> Any:
    return client.settings_api()


def batch(desk: Any, ask: Any, api: Any, *requests: dict[str, Any]) -> Any:
    return ask(
        api.post_process_settings_batch_request, desk.write("SettingsBatchRequest", requests=list(requests))
    ).responses


def test_settings_are_listed(ask: Any, api: Any) -> None:
    listed = {one.key: one for one in ask(api.get_list_all_settings).settings}
    read, write = listed["BillingRules"].http_operations
    assert (read.method, write.method, write.url) == ("GET", "PUT", "/settings/billing-rules")


def test_settings_are_read_and_changed_in_one_batch(desk: Any, ask: Any, api: Any) -> None:
    path, rule = "/billing-rules", "useSystemDefaultSuffixForCreditItems"
    (before,) = batch(desk, ask, api, {"id": "1", "method": "GET", "url": path})
    held = before.response.body[rule]
    body = {rule: held}
    (after,) = batch(desk, ask, api, {"id": "2", "method": "PUT", "url": path, "body": body})
    assert (after.response.status, after.response.body[rule]) == ("200 OK", held)
    (wrong,) = batch(desk, ask, api, {"id": "3", "method": "PUT", "url": path, "body": {rule: "maybe"}})
    assert wrong.response.error_messages == [f"#/{rule}: expected type: Boolean, found: String"]


def test_declared_custom_fields_hold_for_what_the_sdk_writes(
    client: Any, desk: Any, ask: Any, api: Any
) -> None:
    """On usage, of which no other test says a custom field."""
    grade = {"type": "string", "enum": ["A", "B"], "default": "B"}
    body = {"type": "object", "properties": {"Grade__c": grade}}
    url = "/custom-fields/zuora/Usage"
    (declared,) = batch(desk, ask, api, {"id": "1", "method": "PUT", "url": url, "body": body})
    assert declared.response.status == "200 OK"
    account, usage = desk.open_account("Lark Cloud"), client.usage_api()
    fields = {"UOM": "Minute", "Quantity": 1, "StartDateTime": f"{desk.clock.today()}T10:00:00.000-08:00"}

    def record(**more: str) -> Any:
        body = desk.write("CreateUsageRequest", AccountNumber=account.number, **fields, **more)
        return ask(usage.get_usage, ask(usage.create_usage, body).id)

    assert record(Grade__c="A").additional_properties["Grade__c"] == "A"
    assert record().additional_properties["Grade__c"] == "B"
    with pytest.raises(desk.sdk.exceptions.ApiException, match="Grade__c"):
        record(Grade__c="C")
