"""The tenant: the one cell that holds a world, answers requests against it and has them kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import NamedTuple, Protocol, Self
from urllib.parse import parse_qsl

from msgspec.structs import replace

from toolkit.errors import ToolkitError
from toolkit.rooms import furnish
from toolkit.zuora import agenda
from toolkit.zuora.calls import idempotency, limits, uploads, versions, wire
from toolkit.zuora.calls.call import SCHEME, Request, Response, unpacked
from toolkit.zuora.calls.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category, Refusal, refusal_of, unsigned
from toolkit.zuora.calls.routes import Routes
from toolkit.zuora.calls.shapes import shaped
from toolkit.zuora.calls.signing import is_signed
from toolkit.zuora.messages import callouts
from toolkit.zuora.state.world import World

_JSON = "application/json; charset=utf-8"
_FORMS = frozenset({"/oauth/token"})
_OLDER = "/rest/v1/"
"""Where older clients call /v1. Source: recorded, an API sandbox of 2016."""

_MOST_UNSERVED = 1000
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@cache
def routes() -> Routes:
    """Furnish the room of endpoints, once a process."""
    return Routes(
        endpoint
        for endpoints in furnish("toolkit.zuora.api", "ENDPOINTS", tuple).values()
        for endpoint in endpoints
    )


class Accepted(NamedTuple):
    """A request that has changed the world, the status of its answer, and the world after it."""

    request: Request
    status: int
    world: World


class Keeper(Protocol):
    """Keeps what a tenant has accepted, such as a journal, or a store with checkpoints."""

    def entries(self) -> Iterator[Request]:
        """Yield the requests to answer again after a restart, in the order in which they were answered."""

    def keep(self, accepted: Sequence[Accepted]) -> None:
        """Keep requests before they are answered; raises OSError when that fails, and keeps none of them."""


class Tenant:
    """One tenant: requests go in one at a time, and each either changes the whole world or nothing.

    Args:
        world: The state to begin with.
        keeper: Where accepted writes are noted before they are answered; None keeps none.

    Attributes:
        world: The present state; keep it for a snapshot, assign it to restore one.
        served: How often each endpoint was asked for, by method and path.
        unserved: How often each path was asked for that nothing here serves; the thousand first by name.
    """

    def __init__(self, world: World, keeper: Keeper | None = None) -> None:
        self.world = world
        self.served: defaultdict[tuple[str, str], int] = defaultdict(int)  # a Counter takes twice as long
        self.unserved: Counter[str] = Counter()
        self._keeper = keeper
        self._routes = routes()
        self._requests = 0

    @classmethod
    def recover(cls, world: World, keeper: Keeper) -> Self:
        """Begin with `world` and answer every request again that the keeper has noted since.

        Raises:
            ToolkitError: A request changes nothing now, so that it does not follow from this world.
        """
        tenant = cls(world)
        for request in keeper.entries():
            before = tenant.world
            tenant.handle(request)
            if tenant.world is before:
                raise ToolkitError(
                    f"The journal does not follow from this world, which refuses its {request.method} "
                    f"{request.path}.",
                    "Begin with the world that it was written in, or remove the file.",
                )
        tenant._keeper = keeper
        return tenant

    def fork(self) -> "Tenant":
        """Return another tenant with the same state, at no cost; neither sees what the other does."""
        return Tenant(self.world)

    def next_due(self) -> datetime | None:
        """Return when the tenant's next planned work falls due."""
        return agenda.next_due(self.world)

    def advance_to(self, instant: datetime) -> None:
        """Move the tenant's clock to `instant` and do what falls due by then."""
        self.world = agenda.advance(self.world, instant)

    def handle(self, request: Request) -> Response:
        """Answer one request; whatever is wrong, with it or with us, is answered and changes nothing."""
        return self.handle_all((request,))[0]

    def handle_all(self, requests: Sequence[Request]) -> list[Response]:
        """Answer requests in their order; what they change is kept at once or, if that fails, one by one."""
        before, accepted = self.world, list[Accepted]()
        responses = [self._handle(request, accepted) for request in requests]
        if accepted and self._keeper is not None:
            try:
                self._keeper.keep(accepted)
            except OSError as error:
                self.world = before
                if len(requests) > 1:
                    return [self.handle(request) for request in requests]
                return [self._refuse(requests[0], refusal_of(error), None, versions.DEFAULT)]
        return responses

    def _handle(self, request: Request, accepted: list[Accepted]) -> Response:
        self._requests += 1
        if "content-encoding" in request.headers:
            request = unpacked(request)
        if request.path.startswith(_OLDER):
            request = replace(request, path=request.path.removeprefix("/rest"))
        keyed = idempotency.KEY in request.headers
        response, world = self._decide_once(request) if keyed else self._decide(request)
        if world is not None:
            self.world = world
            accepted.append(Accepted(request, response.status, world))
        return response

    def refuse(self, request: Request, refusal: Refusal) -> Response:
        """Refuse a request from without, in the shape of its endpoint and its version."""
        self._requests += 1
        version, endpoint = versions.DEFAULT, None
        with suppress(Refusal):
            version = versions.read(request.headers.get("zuora-version", "186.0"))
            endpoint, _ = self._routes.find(request.method, request.path)
        return self._refuse(request, refusal, endpoint, version)

    def _decide_once(self, request: Request) -> tuple[Response, World | None]:
        """Decide as `_decide` does, but under one Idempotency-Key only once."""
        if not is_signed(request.headers, self.world):
            return self._decide(request)
        try:
            kept = idempotency.kept_answer(self.world.answers, self.world.now, request)
        except Refusal as refusal:
            return self.refuse(request, refusal), None
        if kept is not None:
            return kept, None
        count, self._requests = self._requests, _count_of(request.headers[idempotency.KEY])
        response, world = self._decide(request)
        self._requests = count
        before = self.world if world is None else world
        answers = idempotency.with_answer(before.answers, self.world.now, request, response)
        return response, world if answers is None else replace(before, answers=answers)

    def _decide(self, request: Request) -> tuple[Response, World | None]:
        """Return the answer and the world after it, None where nothing changes."""
        version, endpoint = versions.DEFAULT, None
        try:
            stated = request.headers.get("zuora-version")
            version = versions.read(stated) if stated else versions.DEFAULT
            endpoint, path = self._routes.find(request.method, request.path)
            self.served[endpoint.method, endpoint.path] += 1
            reply = self._answer(request, endpoint, path, version)
            body = reply.body
            content, media = body if isinstance(body, File) else (wire.write(body), _JSON)
        except Exception as error:  # noqa: BLE001 - the one place where a fault becomes an answer
            return self._refuse(request, refusal_of(error), endpoint, version), None
        if reply.refusal is not None:
            return self._refuse(request, reply.refusal, endpoint, version), reply.world
        return Response(reply.status, (*self._headers(request, media), *reply.headers), content), reply.world

    def _answer(
        self, request: Request, endpoint: Endpoint, path: Mapping[str, str], version: versions.Version
    ) -> Reply:
        if not endpoint.public and not is_signed(request.headers, self.world):
            raise unsigned()
        body: object = None
        if endpoint.body is not None:
            if issubclass(endpoint.body, wire.Body):
                body = self._read(request, endpoint.body)
            else:
                body = uploads.read(request.headers.get("content-type", ""), request.body)
        query = dict(parse_qsl(request.query, keep_blank_values=True)) if request.query else {}
        if request.path in _FORMS:
            query |= dict(parse_qsl(request.body.decode("utf-8", "replace")))
            query |= {"authorization": request.headers.get("authorization", "")}
        base_url = f"{request.headers.get(SCHEME, 'http')}://{request.headers.get('host', 'rest.zuora.com')}"
        reply = endpoint.answer(
            Call(self.world, path, query, body, request.path, version, base_url, request.query)
        )
        if reply.world is not None and reply.world.notifications.rows:
            return replace(reply, world=callouts.plan(self.world, reply.world))
        return reply

    def _read(self, request: Request, kind: type[wire.Body]) -> wire.Body:
        if kind.optional and not request.body:
            return kind()
        _check_media(request)
        content = request.body if kind.listed is None else b'{"%b":%b}' % (kind.listed.encode(), request.body)
        body = wire.read(content, kind)
        limits.check(body, self.world.today)
        return body

    def _refuse(
        self, request: Request, refusal: Refusal, endpoint: Endpoint | None, version: versions.Version
    ) -> Response:
        if refusal.status == 404:  # noqa: PLR2004 - the one refusal that means an unserved path
            what = f"{request.method} {request.path}"
            known = what in self.unserved or len(self.unserved) < _MOST_UNSERVED
            self.unserved[what if known else "others"] += 1
        special = shaped(request, refusal, crud=endpoint is not None and endpoint.crud)
        if special is not None:
            return Response(special[0], self._headers(request), wire.write(special[1]))
        signed = refusal.category is not Category.AUTHENTICATION
        dated = version >= versions.HTTP_ERRORS
        resource = NO_RESOURCE if endpoint is None else endpoint.resource
        reasons = [{"code": one.code(resource), "message": one.message} for one in (refusal, *refusal.more)]
        bare = version >= versions.BARE_OBJECT_QUERY_ERRORS and request.path.startswith("/object-query/")
        body: dict[str, object] = {} if bare else {"success": False}
        if signed and not bare:
            body["processId"] = self._process_id()
        body["reasons"] = reasons
        if dated or signed:  # at every version. Source: guardian/support-service-lambdas, refusals of 2024
            body["requestId"] = self._request_id()
        status = refusal.http_status(by_category=dated or not request.path.startswith(versions.VERSIONED))
        return Response(status, self._headers(request), wire.write(body))

    def _headers(self, request: Request, media: str = _JSON) -> tuple[tuple[str, str], ...]:
        headers = ("content-type", media), ("zuora-request-id", self._request_id())
        track = request.headers.get("zuora-track-id")
        return headers if track is None else (*headers, ("zuora-track-id", track[:64]))

    def _request_id(self) -> str:
        return f"{_origin(self.world.seed)}-{self._requests:012x}"

    def _process_id(self) -> str:
        """Return hexadecimal digits that follow from the seed and the count of requests."""
        return blake2b(f"{self.world.seed}:{self._requests}".encode(), digest_size=8).hexdigest().upper()


def _count_of(key: str) -> int:
    """Return what stands for the count of requests in an answer that is kept: a journal lacks reads."""
    return int.from_bytes(blake2b(key.encode(), digest_size=6).digest())


@cache
def _origin(seed: str) -> str:
    """Return the part that the ids of all requests of a tenant have in common."""
    digits = blake2b(seed.encode(), digest_size=10).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:]))


def _check_media(request: Request) -> None:
    """Refuse a write without a JSON body. Source: a bodyless PUT was answered 415 by a live tenant."""
    said = request.headers.get("content-type", "")
    if request.body and said == "application/json":
        return
    media = said.partition(";")[0].strip().lower()
    if request.method in _WITH_BODY and (not request.body or media != "application/json"):
        raise Refusal(
            Category.UNSUPPORTED,
            f"Content type '{media}' not supported",
            resource=NO_RESOURCE,
            status=415,
        )
