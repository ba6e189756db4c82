"""POST /oauth/token and POST /v1/connections: how a client signs in."""

from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.signing import TOKEN_LIFE, basic, issue

_GRANT = "client_credentials"
_LONGEST_SECRET = 42
_SCOPE = "entity.11e643f4-a3f5-8bad-b061-0025904c57d6 service.echo.read tenant.19"


def create_token(call: Call) -> Reply:
    """Exchange client credentials, from the form or from HTTP Basic, for a bearer token of one hour.

    Source: Zuora, create an OAuth token: the grant type must be client_credentials, a secret has at most 42
    signs. Which secret belongs to a client nobody has told the simulator, so any will do; a client that is
    to be turned away is turned away by a fault. The words of a refusal are an assumption.

    Raises:
        Refusal: Another grant type, or credentials that no client can have.
    """
    client_id, secret = call.query.get("client_id", ""), call.query.get("client_secret", "")
    authorization = call.query.get("authorization", "")
    if not client_id:
        client_id, secret = basic(authorization)
    if len(secret) > _LONGEST_SECRET:
        message = f"A client secret has at most {_LONGEST_SECRET} signs, not {len(secret)}."
        raise Refusal(Category.AUTHENTICATION, message, status=401)
    token, world = issue(call.world, client_id, secret)
    grant = call.query.get("grant_type", "")
    if grant != _GRANT:
        message = f"Unsupported grant type: '{grant}'. It must be {_GRANT}."
        raise Refusal(Category.INVALID_VALUE, message)
    answer = {
        "access_token": token,
        "token_type": "bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()) - 1,
        "scope": _SCOPE,
        "jti": token,
    }
    return Reply(answer, world)


def connect(call: Call) -> Reply:
    """Open a session for a client that signs each call with access keys; answers a cookie."""
    token, world = issue(call.world, "0" * 36, "session")
    cookie = f"ZSession={token}; Path=/; HttpOnly"
    return Reply({"success": True}, world, headers=(("set-cookie", cookie),))


ENDPOINTS = (
    Endpoint("POST", "/oauth/token", create_token, public=True),
    Endpoint("POST", "/v1/connections", connect),
)
