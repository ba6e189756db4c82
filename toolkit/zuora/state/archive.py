"""The archive: a world as bytes that a later process reads back, each record when it is asked for."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from mmap import mmap
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from toolkit.errors import ToolkitError
from toolkit.zuora.state.maps import Layer, Map
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import World

_KIND = b"toolkit zuora world "
_FORMAT = _KIND + b"2\n"
_FOOT = 13


def _poor(value: object) -> object:
    return dict(value) if isinstance(value, Map | Layer) else str(value)


_encode = msgspec.json.Encoder(decimal_format="number", enc_hook=_poor).encode
_plain = msgspec.json.Decoder(float_hook=Decimal).decode


class _Index(msgspec.Struct):
    """A table without its records: of each it has the id and the place where its line begins."""

    rows: dict[str, int]
    ids: dict[str, str]
    owned: dict[str, tuple[str, ...]]
    due: dict[str, tuple[str, ...]]


class Archived(NamedTuple):
    """A world, and what its writer remarked."""

    remark: str
    world: World


def write(world: World, remark: str = "") -> Iterator[bytes]:
    """Yield a world in lines: the format, each record, and then the rest with an index of the records.

    The last line tells in twelve digits how long that rest is.
    """
    fields = {name: getattr(world, name) for name in world.__struct_fields__}
    tables = {name: value for name, value in fields.items() if isinstance(value, Table)}
    index = {}
    yield _FORMAT
    end = len(_FORMAT)
    for name, table in tables.items():
        rows = {}
        for identity, record in _records(table):
            yield record + b"\n"
            rows[identity] = end
            end += len(record) + 1
        due = {day: tuple(numbers) for day, numbers in table.due.items()}
        index[name] = _Index(rows, dict(table.ids), dict(table.owned), due)
    rest = _encode([remark, {name: value for name, value in fields.items() if name not in tables}, index])
    yield b"%s\n%012d\n" % (rest, len(rest))


def _records(table: Table[Any]) -> Iterator[tuple[str, bytes]]:
    if isinstance(table.rows, Layer):
        return table.rows.encoded(_encode)
    return ((identity, _encode(row)) for identity, row in table.rows.items())


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is any of its types
    """Return a record, or a part of one, as it stands in an archive: dictionaries, lists, exact numbers."""
    return _plain(_encode(value))


def read(data: bytes | mmap) -> Archived:
    """Return what an archive holds; its records are read when they are asked for.

    Raises:
        ToolkitError: It is no archive, of another version of it, or damaged.
    """
    if data[: len(_FORMAT)] != _FORMAT:
        if data[: len(_KIND)] == _KIND:
            raise ToolkitError("This archive of a world was written by another version of the toolkit.")
        raise ToolkitError("This is no archive of a world.", f"One begins with '{_FORMAT.decode().strip()}'.")
    try:
        size = int(data[-_FOOT:-1])
        remark, said, index = _decoder(_Rest)(data[-_FOOT - size - 1 : -_FOOT])
        hints = get_type_hints(World)
        fields: dict[str, Any] = {
            name: msgspec.convert(value, hints[name], dec_hook=_rich) for name, value in said.items()
        }
        fields |= {name: _table(data, one, *get_args(hints[name])) for name, one in index.items()}
    except (msgspec.MsgspecError, ValueError, KeyError) as error:
        raise ToolkitError(f"The archive of a world is damaged: {error!r}.") from error
    world = World(**fields)
    return Archived(remark, world.at(world.now))


_Rest = tuple[str, dict[str, Any], dict[str, _Index]]


def _table(data: bytes | mmap, index: _Index, kind: type) -> Table[Any]:
    due: Map[str, Map[str, bool] | Layer[bool]] = Map(
        {day: Layer(dict.fromkeys(numbers, True)) for day, numbers in index.due.items()}
    )
    return Table(Layer(index.rows, data, _decoder(kind)), Layer(index.ids), Layer(index.owned), due)


@cache
def _decoder(kind: Any) -> Callable[[bytes], Any]:  # noqa: ANN401 - any type
    return msgspec.json.Decoder(kind, float_hook=Decimal, dec_hook=_rich).decode


def _rich(kind: Any, value: Any) -> Any:  # noqa: ANN401 - any type
    if get_origin(kind) is Map:
        keys, values = get_args(kind)
        return Map(msgspec.convert(value, dict[keys, values]))  # type: ignore[valid-type]  # known only here
    return ZoneInfo(value) if kind is ZoneInfo else value
