"""What stands in a cassette in the place of a secret: recognisable, and of the shape that was there."""

import re
from collections import Counter

from toolkit.recording.fields import Kind

PLACEHOLDER = re.compile(
    r"(?P<email>person-\d+@redacted\.example)"
    r"|(?P<phone>\+1-555-0100-\d{4,})"
    r"|Redacted-(?:(?P<name>Name)|(?P<street>Street)|(?P<city>City))-\d+"
    r"|(?P<secret>redacted-secret-\d+"
    r"|5ec2e700-0000-4000-8000-[0-9a-f]{12}"  # 5ec2e7 reads "secret"
    r"|(?i:5ec2e70000)[0-9a-fA-F]{6,})"
)
_CARD_START = "4000000"
_WORDED = {
    Kind.SECRET: "redacted-secret-{}",
    Kind.EMAIL: "person-{}@redacted.example",
    Kind.PHONE: "+1-555-0100-{:04}",
    Kind.NAME: "Redacted-Name-{}",
    Kind.STREET: "Redacted-Street-{}",
    Kind.CITY: "Redacted-City-{}",
}
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")


def is_placeholder(kind: Kind, value: str) -> bool:
    """Tell whether this value was put there by `Placeholders`, so that it may stay."""
    if kind is Kind.CARD:
        return "".join(filter(str.isdecimal, value)).startswith(_CARD_START)
    return PLACEHOLDER.fullmatch(value) is not None


class Placeholders:
    """Gives each secret a placeholder of its own: the same secret the same one, numbered as they come.

    Digits that are too few to be numbered, such as a postcode, all become nines; letters among them X.
    """

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._count: Counter[Kind] = Counter()

    def __call__(self, kind: Kind, secret: str) -> str:
        """Return what stands for `secret`; a placeholder stands for itself."""
        if kind is Kind.DIGITS or (kind is Kind.SECRET and secret.isdecimal()):
            return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "X", secret))
        if kind is Kind.CARD:
            digits = iter(self._placeholder(kind, re.sub(r"\D", "", secret)))
            return re.sub(r"\d", lambda _: next(digits), secret)
        return self._placeholder(kind, secret)

    def _placeholder(self, kind: Kind, secret: str) -> str:
        if secret not in self._given:
            self._count[kind] += 1
            placeholder = secret if is_placeholder(kind, secret) else self._next(kind, secret)
            self._given |= {secret: placeholder, placeholder: placeholder}
        return self._given[secret]

    def _next(self, kind: Kind, secret: str) -> str:
        number = self._count[kind]
        while (placeholder := _shaped(kind, number, secret)) in self._given:
            number += 1
        return placeholder


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(twice - 9 * (twice > 9) for twice in doubled)) % 10 == 0  # noqa: PLR2004 - the greatest digit


def _shaped(kind: Kind, number: int, like: str) -> str:
    if kind is Kind.CARD:
        return _card(number, len(like))
    if kind is Kind.SECRET and _UUID.fullmatch(like):
        return f"5ec2e700-0000-4000-8000-{number:012x}"
    if kind is Kind.SECRET and _HEX.fullmatch(like):
        return f"5ec2e7{number:0{len(like) - 6}{'x' if like == like.lower() else 'X'}}"
    return _WORDED[kind].format(number)


def _card(number: int, length: int) -> str:
    body = f"{_CARD_START}{number:0{max(length - len(_CARD_START) - 1, 1)}}"
    return next(body + check for check in "0123456789" if passes_luhn(body + check))
