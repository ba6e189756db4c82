"""The pytest plugin: fixtures zuora and clock, and the mark that says in which world a test plays."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # tests that use none of this must not pay for it
    from collections.abc import Callable, Iterator

    from toolkit.clock import Clock
    from toolkit.plugin.zuora import Zuora
    from toolkit.zuora.world import World


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line(
        "markers",
        "zuora(world='gitlab-self-managed', start=None, seed='toolkit'): "
        "the world that the zuora fixture begins with, the day to begin on, and the seed of its ids",
    )


@pytest.fixture(scope="session")
def _zuora_world() -> "Callable[[str, str], World]":
    """Loads a world by name and seed, once a session."""
    from functools import cache  # noqa: PLC0415

    from toolkit import worlds  # noqa: PLC0415

    return cache(worlds.load)


@pytest.fixture
def zuora(request: pytest.FixtureRequest, _zuora_world: "Callable[[str, str], World]") -> "Iterator[Zuora]":
    """A Zuora tenant of the test's own: `zuora.client`, `.world`, `.make`, `.clock`, `.url`, `.tenant`."""
    from toolkit.errors import ToolkitError  # noqa: PLC0415
    from toolkit.plugin.marks import settings  # noqa: PLC0415
    from toolkit.plugin.zuora import opened  # noqa: PLC0415

    try:
        chosen = settings(request.node.iter_markers("zuora"))
        session = opened(_zuora_world(chosen.world, chosen.seed), chosen.start)
    except ToolkitError as error:
        pytest.fail(f"The zuora mark of {request.node.nodeid}: {error}", pytrace=False)
    with session as tenant:
        yield tenant


@pytest.fixture
def clock(zuora: "Zuora") -> "Clock":
    """The clock of the test's tenant; `clock.advance("P1M")` moves it."""
    return zuora.clock
