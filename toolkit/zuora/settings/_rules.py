"""Rules as settings: which field of Zuora's stands for which of the billing rules, and by which values."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.billing.rules import BillingRules
from toolkit.zuora.settings._schema import FLAG, Schema, fields, one_of
from toolkit.zuora.settings._setting import Answer, Asked, check_fixed


class Rule(NamedTuple):
    """A field of Zuora's: the attribute of the billing rules, and its value for each of Zuora's words.

    Without words the field is a boolean like the attribute.
    """

    ours: str
    words: Mapping[str, object] = {}

    @property
    def schema(self) -> Schema:
        """What the field may be."""
        return one_of(self.words) if self.words else FLAG

    def shown(self, rules: BillingRules) -> object:
        """Return the value as Zuora writes it."""
        value = getattr(rules, self.ours)
        return next((word for word, meant in self.words.items() if meant == value), value)

    def meant(self, said: Any) -> object:  # noqa: ANN401 - a boolean or a text
        """Return the value as the billing rules have it."""
        return self.words[said] if self.words else said


class RuleBook(NamedTuple):
    """The fields of a setting: those that change the billing rules, and those that cannot be changed."""

    simulated: Mapping[str, Rule]
    fixed: Mapping[str, object]
    schemas: Mapping[str, Schema]

    @property
    def schema(self) -> Schema:
        """What the setting may be."""
        known = {name: rule.schema for name, rule in self.simulated.items()}
        return fields({**known, **self.schemas})

    def values(self, rules: BillingRules) -> dict[str, object]:
        """Return every field as Zuora writes it."""
        return {**{name: rule.shown(rules) for name, rule in self.simulated.items()}, **self.fixed}

    def show(self, asked: Asked) -> Answer:
        """Show every field."""
        return Answer(self.values(asked.world.rules))

    def change(self, asked: Asked) -> Answer:
        """Change the fields that are said; the others stay. Source: an assumption.

        Raises:
            Refusal: One of them cannot be changed.
            InvalidValueError: The rules exclude one another.
        """
        check_fixed(asked.said, self.fixed)
        changes = {
            self.simulated[name].ours: self.simulated[name].meant(value)
            for name, value in asked.said.items()
            if name in self.simulated
        }
        world = replace(asked.world, rules=replace(asked.world.rules, **changes))
        return Answer(self.values(world.rules), world)
