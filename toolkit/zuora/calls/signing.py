"""Signing in: bearer tokens, access keys in headers, HTTP Basic, and session cookies."""

import operator
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from datetime import UTC, timedelta
from functools import lru_cache

from msgspec.structs import replace

from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.state.world import Change, World

TOKEN_LIFE = timedelta(hours=1)
"""Source: Zuora, tokens expire after one hour."""

CLIENT_ID_LENGTH = 36
"""A client id is a UUID."""

_is_before = lru_cache(maxsize=256)(operator.lt)  # across time zones it takes a microsecond otherwise
_BASIC = "basic "
_BEARER = "bearer "
_COOKIE = "ZSession="


def is_signed(headers: Mapping[str, str], world: World) -> bool:
    """Tell whether a request carries credentials that hold at the tenant's present moment.

    Source: for HTTP Basic, clients that read live tenants by it: tap-zuora, embulk-input-zuora, node-zuora.
    """
    if "apiaccesskeyid" in headers and "authorization" not in headers:
        return bool(headers["apiaccesskeyid"] and headers.get("apisecretaccesskey"))
    expiry = world.tokens.get(token_of(headers))
    if expiry is None:
        return all(basic(headers.get("authorization", "")))
    return bool(_is_before(world.now, expiry))


def token_of(headers: Mapping[str, str]) -> str:
    """Return the token that a request carries, as a bearer's or in a cookie; without one it is empty."""
    authorization = headers.get("authorization")
    if authorization is not None:
        return authorization[len(_BEARER) :] if authorization[: len(_BEARER)].lower() == _BEARER else ""
    cookies = headers.get("cookie", "")
    return next((part[len(_COOKIE) :] for part in cookies.split("; ") if part.startswith(_COOKIE)), "")


def basic(authorization: str) -> tuple[str, str]:
    """Return the client id and the secret of HTTP Basic; both are empty where it is something else."""
    if authorization[: len(_BASIC)].lower() != _BASIC:
        return "", ""
    encoded = authorization[len(_BASIC) :]
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret


def issue(world: World, client_id: str, client_secret: str) -> tuple[str, World]:
    """Give out an access token.

    Raises:
        Refusal: The client id is no UUID or the secret is empty.
    """
    if len(client_id) != CLIENT_ID_LENGTH or not client_secret:
        raise Refusal(
            Category.AUTHENTICATION,
            f"Invalid client credentials: the client id has {len(client_id)} characters and needs "
            f"{CLIENT_ID_LENGTH}, the secret must not be empty.",
            status=401,
        )
    change = Change(world)
    token = change.id()
    after = change.world
    expiry = world.now.astimezone(UTC) + TOKEN_LIFE  # in UTC an hour is an hour
    return token, replace(after, tokens=after.tokens.set(token, expiry))
