"""/v1/notification-history/email: which mails were sent, and the deletion of an account's histories."""

from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.zuora.api.callout_history import DAY, SIZE, Keys, moment
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category
from toolkit.zuora.messages import mailing
from toolkit.zuora.messages.mails import Erasure, Mail
from toolkit.zuora.state.world import Change, World


def list_mails(call: Call) -> Reply:
    """List mails, newest first: those that failed, of the last day, unless told.

    Source: Zuora, list email notification histories; that the newest come first is an assumption.
    """
    asked = call.query.get
    end = moment(call, "endTime", call.world.now)
    start = moment(call, "startTime", end - DAY)
    rows = [
        one
        for one in sorted(call.world.mails.latest(), key=lambda mail: mail.number, reverse=True)
        if start <= one.created <= end
        and (asked("failedOnly") == "false" or one.error is not None)
        and asked("accountId") in {None, one.account_id}
        and asked("objectId") in {None, one.object_id}
        and asked("eventCategory") in {None, one.event}
    ]
    return listing(replace(call, query={"pageSize": SIZE, **call.query}), "emailHistories", rows, _show)


def _show(mail: Mail) -> dict[str, Any]:
    """Return a mail as answers show it. Source: the official SDK, GetEmailHistoryVOType."""
    return {
        "accountId": mail.account_id,
        "bcc": mail.bcc,
        "cc": mail.cc,
        "errorMessage": mail.error,
        "eventCategory": mail.event,
        "fromEmail": mail.sender,
        "notification": mail.notification,
        "replyTo": mail.reply_to,
        "result": "OK" if mail.error is None else "Failed",
        "sendTime": mail.created.strftime("%Y-%m-%dT%H:%M:%S"),
        "subject": mail.subject,
        "toEmail": mail.to,
    }


def resend(call: Call) -> Reply:
    """Send mails once more; the answer names those that cannot be.

    Source: Zuora, resend email notifications.

    Raises:
        InvalidValueError: It asks for none.
    """
    if not call.body.keys:
        raise InvalidValueError("The request should name at least one email history.")
    change, failed, sent = Change(call.world), {}, []
    for key in call.body.keys:
        mail = call.world.mails.get(key)
        if mail is None:
            code = str(NO_RESOURCE * 100 + Category.NOT_FOUND)
            failed[key] = {"code": code, "message": f"Cannot find an email history by {key}."}
        else:
            sent.append(mailing.again(change, mail))
    mailing.send(change, sent)
    return Reply(failed, change.world, 202) if sent else Reply(failed, None, 400)


def delete_histories(call: Call) -> Reply:
    """Delete what is known of an account's mails and callouts; what was still to be sent is not sent.

    Source: Zuora, delete notification histories for an account; the latter is an assumption.
    """
    key = call.query.get("accountId")
    if not key:
        raise MissingValueError("accountId")
    world, account = call.world, call.world.accounts.find(key)
    change, outbox, bag = Change(world), world.outbox, world.mailbag
    for callout in world.callouts.of(account.id):
        change.drop(callout)
        outbox = outbox.delete(callout.number) if callout.number in outbox else outbox
    for mail in world.mails.of(account.id):
        change.drop(mail)
        bag = bag.delete(mail.number) if mail.number in bag else bag
    erasure = Erasure(id=change.id(), account_id=account.id, created=world.now)
    change.put(erasure)
    return Reply(_show_erasure(world, erasure), replace(change.world, outbox=outbox, mailbag=bag), 202)


def read_erasure(call: Call) -> Reply:
    """Show a deletion, which is finished as soon as somebody asks."""
    return Reply(_show_erasure(call.world, call.world.erasures.find(call.path["id"])))


def _show_erasure(world: World, erasure: Erasure) -> dict[str, Any]:
    """Return a deletion as answers show it. Source: the official SDK."""
    return {
        "id": erasure.id,
        "accountId": erasure.account_id,
        "createdBy": SYSTEM_USER,
        "createdOn": int(erasure.created.timestamp() * 1000),
        "status": "FINISHED",
        "tenantId": str(uuid5(NAMESPACE_DNS, world.seed)),
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/notification-history/email", list_mails),
    Endpoint("POST", "/notifications/email-histories/resend", resend, Keys),
    Endpoint("DELETE", "/notifications/history", delete_histories),
    Endpoint("GET", "/notifications/history/tasks/{id}", read_erasure),
)
