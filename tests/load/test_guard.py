"""Load stays on this machine unless a person names the host."""

import pytest

from toolkit.errors import ToolkitError
from toolkit.load.guard import check_host
from toolkit.load.profile import Profile

PROFILE = Profile(summary="A test.", journeys={"a": 20, "b": 30}, objectives=(), seconds=1)


@pytest.mark.parametrize(
    "host", ["http://127.0.0.1:8080", "http://localhost", "https://[::1]:1", "http://127.1.2.3"]
)
def test_this_machine_may_be_loaded(host: str) -> None:
    check_host(host, PROFILE)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("https://rest.test.zuora.com", "rest.test.zuora.com"),
        ("http://10.0.0.1:8080", "10.0.0.1"),
        ("http://localhost.example", "localhost.example"),
        ("http://127.0.0.1@rest.zuora.com", "rest.zuora.com"),
    ],
)
def test_elsewhere_is_refused_with_what_it_would_cost(host: str, name: str) -> None:
    with pytest.raises(ToolkitError) as caught:
        check_host(host, PROFILE)
    assert "10,000 daily calls within 200 s" in caught.value.problem
    assert caught.value.remedy == f"If that is what you want, add --allow-host {name}."
    check_host(host, PROFILE, [name])


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "", "ftp://127.0.0.1", "http://"])
def test_what_is_no_url_is_refused(host: str) -> None:
    with pytest.raises(ToolkitError, match="is not the URL of a service"):
        check_host(host, PROFILE)
