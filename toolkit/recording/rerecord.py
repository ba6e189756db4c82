"""Recording a cassette anew: its own requests, sent to a live host with what that host makes up."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from toolkit.errors import ToolkitError
from toolkit.recording import files
from toolkit.recording.carry import Carried
from toolkit.recording.hosts import kind_of_host
from toolkit.recording.interactions import Cassette, Interaction, Response
from toolkit.recording.json_text import is_json
from toolkit.recording.recorder import cassette
from toolkit.recording.scrub import scrub
from toolkit.recording.sending import Step, http_client, send
from toolkit.recording.values import is_form, pairs

_SHOWN_LENGTH = 300


def rerecord(
    name: str,
    host: str,
    *,
    credentials: Mapping[str, str] | None = None,
    any_status: bool = False,
    progress: Callable[[Step], None] = lambda _: None,
) -> None:
    """Send the requests of a cassette to `host` and write what it answers in the cassette's place.

    Args:
        name: `area/name`; the new file lies in the project's own `cassettes` folder.
        host: A URL without a path, such as `http://127.0.0.1:8080`.
        credentials: Parameters and headers by name (`client_id`, `apiAccessKeyId`) with what to send instead
            of their placeholders; a simulator is sent the placeholders.
        any_status: Whether a response may have another status, or succeed where the recorded one did not.
        progress: Is told of each request once it has its response.

    Raises:
        ToolkitError: The host is unsuitable, did not answer, or answered with another status or success.
            Nothing was written.
    """
    given = _admitted(host, credentials or {})
    old = files.read(files.path_to_read(name))
    carried = Carried(_placeholders(old, given))
    with cassette(name, "record"), http_client() as client:
        for interaction in old.interactions:
            request = carried.into(interaction.request)
            live = send(client, host.rstrip("/"), request)
            if _outcome(live) != _outcome(interaction.response) and not any_status:
                raise _changed(interaction, live, name)
            carried.learn(interaction.response, live)
            progress(Step.of(request, live))


def _admitted(host: str, credentials: Mapping[str, str]) -> Mapping[str, str]:
    parts = urlsplit(host)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ToolkitError(f"'{host}' is no URL of a host.", "Write http://127.0.0.1:8080, for example.")
    kind = kind_of_host(parts.hostname)
    if kind == "simulator":
        return {}
    if kind == "sandbox" and not credentials:
        raise ToolkitError(f"{host} asks for credentials.", "Set ZUORA_CLIENT_ID and ZUORA_CLIENT_SECRET.")
    if credentials and parts.scheme != "https":
        raise ToolkitError(f"Credentials are not sent to {host} in the clear.", "Write https://.")
    return credentials


def _placeholders(cassette: Cassette, credentials: Mapping[str, str]) -> dict[str, str]:
    wanted = {name.lower(): value for name, value in credentials.items()}
    requests = [interaction.request for interaction in cassette.interactions]
    fields = [field for request in requests for field in request.header_lines()]
    fields += [field for request in requests if is_form(request.headers) for field in pairs(request.text)]
    return {value: wanted[name.lower()] for name, value in fields if name.lower() in wanted}


def _outcome(response: Response) -> tuple[int, object]:
    """Return the status, and what the body says of success: by default Zuora refuses with status 200."""
    body = json.loads(response.text, parse_float=Decimal) if is_json(response.text) else None
    said = {name.lower(): value for name, value in body.items()} if isinstance(body, dict) else {}
    return response.status, said.get("success")


def _changed(interaction: Interaction, live: Response, name: str) -> ToolkitError:
    request, recorded = interaction.request, interaction.response
    answer = scrub([Interaction(request, live)])[0].response.text
    return ToolkitError(
        f"{request.method} {request.path} was answered with {_said(live)}, recorded is {_said(recorded)}: "
        f"{answer[:_SHOWN_LENGTH]}",
        f"Cassette '{name}' is as it was; --any-status records such an answer.",
    )


def _said(response: Response) -> str:
    return f"{response.status} (no success)" if _outcome(response)[1] is False else str(response.status)
