"""SQL: data queries run by SQLite on the tables that they name, loaded for them alone."""

import re
import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from toolkit.zuora.calls.wire import number
from toolkit.zuora.query.kinds import CUSTOM_SUFFIXES, Field, FieldType, Kind
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.trino import Query, functions, moment, translate
from toolkit.zuora.state.world import World

_DIGITS = Decimal("1e-9")
_MOST_STEPS = 200_000
"""After how many thousands of SQLite's steps a query is given up: some seconds."""

_TYPES: dict[FieldType, tuple[str, str]] = {
    "text": ("varchar", "TEXT"),
    "picklist": ("varchar", "TEXT"),
    "boolean": ("boolean", "BOOLEAN"),
    "integer": ("integer", "INTEGER"),
    "decimal": ("decimal(22,9)", "REAL"),
    "date": ("date", "TEXT"),
    "datetime": ("timestamp with time zone", "TEXT"),
}
"""A field's type in Trino and in SQLite. Source: the schema reader of airbyte-source-zuora."""

_READS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_FORBIDDEN = frozenset(
    {"datetime", "julianday", "load_extension", "random", "randomblob", "strftime", "time", "unixepoch"}
)
"""SQLite's own functions that Trino has not, and that read the computer's clock or chance."""

_TABLES: dict[str, Kind] = {{"Order": "orders"}.get(name, name.lower()): kind for name, kind in KINDS.items()}
"""By the names that queries use. Source: Zuora, data query; `order` is a word of SQL."""

_SHOW_TABLES = re.compile(r"show\s+tables", re.IGNORECASE)
_DESCRIBE = re.compile(r"(?:describe|desc|show\s+columns\s+(?:from|in))\s+(\w+)", re.IGNORECASE)
_NO_COLUMN = re.compile(r"no such column: (.+)")
_NO_TABLE = re.compile(r"no such table: (.+)")
_NO_FUNCTION = re.compile(r"no such function: (.+)")
_NAME = re.compile(r"\w+")


class Result(NamedTuple):
    """What a query found: the names of its columns, and rows of str, int, bool, Decimal and None."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class SqlError(Exception):
    """A query that failed; it says why in Trino's words where those are known."""


def run(text: str, world: World, most: int = _MOST_STEPS) -> Result:
    """Run a query.

    Tables are all objects, by lower-case name, with lower-case columns and a column `deleted` that is always
    false. What SQLite computes from decimals is rounded to nine places, as Trino's decimal(22,9) is.
    Source: Zuora, construct SQL queries in data query.

    Args:
        text: The query.
        world: What it reads.
        most: After how many thousands of steps it is given up.

    Raises:
        SqlError: It cannot be run.
    """
    said = text.strip().rstrip(";").strip()
    if _SHOW_TABLES.fullmatch(said):
        return Result(("Table",), [(name,) for name in sorted(_TABLES)])
    if described := _DESCRIBE.fullmatch(said):
        return _describe(described[1], world)
    if not said.lower().startswith(("select", "with")):
        raise SqlError("Data Query supports SELECT, SHOW TABLES, SHOW COLUMNS and DESCRIBE statements only.")
    return _select(said, world, most)


def _describe(name: str, world: World) -> Result:
    kind = _TABLES.get(name.lower())
    if kind is None:
        raise _no_table(name)
    rows = [(key.lower(), _TYPES[field.type][0], "", key) for key, field in kind.with_custom(world).items()]
    return Result(("Column", "Type", "Extra", "Comment"), [*rows, ("deleted", "boolean", "", "Deleted")])


def _no_table(name: str) -> SqlError:
    """Return the error of an unknown table. Source: Zuora, data query help section."""
    return SqlError(f"Table owl.data.{name.lower()} does not exist")


def _select(text: str, world: World, most: int) -> Result:
    base = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
    try:
        query = translate(text, world)
        for (called, count), function in functions(world).items():
            base.create_function(called, count, function, deterministic=True)
        for name, kind in _TABLES.items():
            if name in query.words:
                _load(base, name, kind, _columns(kind, query, world), world)
        base.set_authorizer(_allowed)
        steps = iter(range(most))
        base.set_progress_handler(lambda: next(steps, None) is None, 1000)
        found = base.execute(query.sql)
        names = tuple(_named(place, one[0]) for place, one in enumerate(found.description))
        return Result(names, [tuple(map(_value, row)) for row in found])
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise _explained(str(error)) from error
    finally:
        base.close()


def _columns(kind: Kind, query: Query, world: World) -> dict[str, Field]:
    """Return the fields that a query may read; custom ones are looked for where a word ends as theirs do."""
    custom = query.every or any(word.endswith(CUSTOM_SUFFIXES) for word in query.words)
    fields = kind.with_custom(world) if custom else kind.fields
    return {name: field for name, field in fields.items() if query.every or name.lower() in query.words}


def _load(
    base: sqlite3.Connection, table: str, kind: Kind, fields: Mapping[str, Field], world: World
) -> None:
    columns = [
        f'"{name.lower()}" {_TYPES[field.type][1] if name in kind.fields else ""}'
        for name, field in fields.items()
    ]
    base.execute(f'CREATE TABLE "{table}" ({", ".join([*columns, "deleted BOOLEAN"])})')
    places = ", ".join("?" * len(columns) + "0")
    insert = f'INSERT INTO "{table}" VALUES ({places})'  # noqa: S608 - the table is one of ours
    identity = kind.fields["Id"].read
    found = sorted(kind.rows(world), key=lambda row: str(identity(world, row)))  # alike in every process
    rows = ([_kept(field.read(world, row)) for field in fields.values()] for row in found)
    base.executemany(insert, rows)


def _kept(value: Any) -> Any:  # noqa: ANN401 - a field has any of its types
    match value:
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)


def _allowed(action: int, _: object, name: str | None, *__: object) -> int:
    """Allow reading, by what depends on the tables alone."""
    if action not in _READS or (action == sqlite3.SQLITE_FUNCTION and str(name).lower() in _FORBIDDEN):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _named(place: int, name: str) -> str:
    """Return the name of a column of the result; Trino calls an expression by its place."""
    return name.lower() if _NAME.fullmatch(name) else f"_col{place}"


def _value(value: Any) -> Any:  # noqa: ANN401 - SQLite gives any type
    if value is None or isinstance(value, bool | int | str):
        return value
    return number(Decimal(str(value)).quantize(_DIGITS))


def _explained(said: str) -> SqlError:
    """Return an error in Trino's words. Source: Zuora, data query help section; airbyte-source-zuora."""
    if found := _NO_COLUMN.fullmatch(said):
        return SqlError(f"line 1:1: Column '{found[1].lower()}' cannot be resolved")
    if found := _NO_TABLE.fullmatch(said):
        return _no_table(found[1])
    if found := _NO_FUNCTION.fullmatch(said):
        return SqlError(f"line 1:1: Function '{found[1].lower()}' not registered")
    if said == "interrupted":
        return SqlError("Query exceeded the maximum time limit")
    return SqlError(f"line 1:1: {said}")


sqlite3.register_converter("BOOLEAN", lambda stored: stored == b"1")
