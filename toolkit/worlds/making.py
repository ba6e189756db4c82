"""Making records for a world by the factories, by name and with what is asked for checked."""

from functools import cache
from random import Random
from typing import Any

import msgspec
from factory.base import FactoryMetaClass

from toolkit.billing.catalog import Product, ProductRatePlan
from toolkit.billing.errors import BillingError
from toolkit.errors import ToolkitError, did_you_mean
from toolkit.rooms import furnish
from toolkit.zuora.state.world import Change, World


class Workbench(Change):
    """A working copy of a world in which factories make records (see `toolkit.factories.Bench`).

    Chance follows from the world's seed and from how many ids it has given out, so that equal worlds
    get equal records and nothing outside of a world is remembered.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.now = world.now
        self.today = world.today
        self.rules = world.rules
        self.chance = Random(f"{world.seed}:{world.serial}")  # noqa: S311 - no secret depends on it

    def find_plan(self, key: str) -> tuple[Product, ProductRatePlan]:
        """Return a product rate plan and its product by the plan's id, number or name.

        Raises:
            ToolkitError: There is no such plan.
        """
        plans = self.table("plans")
        plan = plans.get(key)
        if plan is None:
            named = {plan.name: plan for plan in plans.latest()}
            if key not in named:
                raise ToolkitError(f"The catalog has no rate plan '{key}'.", did_you_mean(key, named))
            plan = named[key]
        return self.table("products").find(plan.product_id), plan


_TABLES = {"account": "accounts", "invoice": "invoices", "product": "products"}
"""Where to look up what is given by its id or number."""


@cache
def factories() -> dict[str, Any]:
    """Furnish the room of factories, once a process."""
    return dict(furnish("toolkit.factories", "FACTORY", FactoryMetaClass))


def make_at(bench: Workbench, entity: str, fields: dict[str, Any]) -> Any:  # noqa: ANN401 - any record
    """Make a record and put it, with what it needs, into the bench's world; see `make`."""
    if entity not in factories():
        raise ToolkitError(f"There is no factory for '{entity}'.", did_you_mean(entity, factories()))
    factory = factories()[entity]
    for name in fields:
        if name.partition("__")[0] not in factory.fields():
            raise ToolkitError(
                f"The {entity} factory knows no '{name}'.", did_you_mean(name, factory.fields() - {"bench"})
            )
    try:
        found = {name: _looked_up(bench, name, said) for name, said in fields.items()}
        return factory.create(bench=bench, **found)
    except (BillingError, msgspec.ValidationError) as error:
        raise ToolkitError(f"The {entity} cannot be made: {str(error).rstrip('.')}.") from error


def _looked_up(bench: Workbench, name: str, said: object) -> object:
    return bench.table(_TABLES[name]).find(said) if name in _TABLES and isinstance(said, str) else said


def make(world: World, entity: str, **fields: Any) -> tuple[Any, World]:  # noqa: ANN401 - any record
    """Make a record with what it needs, such as an account with its contact.

    Args:
        world: Where it is made; it stays as it is.
        entity: The factory's file, such as `account` or `subscription`.
        fields: What is asked for; `contact__first_name="Ada"` reaches into what the record needs. An
            `account`, `invoice` or `product` may be given by its id or number.

    Returns:
        The record, and the world that holds it.

    Raises:
        ToolkitError: There is no such factory or field, or the domain refuses the record.
    """
    bench = Workbench(world)
    return make_at(bench, entity, fields), bench.world
