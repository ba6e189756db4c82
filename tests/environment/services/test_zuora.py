"""The Zuora service: the simulator over HTTP, with the world that was asked for."""

import httpx2
import pytest

from toolkit.environment import start
from toolkit.errors import ToolkitError


@pytest.mark.usefixtures("state")
def test_it_answers_over_http_on_loopback() -> None:
    with start(["zuora"]) as running, httpx2.Client(base_url=running.urls["zuora"]) as client:
        assert running.urls["zuora"].startswith("http://127.0.0.1:")
        assert client.get("/__toolkit/clock").json()["now"]


@pytest.mark.usefixtures("state")
def test_a_token_for_another_simulator_does_not_lock_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_CONTROL_TOKEN", "other")
    with start(["zuora"]) as running, httpx2.Client(base_url=running.urls["zuora"]) as client:
        assert client.get("/__toolkit/clock").json()["now"]


@pytest.mark.usefixtures("state")
def test_a_misspelt_world_is_one_sentence() -> None:
    with pytest.raises(
        ToolkitError, match=r"^zuora did not start \(exit code 1\): toolkit: .*gitlab-self-managd"
    ):
        start(["zuora"], world="gitlab-self-managd")
