"""A running simulator's control routes, by its URL."""

from typing import Any
from urllib.parse import urlencode

import httpx2
import msgspec

from toolkit.errors import ToolkitError
from toolkit.zuora.controlling import PREFIX
from toolkit.zuora.simulator import TENANT, TOKEN

_PATIENCE = 600


class Remote:
    """Asks the control routes of one tenant.

    Args:
        url: Where the simulator answers.
        tenant: The tenant's name; None for the default one.
        token: The simulator's control token, if it has one.
        transport: How requests travel; an in-process transport spares the socket.
    """

    def __init__(
        self,
        url: str,
        tenant: str | None = None,
        token: str | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._url, self._transport = url.rstrip("/"), transport
        self._headers = {
            name: value for name, value in ((TENANT, tenant), (TOKEN, token)) if value is not None
        }

    def ask(self, method: str, route: str, body: object = None, **query: object) -> bytes:
        """Return what a route answers.

        Args:
            method: In upper case.
            route: Without the prefix, such as `snapshots`.
            body: What becomes JSON; bytes are sent as they are.
            query: Parameters by name; those that are None are left out.

        Raises:
            ToolkitError: Nothing answers, or the answer is that something is wrong.
        """
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        given = urlencode({name: value for name, value in query.items() if value is not None})
        url = f"{self._url}{PREFIX}{route}" + (f"?{given}" if given else "")
        headers = {**self._headers, "content-type": "application/json"}
        try:
            with httpx2.Client(transport=self._transport, timeout=_PATIENCE) as client:
                response = client.request(method, url, content=content, headers=headers)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise ToolkitError(
                f"{self._url} does not answer: {str(error).rstrip('.')}.",
                "Start it with `toolkit serve zuora`, or correct --url: `toolkit status` lists what is up.",
            ) from error
        if response.status_code != httpx2.codes.OK or _refused(response.content):
            raise ToolkitError(_sentence(response))
        return response.content


def _refused(content: bytes) -> bool:
    return content.startswith(b'{"success":false')


def _sentence(response: httpx2.Response) -> str:
    try:
        said: Any = msgspec.json.decode(response.content)
        return str(said["reasons"][0]["message"])
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, IndexError):
        return f"{response.url} answers HTTP {response.status_code} and is no simulator of this toolkit."
