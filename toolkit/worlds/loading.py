"""Loading a world: its file's catalog, its tenant's rules, and the history of its customers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec
from msgspec.structs import replace

from toolkit import content
from toolkit.billing.accounts import PaymentTerm
from toolkit.billing.rules import BillingRules
from toolkit.billing.taxcodes import TaxCode
from toolkit.errors import ToolkitError, did_you_mean
from toolkit.worlds import catalogs
from toolkit.worlds.customers import Accounts, Customer, happen, history
from toolkit.worlds.declared import declared
from toolkit.worlds.making import Workbench
from toolkit.zuora import agenda
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.countries import country_name
from toolkit.zuora.custom_fields import OBJECTS, Declared
from toolkit.zuora.state.world import World, empty


class Rules(BillingRules, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tenant's billing rules, as far as they differ from the defaults."""


class WorldFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of fixtures/worlds.

    Attributes:
        start: The world's first day: its clock stands at midnight.
        zone: The tenant's time zone.
        payment_terms: Terms of the tenant's own beside the named ones of every tenant.
        catalog: A file of fixtures/catalogs.
        custom_fields: Those of each object, such as Account; one that is named takes no others.
        tax_codes: By name; with any, taxable charges of the catalog should name one of them.
    """

    start: date = date(2026, 1, 1)
    zone: str = "America/Los_Angeles"
    rules: Rules = Rules()
    payment_terms: Mapping[str, PaymentTerm] = {}
    catalog: str | None = None
    tax_codes: Mapping[str, TaxCode] = {}
    custom_fields: Declared = {}
    customers: tuple[Customer, ...] = ()


NOON = time(12)
"""When a day's history happens: after the night's automatic renewals."""


def names() -> tuple[str, ...]:
    """List the worlds that there are, in alphabetical order."""
    return content.names("fixtures", "worlds")


def load(name: str, seed: str = "toolkit") -> World:
    """Return a world by its file's name; the same process gets the same value.

    Args:
        name: For example `gitlab-self-managed`.
        seed: From which every id, and every choice that the file leaves open, follows.

    Raises:
        ToolkitError: There is no such world, or its file, or that of its catalog, is wrong.
    """
    return _built(content.find("fixtures", "worlds", name), seed)


@cache
def _built(path: Path, seed: str) -> World:
    said = declared(content.read_yaml(path), WorldFile, str(path))
    for name in said.custom_fields:
        if name not in OBJECTS:
            problem = f"{path}: custom_fields: there are none of '{name}'."
            raise ToolkitError(problem, did_you_mean(name, OBJECTS))
    events = history(said.customers, said.start)
    first = events[0].day if events else said.start
    world = replace(
        empty(seed, min(first, said.start), _zone(said.zone, path)),
        rules=msgspec.convert(said.rules, BillingRules, from_attributes=True),
        tax_codes={name: _in_full(code) for name, code in said.tax_codes.items()},
        payment_terms=said.payment_terms,
        custom_fields=said.custom_fields,
    )
    if said.catalog is not None:
        bench = Workbench(world)
        with _at_place(f"{path}: {said.catalog}"):
            catalogs.stock(bench, catalogs.read(content.find("fixtures", "catalogs", said.catalog)))
        world = bench.world
        _check_tax_codes(world, path)
    accounts: Accounts = {}
    end = _at(said.start, time.min, world)
    for event in events:
        if event.day > said.start:
            raise ToolkitError(
                f"{path}: {event.place} is on {event.day}, after the world's start on {said.start}.",
                "A world's history lies before its start.",
            )
        bench = Workbench(agenda.advance(world, min(_at(event.day, NOON, world), end)))
        with _at_place(f"{path}: {event.place}"):
            happen(event, bench, accounts)
        world = bench.world
    return agenda.advance(world, end)


@contextmanager
def _at_place(place: str) -> Iterator[None]:
    """Say of what goes wrong where it did."""
    try:
        yield
    except ToolkitError as error:
        raise ToolkitError(f"{place}: {error.problem}", error.remedy) from error
    except Refusal as refusal:
        raise ToolkitError(f"{place}: {refusal.message}") from refusal


def _in_full(code: TaxCode) -> TaxCode:
    """Return a tax code with the countries of its rates named as contacts name theirs."""
    return replace(
        code, rates=tuple(replace(rate, country=country_name(rate.country)) for rate in code.rates)
    )


def _check_tax_codes(world: World, path: Path) -> None:
    plans = sorted(world.plans.latest(), key=lambda plan: plan.number) if world.tax_codes else []
    for plan in plans:
        for charge in plan.charges:
            if charge.terms.taxable and charge.terms.tax_code not in world.tax_codes:
                raise ToolkitError(
                    f"{path}: the world has no tax code '{charge.terms.tax_code}', which the charge "
                    f"'{charge.terms.name}' names.",
                    did_you_mean(str(charge.terms.tax_code), world.tax_codes),
                )


def _zone(name: str, path: Path) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ToolkitError(
            f"{path}: zone cannot be '{name}'.", did_you_mean(name, available_timezones())
        ) from error


def _at(day: date, hour: time, world: World) -> datetime:
    return datetime.combine(day, hour, world.zone)
