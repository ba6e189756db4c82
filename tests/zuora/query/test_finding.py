"""Finding by id, number or account: as many rows are looked at in a small tenant as in a large one."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import asdict, replace

from tests.zuora.query.conftest import crowd
from toolkit.zuora.query.grammar import read
from toolkit.zuora.query.kinds import Kind
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.query.selecting import select
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

SHARED = frozenset(
    {
        *("CreatedById", "UpdatedById", "PostedById"),
        *("ProductId", "ProductRatePlanId", "ProductRatePlanChargeId"),
        *("CommunicationProfileId", "InvoiceTemplateId", "TaxCode", "ProductCode"),
        *("ItemNumber", "LocationCode", "ReasonCode", "CountryCode", "PostalCode", "TaxCompanyCode"),
        *("GatewayResponseCode", "GatewayReasonCode", "TaxExemptEntityUseCode"),
    }
)
"""Fields whose values many rows share, as many as there are customers."""

UNINDEXED = {
    "Account": {"PurchaseOrderNumber", "VATId"},
    "CreditMemo": {"SourceId"},
    "CreditMemoItem": {"ChargeNumber"},
    "DebitMemoItem": {"AppliedToItemId", "ChargeNumber"},
    "Invoice": {"InvoiceGroupNumber", "SoldToContactId", "SourceId"},
    "InvoiceItem": {"ChargeNumber"},
    "OrderLineItem": {"PurchaseOrderNumber", "RelatedSubscriptionNumber"},
    "Payment": {"ReferenceId"},
    "PaymentMethod": {"CreditCardMaskNumber", "SecondTokenId", "TokenId"},
    "PaymentMethodSnapshot": {"CreditCardMaskNumber", "SecondTokenId", "TokenId"},
    "PaymentMethodTransactionLog": {"TransactionId"},
    "PaymentTransactionLog": {"TransactionId"},
    "RatePlan": {"SubscriptionRatePlanNumber"},
    "RatePlanCharge": {"ChargeNumber"},
    "Refund": {"SecondRefundReferenceId"},
    "Subscription": {"InvoiceGroupNumber"},
}
"""Fields that look at every row: nothing that is kept tells where their values are."""

CATALOG = frozenset({"Product", "ProductRatePlan", "ProductRatePlanCharge", "ProductRatePlanChargeTier"})
"""Objects that do not grow with the customers."""


def keys(kind: Kind) -> list[str]:
    """Return the fields that tell one row, or what an account has."""
    endings = ("Id", "Number", "Code")
    return [name for name in kind.fields if name in kind.finders or name.endswith(endings)]


FLAT = [
    (kind, name)
    for kind in KINDS.values()
    if kind.name not in CATALOG
    for name in keys(kind)
    if name not in SHARED | UNINDEXED.get(kind.name, set())
]


class Watched:
    """The rows of a table, which note whenever one is looked at."""

    def __init__(self, rows: Any) -> None:  # noqa: ANN401 - a persistent map
        self._rows = rows
        self.looked = 0

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - a record
        self.looked += 1
        return self._rows.get(key, default)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a record
        self.looked += 1
        return self._rows[key]

    def values(self) -> Iterator[Any]:
        for row in self._rows.values():
            self.looked += 1
            yield row


def looks(world: World, query: str) -> tuple[int, int]:
    """Return at how many rows a query looks, and how many it finds."""
    tables = {name: table for name, table in asdict(world).items() if isinstance(table, Table)}
    watched = {name: Watched(table.rows) for name, table in tables.items()}
    seen = replace(world, **{name: replace(table, rows=watched[name]) for name, table in tables.items()})
    found = select(seen, read(query, export=True))
    return sum(one.looked for one in watched.values()), len(found.rows)


@pytest.fixture(scope="module")
def larger(_traded: Tenant) -> World:
    """The tenant with six times as many customers."""
    return crowd(_traded, 5)


def values(kind: Kind, name: str, world: World) -> list[str]:
    read_field = kind.fields[name].read
    return sorted({read_field(world, row) for row in kind.rows(world)} - {None})


@pytest.mark.parametrize(("kind", "name"), FLAT, ids=lambda one: one if isinstance(one, str) else one.name)
def test_as_many_rows_are_looked_at_in_a_larger_tenant(
    traded: Tenant, larger: World, kind: Kind, name: str
) -> None:
    some = values(kind, name, traded.world)
    assert some
    for value in some:
        query = f"select Id from {kind.name} where {name} = '{value}'"  # noqa: S608 - this is no SQL
        at, found = looks(traded.world, query)
        assert found
        assert looks(larger, query) == (at, found)


def test_what_is_looked_through_is_known(traded: Tenant, larger: World) -> None:
    for kind in KINDS.values():
        for name in sorted(UNINDEXED.get(kind.name, ())):
            assert name not in kind.finders
            query = f"select Id from {kind.name} where {name} = 'nothing'"  # noqa: S608 - this is no SQL
            assert looks(traded.world, query)[0] < looks(larger, query)[0]


@pytest.mark.parametrize(
    "where",
    [
        "AccountId = '{0.id}' and Status = 'Posted'",
        "Status = 'Posted' and AccountId = '{0.id}'",
        "Status = 'Posted' and Amount > 0 and AccountId = '{0.id}' or InvoiceNumber = 'none'",
        "InvoiceNumber = 'none' or AccountId = '{0.id}' or Id = 'none'",
    ],
)
def test_one_key_among_the_conditions_is_enough(traded: Tenant, larger: World, where: str) -> None:
    account = next(one for one in traded.world.accounts.latest() if one.name == "Liffey Books")
    query = f"select Id from Invoice where {where.format(account)}"  # noqa: S608 - this is no SQL
    at, found = looks(traded.world, query)
    assert found
    assert looks(larger, query) == (at, found)


def test_former_versions_of_what_went_to_another_account_are_found_by_their_former_owner(
    traded: Tenant,
) -> None:
    """Source: Zuora, fields of the subscription: CreatorAccountId is the first owner."""
    world = traded.world
    former, latter = (
        next(one.id for one in world.accounts.latest() if one.name == name)
        for name in ("Bay Ferries", "Alpine Maps")
    )

    def versions(where: str) -> list[int]:
        found = select(world, read(f"select Id from Subscription where {where}"))  # noqa: S608 - no SQL
        return sorted(row.version for row in found.rows)

    assert versions(f"AccountId = '{former}'") == [1, 2, 3, 4]
    assert versions(f"InvoiceOwnerId = '{former}'") == [1, 2, 3]
    assert versions(f"AccountId = '{latter}'") == [5, 6]
    assert versions(f"InvoiceOwnerId = '{latter}'") == [4, 5, 6]
    assert versions(f"CreatorAccountId = '{former}'") == [1, 2, 3, 4, 5, 6]
    assert versions(f"CreatorInvoiceOwnerId = '{latter}'") == []
