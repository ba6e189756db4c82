"""Content is found by name and read without losing a digit."""

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import content
from toolkit.errors import ToolkitError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with content of its own, as the working directory."""
    (tmp_path / "fixtures/worlds/groups").mkdir(parents=True)
    (tmp_path / "fixtures/worlds/ours.yaml").write_text("name: ours")
    (tmp_path / "fixtures/worlds/groups/utilization.yaml").write_text("name: utilization")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A YAML file that is not written yet."""
    return tmp_path / "file.yaml"


def test_a_projects_own_content_comes_before_the_shipped(project: Path) -> None:
    own, *shipped = content.folders("fixtures", "worlds")
    assert own == project / "fixtures/worlds"
    assert [folder.is_dir() for folder in shipped] == [True]


def test_without_content_of_its_own_a_project_has_the_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(content.folders("fixtures")) == 1


def test_a_process_that_works_elsewhere_is_told_its_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("TOOLKIT_PROJECT", str(project))
    assert content.find("fixtures", "worlds", "ours") == project / "fixtures/worlds/ours.yaml"


def test_content_is_found_by_its_name(project: Path) -> None:
    assert content.find("fixtures", "worlds", "ours") == project / "fixtures/worlds/ours.yaml"


def test_content_in_a_subfolder_is_found_by_its_path(project: Path) -> None:
    found = content.find("fixtures", "worlds", "groups/utilization")
    assert found == project / "fixtures/worlds/groups/utilization.yaml"


def test_an_own_file_hides_a_shipped_one_of_the_same_name(project: Path) -> None:
    shipped = content.folders("fixtures", "worlds")[1]
    name = next(path.stem for path in sorted(shipped.glob("*.yaml")))
    assert content.find("fixtures", "worlds", name) == shipped / f"{name}.yaml"
    (project / f"fixtures/worlds/{name}.yaml").touch()
    assert content.find("fixtures", "worlds", name) == project / f"fixtures/worlds/{name}.yaml"


@pytest.mark.usefixtures("project")
def test_a_misspelt_name_is_answered_with_the_likely_one() -> None:
    with pytest.raises(ToolkitError, match="There is no 'uors' in fixtures/worlds. Did you mean 'ours'?"):
        content.find("fixtures", "worlds", "uors")


@pytest.mark.usefixtures("project")
def test_a_name_cannot_reach_outside_its_folder() -> None:
    with pytest.raises(ToolkitError, match="There is no"):
        content.find("fixtures", "worlds", "../worlds/ours")


@pytest.mark.usefixtures("project")
def test_names_are_listed_in_alphabetical_order() -> None:
    listed = content.names("fixtures", "worlds")
    assert listed == tuple(sorted(listed))
    assert {"ours", "groups/utilization"} <= set(listed)


def test_other_suffixes_are_other_names(project: Path) -> None:
    (project / "fixtures/worlds/notes.txt").touch()
    assert content.names("fixtures", "worlds", ".txt") == ("notes",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("19.90", Decimal("19.90")),
        ("-0.10", Decimal("-0.10")),
        ("1_000.50", Decimal("1000.50")),
        ("12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
        ("7", 7),
        ("'7.0'", "7.0"),
    ],
)
def test_a_number_keeps_its_digits(file: Path, text: str, value: object) -> None:
    file.write_text(f"price: {text}")
    assert repr(content.read_yaml(file)) == repr({"price": value})


def test_an_empty_file_holds_nothing(file: Path) -> None:
    file.touch()
    assert content.read_yaml(file) is None


def test_aliases_and_merges_may_repeat_a_key(file: Path) -> None:
    file.write_text(
        "z: &z {x: 1}\np: {a: &a {<<: *z, x: 2}}\nb: {<<: *a, ? [1] : 3}\n".replace("? [1] : 3", "y: 3")
    )
    assert content.read_yaml(file) == {"z": {"x": 1}, "p": {"a": {"x": 2}}, "b": {"x": 2, "y": 3}}


def test_a_million_laughs_are_read_in_a_moment(file: Path) -> None:
    layers = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    file.write_text(f"l0: &l0 [ha]\n{layers}\n")
    assert isinstance(content.read_yaml(file), dict)


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        (b"a: [1\n", ":2:1", "did not find expected ',' or ']'"),
        (b"a: 1\nb:\n  - {c: 1, c: 2}", ":3:12", "the key 'c' is given twice"),
        (b"from: 2026-02-30", ":1:7", "'2026-02-30' is no timestamp"),
        (b"price: .nan", ":1:8", "'.nan' is no float"),
        (b"price: 1:30.5", ":1:8", "'1:30.5' is no float"),
        (b"set: !!bool maybe", ":1:6", "'maybe' is no bool"),
        (b"? [a]\n: 1", ":1:3", "found unhashable key"),
        (b"a: !!python/name:os.system x", ":1:4", "could not determine a constructor"),
        (b"a: 1\n---\nb: 2", ":2:1", "but found another document"),
        (b"caf\xe9: 1", "", "unacceptable character"),
        (b"a: \x00", "", "control characters are not allowed"),
    ],
)
def test_a_fault_in_a_file_has_its_place(file: Path, text: bytes, place: str, problem: str) -> None:
    file.write_bytes(text)
    with pytest.raises(ToolkitError) as caught:
        content.read_yaml(file)
    assert caught.value.problem.startswith(f"{file}{place}: ")
    assert problem in caught.value.problem


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match=r"missing\.yaml cannot be read: No such file or directory\."):
        content.read_yaml(tmp_path / "missing.yaml")


@given(st.text() | st.text(st.sampled_from("\n\r\x85\u2028 \t\ufeff#:-|>'\"\x00é😀1.")))
def test_what_is_written_is_what_is_read(text: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(content.to_yaml({"text": text, text: [text]}))
        file.flush()
        assert content.read_yaml(Path(file.name)) == {"text": text, text: [text]}


def test_text_of_several_lines_is_written_as_such() -> None:
    assert content.to_yaml({"b": '{\n  "price":1.10\n}', "a": "2026-01-01"}) == (
        b"b: |-\n  {\n    \"price\":1.10\n  }\na: '2026-01-01'\n"
    )


def test_what_stands_twice_is_written_twice() -> None:
    same = ["x"]
    assert content.to_yaml({"a": same, "b": same}) == b"a:\n- x\nb:\n- x\n"
