"""Sending recorded requests with a real HTTP client."""

import json
from decimal import Decimal
from typing import NamedTuple, Self

import httpx2

from toolkit.errors import ToolkitError
from toolkit.recording import json_text
from toolkit.recording.interactions import Request, Response, shown

_PATIENCE = 130.0  # seconds; Zuora itself gives up after 120


class Step(NamedTuple):
    """One request and the status of its response.

    Attributes:
        path: Without the query, which may hold what is not for the screen.
        numbers: What the response calls a number of something: `A00000001`, `O-00000001`.
    """

    method: str
    path: str
    status: int
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, request: Request, response: Response) -> Self:
        """Sum up an interaction."""
        return cls(request.method, request.path, response.status, _numbers(response.text))

    def __str__(self) -> str:
        return " ".join([f"{self.method:<5}{self.path}", str(self.status), *self.numbers])


def http_client() -> httpx2.Client:
    """Return a client that adds nothing of its own: no proxy, no redirects, no compression."""
    return httpx2.Client(timeout=_PATIENCE, trust_env=False, headers={"accept-encoding": "identity"})


def send(client: httpx2.Client, host: str, request: Request) -> Response:
    """Send a request to `host`, a URL without a path.

    Raises:
        ToolkitError: The host does not answer.
    """
    headers = list(request.header_lines())
    try:
        live = client.request(
            request.method, f"{host}{request.target}", headers=headers, content=request.text.encode()
        )
    except httpx2.HTTPError as error:
        raise ToolkitError(
            f"{host} did not answer {request.method} {request.path}: {error}.",
            "Start it, for example with 'toolkit serve zuora', or correct the URL.",
        ) from error
    return Response(status=live.status_code, headers=dict(live.headers), body=shown(live.text))


def _numbers(text: str) -> tuple[str, ...]:
    body = json.loads(text, parse_float=Decimal) if json_text.is_json(text) else {}
    members = body.items() if isinstance(body, dict) else ()
    return tuple(
        value for name, value in members if name.lower().endswith("number") and isinstance(value, str)
    )
