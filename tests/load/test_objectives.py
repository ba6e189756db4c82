"""The language of objectives: what it says, and how it answers a slip."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ToolkitError
from toolkit.load.objectives import Objective, parse

JOURNEYS = ("browse", "purchase")


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("p95 < 200 ms", Objective("p95 < 200 ms", "percentile", 95, "", "<", 200)),
        (
            "p99.9 of purchase<=1.5s",
            Objective("p99.9 of purchase<=1.5s", "percentile", 99.9, "purchase", "<=", 1500),
        ),
        (
            " p50  of GET /v1/accounts/{key} < 90 ms ",
            Objective(
                "p50 of GET /v1/accounts/{key} < 90 ms", "percentile", 50, "GET /v1/accounts/{key}", "<", 90
            ),
        ),
        ("mean < 50 ms", Objective("mean < 50 ms", "mean", 0, "", "<", 50)),
        ("max < 2 s", Objective("max < 2 s", "max", 0, "", "<", 2000)),
        ("errors < 0.1 %", Objective("errors < 0.1 %", "errors", 0, "", "<", 0.1)),
        ("rate of browse >= 99%", Objective("rate of browse >= 99%", "rate", 0, "browse", ">=", 99)),
    ],
)
def test_an_objective_is_read_as_it_is_meant(text: str, parsed: Objective) -> None:
    assert parse(text, JOURNEYS) == parsed


@pytest.mark.parametrize(
    ("text", "column", "complaint"),
    [
        ("p95 of purchse < 200 ms", 8, "there is no journey 'purchse'. Did you mean 'purchase'?"),
        ("error < 1 %", 1, "there is no metric 'error'. Did you mean 'errors'?"),
        ("p100 < 1 s", 1, "there is no metric 'p100'."),
        ("p0 < 1 s", 1, "there is no metric 'p0'."),
        ("p95 > 200 ms", 5, "'>' is not allowed here. Write < or <=."),
        ("rate < 99 %", 6, "'<' is not allowed here. Write > or >=."),
        ("p95 200 ms", 5, "expected < or >, found '200 ms'."),
        ("p95 < fast", 7, "expected a number, found 'fast'."),
        ("p95 < -1 ms", 7, "expected a number, found '-1 ms'."),
        ("p95 < 200 sec", 11, "'sec' is not allowed here. Write ms or s."),
        ("p95 < 200", 10, "expected a unit, found its end. Write ms or s."),
        ("errors < 1 ms", 12, "'ms' is not allowed here. Write %."),
        ("p95 < 200 ms or so", 14, "expected nothing more, found 'or so'."),
        ("p95 of < 200 ms", 8, "expected a journey or a request, found '< 200 ms'."),
        ("rate of GET /v1/accounts > 1 %", 9, "there is no journey 'GET /v1/accounts'."),
        ("", 1, "expected a metric, found its end."),
    ],
)
def test_a_slip_is_said_with_its_column_and_the_likely_word(text: str, column: int, complaint: str) -> None:
    with pytest.raises(ToolkitError) as caught:
        parse(text, JOURNEYS)
    assert str(caught.value).startswith(f"The objective '{text}' is wrong at column {column}: {complaint}")


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(ToolkitError):
        assert parse(text, JOURNEYS).limit >= 0


@pytest.mark.parametrize(
    ("text", "samples"),
    [
        ("p50 < 1 s", 151),
        ("p90 < 1 s", 281),
        ("p95 < 1 s", 429),
        ("p99 < 1 s", 1339),
        ("p99.9 < 1 s", 8463),
        ("mean < 1 s", 110),
        ("max < 1 s", 1),
        ("errors < 0.05 %", 5990),
        ("errors < 0.1 %", 2995),
        ("errors < 0.5 %", 598),
        ("errors < 1 %", 299),
        ("errors <= 0 %", 1),
        ("errors < 100 %", 1),
        ("rate >= 99 %", 1),
    ],
)
def test_a_claim_needs_as_many_samples_as_statistics_say(text: str, samples: int) -> None:
    """The figures for percentiles and errors were computed, and checked by simulation, elsewhere."""
    assert parse(text, JOURNEYS).needed == samples


@pytest.mark.parametrize(
    ("text", "below", "at", "above"),
    [
        ("p95 < 200 ms", True, False, False),
        ("p95 <= 200 ms", True, True, False),
        ("rate > 99 %", False, False, True),
        ("rate >= 99 %", False, True, True),
    ],
)
def test_a_limit_holds_on_its_side(text: str, below: bool, at: bool, above: bool) -> None:  # noqa: FBT001 - a table
    objective = parse(text, JOURNEYS)
    limit = objective.limit
    assert [objective.holds(value) for value in (limit - 1, limit, limit + 1)] == [below, at, above]
