"""Services that somebody else runs: their URLs stand in environment variables."""

import os

from toolkit.environment import wire
from toolkit.environment.record import Entry
from toolkit.environment.service import Service
from toolkit.errors import ToolkitError


def variable(endpoint: str) -> str:
    """Name the environment variable in which a URL for this endpoint may be given."""
    return f"TOOLKIT_{endpoint.upper().replace('-', '_')}_URL"


def take(name: str, service: Service) -> Entry | None:
    """Take a service as it is given; None if the URL of its first endpoint is not.

    Raises:
        ToolkitError: Nothing listens at a URL; the message leaves its password out.
    """
    urls = {endpoint: url for endpoint in service.endpoints if (url := os.environ.get(variable(endpoint)))}
    if service.endpoints[0] not in urls:
        return None
    for endpoint, url in urls.items():
        if not wire.listens(url):
            host, port = wire.host_and_port(url)
            raise ToolkitError(
                f"{variable(endpoint)} gives {host}:{port}, but nothing listens there.",
                "Start it, or unset the variable to have one started here.",
            )
    return Entry(name, "given", urls, None)
