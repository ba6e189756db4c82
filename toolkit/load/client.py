"""How a journey speaks to a service: requests in, answers out, the transport passed in."""

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from toolkit.errors import ToolkitError


class Outgoing(NamedTuple):
    """A request about to be sent.

    Attributes:
        name: The method and the path's template, under which its times are collected.
        method: In upper case.
        path: Percent-encoded, with a leading slash.
        headers: What is sent with it.
        body: Its bytes.
    """

    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Answer(NamedTuple):
    """What came back; status 0 means that nothing did, and `fault` says why."""

    status: int
    body: bytes = b""
    fault: str = ""


_ANY_ID = "00000000-0000-4000-8000-000000000000"  # Zuora's are 36 characters

Send = Callable[[Outgoing], Answer]
"""A transport; it never raises for what the service or the network does."""


class RefusedError(ToolkitError):
    """A request failed, which ends the journey."""


class Client:
    """Speaks JSON for one customer.

    Args:
        send: The transport.
        carried: Headers sent with every request; shared by all customers of a process, as the token of a
            back end is.
    """

    def __init__(self, send: Send, carried: dict[str, str]) -> None:
        self._send = send
        self._carried = carried

    def get(self, path: str, **parts: str) -> dict[str, Any]:
        """Fetch `path`, a template such as `/v1/accounts/{key}` filled with `parts`.

        Raises:
            RefusedError: It failed; see `fault_of`.
        """
        return self._exchange("GET", path, parts, {}, b"")

    def post(self, path: str, content: object, **parts: str) -> dict[str, Any]:
        """Send `content` as JSON; see `get`."""
        body = msgspec.json.encode(content)
        return self._exchange("POST", path, parts, {"Content-Type": "application/json"}, body)

    def carry(self, header: str, value: str) -> None:
        """Send a header with every request from now on."""
        self._carried[header] = value

    def sign_in(self, path: str = "/oauth/token") -> None:
        """Obtain a bearer token by client credentials (RFC 6749, 4.4) and carry it.

        The credentials come from `ZUORA_CLIENT_ID` and `ZUORA_CLIENT_SECRET`; without them
        they are such as only a simulator takes.
        """
        form = {
            "grant_type": "client_credentials",
            "client_id": os.environ.get("ZUORA_CLIENT_ID", _ANY_ID),
            "client_secret": os.environ.get("ZUORA_CLIENT_SECRET", "any"),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._exchange("POST", path, {}, headers, urlencode(form).encode())
        self.carry("Authorization", f"Bearer {answer['access_token']}")

    def _exchange(
        self, method: str, path: str, parts: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        filled = path.format_map({key: quote(value, safe="") for key, value in parts.items()})
        outgoing = Outgoing(f"{method} {path}", method, filled, {**self._carried, **headers}, body)
        answer = self._send(outgoing)
        if fault := fault_of(answer):
            raise RefusedError(f"{outgoing.name}: {fault}")
        decoded: dict[str, Any] = msgspec.json.decode(answer.body, type=dict)
        return decoded


class _Refusal(msgspec.Struct):
    """The part of a Zuora body that tells success from refusal, whatever the HTTP status."""

    success: bool = True
    reasons: list["_Reason"] = []


class _Reason(msgspec.Struct):
    code: int | str = ""
    message: str = ""


def fault_of(answer: Answer) -> str:
    """Say in a few words why an answer is a failure; empty when it is none.

    A failure is: no answer, a status from 400 on, or a JSON body with `success: false`, which Zuora sends
    with status 200 up to minor version 2024-05-20. Codes are named, messages are not: they hold ids, and
    equal faults shall be counted together.
    """
    if not answer.status:
        return answer.fault or "no answer"
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except msgspec.MsgspecError:
        refusal = _Refusal()
    if answer.status < 400 and refusal.success:  # noqa: PLR2004 - HTTP
        return ""
    codes = ", ".join(str(reason.code) for reason in refusal.reasons)
    return f"HTTP {answer.status}{f', code {codes}' if codes else ''}"
