"""`toolkit zuora grade DIR`: its last line, its exit code, and what it says of differences."""

import shutil
from pathlib import Path

import pytest

from toolkit.cli import main

CARRIED = Path(__file__).parents[1] / "zuora" / "recordings" / "annual-with-discount.json"


def test_what_agrees_is_counted_in_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zuora", "grade", str(CARRIED.parent)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("items 2 dates 2 amounts 2 unexplained 0\n", "")


def test_an_unexplained_difference_is_named_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(CARRIED, tmp_path / "1.json")
    (tmp_path / "2.json").write_text(CARRIED.read_text().replace("368.7", "368.71"))
    assert main(["zuora", "grade", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "items 4 dates 4 amounts 3 unexplained 1"
    assert said.err == (
        "annual with discount C01 2026-03-23: amount: Zuora 424.01, simulator 424.0. UNEXPLAINED\n"
    )


def test_an_explained_difference_is_named_and_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = CARRIED.read_text().replace('"price": 424.0', '"price": 500.0').replace("-36.87", "-44.47")
    (tmp_path / "edited.json").write_text(edited)
    assert main(["zuora", "grade", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert said.out == "items 2 dates 2 amounts 1 unexplained 0\n"
    assert "amount: Zuora 424.0, simulator 500.0. The price was edited by hand after capture" in said.err


def test_a_recording_that_cannot_be_loaded_is_graded_as_different(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.json").write_text(CARRIED.read_text().replace('"Active"', '"Asleep"'))
    shutil.copy(CARRIED, tmp_path / "2.json")
    assert main(["zuora", "grade", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == "items 4 dates 2 amounts 2 unexplained 2\n"
    why = "annual with discount cannot be loaded: 'status': Invalid enum value 'Asleep'."
    assert said.err == f"{tmp_path / '1.json'}: {why}\n"


@pytest.mark.parametrize("name", ["", "gone"])
def test_a_directory_without_recordings_is_refused(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / name
    assert main(["zuora", "grade", str(directory)]) == 1
    sentence = f"toolkit: There is no recording in {directory}. Name a directory of *.json.\n"
    assert capsys.readouterr() == ("", sentence)


def test_a_file_that_is_no_recording_is_named_and_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(CARRIED, tmp_path / "a.json")
    shutil.copy(CARRIED, tmp_path / "z.json")
    path = tmp_path / "notes.json"
    path.write_text("[]")
    assert main(["zuora", "grade", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == "items 4 dates 4 amounts 4 unexplained 0\n"
    assert said.err == f"{path} is no recorded billing preview: Expected `object`, got `array`.\n"


def test_an_action_that_there_is_not_is_a_slip_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zuora", "grad", "x"]) == 2
    assert "There is no action 'grad'. Did you mean 'grade'?" in capsys.readouterr().err
