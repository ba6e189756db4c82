"""What is said of JSON that does not follow a schema."""

from decimal import Decimal

import pytest

from toolkit.zuora.settings._schema import FLAG, TEXT, Schema, fields, one_of, problems

HOUR: Schema = {"type": "integer", "minimum": 0, "maximum": 23}
NOTED: Schema = {"type": ["string", "null"]}
NAMES: Schema = {"type": "array", "items": TEXT}
WHOLE: Schema = {"type": "integer"}
COUNTS: Schema = {"type": "object", "additionalProperties": WHOLE}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"on": True}, fields({"on": FLAG, "note": TEXT})),
        (23, HOUR),
        (None, NOTED),
        ("x", NOTED),
        (["a", "b"], NAMES),
        ({"a": 1}, COUNTS),
        ("Up", one_of(("Up", "Down"))),
        ({"anything": [1]}, {}),
        (Decimal("0.5"), {"type": "number"}),
    ],
)
def test_what_follows_the_schema_has_no_problem(value: object, schema: Schema) -> None:
    assert list(problems(value, schema)) == []


@pytest.mark.parametrize(
    ("value", "schema", "sentence"),
    [
        ({}, fields({"name": TEXT}, ("name",)), "#: required key [name] not found"),  # Zuora's own example
        ({"nome": 1}, fields({}), "#: extraneous key [nome] is not permitted"),
        ({"on": "yes"}, fields({"on": FLAG}), "#/on: expected type: Boolean, found: String"),
        ({"on": 1}, fields({"on": FLAG}), "#/on: expected type: Boolean, found: Integer"),
        (True, WHOLE, "#: expected type: Integer, found: Boolean"),
        (Decimal("0.5"), WHOLE, "#: expected type: Integer, found: BigDecimal"),
        (1, NOTED, "#: expected type: String, found: Integer"),
        (None, TEXT, "#: expected type: String, found: Null"),
        ([], COUNTS, "#: expected type: JSONObject, found: JSONArray"),
        ({}, NAMES, "#: expected type: JSONArray, found: JSONObject"),
        ("Left", one_of(("Up",)), "#: Left is not a valid enum value"),
        (24, HOUR, "#: 24 is not less or equal to 23"),
        (-1, HOUR, "#: -1 is not greater or equal to 0"),
        (["a", 2], NAMES, "#/1: expected type: String, found: Integer"),
        ({"a": "b"}, COUNTS, "#/a: expected type: Integer, found: String"),
    ],
)
def test_a_problem_is_named_with_its_place(value: object, schema: Schema, sentence: str) -> None:
    assert list(problems(value, schema)) == [sentence]
