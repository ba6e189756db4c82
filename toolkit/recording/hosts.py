"""What kind of host a recording is made against, and which hosts none may be made against."""

import ipaddress
import re

from toolkit.errors import ToolkitError
from toolkit.recording.interactions import HostKind

_ZUORA = re.compile(r"(?:.*\.)?zuora\.com")
_ZUORA_TEST = re.compile(r".*(?:test|sandbox|\bpt\d).*")  # rest.test.eu, rest.apisandbox, rest.pt1
_OTHER_PRODUCTION = ("customers.gitlab.com", "gitlab.com")


def kind_of_host(host: str) -> HostKind:
    """Tell what kind of host this is.

    Raises:
        ToolkitError: It is a production host, by the host names of Zuora's API reference and of GitLab.
    """
    if _is_loopback(host):
        return "simulator"
    if _ZUORA.fullmatch(host) and _ZUORA_TEST.fullmatch(host):
        return "sandbox"
    if _ZUORA.fullmatch(host) or host in _OTHER_PRODUCTION:
        raise ToolkitError(f"{host} is a production host.", "Record against a sandbox or the simulator.")
    return "other"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
