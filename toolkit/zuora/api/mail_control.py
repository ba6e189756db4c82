"""/__toolkit/mails: the ledger of mails, with what they say, and what became of one."""

from typing import Any

from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.messages import mailing
from toolkit.zuora.messages.mails import Mail
from toolkit.zuora.state.world import World


class Outcome(Body, frozen=True):
    """Why a mail could not be sent; None if it was."""

    error: str | None = None


def list_mails(call: Call) -> Reply:
    """Show mails by number: all, or those about an `object`."""
    rows = sorted(call.world.mails.latest(), key=lambda mail: mail.number)
    chosen = [_show(call.world, one) for one in rows if call.query.get("object") in {None, one.object_id}]
    return Reply({"mails": chosen, "success": True})


def note(call: Call) -> Reply:
    """Take down what became of a mail."""
    said: Outcome = call.body
    return Reply(
        {"success": True}, mailing.note(call.world, call.world.mails.find(call.path["number"]), said.error)
    )


def _show(world: World, mail: Mail) -> dict[str, Any]:
    return {
        "number": mail.number,
        "id": mail.id,
        "accountId": mail.account_id,
        "objectId": mail.object_id,
        "event": mail.event,
        "from": mail.sender,
        "to": mail.to,
        "cc": mail.cc,
        "bcc": mail.bcc,
        "subject": mail.subject,
        "body": mail.body,
        "fileId": mail.file_id,
        "created": mail.created.isoformat(),
        "error": mail.error,
        "waiting": mail.number in world.mailbag,
    }


_PATH = "/__toolkit/mails"

ENDPOINTS = (
    Endpoint("GET", _PATH, list_mails, public=True),
    Endpoint("POST", f"{_PATH}/{{number}}/outcome", note, Outcome, public=True),
)
