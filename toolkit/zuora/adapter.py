"""The simulator in process for clients that use requests: a session calls a handler without a socket."""

from collections.abc import Iterable, Mapping
from http.client import HTTPMessage, responses
from io import BytesIO
from types import SimpleNamespace
from typing import IO, Any, cast
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from toolkit.zuora.calls.call import Handler, Request, secure


class InProcessAdapter(HTTPAdapter):
    """Lets a session talk to a handler in its own thread: `session.mount(url, InProcessAdapter(handler))`.

    The distribution's extra `requests` brings the library.

    Args:
        handler: Answers a request; what it raises reaches the session's caller.
    """

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self._handler = handler

    def send(  # noqa: PLR0913, PLR0917 - as inherited
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - as inherited
        timeout: Any = None,  # noqa: ANN401, ARG002 - as inherited
        verify: bool | str = True,  # noqa: ARG002, FBT001, FBT002 - as inherited
        cert: Any = None,  # noqa: ANN401, ARG002 - as inherited
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002 - as inherited
    ) -> Response:
        """Answer one request."""
        url = urlsplit(request.url or "")
        given = {name.lower(): _text(value) for name, value in request.headers.items()}
        headers = {"host": url.netloc, **secure(url.scheme), **given}
        answer = self._handler(
            Request(request.method or "", unquote(url.path), url.query, headers, _bytes(request.body))
        )
        fields, message = HTTPHeaderDict(), HTTPMessage()
        for name, value in answer.headers:
            fields.add(name, value)
            message[name] = value
        raw = HTTPResponse(
            body=BytesIO(b"" if request.method == "HEAD" else answer.body),
            headers=fields,
            status=answer.status,
            preload_content=False,
            reason=responses.get(answer.status, ""),
            original_response=cast(
                "Any", SimpleNamespace(msg=message, isclosed=lambda: True)
            ),  # has the cookies
            request_method=request.method,
        )
        return self.build_response(request, raw)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: str | bytes | IO[bytes] | Iterable[bytes] | None) -> bytes:
    if body is None or isinstance(body, str):
        return (body or "").encode()
    if isinstance(body, bytes):
        return body
    return body.read() if hasattr(body, "read") else b"".join(body)
