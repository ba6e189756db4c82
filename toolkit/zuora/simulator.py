"""The simulator: the tenants of a process as one handler, with the routes that control them."""

import hmac
from collections.abc import Sequence
from urllib.parse import parse_qsl

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.signing import basic, token_of
from toolkit.zuora.controlling import PREFIX, Load, control, failed
from toolkit.zuora.tenants import DEFAULT, Member, Tenants

TENANT, TOKEN = "toolkit-tenant", "toolkit-control-token"
"""Headers that name a tenant, and that prove who may control."""


class Simulator:
    """Answers for several tenants.

    Which one a request means: the one that the header `toolkit-tenant` names; else that of the client id or
    access key id with which it signs in, or that has given out its token; else the default one.

    Args:
        tenants: The tenants.
        load: Loads a world by name and seed, for tenants that are made while it runs.
        token: What every control route then asks for in the header `toolkit-control-token`.
    """

    def __init__(self, tenants: Tenants, load: Load, token: str | None = None) -> None:
        self._tenants = tenants
        self._load = load
        self._token = token
        self._turns = 0

    def handle_all(self, requests: Sequence[Request]) -> list[Response]:
        """Answer requests that came together; a tenant that is alone keeps what they write at once."""
        alone = self._tenants.alone
        if alone is None or any(one.path.startswith(PREFIX) or TENANT in one.headers for one in requests):
            self._turns += 1
            turn = self._turns if len(requests) > 1 else 0
            return [self._handle(request, turn) for request in requests]
        return alone.handle_all(requests)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self.handle_all((request,))[0]

    def _handle(self, request: Request, turn: int) -> Response:
        if request.path.startswith(PREFIX) and not self._may_control(request):
            return failed(401, f"The routes of {PREFIX} need the token of this simulator in '{TOKEN}'.")
        try:
            member = self._meant(request)
        except ToolkitError as error:
            return failed(404, str(error))
        if request.path.startswith(PREFIX):
            return control(self._tenants, self._load, member, request)
        return member.gate.handle(request, turn)

    def _may_control(self, request: Request) -> bool:
        given = request.headers.get(TOKEN, "")
        return self._token is None or hmac.compare_digest(given.encode(), self._token.encode())

    def _meant(self, request: Request) -> Member:
        headers, tenants = request.headers, self._tenants
        if (named := headers.get(TENANT)) is not None:
            return tenants.named(named)
        client = headers.get("apiaccesskeyid")
        if client is None and request.path == "/oauth/token":
            client = dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("client_id")
        token = token_of(headers)
        if client is None and not token:
            client, _ = basic(headers.get("authorization", ""))
        if client is not None:
            return tenants.by_client.get(client, tenants[DEFAULT])
        return next((one for one in tenants.values() if token in one.tenant.world.tokens), tenants[DEFAULT])
