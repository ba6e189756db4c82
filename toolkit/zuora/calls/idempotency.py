"""Idempotency: what a request with an Idempotency-Key was answered, kept for a day and answered again.

Source: Zuora, idempotent requests: POST and PATCH only, a key of less than 255 signs; status, headers and
body are kept whether the request succeeded or failed; another tenant, URL or method is 422. Zuora's coding
agent says that another body is refused, the guide does not. A live tenant answered HTTP 400 to a PUT with
such a key.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import msgspec

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.state.maps import Map
from toolkit.zuora.state.redaction import body_without_secrets

KEY = "idempotency-key"
LIFE = timedelta(hours=24)

_MOST_SIGNS = 254
_METHODS = frozenset({"POST", "PATCH"})
_UNKEPT = frozenset({401, 429})


class KeptAnswer(msgspec.Struct, frozen=True):
    """An answer, with a digest of the request that it belongs to."""

    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expiry: datetime


Answers = Map[str, KeptAnswer]


def kept_answer(answers: Mapping[str, KeptAnswer], now: datetime, request: Request) -> Response | None:
    """Return what this request was answered before under the same key; None where nothing is kept.

    Raises:
        Refusal: The key is too long, belongs to another request, or comes with a method that takes none.
    """
    if request.method not in _METHODS and request.method != "GET":
        raise Refusal(
            Category.UNSUPPORTED,
            f"Request method '{request.method}' not supported with Idempotency-Key header",
            status=400,
        )
    key = request.headers[KEY]
    if len(key) > _MOST_SIGNS:
        raise Refusal(
            Category.INVALID_VALUE, "The Idempotency-Key should have less than 255 signs.", status=400
        )
    kept = answers.get(key)
    if kept is None or kept.expiry <= now or request.method == "GET":
        return None
    if kept.asked != _asked(request):
        raise Refusal(
            Category.INVALID_VALUE, f"The Idempotency-Key '{key}' belongs to another request.", status=422
        )
    return Response(kept.status, kept.headers, kept.body)


def with_answer(answers: Answers, now: datetime, request: Request, response: Response) -> Answers | None:
    """Return the kept answers with this one; None for a read, and where nothing was tried."""
    if request.method not in _METHODS or response.status in _UNKEPT:
        return None
    expiry = now.astimezone(UTC) + LIFE  # in UTC a day is 24 hours
    kept = KeptAnswer(_asked(request), response.status, response.headers, response.body, expiry)
    return answers.set(request.headers[KEY], kept)


def _asked(request: Request) -> str:
    """Return a digest that is the same for what a journal has of the request."""
    body = body_without_secrets(request.path, request.body)
    parts = (request.method.encode(), request.path.encode(), request.query.encode(), body)
    return blake2b(b"\0".join(parts), digest_size=16).hexdigest()
