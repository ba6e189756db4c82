"""JSON is indented, restored and rewritten without a character lost."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.recording import json_text

NUMBERS = st.sampled_from(["0", "-1", "1.00", "19.90", "1E-9", "0E-9", "12345678901234567890123", "-0.0"])
WORDS = st.sampled_from(["true", "false", "null"])
STRINGS = st.builds(json.dumps, st.text(), ensure_ascii=st.booleans())


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    commas = st.sampled_from([",", ", ", " , ", ",  "])
    colons = st.sampled_from([":", ": "])
    members = st.lists(st.builds("{}{}{}".format, STRINGS, colons, inner), max_size=4)
    elements = st.lists(inner, max_size=4)
    objects = st.builds(lambda comma, parts: "{" + comma.join(parts) + "}", commas, members)
    return objects | st.builds(lambda comma, parts: "[" + comma.join(parts) + "]", commas, elements)


DOCUMENTS = _containers(st.recursive(NUMBERS | WORDS | STRINGS, _containers, max_leaves=15))


def test_each_value_stands_on_a_line_of_its_own() -> None:
    assert json_text.indent('{"a":1.00,"b":[{},[],"x"],"c":{"d":null}}') == (
        '{\n  "a":1.00,\n  "b":[\n    {},\n    [],\n    "x"\n  ],\n  "c":{\n    "d":null\n  }\n}'
    )


@given(DOCUMENTS)
@example('{"a": 1, "b": [1, 2]}')
@example('{"a,{": "\\"}"}')
def test_what_was_indented_is_restored_to_the_character(text: str) -> None:
    indented = json_text.indent(text)
    assert indented is None or json_text.restore(indented) == text


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_json_libraries_write_can_be_indented(data: object) -> None:
    for separators in ((",", ":"), (", ", ": ")):
        text = json.dumps([data], separators=separators)
        assert json_text.indent(text) is not None


@pytest.mark.parametrize("text", ["", "plain", '"a string"', "15", '{"a":', '{\n"a":1}', '{"a":1,  "b":2}'])
def test_what_could_not_be_restored_is_not_indented(text: str) -> None:
    assert json_text.indent(text) is None


def test_deep_nesting_is_no_fault() -> None:
    assert json_text.is_json("[" * 100_000) is False


@given(DOCUMENTS)
def test_rewriting_nothing_changes_nothing(text: str) -> None:
    assert json_text.rewrite(text, lambda _, value: value) == text


@given(DOCUMENTS)
def test_every_string_and_number_is_visited_with_the_names_that_lead_to_it(text: str) -> None:
    visited: list[tuple[tuple[str, ...], str]] = []

    def visit(names: tuple[str, ...], value: str) -> str:
        visited.append((names, value))
        return value

    json_text.rewrite(text, visit)
    assert visited == list(
        _walk((), json.loads(text, object_pairs_hook=tuple, parse_float=_Number, parse_int=_Number))
    )


class _Number(str):
    __slots__ = ()


def _walk(names: tuple[str, ...], value: object) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, tuple):
        return [found for name, member in value for found in [((), name), *_walk((*names, name), member)]]
    if isinstance(value, list):
        return [found for element in value for found in _walk(names, element)]
    return [(names, value)] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("text", "visit", "expected"),
    [
        ('{"a":"x" , "b":1.00}', lambda _, value: value.replace("x", 'é"'), '{"a":"é\\"" , "b":1.00}'),
        ('{"a":15}', lambda _, value: "16" if value == "15" else value, '{"a":16}'),
        ('{"a":15}', lambda _, value: "none" if value == "15" else value, '{"a":"none"}'),
        ('{"a":[true]}', lambda *_: "b", '{"b":[true]}'),
        ('{"a":"\\u0041"}', lambda _, value: value, '{"a":"\\u0041"}'),
    ],
)
def test_what_is_visited_can_be_replaced(text: str, visit: Callable[..., str], expected: str) -> None:
    assert json_text.rewrite(text, visit) == expected
