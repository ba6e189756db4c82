"""A file that says something wrong is told where, and what it may have meant."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec
import pytest

from toolkit.errors import ToolkitError
from toolkit.worlds.declared import declared


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part."""

    kind: Literal["Month", "Annual"] | None = None
    price: Decimal | None = None


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file."""

    name: str
    one: Inner | None = None
    some: tuple[Inner, ...] = ()
    named: Mapping[str, Inner] = {}
    loose: Mapping[str, object] = {}


def test_a_right_document_becomes_its_type() -> None:
    document = {"name": "x", "some": [{"price": Decimal("1.50")}], "named": {"a": {"kind": "Month"}}}
    assert declared(document, Outer, "f") == Outer(
        "x", some=(Inner(price=Decimal("1.50")),), named={"a": Inner("Month")}
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"name": "x", "on": {}}, "f: has no 'on'. Did you mean 'one'?"),
        ({"name": "x", "one": {"prise": 1}}, "f: one has no 'prise'. Did you mean 'price'?"),
        ({"name": "x", "some": [{}, {"prise": 1}]}, "f: some[1] has no 'prise'. Did you mean 'price'?"),
        ({"name": "x", "named": {"a": {"kin": 1}}}, "f: named.a has no 'kin'. Did you mean 'kind'?"),
        (
            {"name": "x", "named": {"a": {"kind": "Anual"}}},
            "f: named.a.kind cannot be 'Anual'. Did you mean 'Annual'?",
        ),
        (
            {"name": "x", "some": [{"price": "dear"}]},
            "f: some[0].price is 'dear': invalid decimal string. Correct it there.",
        ),
        ({"name": 5}, "f: name is '5': expected `str`, got `int`. Correct it there."),
        ({}, "f: lacks 'name'. Add it."),
        (
            {"name": "x", "named": {1: {}}},
            "f: named is '{1: {}}': expected `str`, got `int`. Correct it there.",
        ),
        ([], "f: is '[]': expected `object`, got `array`. Correct it there."),
        (None, "f: is empty. Say what it is."),
        (
            {"name": "x", "some": {"price": 1}},
            "f: some is '{'price': 1}': expected `array`, got `object`. Correct it there.",
        ),
    ],
)
def test_a_wrong_document_is_answered_with_one_sentence(document: object, sentence: str) -> None:
    with pytest.raises(ToolkitError) as caught:
        declared(document, Outer, "f")
    assert str(caught.value) == sentence
