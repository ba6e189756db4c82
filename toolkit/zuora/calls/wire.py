"""The wire: JSON into the declared request types and answers into JSON, without a float on the way."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from toolkit.zuora.calls.refusals import Category, Refusal

_CUSTOM = re.compile(r".+__(c|NS|QT)")
_PROBLEM = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>\w+)`")

_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
"""What a date has to match, as refusals say it. Source: recorded, contactually/zuora-ruby."""

MOST_ELEMENTS = 5_000
"""Elements of all arrays of a request together; Zuora's own bounds, such as 50 subscriptions, are tighter."""

_MOST_NAMED = 100
"""Unknown fields that a refusal names."""

_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


class Body(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """A request body, or an object in it; a field that is not declared is refused.

    Attributes:
        harmless: Documented fields that change nothing that is simulated; they are read over.
        lacking: Documented fields that would; any value but an empty one is refused by name.
        optional: Whether a request may come without it. A documented body has to be there, if only as `{}`
            (a live tenant answered 415); where none is documented the official SDK sends none.
        listed: The field that a body without a name for it, a plain list, is read into.
        open: Whether fields that nobody knows are read over, as /v1/object does. Source: Zuora, CRUD calls.
        unbounded: Fields that no limit is for: dates as far away as the end of a product is, and objects that
            are decoded one by one.
    """

    harmless: ClassVar[frozenset[str]] = frozenset()
    lacking: ClassVar[frozenset[str]] = frozenset()
    optional: ClassVar[bool] = False
    listed: ClassVar[str | None] = None
    open: ClassVar[bool] = False
    unbounded: ClassVar[frozenset[str]] = frozenset()

    custom_fields: Mapping[str, Any] = {}


class Nothing(Body, frozen=True):
    """What is to be said where nothing can be."""

    optional: ClassVar[bool] = True


Kind = TypeVar("Kind", bound=Body)


@lru_cache(maxsize=256)
def _typed(kind: type[Kind]) -> Callable[[bytes | msgspec.Raw], Kind]:
    return msgspec.json.Decoder(kind, strict=False, float_hook=Decimal).decode


def read(body: bytes, kind: type[Kind]) -> Kind:
    """Decode a request body.

    Numbers become exact decimals; a number or a boolean may come as a string, as Zuora allows.
    Custom fields beside standard ones are gathered in `custom_fields`.

    Raises:
        Refusal: It is no JSON, a required field is missing, a field is unknown or a value is wrong.
    """
    try:
        typed: Kind = _typed(kind)(body)
    except msgspec.ValidationError:
        return convert(parse(body), kind)
    except _NO_JSON as error:
        raise _malformed(error) from error
    return typed


def note(body: Body) -> msgspec.Raw:
    """Return a request, or a part of it, as JSON to keep in a record."""
    return msgspec.Raw(_encoder.encode(body))


def recall(noted: msgspec.Raw, kind: type[Kind]) -> Kind:
    """Return the request that was noted."""
    return read(bytes(noted), kind)


def parse(body: bytes | msgspec.Raw) -> Any:  # noqa: ANN401 - JSON is any of its types
    """Decode JSON with exact decimals.

    Raises:
        Refusal: It is no JSON.
    """
    try:
        return _decoder.decode(body)
    except _NO_JSON as error:
        raise _malformed(error) from error


def too_many() -> Refusal:
    """Return the refusal of arrays that nobody could mean."""
    return Refusal(Category.RULE, f"A request should have at most {MOST_ELEMENTS} elements in its arrays.")


def _malformed(error: Exception) -> Refusal:
    return Refusal(Category.MALFORMED, f"Malformed JSON request body: {error}.")


def convert(document: Any, kind: type[Kind]) -> Kind:  # noqa: ANN401 - JSON is any of its types
    """Make a body of JSON that is decoded, as `read` does.

    Raises:
        Refusal: A required field is missing, a field is unknown or a value is wrong.
    """
    unknown: list[str] = []
    known = _prune(document, kind, unknown)
    if unknown:
        names = ",".join(unknown[:_MOST_NAMED])
        raise Refusal(Category.UNKNOWN_FIELD, f"Invalid parameter(s): '{names}'.")
    try:
        return msgspec.convert(known, kind, strict=False)
    except msgspec.ValidationError as error:
        refusal = _invalid(str(error), kind)
        refusal.more = tuple(one for one in _others(known, kind) if one.message != refusal.message)
        raise refusal from error


def _others(known: Any, kind: type[Body]) -> Iterator[Refusal]:  # noqa: ANN401 - JSON is any of its types
    """Yield what is wrong with each field. Source: recorded, contactually/zuora-ruby, two reasons at once."""
    fields = _fields(kind)
    for name in sorted(fields.keys() & known) if isinstance(known, dict) else ():
        try:
            msgspec.convert(known[name], fields[name], strict=False)
        except msgspec.ValidationError as error:
            what, _, path = str(error).partition(" - at `$")
            yield _invalid(f"{what} - at `$.{name}{path or '`'}", kind)


def _prune(value: Any, hint: Any, unknown: list[str]) -> Any:  # noqa: ANN401
    """Drop what may be read over, gather custom fields, and note what nobody knows."""
    inner = _inner(hint)
    if isinstance(value, list) and inner is not None:
        return [_prune(element, inner, unknown) for element in _few(value, inner)]
    kind = _body_type(hint)
    if kind is None or not isinstance(value, dict):
        return value
    fields, kept, custom = _fields(kind), {}, {}
    for name, part in value.items():
        if name in fields:
            kept[name] = _prune(part, fields[name], unknown)
        elif _CUSTOM.fullmatch(name):
            custom[name] = part
        elif name in kind.lacking:
            if part not in (None, False, "", [], {}, 0):
                raise Refusal(Category.RULE, f"'{name}' is not simulated yet.")
        elif name not in kind.harmless and not kind.open:
            unknown.append(name)
    given = kept.get("customFields", {})
    if custom and isinstance(given, dict):
        kept["customFields"] = {**given, **custom}
    return kept


def _few(elements: list[Any], kind: Any) -> list[Any]:  # noqa: ANN401
    """Refuse more objects than can be looked at within about a second."""
    if len(elements) > MOST_ELEMENTS and _body_type(kind) is not None:
        raise too_many()
    return elements


@lru_cache(maxsize=256)
def _fields(kind: type[Body]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(kind)}


def _options(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple(option for option in get_args(hint) if option is not type(None)) or (hint,)


def _inner(hint: Any) -> Any:  # noqa: ANN401
    sequence = next((option for option in (hint, *_options(hint)) if get_origin(option) is tuple), None)
    return get_args(sequence)[0] if sequence is not None else None


def _body_type(hint: Any) -> type[Body] | None:  # noqa: ANN401
    options = (hint, *_options(hint))
    return next((one for one in options if isinstance(one, type) and issubclass(one, Body)), None)


def _invalid(problem: str, kind: type[Body]) -> Refusal:
    """Say what the decoder found in Zuora's words. Sources: recorded and documented error bodies."""
    found = _PROBLEM.fullmatch(problem)
    what, path = (found["what"], found["path"] or "") if found else (problem, "")
    names = [name for name in re.split(r"\.|\[[^\]]*\]", path) if name]
    missing = _MISSING.fullmatch(what)
    if missing:
        return _null(".".join((*names, missing["field"])))
    field = ".".join(names) or "body"
    if what.endswith("got `null`"):
        return _null(field)
    if what.startswith("Invalid enum value"):
        allowed = ", ".join(map(str, _allowed(kind, names)))
        said = f"'{names[-1]}' value should be one of: {allowed}"
    elif what == "Invalid RFC3339 encoded date":
        said = f"'{names[-1]}' must match \"{_DATE}\""
    else:
        said = f"Invalid value for '{field}': {what[:1].lower()}{what[1:]}."
    return Refusal(Category.INVALID_VALUE, said).of(field)


def _null(field: str) -> Refusal:
    return Refusal(Category.MISSING_FIELD, f"'{field}' may not be null").of(field)


def _allowed(kind: type[Body], names: Iterable[str]) -> tuple[object, ...]:
    hint: Any = kind
    for name in names:
        body = _body_type(hint) or _body_type(_inner(hint))
        hint = _fields(body)[name] if body else hint
    literal = next((one for one in (hint, *_options(hint)) if get_origin(one) is Literal), hint)
    return get_args(literal)


def write(answer: object) -> bytes:
    """Encode an answer; decimals keep their digits, dates are ISO 8601."""
    return _encoder.encode(answer)


def number(value: Decimal) -> Decimal:
    """Return the amount as Zuora prints it: no trailing zeros, but always one decimal place (15.0, 15.99)."""
    if not value:
        return _NOTHING
    whole = value.to_integral_value()
    return whole.quantize(_TENTH) if whole == value else value.normalize()


_TENTH, _NOTHING = Decimal("0.1"), Decimal("0.0")


def optional(value: Decimal | None) -> Decimal | None:
    """Do the same for an amount that may be absent."""
    return None if value is None else number(value)


def stamp(moment: datetime) -> str:
    """Return a moment as REST answers print it, in the tenant's zone: 2025-06-09 13:21:57."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def day(value: date | None) -> str | None:
    """Return a date as 2025-06-09, or None."""
    return None if value is None else value.isoformat()
