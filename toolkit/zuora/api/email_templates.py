"""/notifications/email-templates: what mails about an event say, and to whom they go."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from toolkit.billing.errors import BillingError, InvalidValueError, MissingValueError
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import part
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.messages.events import find_rule
from toolkit.zuora.messages.mailing import EVENTS
from toolkit.zuora.messages.mails import ContactType, EmailTemplate, Encoding, SenderType
from toolkit.zuora.messages.notifications import OWN, ZUORAS
from toolkit.zuora.state.world import Change, World

_LEAST, _MOST = 1000, 9999
_LONGEST_NAME, _LONGEST_SENDER, _MOST_AT_ONCE = 255, 50, 1000
"""Source: the official SDK; codes of standard events have four digits."""


class Changed(Body, frozen=True):
    """What may be said of a template."""

    name: str | None = None
    active: bool | None = None
    description: str | None = None
    email_subject: str | None = None
    email_body: str | None = None
    is_html: bool | None = None
    encoding_type: Encoding | None = None
    from_email_type: SenderType | None = None
    from_email_address: str | None = None
    from_name: str | None = None
    to_email_type: ContactType | None = None
    to_email_address: str | None = None
    cc_email_type: ContactType | None = None
    cc_email_address: str | None = None
    bcc_email_address: str | None = None
    reply_to_email_type: SenderType | None = None
    reply_to_email_address: str | None = None


class New(Changed, frozen=True):
    """A new template, for a standard event by its category or for any by its name."""

    event_category: int | None = None
    event_type_name: str | None = None
    event_type_namespace: str | None = None


class Imported(New, frozen=True):
    """A template to create or, if it has an id, to update."""

    id: str | None = None


class Import(Body, frozen=True):
    """Templates to create or update: all, or, if that is allowed, those that can be."""

    email_templates: tuple[Imported, ...] = ()
    allow_partial_success: bool = False


_FIELDS = {
    "name": "name",
    "active": "active",
    "description": "description",
    "email_subject": "subject",
    "email_body": "body",
    "is_html": "html",
    "encoding_type": "encoding",
    "from_email_type": "sender_type",
    "from_email_address": "sender",
    "from_name": "sender_name",
    "to_email_type": "to_type",
    "to_email_address": "to",
    "cc_email_type": "cc_type",
    "cc_email_address": "cc",
    "bcc_email_address": "bcc",
    "reply_to_email_type": "reply_to_type",
    "reply_to_email_address": "reply_to",
}
_NEEDED = {
    "name": "name",
    "email_subject": "emailSubject",
    "email_body": "emailBody",
    "from_email_type": "fromEmailType",
    "to_email_type": "toEmailType",
}


def create(call: Call) -> Reply:
    """Make a template."""
    change = Change(call.world)
    return Reply(_show(_made(change, call.body)), change.world)


def update(call: Call) -> Reply:
    """Change a template; what is not said stays."""
    change = Change(call.world)
    former = call.world.email_templates.find(call.path["id"])
    return Reply(_show(_kept(change, former, call.body)), change.world)


def read(call: Call) -> Reply:
    """Show a template."""
    return Reply(_show(call.world.email_templates.find(call.path["id"])))


def delete(call: Call) -> Reply:
    """Delete a template."""
    change = Change(call.world)
    change.drop(call.world.email_templates.find(call.path["id"]))
    return Reply(None, change.world, 204)


def list_all(call: Call) -> Reply:
    """List templates, oldest first, narrowed by their event or name."""
    asked = call.query.get
    rows = sorted(call.world.email_templates.latest(), key=lambda one: (one.created, one.id))
    chosen = [
        _show(one)
        for one in rows
        if asked("name") in {None, one.name}
        and asked("eventTypeName") in {None, one.event}
        and asked("eventCategory") in {None, str(one.category), f"{one.category}.0"}
    ]
    return part(call, chosen)


def import_all(call: Call) -> Reply:
    """Create and update templates; the answer says what could not be.

    Source: Zuora, create or update email templates: 1,000 at most, and none if one fails unless partial
    success is allowed.

    Raises:
        InvalidValueError: There are too many, or none succeeded, or one failed that may not.
    """
    said: Import = call.body
    if len(said.email_templates) > _MOST_AT_ONCE:
        raise InvalidValueError(f"At most {_MOST_AT_ONCE} email templates can be imported at once.")
    world, reasons = call.world, []
    for one in said.email_templates:
        change = Change(world)
        try:
            if one.id is None:
                _made(change, one)
            else:
                _kept(change, world.email_templates.find(one.id), one)
        except (BillingError, Refusal) as error:
            reasons.append(f"{one.name or one.id}: {error}")
        else:
            world = change.world
    if reasons and (not said.allow_partial_success or len(reasons) == len(said.email_templates)):
        raise InvalidValueError(" ".join(reasons))
    return Reply({"reasons": reasons}, world)


def _made(change: Change, said: New) -> EmailTemplate:
    for field, name in _NEEDED.items():
        if getattr(said, field) is None:
            raise MissingValueError(name)
    category, event, namespace = _event(change.world, said)
    now = change.before.now
    blank = EmailTemplate(
        id=change.id(),
        name="",
        subject="",
        body="",
        sender_type="TenantEmail",
        to_type="BillToContact",
        created=now,
        updated=now,
        category=category,
        event=event,
        namespace=namespace,
    )
    return _kept(change, blank, said)


def _event(world: World, said: New) -> tuple[int | None, str | None, str | None]:
    """Return the event that a template is for: a code, or a name in its namespace.

    Source: the official SDK: without a namespace a name is one of the tenant's own.

    Raises:
        MissingValueError: No event is said.
        InvalidValueError: There is no such event.
    """
    if said.event_type_name is None:
        if said.event_category is None:
            raise MissingValueError("eventTypeName")
        if not _LEAST <= said.event_category <= _MOST:
            raise InvalidValueError(f"The event category '{said.event_category}' does not exist.")
        return said.event_category, None, None
    name, namespace = said.event_type_name, said.event_type_namespace or OWN
    if find_rule(world, name, namespace) is None and not (namespace == ZUORAS and name in EVENTS):
        raise InvalidValueError(f"The event type '{namespace}:{name}' does not exist.")
    return None, name, namespace


def _kept(change: Change, former: EmailTemplate, said: Changed) -> EmailTemplate:
    given = {_FIELDS[field]: value for field in _FIELDS if (value := getattr(said, field)) is not None}
    template = replace(former, **given, updated=change.before.now)
    if not 1 <= len(template.name) <= _LONGEST_NAME:
        raise InvalidValueError(f"'name' should have 1 to {_LONGEST_NAME} characters.")
    if len(template.sender_name or "") > _LONGEST_SENDER:
        raise InvalidValueError(f"'fromName' should have at most {_LONGEST_SENDER} characters.")
    for kind, address, name in (
        (template.sender_type, template.sender, "fromEmailAddress"),
        (template.to_type, template.to, "toEmailAddress"),
        (template.reply_to_type, template.reply_to, "replyToEmailAddress"),
    ):
        if (kind or "").startswith("SpecificEmail") and not address:
            raise MissingValueError(name)
    same = (one for one in change.world.email_templates.latest() if one.name == template.name)
    if any(one.id != template.id for one in same):
        raise InvalidValueError(f"An email template of the name {template.name} exists already.")
    change.put(template)
    return template


def _show(one: EmailTemplate) -> dict[str, Any]:
    """Return a template as answers show it. Source: the official SDK, GetPublicEmailTemplateResponse."""
    shown = {_wire(field): getattr(one, known) for field, known in _FIELDS.items()}
    return {
        "id": one.id,
        **shown,
        "eventCategory": one.category,
        "eventTypeName": one.event,
        "eventTypeNamespace": one.namespace,
        "createdBy": SYSTEM_USER,
        "createdOn": _moment(one.created),
        "updatedBy": SYSTEM_USER,
        "updatedOn": _moment(one.updated),
    }


def _wire(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(other.capitalize() for other in others)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


_PATH = "/notifications/email-templates"

ENDPOINTS = (
    Endpoint("POST", _PATH, create, New),
    Endpoint("GET", _PATH, list_all),
    Endpoint("POST", f"{_PATH}/import", import_all, Import),
    Endpoint("GET", f"{_PATH}/{{id}}", read),
    Endpoint("PUT", f"{_PATH}/{{id}}", update, Changed),
    Endpoint("DELETE", f"{_PATH}/{{id}}", delete),
)
