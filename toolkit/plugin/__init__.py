"""The pytest plugin: fixtures zuora and clock, and the mark that says in which world a test plays."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # tests that use none of this must not pay for it
    from collections.abc import Callable, Iterator

    from toolkit.clock import Clock
    from toolkit.plugin.facade import Zuora
    from toolkit.zuora.state.world import World


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
    from functools import cache

    from toolkit import worlds

    return cache(worlds.load)


@pytest.fixture
def zuora(request: pytest.FixtureRequest, _zuora_world: "Callable[[str, str], World]") -> "Iterator[Zuora]":
    """A Zuora tenant of the test's own: `zuora.client`, `.world`, `.make`, `.clock`, `.url`, `.callouts`."""
    from contextlib import ExitStack

    from toolkit.errors import ToolkitError
    from toolkit.plugin.facade import opened
    from toolkit.plugin.marks import settings

    with ExitStack() as stack:
        try:
            chosen = settings(request.node.iter_markers("zuora"))
            world = _zuora_world(chosen.world, chosen.seed)
            tenant = stack.enter_context(opened(world, chosen.start))
        except ToolkitError as error:
            raise pytest.fail.Exception(f"{request.node.nodeid}: {error}", pytrace=False) from None
        yield tenant


@pytest.fixture
def clock(zuora: "Zuora") -> "Clock":
    """The clock of the test's tenant; `clock.advance("P1M")` moves it."""
    return zuora.clock
