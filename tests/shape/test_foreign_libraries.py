"""Each foreign library that may be replaced one day is known to one module only."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("toolkit", "loadtests") for path in (ROOT / folder).rglob("*.py")]
ONLY_IN = {
    "aiosmtpd": "toolkit/environment/",
    "httptools": "toolkit/zuora/web/connection.py",
    "immutables": "toolkit/zuora/state/maps.py",
    "locust": "loadtests/locustfile.py",
    "pydyf": "toolkit/zuora/files/pdf.py",
    "requests": "toolkit/zuora/adapter.py",
    "testcontainers": "toolkit/environment/services/",
    "uvloop": "toolkit/zuora/web/server.py",
    "vcr": "toolkit/recording/recorder.py",
    "yaml": "toolkit/content.py",
}


@cache
def _imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(), str(path))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | named}


@pytest.mark.parametrize(("library", "place"), ONLY_IN.items())
def test_a_foreign_library_is_known_to_one_place(library: str, place: str) -> None:
    known_to = sorted(str(path.relative_to(ROOT)) for path in SOURCES if library in _imports(path))
    assert [path for path in known_to if not path.startswith(place)] == []
