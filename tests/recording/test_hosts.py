"""Recordings are made against simulators and sandboxes, never against production."""

import pytest

from toolkit.errors import ToolkitError
from toolkit.recording.hosts import kind_of_host


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        *((host, "simulator") for host in ("127.0.0.1", "127.8.8.8", "localhost", "::1")),
        *(
            (f"rest.{place}zuora.com", "sandbox")
            for place in ("test.", "test.eu.", "sandbox.na.", "apisandbox.", "pt1.")
        ),
        ("apisandbox-api.zuora.com", "sandbox"),
        *((host, "other") for host in ("gitlab.example.com", "10.0.0.1", "notzuora.com", "")),
    ],
)
def test_a_host_is_told_by_its_name(host: str, kind: str) -> None:
    assert kind_of_host(host) == kind


@pytest.mark.parametrize(
    "host",
    [
        *("rest.zuora.com", "rest.na.zuora.com", "rest.eu.zuora.com", "rest.ap.zuora.com", "www.zuora.com"),
        *("zuora.com", "customers.gitlab.com", "gitlab.com"),
    ],
)
def test_production_is_refused(host: str) -> None:
    with pytest.raises(ToolkitError, match=f"^{host} is a production host"):
        kind_of_host(host)
