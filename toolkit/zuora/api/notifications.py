"""/notifications/notification-definitions: which events call or mail whom."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from msgspec import to_builtins
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import part
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.messages import jexl
from toolkit.zuora.messages.events import find_rule, of_category
from toolkit.zuora.messages.notifications import FilterRule, Method, Notification, Target, is_local
from toolkit.zuora.state.sealing import seal
from toolkit.zuora.state.world import Change, World

_PROFILE = "402881e522cf4f9b0122cf5d82860003"


class Auth(Body, frozen=True):
    """How a callout signs in; NTLM, which `domain` is for, is not simulated."""

    lacking: ClassVar[frozenset[str]] = frozenset({"domain"})

    username: str | None = None
    password: str | None = None
    preemptive: bool = False


class CalloutBody(Body, frozen=True):
    """Whom to call, and with what."""

    lacking: ClassVar[frozenset[str]] = frozenset({"oAuth2ProviderId", "hmac", "calloutTemplateId"})
    harmless: ClassVar[frozenset[str]] = frozenset({"id"})

    name: str
    callout_baseurl: str
    http_method: Method
    required_auth: bool = False
    active: bool = True
    callout_auth: Auth | None = None
    callout_params: Mapping[str, str] | None = None
    callout_retry: bool = True
    description: str | None = None
    event_type_name: str | None = None


class RuleParameter(Body, frozen=True):
    """What a filter rule's parameter is."""

    value_type: str = "STRING"
    display_name: str | None = None
    description: str | None = None
    options: tuple[str, ...] | None = None


class RuleBody(Body, frozen=True):
    """Which events of its type a notification is for."""

    condition: str
    parameters: Mapping[str, RuleParameter] = {}
    description: str | None = None


class Said(Body, frozen=True):
    """What may be said of a notification; templates of callouts are not simulated."""

    lacking: ClassVar[frozenset[str]] = frozenset({"calloutTemplateIds"})
    harmless: ClassVar[frozenset[str]] = frozenset({"communicationProfileIds"})

    name: str | None = None
    active: bool | None = None
    callout: CalloutBody | None = None
    callout_active: bool | None = None
    description: str | None = None
    associated_account: str | None = None
    communication_profile_id: str | None = None
    email_active: bool | None = None
    email_template_id: str | None = None
    filter_rule: RuleBody | None = None
    filter_rule_params: Mapping[str, str] | None = None


class New(Said, frozen=True):
    """A new notification, of an event by its name or, if it is a standard one, by its category."""

    event_type_name: str | None = None
    event_type_namespace: str | None = None
    event_category: int | None = None


def create(call: Call) -> Reply:
    """Make a notification."""
    said: New = call.body
    if said.name is None:
        raise MissingValueError("name")
    rule = of_category(said.event_category) if said.event_category is not None else None
    if said.event_type_name is not None:
        rule = find_rule(call.world, said.event_type_name, said.event_type_namespace)
    if rule is None:
        wanted = said.event_type_name or said.event_category
        raise InvalidValueError(f"The event type '{wanted}' does not exist.")
    change, now = Change(call.world), call.world.now
    blank = Notification(
        id=change.id(), name=said.name, event=rule.name, namespace=rule.namespace, created=now, updated=now
    )
    return _kept(change, _with(change, blank, said), call.world)


def update(call: Call) -> Reply:
    """Change a notification; what is not said stays."""
    change = Change(call.world)
    former = call.world.notifications.find(call.path["id"])
    return _kept(change, _with(change, former, call.body), call.world)


def _kept(change: Change, notification: Notification, world: World) -> Reply:
    if notification.callout_active and notification.callout is None:
        raise MissingValueError("callout")
    same = (one for one in world.notifications.latest() if one.name == notification.name)
    if any(one.id != notification.id for one in same):
        raise InvalidValueError(f"A notification of the name {notification.name} exists already.")
    change.put(notification)
    return Reply(_show(notification), change.world)


def _template(world: World, notification: Notification, said: Said) -> str | None:
    """Return the template of a notification's mails, which is one of its event, and needed if it sends any.

    Source: the official SDK, PostPublicNotificationDefinitionRequest.
    """
    key = said.email_template_id or notification.template_id
    active = notification.email_active if said.email_active is None else said.email_active
    if key is None:
        if active:
            raise MissingValueError("emailTemplateId")
        return None
    if said.email_template_id is None and not active:
        return key
    template = world.email_templates.find(key)
    event = (template.event, template.namespace)
    if template.category is not None:
        rule = of_category(template.category)
        event = (None, None) if rule is None else (rule.name, rule.namespace)
    if event != (notification.event, notification.namespace):
        raise InvalidValueError(
            f"The email template {template.name} is for {template.event or template.category}, "
            f"the notification for {notification.event}."
        )
    return template.id


def _with(change: Change, former: Notification, said: Said) -> Notification:
    given = {name: value for name in _SAME if (value := getattr(said, name)) is not None}
    target, rule = former.callout, former.rule
    if said.callout is not None:
        target = _target(change, said.callout, former)
    if said.filter_rule is not None:
        jexl.compiled(said.filter_rule.condition)
        rule = FilterRule(
            id=rule.id if rule else change.id(),
            condition=said.filter_rule.condition,
            description=said.filter_rule.description,
            parameters=to_builtins(said.filter_rule.parameters),
        )
    return replace(
        former,
        **given,
        callout=target,
        template_id=_template(change.world, former, said),
        profile_id=said.communication_profile_id or former.profile_id or _PROFILE,
        rule=rule,
        rule_params=former.rule_params if said.filter_rule_params is None else said.filter_rule_params,
        updated=change.before.now,
    )


_SAME = ("name", "active", "callout_active", "email_active", "description", "associated_account")


def _target(change: Change, said: CalloutBody, former: Notification) -> Target:
    """Return whom to call; a password that is not said stays."""
    _check_url(said.callout_baseurl)
    if said.event_type_name not in {None, former.event}:
        raise InvalidValueError(
            f"The callout is for {said.event_type_name}, the notification for {former.event}."
        )
    known = former.callout
    before = (
        Auth()
        if known is None
        else Auth(username=known.username, password=known.password, preemptive=known.preemptive)
    )
    auth = said.callout_auth or before
    username, password = auth.username, auth.password or before.password
    if said.required_auth and (username is None or password is None):
        raise MissingValueError("calloutAuth.username" if username is None else "calloutAuth.password")
    return Target(
        id=known.id if known else change.id(),
        name=said.name,
        url=said.callout_baseurl,
        method=said.http_method,
        active=said.active,
        params=said.callout_params or {},
        retry=said.callout_retry,
        description=said.description,
        required_auth=said.required_auth,
        username=username,
        password=None if password is None else seal(password),
        preemptive=auth.preemptive,
    )


def _check_url(url: str) -> None:
    """Refuse a URL that is neither https nor on this machine.

    Source: Zuora, callouts go to https only. That receivers on this machine may do without is the simulator's
    own.
    """
    try:
        parts = urlsplit(url)
        scheme, host, _ = parts.scheme, parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidValueError(f"The callout URL '{url}' cannot be read: {error}.") from error
    if not host or not (scheme == "https" or (scheme == "http" and is_local(host))):
        raise InvalidValueError(f"The callout URL '{url}' must start with 'https://'.")
    if parts.username or parts.password:
        raise InvalidValueError("The callout URL must not hold credentials; say them in 'calloutAuth'.")


def read(call: Call) -> Reply:
    """Show a notification."""
    return Reply(_show(call.world.notifications.find(call.path["id"])))


def delete(call: Call) -> Reply:
    """Delete a notification; callouts that it has asked for are still sent."""
    change = Change(call.world)
    change.drop(call.world.notifications.find(call.path["id"]))
    return Reply(None, change.world, 204)


def list_all(call: Call) -> Reply:
    """List notifications, oldest first, narrowed by their profile, event and e-mail template."""
    asked = {
        "communicationProfileId": call.query.get("profileId"),
        "eventTypeName": call.query.get("eventTypeName"),
        "emailTemplateId": call.query.get("emailTemplateId"),
    }
    rows = map(_show, sorted(call.world.notifications.latest(), key=lambda one: (one.created, one.id)))
    kept = [row for row in rows if all(asked[name] in {None, row[name]} for name in asked)]
    return part(call, kept)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000} UTC"


def _show(one: Notification) -> dict[str, Any]:
    """Return a notification as answers show it. Sources: Zuora, its sample answer; the official SDK."""
    made = {"createdBy": SYSTEM_USER, "createdOn": _moment(one.created)}
    made |= {"updatedBy": SYSTEM_USER, "updatedOn": _moment(one.updated)}
    rule = one.rule
    return {
        "id": one.id,
        **made,
        "eventTypeNamespace": one.namespace,
        "eventTypeName": one.event,
        "name": one.name,
        "description": one.description,
        "communicationProfileId": one.profile_id,
        "active": one.active,
        "emailActive": one.email_active,
        "emailTemplateId": one.template_id,
        "calloutActive": one.callout_active,
        "callout": None if one.callout is None else _show_target(one.callout, one.event),
        "associatedAccount": one.associated_account,
        "filterRule": None
        if rule is None
        else {
            "id": rule.id,
            "createdBy": SYSTEM_USER,
            "createdOn": _moment(one.created),
            "description": rule.description,
            "condition": rule.condition,
            "parameters": rule.parameters,
            "eventTypeName": None,
        },
        "filterRuleParams": one.rule_params or None,
    }


def _show_target(target: Target, event: str) -> dict[str, Any]:
    """Return whom a callout calls; the password is never shown."""
    auth = {"username": target.username, "preemptive": target.preemptive}
    return {
        "id": target.id,
        "name": target.name,
        "description": target.description,
        "active": target.active,
        "eventTypeName": event,
        "calloutBaseurl": target.url,
        "httpMethod": target.method,
        "calloutParams": target.params,
        "calloutRetry": target.retry,
        "requiredAuth": target.required_auth,
        "calloutAuth": auth if target.username else None,
    }


_PATH = "/notifications/notification-definitions"

ENDPOINTS = (
    Endpoint("POST", _PATH, create, New),
    Endpoint("GET", _PATH, list_all),
    Endpoint("GET", f"{_PATH}/{{id}}", read),
    Endpoint("PUT", f"{_PATH}/{{id}}", update, Said),
    Endpoint("DELETE", f"{_PATH}/{{id}}", delete),
)
