"""Settings: every setting of the tenant that can be read or changed, one by one or in batches."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from toolkit.billing.errors import BillingError
from toolkit.rooms import furnish
from toolkit.zuora.calls.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.calls.refusals import Category, Refusal, refusal_of
from toolkit.zuora.calls.routes import Routes
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.settings._schema import Schema, problems
from toolkit.zuora.settings._setting import Answer, Asked, Operation, Setting
from toolkit.zuora.state.world import World

_MOST_IN_A_BATCH = 100

_SETTINGS: tuple[Setting, ...] = tuple(
    setting for file in furnish("toolkit.zuora.settings", "SETTINGS", tuple).values() for setting in file
)


class Child(Body, frozen=True):
    """One request of a batch.

    Attributes:
        id: Any text that no other request of the batch has.
        url: Behind /settings, such as /billing-rules.
        body: The JSON of the setting.
    """

    unbounded = frozenset({"body"})

    id: str
    method: str
    url: str
    body: Any = None


class Parent(Child, frozen=True):
    """One request of a batch, and those that are only made if it succeeds."""

    children: tuple[Child, ...] = ()


class Batch(Body, frozen=True):
    """Requests that are made one after the other."""

    requests: tuple[Parent, ...] = ()


class _Refused(Exception):  # noqa: N818 - no fault of ours
    """A request for a setting that is refused, for these reasons."""

    def __init__(self, status: HTTPStatus, messages: list[str]) -> None:
        super().__init__(messages)
        self.status, self.messages = status, messages


def list_settings(_: Call) -> Reply:
    """Describe all settings: where each is, and what its JSON may be.

    Zuora answers in CSV as well, to those who accept it; here it is always JSON.
    """
    return Reply({"settings": [_describe(one) for one in _SETTINGS]})


def run_batch(call: Call) -> Reply:
    """Make the requests of a batch in their order; one that fails does not undo the others.

    Source: Zuora, submit settings requests; for the errors the official SDK. That an answer has children only
    where there are any is an assumption: Zuora's example has an empty list, the SDK no such field.

    Raises:
        Refusal: There are too many requests, or an id repeats.
    """
    said: Batch = call.body
    single = [one for parent in said.requests for one in (parent, *parent.children)]
    if len(single) > _MOST_IN_A_BATCH:
        raise Refusal(Category.RULE, f"A batch should have at most {_MOST_IN_A_BATCH} requests.")
    if len({one.id for one in single}) < len(single):
        raise Refusal(Category.INVALID_VALUE, "The ids of the requests of a batch should differ.")
    world, responses = call.world, []
    for parent in said.requests:
        shown, after = _made(parent, world)
        if after is not None and parent.children:
            shown["children"] = children = []
            for child in parent.children:
                answer, later = _made(child, after)
                children.append(answer)
                after = later or after
        world = after or world
        responses.append(shown)
    return Reply({"responses": responses}, None if world is call.world else world)


def _made(said: Child, world: World) -> tuple[dict[str, Any], World | None]:
    """Make a request of a batch: what is answered, and the world after it, None where it is refused."""
    shown: dict[str, Any] = {"id": said.id, "method": said.method, "url": said.url}
    try:
        path, _, query = f"{_PREFIX}{said.url}".partition("?")
        endpoint, found = _ROUTES.find(said.method, path)
        operation = _OPERATIONS[endpoint.method, endpoint.path]
        answer = _answer(operation, Asked(world, found, said.body, dict(parse_qsl(query))))
    except (Refusal, _Refused) as error:
        refused = error if isinstance(error, _Refused) else _refused(error)
        status = f"{refused.status.value} {refused.status.name}"
        return {**shown, "response": {"errorMessages": refused.messages, "status": status}}, None
    return {**shown, "response": {"body": answer.body, "status": "200 OK"}}, answer.world or world


def _answer(operation: Operation, asked: Asked) -> Answer:
    if operation.takes is not None:
        wrong = list(problems(asked.said, operation.takes))
        if wrong:
            raise _Refused(HTTPStatus.BAD_REQUEST, wrong)
    try:
        return operation.answer(asked)
    except (Refusal, BillingError) as error:
        raise _refused(refusal_of(error)) from error


def _refused(refusal: Refusal) -> _Refused:
    return _Refused(HTTPStatus(refusal.http_status(by_category=True)), [refusal.message])


def _serve(operation: Operation) -> Callable[[Call], Reply]:
    def serve(call: Call) -> Reply:
        said = call.body.document if operation.takes is not None else None
        try:
            answer = _answer(operation, Asked(call.world, call.path, said, call.query))
        except _Refused as refused:
            missing = refused.status is HTTPStatus.NOT_FOUND
            code = "NOT_FOUND" if missing else "INVALID_USER_INPUT"
            return Reply({"errorCode": code, "messages": refused.messages}, status=refused.status)
        return Reply(_EMPTY if answer.body is None else answer.body, answer.world)

    serve.__doc__ = operation.answer.__doc__
    return serve


def _describe(setting: Setting) -> dict[str, object]:
    parameters = [{"name": name, "description": text} for name, text in setting.parameters.items()]
    operations = []
    for one in setting.operations:
        types = {"requestType": one.takes, "responseType": one.gives}
        typed = {name: _typed(setting.key, schema) for name, schema in types.items() if schema is not None}
        url = _PREFIX + setting.path
        operations.append({"method": one.method, "url": url, "parameters": parameters, **typed})
    return {
        "key": setting.key,
        "description": setting.description,
        "context": "Entity",
        "pathPattern": setting.path,
        "httpOperations": operations,
    }


def _typed(name: str, schema: Schema) -> dict[str, object]:
    return {"$ref": f"#/definitions/{name}", "definitions": {name: schema}}


_PREFIX = "/settings"
_EMPTY = File(b"", "application/json; charset=utf-8")
_OPERATIONS: Mapping[tuple[str, str], Operation] = {
    (one.method, _PREFIX + setting.path): one for setting in _SETTINGS for one in setting.operations
}
_SERVED = tuple(
    Endpoint(method, path, _serve(one), None if one.takes is None else one.body)
    for (method, path), one in _OPERATIONS.items()
)
_ROUTES = Routes(_SERVED)

ENDPOINTS = (
    Endpoint("GET", "/settings/listing", list_settings),
    Endpoint("POST", "/settings/batch-requests", run_batch, Batch),
    *_SERVED,
)
"""Source: Zuora, settings API. What is refused answers an errorCode and messages, as Zuora shows for a quote
template without a name; the code NOT_FOUND is an assumption.
"""
