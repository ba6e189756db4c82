"""The tests that the pages show pass as they stand there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", ["README.md", "docs/testing.md"])
def test_an_example_passes_and_is_formatted(root: Path, tmp_path: Path, name: str) -> None:
    (example,) = PYTHON.findall((root / name).read_text())
    file = tmp_path / "test_example.py"
    file.write_text(example)
    length = "--line-length=110"
    for command in (
        ["pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        ["ruff", "format", "--isolated", length, "--check"],
        ["ruff", "check", "--isolated", length, "--select=E,F,B,SIM"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, file.name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
