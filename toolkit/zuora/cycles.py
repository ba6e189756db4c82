"""Cycles: how often Python looks for objects that hold one another; a world has none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 100_000, 50, 1000


@contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles seldom meanwhile: each walk through a large world finds nothing and costs a fifth."""
    often = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*often)
