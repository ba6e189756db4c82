"""The messenger: one attempt to deliver a callout over HTTP, as Zuora makes it."""

from base64 import b64encode
from collections.abc import Collection

import httpx2
import msgspec

from toolkit.zuora.messages.callout import Callout
from toolkit.zuora.messages.callouts import MOST_CONTENT, request_id
from toolkit.zuora.messages.notifications import Target, is_local
from toolkit.zuora.state.sealing import unseal
from toolkit.zuora.state.world import World

_PATIENCE = 10
_UNAUTHORIZED = 401
_OK = 200


class Outcome(msgspec.Struct, frozen=True, rename="camel"):
    """What an attempt came to; see toolkit.zuora.messages.callout.Attempt."""

    success: bool
    request_ids: tuple[str, ...] = ()
    status: int | None = None
    content: str = ""
    error: str | None = None


class Messenger:
    """Sends callouts to this machine, and to hosts that the tenant's owner allows.

    A redirect is not followed, and counts as a failure; ten seconds of silence end an attempt. Source: an
    assumption, Zuora's documents say neither.

    Args:
        hosts: Names of the hosts that are allowed beside this machine.
    """

    def __init__(self, hosts: Collection[str] = ()) -> None:
        self._hosts = frozenset(hosts)
        self._http = httpx2.Client(timeout=_PATIENCE, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def attempt(self, world: World, callout: Callout) -> Outcome:
        """Try to deliver a callout.

        Where it has credentials, they are sent when an answer of HTTP 401 with WWW-Authenticate asks for
        them, or at once if they are preemptive. Source: Zuora, callouts with Basic authentication. It is
        delivered if the answer is a success, and says so if the tenant's settings ask for that.
        """
        target, ids = callout.target, [request_id(world, callout, 0)]
        try:
            host = httpx2.URL(target.url).host
            if not (is_local(host) or host in self._hosts):
                return Outcome(success=False, error=f"Callouts to {host} are not allowed here.")
            response = self._send(callout, ids[0], signed=target.required_auth and target.preemptive)
            asked = response.status_code == _UNAUTHORIZED and "www-authenticate" in response.headers
            if asked and target.required_auth and not target.preemptive:
                ids.append(request_id(world, callout, 1))
                response = self._send(callout, ids[1], signed=True)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return Outcome(success=False, request_ids=tuple(ids), error=f"{type(error).__name__}: {error}")
        return Outcome(
            success=response.is_success and (not world.callout_settings.confirm or _is_confirmed(response)),
            request_ids=tuple(ids),
            status=response.status_code,
            content=response.content[:MOST_CONTENT].decode("utf-8", "replace"),
        )

    def _send(self, callout: Callout, request: str, *, signed: bool) -> httpx2.Response:
        """Send one request: JSON in its body or, where the method has none, in the query.

        Source of the headers: Zuora, callout notification overview.
        """
        target = callout.target
        headers = {
            "Zuora-Request-Id": request,
            "Zuora-Notification-Id": callout.delivery_id,
            "X-Amzn-Trace-Id": f"Root=1-{request[:8]}-{request[8:]}",
            "user-agent": "Zuora",
        }
        if signed:
            headers["authorization"] = _basic(target)
        if target.method in {"POST", "PUT"}:
            headers["content-type"] = "application/json"
            content = msgspec.json.encode(callout.content)
            return self._http.request(target.method, target.url, headers=headers, content=content)
        url = httpx2.URL(target.url).copy_merge_params(dict(callout.content))
        return self._http.request(target.method, url, headers=headers)


def _basic(target: Target) -> str:
    said = f"{target.username}:{unseal(target.password or '')}"
    return f"Basic {b64encode(said.encode()).decode()}"


def _is_confirmed(response: httpx2.Response) -> bool:
    """Tell whether an answer says success itself. Source: Zuora, configure callout settings."""
    media = response.headers.get("content-type", "")
    if response.status_code != _OK or not media.startswith("application/json"):
        return True
    try:
        said = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return False
    return isinstance(said, dict) and str(said.get("success")).lower() == "true"
