"""Failing: asynchronous requests that are to be refused are accepted, and their jobs say why they failed."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec.structs import replace

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.endpoint import Call
from toolkit.zuora.calls.refusals import Category, Refusal

if TYPE_CHECKING:
    from toolkit.zuora.tenant import Tenant

_PARAMETER = "toolkit-refusal"
_JOBS = re.compile("/v1/async/orders(/.*)?")
_AT_ONCE = frozenset({Category.AUTHENTICATION, Category.PERMISSION, Category.LIMIT})


def refuse(tenant: "Tenant", request: Request, refusal: Refusal) -> Response:
    """Refuse a request; an order that is placed asynchronously fails as a job that lost the lock does.

    Source: recorded, a job whose errors are `[40000050]: Operation failed due to a lock competition, please
    retry later.` What a job is to say stands in the request's query, so that a journal has it too.
    """
    if refusal.category in _AT_ONCE or not _JOBS.fullmatch(request.path):
        return tenant.refuse(request, refusal)
    said = urlencode({_PARAMETER: f"{int(refusal.category)} {refusal.message}"})
    return tenant.handle(replace(request, query=f"{request.query}&{said}" if request.query else said))


def check(call: Call) -> None:
    """Let work fail that is to fail.

    Raises:
        Refusal: It is.
    """
    category, _, message = call.query.get(_PARAMETER, "").partition(" ")
    if category in {str(int(one)) for one in Category}:
        raise Refusal(Category(int(category)), message)
