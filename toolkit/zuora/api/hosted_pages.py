"""/v1/hostedpages: configure payment pages and list them."""

from typing import ClassVar, Literal

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.payments.hostedpages import HostedPage
from toolkit.zuora.state.world import Change

_KINDS = {"hp_creditcard": "Credit Card", "hp_ccref": "Credit Card", "hp_ach": "ACH"}
"""What a page is shown to be for, where that is not a bank transfer. Source: the official SDK."""

_VERSION = "2"

PageType = Literal[
    "hp_ach",
    "hp_autogiro",
    "hp_betalingsservice",
    "hp_ccref",
    "hp_creditcard",
    "hp_directdebitnz",
    "hp_directdebituk",
    "hp_directentryau",
    "hp_pad",
    "hp_paypal",
    "hp_sepa",
]


class NewPage(Body, frozen=True):
    """A page as it is configured; how it looks is nothing that is simulated."""

    harmless: ClassVar[frozenset[str]] = frozenset({"css", "displayFields", "requireFields"})

    type: PageType
    page_name: str
    domain: str
    gateway: str
    callback_path: str | None = None
    allow_sub_domain: bool = False


def create(call: Call) -> Reply:
    """Configure a page for a gateway of the tenant, named or by its id or number."""
    said: NewPage = call.body
    change = Change(call.world)
    if not any(said.gateway in {one.name, one.id, one.number} for one in call.world.gateways.latest()):
        raise InvalidValueError(f"'gateway' should be a payment gateway of the tenant, not '{said.gateway}'.")
    page = HostedPage(
        id=change.id(),
        name=said.page_name,
        kind=_KINDS.get(said.type, "Bank Transfer"),
        domain=said.domain,
        gateway=said.gateway,
        callback_path=said.callback_path,
        allow_sub_domain=said.allow_sub_domain,
    )
    change.put(page)
    shown = {
        "id": page.id,
        "pageName": page.name,
        "pageType": page.kind,
        "pageVersion": int(_VERSION),
        "domain": page.domain,
        "gateway": page.gateway,
        "callbackPath": page.callback_path,
        "allowSubDomain": page.allow_sub_domain,
    }
    return Reply({**shown, "success": True}, change.world)


def list_pages(call: Call) -> Reply:
    """Show the pages of all versions, or of one; all are of version 2."""
    pages = sorted(call.world.hosted_pages.latest(), key=lambda page: (page.name, page.id))
    wanted = call.query.get("versionNumber", call.query.get("version", _VERSION))
    shown = [
        {"pageId": one.id, "pageName": one.name, "pageType": one.kind, "pageVersion": _VERSION}
        for one in pages
        if wanted == _VERSION
    ]
    return Reply({"hostedpages": shown, "success": True})


ENDPOINTS = (
    Endpoint("POST", "/v1/hostedpages", create, NewPage),
    Endpoint("GET", "/v1/hostedpages", list_pages),
)
