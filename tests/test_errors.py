"""Faults are sentences, and near words are named."""

import pytest

from toolkit.errors import ObjectiveMissedError, ToolkitError, UsageError, did_you_mean


def test_a_fault_is_its_problem_followed_by_its_remedy() -> None:
    fault = ToolkitError("Port 80 is taken.", "Choose another.")
    assert str(fault) == "Port 80 is taken. Choose another."
    assert (fault.problem, fault.remedy) == ("Port 80 is taken.", "Choose another.")


def test_a_fault_without_a_remedy_is_its_problem() -> None:
    assert str(ToolkitError("Port 80 is taken.")) == "Port 80 is taken."


@pytest.mark.parametrize(
    ("fault", "code"), [(ToolkitError, 1), (UsageError, 2), (ObjectiveMissedError, 4)], ids=str
)
def test_each_kind_of_fault_has_its_exit_code(fault: type[ToolkitError], code: int) -> None:
    assert fault("It went wrong.").exit_code == code


def test_a_misspelt_word_is_answered_with_the_nearest() -> None:
    assert did_you_mean("sevre", ["serve", "status", "up"]) == "Did you mean 'serve'?"


def test_a_word_that_is_like_nothing_is_answered_with_all_that_is_known() -> None:
    assert did_you_mean("xyz", ["up", "down"]) == "Known: down, up."


def test_of_very_many_words_the_first_ones_are_named() -> None:
    said = did_you_mean("xyz", map(str, range(1000, 1100)))
    assert said.startswith("Known: 1000, 1001, ")
    assert said.endswith(", 1039 and 60 more.")


def test_where_nothing_is_known_nothing_is_suggested() -> None:
    assert did_you_mean("xyz", []) == ""
