"""Room FACTORY: one file an entity, each offering a factory_boy factory."""

from collections.abc import Mapping
from datetime import date, datetime
from random import Random
from typing import Any, Protocol

from toolkit.billing.catalog import Product, ProductRatePlan
from toolkit.billing.orders import Names
from toolkit.billing.rules import BillingRules
from toolkit.billing.taxcodes import TaxCode


class Bench(Names, Protocol):
    """Where records are made: the tenant that they are made for, and chance for what nobody asked for.

    Everything that a factory draws comes from here, so equal benches give equal records.
    """

    @property
    def now(self) -> datetime:
        """The tenant's clock."""

    @property
    def today(self) -> date:
        """The tenant's date."""

    @property
    def rules(self) -> BillingRules:
        """The tenant's billing rules."""

    @property
    def tax_codes(self) -> Mapping[str, TaxCode]:
        """The tenant's tax codes by name."""

    @property
    def chance(self) -> Random:
        """The generator behind every choice."""

    def put(self, row: Any) -> None:  # noqa: ANN401 - any kind of record
        """Add a record to the tenant, or replace it there."""

    def table(self, name: str) -> Any:  # noqa: ANN401 - a table of any kind of record
        """Return a table of the tenant, which has `find`, `of` and `latest`."""

    def find_plan(self, key: str) -> tuple[Product, ProductRatePlan]:
        """Return a product rate plan and its product by the plan's id, number or name."""
