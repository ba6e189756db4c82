"""Plain tables."""

from toolkit.cli.table import align


def test_columns_are_as_wide_as_their_widest_cell_and_lines_end_with_their_last() -> None:
    assert align([("redis", 1, "up"), ("mail-inbox", 20, "")]) == "redis       1   up\nmail-inbox  20"


def test_no_rows_are_no_lines() -> None:
    assert align([]) == ""
