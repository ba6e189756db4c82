"""The domain stays pure, and money stays exact."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOMAIN = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "toolkit/billing").rglob("*.py"))
SIMULATOR = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "toolkit/zuora").rglob("*.py"))
MOVES_BYTES = {"toolkit/zuora/web/connection.py", "toolkit/zuora/web/server.py"}  # and its floats are seconds
MAY_IMPORT = {
    *(
        "__future__",
        "bisect",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
    ),
    *("functools", "itertools", "operator", "re", "string", "types", "typing"),
    *("immutables", "msgspec", "toolkit"),
}
READS_THE_WALL_CLOCK = {"now", "today", "utcnow", "from_wall", "fromtimestamp"}
TOUCHES_THE_WORLD = {"open", "print", "input", "exec", "eval"}


def _nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse((ROOT / module).read_text(), module)))


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _floats(module: str) -> list[str]:
    """Find float literals and every use of the name `float`, in annotations, calls and checks."""
    return [
        f"{module}:{_line(node)}"
        for node in _nodes(module)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


@pytest.mark.parametrize("module", sorted({*DOMAIN, *SIMULATOR} - MOVES_BYTES))
def test_no_float_comes_near_money(module: str) -> None:
    assert _floats(module) == []


@pytest.mark.parametrize(
    "source",
    [
        "price = 19.9",
        "def rate(price: float) -> None: ...",
        "float('1')",
        "isinstance(x, float | int)",
        "x = 1e3",
    ],
)
def test_a_float_would_be_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "sample.py").write_text(source)
    assert len(_floats(str(tmp_path / "sample.py"))) == 1


@pytest.mark.parametrize("module", DOMAIN)
def test_the_domain_imports_only_what_is_pure(module: str) -> None:
    imported = {
        name.partition(".")[0]
        for node in _nodes(module)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= MAY_IMPORT


@pytest.mark.parametrize("module", DOMAIN)
def test_the_domain_is_told_the_time_and_touches_nothing(module: str) -> None:
    calls = [node.func for node in _nodes(module) if isinstance(node, ast.Call)]
    impure = [
        f"{module}:{call.lineno}"
        for call in calls
        if (isinstance(call, ast.Attribute) and call.attr in READS_THE_WALL_CLOCK)
        or (isinstance(call, ast.Name) and call.id in TOUCHES_THE_WORLD)
    ]
    assert impure == []
