"""What every factory shares, and the one place that knows factory_boy's untyped side."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from factory.base import Factory
from factory.declarations import LazyAttribute, Maybe, SelfAttribute, SubFactory

from toolkit.errors import ToolkitError, did_you_mean
from toolkit.factories import Bench

Row = TypeVar("Row", bound=msgspec.Struct)

lazy: Callable[[Callable[[Any], object]], Any] = LazyAttribute
"""A field computed from the others: `lazy(lambda made: made.bench.number("account"))`."""

same: Callable[[str], Any] = SelfAttribute
"""A field that equals another one: `same("bench.now")`; `..` is the record that asked for this one."""

either: Callable[[str, Any, Any], Any] = Maybe
"""One declaration or another, by whether a field is true."""

_sub: Callable[..., Any] = SubFactory


def made(entity: str, **fields: Any) -> Any:  # noqa: ANN401 - a declaration
    """Return a field that is a record of another factory of this room, made at the same bench."""
    return _sub(f"toolkit.factories.{entity}.FACTORY", bench=same("..bench"), **fields)


def needed(name: str) -> Any:  # noqa: ANN401 - a declaration
    """Return a field that has to be given."""

    def refuse(_made: object) -> None:
        raise ToolkitError(f"This record is made for an {name}, and none was given.", f"Pass {name}=...")

    return lazy(refuse)


class RecordFactory(Factory[Row], Generic[Row]):
    """Makes records at a `bench`, which is always to be given.

    `FACTORY.create(bench=..., ...)` puts what it makes into the bench's tenant, `build` does not.
    """

    class Meta:
        abstract = True

    @classmethod
    def fields(cls) -> set[str]:
        """Return the names of what may be asked for."""
        meta: Any = cls._meta
        return {*meta.declarations, *meta.parameters, *cls.recorded().__struct_fields__}

    @classmethod
    def recorded(cls) -> type[msgspec.Struct]:
        """Return the struct that the fields, without parameters, are to fit."""
        meta: Any = cls._meta
        model: type[msgspec.Struct] = meta.model
        return model

    @classmethod
    def make(cls, bench: Bench, fields: dict[str, Any]) -> Row:  # noqa: ARG003 - others need it
        """Make the record of its fields.

        Raises:
            msgspec.ValidationError: A value is of a wrong type.
        """
        meta: Any = cls._meta
        row: Row = msgspec.convert(fields, meta.model, from_attributes=True)
        return row

    @classmethod
    def keep(cls, bench: Bench, row: Row, fields: dict[str, Any]) -> None:  # noqa: ARG003 - others need it
        """Put the record, and what has to change with it, into the bench's tenant."""
        bench.put(row)

    @classmethod
    def _bench_of(cls, fields: dict[str, Any]) -> Bench:
        """Take the bench out of the fields, and refuse what the record does not have."""
        bench: Bench = fields.pop("bench")
        for name in fields.keys() - cls.fields():
            what = cls.__name__.removesuffix("Factory")
            raise ToolkitError(f"The factory of {what} knows no '{name}'.", did_you_mean(name, cls.fields()))
        return bench

    @classmethod
    def _build(cls, model_class: Any, *args: Any, **kwargs: Any) -> Row:  # noqa: ANN401, ARG003 - inherited
        bench = cls._bench_of(kwargs)
        return cls.make(bench, kwargs)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Row:  # noqa: ANN401, ARG003 - inherited
        bench = cls._bench_of(kwargs)
        row = cls.make(bench, kwargs)
        cls.keep(bench, row, kwargs)
        return row
