"""The numbers of each owner: the latest under its key, and of an owner of many the older ones in chunks."""

from collections.abc import Iterator

from toolkit.zuora.state.maps import Layer, Map

Owned = Map[str, tuple[str, ...]] | Layer[tuple[str, ...]]

_CHUNK = 512
"""How many numbers a chunk begins with; who has chunks has at least as many numbers beside them.

So an owner of few is never asked for chunks, and one more number copies less than two chunks.
"""


def numbers_of(owned: Owned, owner: str) -> tuple[str, ...]:
    """Return the numbers of an owner in the order in which it got them."""
    latest: tuple[str, ...] = owned.get(owner, ())
    if len(latest) < _CHUNK:
        return latest
    return (*(one for chunk in _older(owned, owner) for one in chunk), *latest)


def given(owned: Owned, owner: str, number: str) -> Owned:
    """Return what is owned with one more number of an owner."""
    latest = (*owned.get(owner, ()), number)
    if len(latest) >= 2 * _CHUNK:
        place = sum(1 for _ in _older(owned, owner))
        owned = owned.set(_key(owner, place), latest[:_CHUNK])
        latest = latest[_CHUNK:]
    return owned.set(owner, latest)


def taken(owned: Owned, owner: str, number: str) -> Owned:
    """Return what is owned without one number of an owner; the last chunks fill up what is missing then."""
    latest = owned[owner]
    chunks = list(_older(owned, owner)) if len(latest) >= _CHUNK else []
    for place, chunk in enumerate(chunks):
        if number in chunk:
            return owned.set(_key(owner, place), _but(chunk, number))
    latest = _but(latest, number)
    while chunks and len(latest) < _CHUNK:
        latest = (*chunks.pop(), *latest)
        owned = owned.delete(_key(owner, len(chunks)))
    return owned.set(owner, latest)


def _but(numbers: tuple[str, ...], number: str) -> tuple[str, ...]:
    return tuple(one for one in numbers if one != number)


def _key(owner: str, place: int) -> str:
    return f"{owner}\0{place}"


def _older(owned: Owned, owner: str) -> Iterator[tuple[str, ...]]:
    place = 0
    while (chunk := owned.get(_key(owner, place))) is not None:
        yield chunk
        place += 1
