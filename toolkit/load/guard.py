"""Keeps load away from everything that is not on this machine, unless a person names it."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from toolkit.errors import ToolkitError
from toolkit.load.profile import Profile

_SANDBOX_DAY = 10_000
"""API calls a day that Zuora grants an API Sandbox (its limits policy); then all calls fail."""


def check_host(host: str, profile: Profile, allowed: Collection[str] = ()) -> None:
    """Let a profile run against loopback, or against a host that was named on purpose.

    Args:
        host: The base URL of the service.
        profile: What would be run against it.
        allowed: Host names that a person allows.

    Raises:
        ToolkitError: The URL is none, or the host is neither on this machine nor allowed; the message
            says what the run would cost a sandbox.
    """
    parts = urlsplit(host)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ToolkitError(f"'{host}' is not the URL of a service.", "Write http://127.0.0.1:PORT.")
    if _is_loopback(parts.hostname) or parts.hostname in allowed:
        return
    spent = _SANDBOX_DAY / profile.rate
    raise ToolkitError(
        f"Load goes to this machine only, and {parts.hostname} is elsewhere: {profile.rate:g} customers a "
        f"second spend an API Sandbox's {_SANDBOX_DAY:,} daily calls within {spent:,.0f} s, for everyone.",
        f"If that is what you want, add --allow-host {parts.hostname}.",
    )


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
