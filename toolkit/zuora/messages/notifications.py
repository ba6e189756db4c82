"""Notifications: which event calls or mails whom, and the events that a tenant defines for itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Literal

import msgspec

from toolkit.billing.unnumbered import Unnumbered

Method = Literal["GET", "PUT", "POST", "DELETE"]

OWN, ZUORAS = "user.notification", "com.zuora.notification"
"""The namespaces of the events that tenants define and of those that Zuora does. Source: Zuora,
notifications."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a callout calls, and with what.

    Attributes:
        params: What is sent, by name; values may hold merge fields such as <Account.Id>.
        retry: Whether a callout that fails is tried again.
        password: Sealed; see toolkit.zuora.state.sealing.
        preemptive: Whether credentials are sent at once, and not only when they are asked for.
    """

    id: str
    name: str
    url: str
    method: Method
    active: bool = True
    params: Mapping[str, str] = {}
    retry: bool = True
    description: str | None = None
    required_auth: bool = False
    username: str | None = None
    password: str | None = None
    preemptive: bool = False


class FilterRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which events of its type a notification is for; `condition` is JEXL and names parameters, too."""

    id: str
    condition: str
    description: str | None = None
    parameters: Mapping[str, Any] = {}


class Notification(Unnumbered, frozen=True, kw_only=True):
    """What is done about an event."""

    name: str
    event: str
    namespace: str
    created: datetime
    updated: datetime
    active: bool = True
    callout: Target | None = None
    callout_active: bool = False
    template_id: str | None = None
    email_active: bool = False
    description: str | None = None
    associated_account: str | None = None
    profile_id: str | None = None
    rule: FilterRule | None = None
    rule_params: Mapping[str, str] = {}

    @property
    def target(self) -> Target | None:
        """Whom it calls as it is set now, or None."""
        ready = self.active and self.callout_active and self.callout is not None and self.callout.active
        return self.callout if ready else None

    @property
    def mails(self) -> bool:
        """Whether it sends mails as it is set now."""
        return self.active and self.email_active


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """An event that happens when a change of an object fulfils a condition.

    Attributes:
        name: The name of the event.
        base_object: The object, such as Invoice.
        condition: JEXL over changeType, Invoice.Status and Invoice.Status_old.
        category: The code of a standard event.
    """

    id: str
    name: str
    base_object: str
    condition: str
    display_name: str
    namespace: str = OWN
    active: bool = True
    description: str | None = None
    event_description: str | None = None
    category: int | None = None

    @property
    def number(self) -> str:
        """The name of the event, which no other trigger has."""
        return self.name


class CalloutSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often callouts are tried, and when again.

    Source: Zuora, configure callout settings: 3 attempts unless told, 5 at most; 30 minutes between them, a
    day at most; success may be read from the answer's body.

    Attributes:
        confirm: Whether an answer with HTTP 200 and JSON must say `"success": true`, too.
    """

    attempts: int = 3
    interval: timedelta = timedelta(minutes=30)
    confirm: bool = False


def is_local(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
