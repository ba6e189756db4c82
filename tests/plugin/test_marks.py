"""The mark says in which world a test plays; what it says wrongly is repeated, with the likely right word."""

from datetime import date

import pytest

from toolkit.errors import ToolkitError
from toolkit.plugin.marks import Settings, settings

pytest_plugins = ("pytester",)


def mark(*positional: object, **named: object) -> pytest.Mark:
    return pytest.mark.zuora(*positional, **named).mark


def test_without_a_mark_it_is_the_default_world() -> None:
    assert settings([]) == Settings("gitlab-self-managed", None, "toolkit")


def test_the_nearest_mark_wins_word_by_word() -> None:
    assert settings([mark(seed="a"), mark(seed="b", world="empty")]) == Settings("empty", None, "a")


@pytest.mark.parametrize("start", ["2026-03-01", date(2026, 3, 1)])
def test_a_start_is_a_date_or_its_text(start: object) -> None:
    assert settings([mark(start=start)]).start == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (mark(wrold="x"), "zuora(wrold='x') has no argument 'wrold'. Did you mean 'world'?"),
        (
            mark("empty"),
            "zuora('empty') does not name what it says. Write world=... or start=... or seed=...",
        ),
        (mark(world=3), "zuora(world=3) is no text. Put it in quotes."),
        (mark(seed=None), "zuora(seed=None) is no text. Put it in quotes."),
        (mark(start="soon"), "zuora(start='soon') is no date. Write start='2026-03-01'."),
        (mark(start=2026), "zuora(start=2026) is no date. Write start='2026-03-01'."),
    ],
)
def test_a_wrong_mark_is_repeated(wrong: pytest.Mark, sentence: str) -> None:
    with pytest.raises(ToolkitError) as caught:
        settings([wrong])
    assert str(caught.value).startswith(sentence)


def test_a_mark_chooses_world_start_and_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        pytestmark = pytest.mark.zuora(world="empty", seed="mine")

        @pytest.mark.zuora(start="2026-03-01")
        def test_marked(zuora, clock):
            assert clock.now.isoformat() == "2026-03-01T00:00:00-08:00"
            assert zuora.world.seed == "mine"
            assert not zuora.world.accounts.ids
    """)
    pytester.runpytest_inprocess("--strict-markers").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("world='gitlab'", "*test_it: There is no 'gitlab' in fixtures/worlds.*"),
        ("wrold='empty'", "*test_it: zuora(wrold='empty') has no argument 'wrold'. Did you mean 'world'?"),
        (
            "start='2025-12-31'",
            "*test_it: A test cannot start on 2025-12-31, before its world's first day, 20*",
        ),
    ],
)
def test_a_wrong_mark_fails_its_test_in_one_line(
    pytester: pytest.Pytester, words: str, sentence: str
) -> None:
    pytester.makepyfile(f"""
        import pytest

        @pytest.mark.zuora({words})
        def test_it(zuora): ...
    """)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([sentence])
    result.stdout.no_fnmatch_line("*Traceback*")
