"""The page about the documented examples tells all of them, and what the tests run."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.billing import test_document_examples, test_payment_examples, test_worked_examples
from toolkit import content

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT.parent / "shared" / "data" / "worked-examples.yaml"


@pytest.fixture(scope="module")
def page() -> str:
    script = Path(__file__).with_name("fidelity.py")
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout


def test_one_test_runs_each_file_of_examples() -> None:
    files = sorted(Path(__file__).with_name("examples").glob("*.yaml"))
    runners = (test_document_examples, test_payment_examples, test_worked_examples)
    run = sorted(file for runner in runners for file in runner.FILES)
    assert [file for file in files if file.stem != "left-out"] == run


def test_the_page_is_the_one_that_the_examples_make(page: str) -> None:
    assert (ROOT / "docs" / "billing-fidelity.md").read_text() == page


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples, ../shared, are not beside this repository")
def test_the_page_tells_every_example(page: str) -> None:
    told = re.findall(r"^\| \[(.*?)\]", page, re.MULTILINE)
    examples = msgspec.convert(content.read_yaml(EXAMPLES), list[dict[str, object]])
    assert len(told) == len(set(told))
    assert {str(example["id"]) for example in examples} <= set(told)
