"""The grammar of ZOQL and of Export ZOQL: from text to a selection."""

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeVar

from toolkit.zuora.query.faults import malformed

LONGEST, LONGEST_EXPORT = 10_000, 20_000
MOST_CONDITIONS = 200
MOST_GROUPED = 5
"""Source: Zuora, faults; Export ZOQL, limitations, clause limits; ZOQL, conditions allowed."""

AGGREGATES = frozenset({"avg", "count", "max", "min", "sum"})
PARTS = frozenset({"date", "month", "quarter", "week", "weekofyear", "year"})
"""Functions of the rows that are put together, and of a moment. Source: Zuora, Export ZOQL."""

Item = TypeVar("Item")

Operator = Literal["=", "!=", "<", ">", "<=", ">=", "like", "starts"]

_SIGN_OR_WORD = r"<=|>=|!=|<>|[=<>(),*]|[^\s=<>!(),*'\"]+"
_TOKEN = re.compile(rf"\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|{_SIGN_OR_WORD})")
_EXPORT_TOKEN = re.compile(rf"\s*('(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"|{_SIGN_OR_WORD})")
"""In exports a quote may be doubled. Source: Zuora, Export ZOQL select statements."""

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"b": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
"""Source: Zuora, reserved and escaped characters; there b is the bell."""

_QUOTES = "'\""
_SIGNS = frozenset({"=", "!=", "<>", "<", ">", "<=", ">=", "(", ")", ",", "*"})
_OPERATORS = frozenset({"=", "!=", "<>", "<", ">", "<=", ">=", "like"})


class Named(NamedTuple):
    """A field that another one is compared with."""

    field: str


class Test(NamedTuple):
    """A comparison of a field with a value.

    Attributes:
        field: Its name, or a function of it, `year(CreatedDate)`.
        operator: As it was written; `starts` for text that begins like the value, which no query can write.
        value: As it was written, without quotes; None for null.
        folded: Whether text is equal, unequal or alike whatever its case.
    """

    field: str
    operator: Operator
    value: str | Named | None
    folded: bool = False


class Every(NamedTuple):
    """Conditions that all hold."""

    parts: tuple["Condition", ...]


class Either(NamedTuple):
    """Conditions of which at least one holds."""

    parts: tuple["Condition", ...]


class Not(NamedTuple):
    """A condition that does not hold."""

    part: "Condition"


Condition = Test | Every | Either | Not


class Selection(NamedTuple):
    """What a query asks for.

    Attributes:
        fields: As they were written; `*` for all, `BillToContact.*` for all of what is joined, `sum(Amount)`
            for a function of one.
        aliases: What heads the column of a field, by the field.
        group: Fields, or functions of their moments, whose rows are put together.
        having: What holds for those rows as a whole.
        order: Fields to sort by, each with whether it descends.
        skipped: How many rows are left out at the beginning.
        limit: How many rows at most; None for all.
        export: Whether it is Export ZOQL.
    """

    fields: tuple[str, ...]
    object: str
    where: Condition | None = None
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    aliases: Mapping[str, str] = {}
    group: tuple[str, ...] = ()
    having: Condition | None = None
    skipped: int = 0
    export: bool = False


def read(text: str, *, export: bool = False) -> Selection:
    """Read a query.

    Args:
        text: The query; keywords may be of either case.
        export: Whether it is Export ZOQL, which knows joins, `*`, aliases, functions, comparisons of fields,
            parentheses, not, is null, group, having, order and limit, and may end with a semicolon.

    Raises:
        Fault: MALFORMED_QUERY: it cannot be read, is too long or has too many conditions.

    Source: Zuora, ZOQL; Export ZOQL, its select statements, clauses and filter statements; file segmentation,
    for aliases without quotes.
    """
    longest = LONGEST_EXPORT if export else LONGEST
    if len(text) > longest:
        raise malformed(f"a query has at most {longest} characters")
    return _Reader(text.strip().removesuffix(";") if export else text, export=export).selection()


class _Reader:
    """Reads one query from its tokens."""

    def __init__(self, text: str, *, export: bool) -> None:
        self._tokens = _tokens(text, _EXPORT_TOKEN if export else _TOKEN)
        self._place = 0
        self._export = export
        self._compared = self._name
        self._conditions = 0
        self._aliases: dict[str, str] = {}

    def selection(self) -> Selection:
        self._expect("select")
        fields = self._list(self._field)
        self._expect("from")
        name = self._name()
        where = self._either() if self._take("where") else None
        selection = Selection(fields, name, where, aliases=self._aliases, export=self._export)
        if self._export:
            selection = self._clauses(selection)
        if self._place < len(self._tokens):
            raise malformed()
        if not self._export and name.lower() == "rateplan":
            return selection._replace(where=_unremoved(where))
        return selection

    def _clauses(self, selection: Selection) -> Selection:
        """Read what stands behind the conditions of an export."""
        group: tuple[str, ...] = ()
        having = None
        if self._take("group"):
            self._expect("by")
            group = self._list(self._term)
        if len(group) > MOST_GROUPED:
            raise malformed(f"a query has at most {MOST_GROUPED} fields to group by")
        if self._take("having"):
            self._compared = self._term
            having = self._either()
        order: tuple[tuple[str, bool], ...] = ()
        if self._take("order"):
            self._expect("by")
            order = self._list(self._sorting)
        skipped, limit = 0, self._whole() if self._take("limit") else None
        if limit is not None and self._take(","):
            skipped, limit = limit, self._whole()
        return selection._replace(group=group, having=having, order=order, skipped=skipped, limit=limit)

    def _list(self, one: Callable[[], Item]) -> tuple[Item, ...]:
        found = [one()]
        while self._take(","):
            found.append(one())
        return tuple(found)

    def _field(self) -> str:
        if not self._export:
            return self._name()
        if self._take("*"):
            return "*"
        name = self._term()
        if name[-1] == ".":
            self._expect("*")
            return f"{name}*"
        if self._take("as"):
            self._aliases[name] = self._alias()
        return name

    def _alias(self) -> str:
        token = self._next()
        alias = _text(token) if token[0] in _QUOTES else token
        if token in _SIGNS or not alias:
            raise malformed()
        if alias in self._aliases.values():
            raise malformed(f"Duplicate column aliases {alias} were defined.")
        return alias

    def _term(self) -> str:
        """Read a field, or a function of one."""
        name = self._name()
        if not self._take("("):
            return name
        function = name.lower()
        if function not in AGGREGATES | PARTS:
            raise malformed(f"{name} is no function")
        of = "*" if function == "count" and self._take("*") else self._name()
        self._expect(")")
        return f"{function}({of})"

    def _sorting(self) -> tuple[str, bool]:
        name = self._term()
        descends = self._take("desc")
        if not descends:
            self._take("asc")
        return name, descends

    def _either(self) -> Condition:
        parts = [self._every()]
        while self._take("or"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self) -> Condition:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self) -> Condition:
        if self._export and self._take("not"):
            return Not(self._one())
        if self._export and self._take("("):
            inner = self._either()
            self._expect(")")
            return inner
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS and not self._export:
            raise malformed(f"a query has at most {MOST_CONDITIONS} conditions")
        return self._test()

    def _test(self) -> Test:
        field = self._compared()
        if self._export and self._take("is"):
            unequal = self._take("not")
            self._expect("null")
            return Test(field, "!=" if unequal else "=", None)
        operator = self._next().lower()
        if operator not in _OPERATORS:
            raise malformed()
        value = self._value()
        if operator == "like" and isinstance(value, Named):
            raise malformed("a field is like a text only")
        if operator == "like" and not self._export and isinstance(value, str) and not _is_plain(value):
            raise malformed("a pattern has one % only, at its beginning or its end")
        if value is None and operator not in {"=", "!=", "<>"}:
            raise malformed("null is compared with = or != only")
        return Test(field, "!=" if operator == "<>" else operator, value)  # type: ignore[arg-type]  # checked above

    def _value(self) -> str | Named | None:
        token = self._next()
        if token[0] in _QUOTES:
            return _text(token)
        if token in _SIGNS:
            raise malformed()
        if token.lower() == "null":
            return None
        if self._export and _NAME.fullmatch(token) and token.lower() not in {"true", "false"}:
            return Named(token)
        return token

    def _whole(self) -> int:
        token = self._next()
        if not token.isdecimal():
            raise malformed()
        return int(token)

    def _name(self) -> str:
        token = self._next()
        if not _NAME.fullmatch(token) or ("." in token and not self._export):
            raise malformed()
        return token

    def _next(self) -> str:
        if self._place == len(self._tokens):
            raise malformed()
        self._place += 1
        return self._tokens[self._place - 1]

    def _take(self, word: str) -> bool:
        found = self._place < len(self._tokens) and self._tokens[self._place].lower() == word
        self._place += found
        return found

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise malformed()


def _is_plain(pattern: str) -> bool:
    """Tell whether % is in a pattern once at most, at an end. Source: Zuora, wildcards in like statements."""
    return pattern.count("%") <= (pattern.startswith("%") or pattern.endswith("%"))


_KEPT = Either((Test("AmendmentType", "=", None), Test("AmendmentType", "!=", "RemoveProduct")))


def _unremoved(where: Condition | None) -> Condition:
    """Return a condition that leaves out removed rate plans, unless it is one of AmendmentType itself.

    Source: Zuora, ZOQL, automatic filtering of RatePlan objects.
    """
    if where is None:
        return _KEPT
    return where if _names(where, "amendmenttype") else Every((where, _KEPT))


def _names(condition: Condition, field: str) -> bool:
    """Tell whether a condition is one of this field, which is in small letters."""
    if isinstance(condition, Every | Either):
        return any(_names(part, field) for part in condition.parts)
    return isinstance(condition, Test) and condition.field.lower() == field


def _text(token: str) -> str:
    """Return what stands between quotes."""
    inner = token[1:-1].replace(2 * token[0], token[0])
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), inner)


def _tokens(text: str, token: re.Pattern[str]) -> list[str]:
    tokens, place, text = [], 0, text.strip()
    while place < len(text):
        found = token.match(text, place)
        if found is None:
            raise malformed()
        tokens.append(found[1])
        place = found.end()
    return tokens
