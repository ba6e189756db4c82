"""Notifications through the SDK: an event of the tenant's own, whom it calls, and what became of it."""

import json
from typing import Any

import pytest

TRIGGER = {
    "active": True,
    "baseObject": "Account",
    "condition": "changeType == 'INSERT'",
    "eventType": {"name": "AccountOpened", "displayName": "Account opened"},
}
CALLOUT = {
    "name": "call",
    "eventTypeName": "AccountOpened",
    "calloutBaseurl": "https://receiver.invalid",
    "httpMethod": "POST",
    "requiredAuth": True,
    "calloutAuth": {"username": "zuora", "password": "hush"},
    "calloutParams": {"Account": "<Account.Id>"},
}


def test_a_notification_is_made_shown_changed_and_deleted(desk: Any, ask: Any, client: Any) -> None:
    events, api = client.custom_event_triggers_api(), client.notifications_api()
    trigger = ask(events.post_event_trigger, desk.write("PostEventTriggerRequest", **TRIGGER))
    assert trigger.id in {one.id for one in ask(events.get_event_triggers).data}
    assert ask(events.get_event_trigger, trigger.id).base_object == "Account"
    change = desk.write("PutEventTriggerRequest", description="An account was opened", active=True)
    assert ask(events.put_event_trigger, trigger.id, change).description == "An account was opened"
    body = {"name": "Opened", "eventTypeName": "AccountOpened", "calloutActive": True, "callout": CALLOUT}
    request = desk.write("PostPublicNotificationDefinitionRequest", **body)
    made = ask(api.create_notification_definition, request)
    assert ask(api.get_notification_definition, made.id).callout.callout_auth.username == "zuora"
    assert made.callout.callout_auth.password is None
    assert made.id in {one.id for one in ask(api.query_notification_definitions).data}
    change = {"active": False, "calloutActive": True, "callout": {**CALLOUT, "httpMethod": "PUT"}}
    change["callout"].pop("eventTypeName")  # a change has none
    request = desk.write("PutPublicNotificationDefinitionRequest", **change)
    assert ask(api.update_notification_definition, made.id, request).callout.http_method == "PUT"
    mailed = desk.write(
        "PostPublicEmailTemplateRequest",
        name="Opened",
        eventTypeName="AccountOpened",
        emailSubject="Welcome",
        emailBody="Dear <BillToContact.FirstName>",
        fromEmailType="TenantEmail",
        toEmailType="SpecificEmails",
        toEmailAddress="sales@example.com",
    )
    template = ask(api.post_create_email_template, mailed)
    change = {"active": True, "emailActive": True, "emailTemplateId": template.id}
    request = desk.write("PutPublicNotificationDefinitionRequest", **change)
    assert ask(api.update_notification_definition, made.id, request).email_template_id == template.id
    account = desk.open_account("Ibis Cloud")
    histories = ask(api.get_email_history, object_id=account.id, failed_only=False)
    assert [one.to_email for one in histories.email_histories] == ["sales@example.com"]
    api.delete_notification_definition(made.id)
    events.delete_event_trigger(trigger.id)


def test_a_callout_that_is_not_there_is_not_sent_again(client: Any) -> None:
    """The answer names it beside HTTP 400, which the SDK raises."""
    with pytest.raises(Exception, match="Cannot find a callout history by nobody") as caught:
        client.notifications_api().resend_callout_notifications(["nobody"])
    assert getattr(caught.value, "status", None) == 400


def test_a_callout_is_shown_and_sent_again(desk: Any, ask: Any, client: Any, wire: Any) -> None:
    events, api = client.custom_event_triggers_api(), client.notifications_api()
    event = {**TRIGGER, "eventType": {"name": "AccountOpenedAgain", "displayName": "Account opened"}}
    trigger = ask(events.post_event_trigger, desk.write("PostEventTriggerRequest", **event))
    callout = {**CALLOUT, "eventTypeName": "AccountOpenedAgain"}
    body = {"name": "Again", "eventTypeName": "AccountOpenedAgain", "calloutActive": True, "callout": callout}
    request = desk.write("PostPublicNotificationDefinitionRequest", **body)
    made = ask(api.create_notification_definition, request)
    account = desk.open_account("Curlew Cloud")
    *_, sent = wire("GET", "/__toolkit/callouts")["callouts"]
    wire("POST", f"/__toolkit/callouts/{sent['number']}/attempts", {"success": True, "status": 200})
    (shown,) = ask(api.get_callout_history, failed_only=False, object_id=account.id).callout_histories
    assert (shown.request_url, shown.response_code) == ("https://receiver.invalid", "200")
    answer = api.resend_callout_notifications_with_http_info([sent["id"]])
    assert (answer.status_code, json.loads(answer.raw_data)) == (202, {})
    api.delete_notification_definition(made.id)
    events.delete_event_trigger(trigger.id)
