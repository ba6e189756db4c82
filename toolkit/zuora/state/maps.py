"""Persistent maps: that of the library, and a layer over what an archive holds, decoded when asked for."""

from collections.abc import Callable, Iterator, Mapping
from mmap import mmap
from typing import Any, TypeVar

from immutables import Map

__all__ = ("Layer", "Map")

Value = TypeVar("Value")

_ABSENT: Any = object()


class Layer(Mapping[str, Value]):
    """A map that is never changed: `set` and `delete` return another, at the cost of the change.

    It takes the place of `immutables.Map` where building one of a hundred thousand records would make a start
    wait: what came from the archive stays a plain dictionary, and changes lie in a map above it.

    Args:
        base: Values, or of one that nobody has asked for yet the place where its line begins.
        data: The lines.
        decode: Reads one.
    """

    __slots__ = ("_base", "_changes", "_data", "_decode", "_size")

    def __init__(
        self,
        base: dict[str, Any],
        data: bytes | mmap = b"",
        decode: Callable[[bytes], Value] | None = None,
    ) -> None:
        self._base = base
        self._data = data
        self._decode = decode
        self._changes: Map[str, Any] = Map()
        self._size = len(base)

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as that of a dictionary
        """Return the value of a key, or `default`."""
        value = self._changes.get(key, self)
        if value is self:
            value = self._base.get(key, _ABSENT)
            if type(value) is int and self._decode is not None:
                value = self._base[key] = self._decode(self._line(value))
        return default if value is _ABSENT else value

    def set(self, key: str, value: Value) -> "Layer[Value]":
        """Return the map with this value added or replaced."""
        return self._with(self._changes.set(key, value), self._size + (key not in self))

    def delete(self, key: str) -> "Layer[Value]":
        """Return the map without this key.

        Raises:
            KeyError: It has no such key.
        """
        if key not in self:
            raise KeyError(key)
        return self._with(self._changes.set(key, _ABSENT), self._size - 1)

    def encoded(self, encode: Callable[[Value], bytes]) -> Iterator[tuple[str, bytes]]:
        """Yield each key with the bytes of its value: those of the archive where nobody has asked for it."""
        for key in self:
            value: Any = (self._changes if key in self._changes else self._base)[key]
            yield key, self._line(value) if type(value) is int else encode(value)

    def _line(self, start: int) -> bytes:
        return self._data[start : self._data.find(b"\n", start)]

    def _with(self, changes: Map[str, Any], size: int) -> "Layer[Value]":
        following = Layer(self._base, self._data, self._decode)
        following._changes, following._size = changes, size
        return following

    def __getitem__(self, key: str) -> Value:
        """Return the value of a key."""
        value: Value = self.get(key, _ABSENT)
        if value is _ABSENT:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        """Tell whether there is such a key, without decoding its value."""
        if key in self._changes:
            return self._changes[str(key)] is not _ABSENT
        return key in self._base

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        changes = self._changes
        yield from (key for key in self._base if key not in changes)
        yield from (key for key, value in changes.items() if value is not _ABSENT)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return self._size
