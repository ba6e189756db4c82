"""HTML and SVG elements as text; whatever is not already markup is escaped."""

from collections.abc import Iterable
from html import escape
from typing import NewType, TypeAlias

Markup = NewType("Markup", str)
"""Text that is HTML or SVG already; only this module makes it out of plain text."""

Attribute: TypeAlias = str | int | float | None


def text(content: str) -> Markup:
    """Escape plain text for use between tags or in a quoted attribute."""
    return Markup(escape(content, quote=True))


def join(parts: Iterable[Markup], between: str = "") -> Markup:
    """Put markup together."""
    return Markup(between.join(parts))


def element(name: str, *children: Markup, **attributes: Attribute) -> Markup:
    """Write an element.

    Attribute names lose a trailing underscore (`class_`) and turn other underscores into hyphens
    (`aria_label`); None leaves the attribute out; numbers keep two decimals, a hundredth of a pixel.
    """
    given = (
        (key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None
    )
    written = "".join(f' {key}="{_value(value)}"' for key, value in given)
    return Markup(f"<{name}{written}>{''.join(children)}</{name}>")


def _value(value: str | float) -> Markup:
    return text(value) if isinstance(value, str) else Markup(f"{value:.2f}".rstrip("0").rstrip("."))
