"""Plain tables for a terminal."""

from collections.abc import Iterable, Sequence


def align(rows: Iterable[Sequence[object]]) -> str:
    """Lay out rows in columns as wide as their widest cell, two spaces apart."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "\n".join(lines)
