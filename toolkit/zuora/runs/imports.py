"""Imports: files of usage, what their rows say, and what became of them."""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.unnumbered import Unnumbered

_NEEDED = ("ACCOUNT_ID", "UOM", "QTY", "STARTDATE")
_COLUMNS = (*_NEEDED, "ENDDATE", "SUBSCRIPTION_ID", "CHARGE_ID")
_OPTIONAL = frozenset({"DESCRIPTION", "UNIQUE_KEY"})
_CUSTOM = re.compile(r".+__c", re.IGNORECASE)


class Import(Unnumbered, frozen=True, kw_only=True):
    """An uploaded file and its end; `message` says why one failed."""

    file: str
    size: int
    status: Literal["Completed", "Failed"]
    created: datetime
    message: str | None = None


class Row(NamedTuple):
    """What one line of a usage file says."""

    account_number: str
    uom: str
    quantity: Decimal
    start: date
    end: date | None
    subscription_number: str | None
    charge_number: str | None
    description: str | None
    custom_fields: dict[str, object]


def rows(content: bytes) -> Iterator[Row]:
    """Read a usage file: comma-separated, dates as MM/DD/YYYY, every column but DESCRIPTION with a header.

    Source: Zuora, usage file format; upload a usage file. Lines without any value are read over.

    Raises:
        InvalidValueError: A column is missing or unknown, or a value is missing or no number or date.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValueError("The usage file should be text in UTF-8.") from error
    lines = csv.reader(text.splitlines(), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        _check_header(header)
        for line, values in enumerate(lines, start=2):
            if any(value.strip() for value in values):
                yield _row(line, header, values)
    except csv.Error as error:
        raise InvalidValueError(f"Line {lines.line_num} of the usage file: {error}.") from error


def _check_header(header: list[str]) -> None:
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        raise InvalidValueError(f"The usage file has no column {', '.join(missing)}.")
    known = {*_COLUMNS, *_OPTIONAL}
    unknown = [name for name in header if name not in known and not _CUSTOM.fullmatch(name)]
    if unknown or len(set(header)) < len(header):
        raise InvalidValueError(f"The usage file has columns that are unknown or repeated: {unknown}.")


def _row(line: int, header: list[str], values: list[str]) -> Row:
    if len(values) > len(header):
        raise InvalidValueError(f"Line {line} of the usage file has {len(values)} values.")
    said = {name: value.strip() for name, value in zip(header, values, strict=False)}
    for name in _NEEDED:
        if not said.get(name):
            raise InvalidValueError(f"Line {line} of the usage file has no {name}.")
    return Row(
        account_number=said["ACCOUNT_ID"],
        uom=said["UOM"],
        quantity=_quantity(line, said["QTY"]),
        start=_day(line, "STARTDATE", said["STARTDATE"]),
        end=_day(line, "ENDDATE", said["ENDDATE"]) if said.get("ENDDATE") else None,
        subscription_number=said.get("SUBSCRIPTION_ID") or None,
        charge_number=said.get("CHARGE_ID") or None,
        description=said.get("DESCRIPTION") or None,
        custom_fields={name: value for name, value in said.items() if _CUSTOM.fullmatch(name)},
    )


def _quantity(line: int, text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InvalidValueError(f"Line {line} of the usage file: the QTY '{text}' is no number.") from error


def _day(line: int, name: str, text: str) -> date:
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        raise InvalidValueError(
            f"Line {line} of the usage file: the {name} '{text}' should be a day as MM/DD/YYYY."
        ) from error
