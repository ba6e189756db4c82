"""A small typed client for Zuora's REST API: signs in by itself, keeps decimals, raises refusals."""

from decimal import Decimal
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import httpx2
import msgspec

from toolkit.errors import ToolkitError

VERSION = "2025-08-12"
"""The minor version that the client asks for."""

_CLIENT_ID = "00000000-0000-4000-8000-000000000000"
_NO_CONTENT, _UNAUTHORIZED = 204, 401

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


class RefusedError(ToolkitError):
    """Zuora refused a request.

    Attributes:
        status: The HTTP status.
        code: The first reason's code; 0 when the answer has none.
    """

    def __init__(self, what: str, status: int, code: int, message: str) -> None:
        super().__init__(f"{what} was refused with HTTP {status}, code {code}: {message}")
        self.status = status
        self.code = code


class Client:
    """A signed-in client; use it as a context manager, or close it.

    Args:
        base_url: For example http://127.0.0.1:8080.
        client_id: 36 characters.
        client_secret: The simulator accepts any.
        transport: How requests travel; an in-process transport spares the socket.

    Raises:
        RefusedError: From every method, when the answer is no success.
        ToolkitError: From every method, when nothing answers.
    """

    def __init__(
        self,
        base_url: str = "http://zuora.test",
        *,
        client_id: str = _CLIENT_ID,
        client_secret: str = "secret",  # noqa: S107 - the simulator accepts any
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._http = httpx2.Client(
            base_url=base_url, transport=transport, headers={"zuora-version": VERSION}, timeout=120
        )
        self._credentials = {"client_id": client_id, "client_secret": client_secret}

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Read; query parameters by name."""
        return self._call("GET", path, params=query or None)  # an empty one would wipe out the path's own

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create something, or carry out an operation."""
        return self._call("POST", path, content=_encoder.encode(body))

    def put(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Change something; without a body an empty object is sent, which Zuora needs."""
        return self._call("PUT", path, content=_encoder.encode(body or {}))

    def delete(self, path: str) -> dict[str, Any]:
        """Delete something."""
        return self._call("DELETE", path)

    def pages(self, path: str, name: str, **query: str) -> list[dict[str, Any]]:
        """Read a list to its end, following `nextPage`.

        Args:
            path: The first page.
            name: The field that holds the rows.
            query: Query parameters.
        """
        answer = self.get(path, **query)
        rows: list[dict[str, Any]] = answer[name]
        while following := answer.get("nextPage"):
            answer = self.get(urljoin(str(self._http.base_url), following))
            rows += answer[name]
        return rows

    def advance(self, span: str) -> str:
        """Move a simulator's clock by an ISO 8601 duration; returns where it stands then."""
        return str(self.post("/__toolkit/clock", {"advance": span})["now"])

    def now(self) -> str:
        """Return where a simulator's clock stands."""
        return str(self.get("/__toolkit/clock")["now"])

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        if "authorization" not in self._http.headers:
            self._sign_in()
        response = self._send(method, path, **request)
        if response.status_code == _UNAUTHORIZED:
            self._sign_in()
            response = self._send(method, path, **request)
        return _accepted(f"{method} {path}", response)

    def _sign_in(self) -> None:
        self._http.headers.pop("authorization", None)
        form = {**self._credentials, "grant_type": "client_credentials"}
        answer = _accepted("POST /oauth/token", self._send("POST", "/oauth/token", data=form))
        self._http.headers["authorization"] = f"Bearer {answer['access_token']}"

    def _send(self, method: str, path: str, **request: Any) -> httpx2.Response:  # noqa: ANN401
        headers = {"content-type": "application/json"} if "content" in request else {}
        try:
            return self._http.request(method, path, headers=headers, **request)
        except httpx2.TransportError as error:
            raise ToolkitError(
                f"{self._http.base_url} does not answer: {error}.", "Start it, or correct the URL."
            ) from error


def _accepted(what: str, response: httpx2.Response) -> dict[str, Any]:
    if response.status_code == _NO_CONTENT:
        return {}
    try:
        answer = _decoder.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        answer = None
    said: dict[str, Any] = answer if isinstance(answer, dict) else {"success": False}
    if response.is_success and said.get("success", True):
        return said
    errors = said.get("Errors") or [{}]  # of objects, whose codes are words
    message = said.get("message") or errors[0].get("Message") or response.text[:200]
    code = said.get("code")  # of a data query or a sign-in it is a number, of an action a word
    alone = {"code": code if isinstance(code, int) else 0, "message": message}
    first = (said.get("reasons") or [alone])[0]
    raise RefusedError(what, response.status_code, int(first["code"]), str(first["message"]))
