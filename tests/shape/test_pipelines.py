"""The pipelines run what a developer runs, and GitLab can read them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPONENTS = sorted((ROOT / "templates").glob("*.yml"))
INPUT = re.compile(r"\$\[\[ inputs\.([\w-]+) \]\]")


def _read(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text()))


def _accept(pipeline: Path) -> None:
    """Check a pipeline against GitLab's published schema."""
    checker = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.gitlab-ci",
        str(pipeline),
    ]
    done = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def _render(component: Path) -> str:
    """Fill in the inputs' defaults as GitLab does."""
    header, jobs = component.read_text().split("\n---\n")
    inputs = yaml.safe_load(header)["spec"]["inputs"]
    return INPUT.sub(lambda match: str(inputs[match[1]]["default"]), jobs)


def test_gitlab_accepts_the_pipeline() -> None:
    _accept(ROOT / ".gitlab-ci.yml")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_gitlab_accepts_a_component(component: Path, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yml").write_text(_render(component))
    _accept(tmp_path / "pipeline.yml")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_declares_each_input_that_it_uses(component: Path) -> None:
    header, _ = _read(component)
    assert set(INPUT.findall(component.read_text())) == set(header["spec"]["inputs"])
    assert [
        name for name, it in header["spec"]["inputs"].items() if not it["description"].endswith(".")
    ] == []


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_the_shell_understands_a_components_script(component: Path) -> None:
    for job in yaml.safe_load(_render(component)).values():
        subprocess.run(["bash", "-n"], input="\n".join(job["script"]), text=True, check=True)  # noqa: S607


def test_the_pipeline_runs_every_session_that_gates_a_merge() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "nox", "--list", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    gates = {session["session"] for session in json.loads(listed.stdout) if session["session"] != "bench"}
    (pipeline,) = _read(ROOT / ".gitlab-ci.yml")
    (checks,) = pipeline["checks"]["parallel"]["matrix"]
    (tests,) = pipeline["tests"]["parallel"]["matrix"]
    run = {*checks["SESSION"], *(f"tests-{python}" for python in tests["PYTHON"])}
    machine = f"tests-{sys.version_info.major}.{sys.version_info.minor}"
    assert run | {machine} == gates | {machine}
