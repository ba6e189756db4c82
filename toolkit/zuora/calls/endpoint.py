"""What a file of the ENDPOINTS room offers: functions from a Call to a Reply, and where they answer."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from toolkit.zuora.calls.refusals import NO_RESOURCE, Refusal
from toolkit.zuora.calls.uploads import Upload
from toolkit.zuora.calls.versions import Version
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import World


class Call(msgspec.Struct, frozen=True):
    """One call of an endpoint.

    Attributes:
        world: The tenant's state before the call.
        path: The values of the placeholders in the endpoint's path.
        query: Query parameters; of one that repeats, the last value.
        body: The request body as the endpoint's body type; None for an endpoint without one.
        url_path: The path as it was asked for.
        version: The minor version that this call is answered under.
        base_url: Scheme and host as the client sees them, for absolute links.
        query_string: The query as it was asked for, for parameters that repeat.
    """

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    url_path: str
    version: Version
    base_url: str
    query_string: str = ""


class File(NamedTuple):
    """A body that is no JSON, and its media type."""

    content: bytes
    media: str


class Reply(msgspec.Struct, frozen=True):
    """What an endpoint answers.

    Attributes:
        body: What becomes JSON, or a File.
        world: The tenant's state after the call; None when nothing changed.
        status: The HTTP status.
        headers: Headers beyond those that every answer has.
        refusal: What is answered in place of the body, where a call fails and yet leaves something behind,
            such as a payment that was declined.
    """

    body: object
    world: World | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    refusal: Refusal | None = None


class Endpoint(NamedTuple):
    """One operation of the API.

    Attributes:
        method: In upper case.
        path: With placeholders, such as /v1/accounts/{account-key}.
        answer: The function that answers; it raises Refusal or BillingError to refuse.
        body: The type of the request body, Upload for a file; None when the operation has none.
        resource: The six digits with which its error codes begin.
        public: Whether it answers without credentials.
        crud: Whether it belongs to /v1/object, whose refusals have a shape of their own.
    """

    method: str
    path: str
    answer: Callable[[Call], Reply]
    body: type[Body] | type[Upload] | None = None
    resource: int = NO_RESOURCE
    public: bool = False
    crud: bool = False
