"""What a file of the SETTINGS room offers: settings, each with the operations that read and change it."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.settings._schema import Schema
from toolkit.zuora.state.world import World


class Document(Body, frozen=True):
    """The JSON of a setting, which its schema judges.

    Attributes:
        lacking: What of it is not simulated: any value but the one that a reading shows is refused by name.
    """

    listed = "document"
    unbounded = frozenset({"document"})

    document: Any


class Asked(NamedTuple):
    """One request for a setting: by these placeholders of the path, with this JSON and these parameters."""

    world: World
    path: Mapping[str, str] = {}
    said: Any = None
    query: Mapping[str, str] = {}


class Answer(NamedTuple):
    """What is answered; `world` is None where nothing changed, `body` None where the answer is empty."""

    body: object
    world: World | None = None


class Operation(NamedTuple):
    """One operation of a setting.

    Attributes:
        method: In upper case.
        answer: Raises Refusal or BillingError to refuse.
        takes: The schema of its body; None for an operation without one.
        gives: The schema of its answer, where one is documented.
        body: The type whose `lacking` fields are the gaps of this operation.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    answer: Callable[[Asked], Answer]
    takes: Schema | None = None
    gives: Schema | None = None
    body: type[Document] = Document


class Setting(NamedTuple):
    """A setting, as GET /settings/listing describes it.

    Attributes:
        key: Such as BillingRules.
        description: As the user interface names it.
        path: Behind /settings, with placeholders.
        operations: What can be done with it.
        parameters: What the placeholders mean, by name.
    """

    key: str
    description: str
    path: str
    operations: tuple[Operation, ...]
    parameters: Mapping[str, str] = {}


def missing(what: str, key: str) -> Refusal:
    """Return the refusal of an id that nothing has. Source of the sentence: an assumption."""
    return Refusal(Category.NOT_FOUND, f"{what} '{key}' is not found.", status=404)


def check_fixed(said: Mapping[str, Any], fixed: Mapping[str, object]) -> None:
    """Refuse to change what the simulator cannot do otherwise.

    Raises:
        Refusal: A value is another than the one that holds.
    """
    for name, value in fixed.items():
        if name in said and said[name] != value:
            raise Refusal(
                Category.RULE, f"'{name}' is not simulated yet: it cannot be {said[name]}, only {value}."
            )
