"""JEXL: the conditions of event triggers and of filter rules."""

import operator
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from toolkit.billing.errors import InvalidValueError

Names = Callable[[str], Any]
"""Returns what a name such as Invoice.Status stands for, None where nothing is known by it."""

Condition = Callable[[Names], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)[BbDdFfHhLl]?\b|(?P<text>'[^']*'|\"[^\"]*\")|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<sign>[=!<>]=|&&|\|\||[<>!()-]))"
)
_WORDS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}
_KNOWN = {"true": True, "false": False, "null": None}
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@lru_cache(maxsize=256)
def compiled(condition: str) -> Condition:
    """Read a condition: comparisons, && || !, their words, parentheses, numbers, texts, true, false, null.

    A number is compared with a text that is one, a date with a text such as '2026-01-31'; what is null equals
    null only, and is neither less nor more than anything. Source: Apache Commons JEXL, its syntax.

    Raises:
        InvalidValueError: It cannot be read.
    """
    parser = _Parser(condition)
    whole = parser.either()
    if parser.token != ("end", ""):
        raise parser.trouble()
    return whole


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.token = self._read()

    def trouble(self) -> InvalidValueError:
        """Return the error that names the condition and the place."""
        return InvalidValueError(f"The condition '{self._text}' cannot be read at '{self.token[1]}'.")

    def either(self) -> Condition:
        """Read one side or more of ||."""
        sides = [self._both()]
        while self._takes("||"):
            sides.append(self._both())
        return sides[0] if len(sides) == 1 else lambda names: any(side(names) for side in sides)

    def _both(self) -> Condition:
        sides = [self._negated()]
        while self._takes("&&"):
            sides.append(self._negated())
        return sides[0] if len(sides) == 1 else lambda names: all(side(names) for side in sides)

    def _negated(self) -> Condition:
        if self._takes("!"):
            inner = self._negated()
            return lambda names: not inner(names)
        return self._compared()

    def _compared(self) -> Condition:
        left, (kind, sign) = self._one(), self.token
        if kind != "sign" or sign not in _COMPARES:
            return left
        self.token = self._read()
        right = self._one()
        return lambda names: _compare(sign, left(names), right(names))

    def _one(self) -> Condition:
        if self._takes("("):
            inner = self.either()
            if not self._takes(")"):
                raise self.trouble()
            return inner
        negative = self._takes("-")
        kind, text = self.token
        if kind == "number":
            known: Any = -Decimal(text) if negative else Decimal(text)
        elif negative or kind not in {"text", "name"}:
            raise self.trouble()
        elif kind == "text":
            known = text[1:-1]
        elif text in _KNOWN:
            known = _KNOWN[text]
        else:
            self.token = self._read()
            return lambda names: _plain(names(text))
        self.token = self._read()
        return lambda _: known

    def _takes(self, sign: str) -> bool:
        if self.token != ("sign", sign):
            return False
        self.token = self._read()
        return True

    def _read(self) -> tuple[str, str]:
        rest = self._text[self._at :]
        if not rest.strip():
            return "end", ""
        found = _TOKEN.match(rest)
        if found is None or found.lastgroup is None:
            return "trouble", rest.strip()
        self._at += found.end()
        text = found[found.lastgroup]
        if found.lastgroup == "name" and text in _WORDS:
            return "sign", _WORDS[text]
        return found.lastgroup, text


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    if isinstance(value, date):
        return value.isoformat()
    return Decimal(value) if type(value) is int else value


def _compare(sign: str, left: Any, right: Any) -> bool:  # noqa: ANN401 - values of any kind
    if left is None or right is None:
        return sign in {"==", "!="} and _COMPARES[sign](left, right)
    if type(left) is not type(right):
        try:
            left, right = Decimal(str(left)), Decimal(str(right))
        except InvalidOperation:
            left, right = str(left), str(right)
    return _COMPARES[sign](left, right)
