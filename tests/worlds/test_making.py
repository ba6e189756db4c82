"""Records are made by name, and what cannot be made is said in one sentence."""

import random

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.state.world import empty


def test_an_unknown_entity_is_named_with_the_likely_one() -> None:
    with pytest.raises(ToolkitError, match="There is no factory for 'acount'. Did you mean 'account'?"):
        worlds.make(empty(), "acount")


def test_an_unknown_field_is_named_with_the_likely_one() -> None:
    with pytest.raises(ToolkitError, match="The account factory knows no 'nmae'. Did you mean 'name'?"):
        worlds.make(empty(), "account", nmae="Heron")


def test_an_unknown_field_of_a_part_is_named() -> None:
    with pytest.raises(ToolkitError, match="The account factory knows no 'contacts__city'. Did you mean 'c"):
        worlds.make(empty(), "account", contacts__city="Bremen")


def test_an_unknown_field_within_a_part_is_named() -> None:
    with pytest.raises(ToolkitError, match="The factory of Contact knows no 'ctiy'. Did you mean 'city'?"):
        worlds.make(empty(), "account", contact__ctiy="Bremen")


def test_a_value_of_a_wrong_type_is_refused() -> None:
    with pytest.raises(
        ToolkitError, match="The account cannot be made: Expected `str`, got `int` - at `\\$.c"
    ):
        worlds.make(empty(), "account", currency=5)


@pytest.mark.parametrize(
    ("entity", "fields", "sentence"),
    [
        (
            "subscription",
            {"seats": "many"},
            "Invalid decimal string - at `$.rate_plans[0].overrides[0].quanti",
        ),
        (
            "subscription",
            {"start": "soon"},
            "Invalid RFC3339 encoded date - at `$.triggers.contract_effective",
        ),
        ("subscription", {"months": "few"}, "Expected `int`, got `str` - at `$.initial_term.length`."),
        ("subscription", {"account": "A1"}, "Cannot find entity by key: 'A1'."),
        ("product_charge", {"price": "dear"}, "Invalid decimal string - at `$.pricing[...].price`."),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    entity: str, fields: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ToolkitError) as caught:
        worlds.make(empty(), entity, **fields)
    assert f"The {entity} cannot be made: {sentence}" in str(caught.value)


def test_an_account_may_be_given_by_its_number() -> None:
    account, world = worlds.make(empty(), "account")
    made, _ = worlds.make(world, "subscription", account="A00000001", start="2026-03-01", seats="5")
    assert (made.account_id, made.start.month) == (account.id, 3)


def test_texts_become_dates_and_amounts() -> None:
    product, _ = worlds.make(empty(), "product", effective_start="2026-02-03")
    assert product.effective_start.year == 2026


def test_chance_elsewhere_changes_nothing() -> None:
    random.seed(1)
    first = worlds.make(empty(), "account")
    random.seed(2)
    assert worlds.make(empty(), "account") == first


def test_making_draws_nothing_from_chance_elsewhere() -> None:
    random.seed(1)
    expected = random.random()  # noqa: S311 - no secret
    random.seed(1)
    worlds.make(empty(), "account")
    assert random.random() == expected  # noqa: S311 - no secret
