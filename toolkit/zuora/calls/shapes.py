"""Shapes: what a refusal looks like where it is none of the reasons that /v1 gives.

Source: Zuora, error codes: reasons are of /v1 except actions and CRUD calls, whose HTTP status does not
follow from the version either; recorded bodies; for actions, tokens and data queries, what the official SDK
declares, and the one example that Zuora gives of a data query: code 415 and a message.
"""

from typing import Any

from toolkit.zuora.calls.call import Request
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category, Refusal
from toolkit.zuora.calls.wire import parse

_ACTIONS = "/v1/action/"
_DATA_QUERIES = "/query/"
_BY_OBJECT = frozenset({"create", "update", "delete", "generate", "subscribe", "amend"})
"""Actions that answer a list: one result an object."""

_UNSERVED = 404
_CROWDED = (
    "Your total number of concurrent requests have exceeded the limit allowed by the system. "
    "Please resubmit your request later."
)
"""Source: recorded, an action beyond the concurrency limit."""


def shaped(request: Request, refusal: Refusal, *, crud: bool) -> tuple[int, object] | None:
    """Return status and body of a refusal; None where they are those of /v1.

    Args:
        request: What was asked.
        refusal: Why not.
        crud: Whether it went to /v1/object or to an action that writes.
    """
    status = refusal.http_status(by_category=True)
    if request.path == "/oauth/token":
        return status, _of_token(refusal)
    if refusal.category is Category.AUTHENTICATION:
        return None
    if request.path.startswith(_DATA_QUERIES):
        return status, {"code": status, "message": refusal.message}
    if request.path.startswith(_ACTIONS):
        return _of_action(request, refusal, status)
    return (status, failed(refusal)) if crud else None


def failed(refusal: Refusal) -> dict[str, Any]:
    """Return what stands for an object that is refused. Source: recorded."""
    return {"Success": False, "Errors": [{"Code": refusal.word, "Message": refusal.message}]}


def _of_token(refusal: Refusal) -> dict[str, Any]:
    """Return what a sign-in that fails is answered. Source: the official SDK."""
    if refusal.category is Category.AUTHENTICATION:
        return {"message": refusal.message}
    return {"code": refusal.code(NO_RESOURCE), "message": refusal.message}


def _of_action(request: Request, refusal: Refusal, status: int) -> tuple[int, object]:
    name = request.path.removeprefix(_ACTIONS)
    if refusal.category is Category.LIMIT:
        return status, {"code": refusal.word, "message": _CROWDED}
    if refusal.status == _UNSERVED:
        return 400, {"code": "ClientError", "message": f"Invalid action '{name}'"}
    if refusal.category is Category.LOCK and name in _BY_OBJECT:
        return 200, [failed(refusal)] * _objects(request)
    if name == "delete":
        return status, {"code": refusal.word, "message": refusal.message}
    return status, {"FaultCode": refusal.word, "FaultMessage": refusal.message}


def _objects(request: Request) -> int:
    """Return how many objects an action is asked for; one where that cannot be told."""
    try:
        said = parse(request.body)
    except Refusal:
        return 1
    lists = [len(one) for one in said.values() if isinstance(one, list)] if isinstance(said, dict) else []
    return max(lists, default=1) or 1
