"""Worlds load by name, hold together, and say what is wrong with a file."""

from datetime import date
from pathlib import Path

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.state.world import World, empty


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder fixtures/worlds of a project of one's own."""
    folder = tmp_path / "fixtures/worlds"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def world() -> World:
    return worlds.load("gitlab-self-managed")


def test_the_shipped_worlds_are_listed() -> None:
    assert {"empty", "gitlab-self-managed"} <= set(worlds.names())


def test_every_shipped_world_loads() -> None:
    assert all(worlds.load(name) for name in worlds.names())


def test_the_empty_world_is_empty() -> None:
    assert worlds.load("empty") == empty()


def test_a_world_is_loaded_once_a_process(world: World) -> None:
    assert worlds.load("gitlab-self-managed") is world


def test_another_seed_gives_other_ids_and_the_same_numbers(world: World) -> None:
    other = worlds.load("gitlab-self-managed", seed="other")
    assert set(other.accounts.rows).isdisjoint(world.accounts.rows)
    assert set(other.accounts.ids) == set(world.accounts.ids)


def test_the_clock_stands_at_the_first_midnight_of_2026_in_california(world: World) -> None:
    assert world.now.isoformat() == "2026-01-01T00:00:00-08:00"


def test_numbers_follow_the_calendar(world: World) -> None:
    rows = sorted(world.accounts.latest(), key=lambda row: row.number)
    assert [row.created.date() for row in rows] == [
        date(2025, 3, 1),
        date(2025, 9, 15),
        date(2025, 11, 3),
        date(2025, 12, 12),
    ]


def test_what_was_due_is_billed_and_all_but_one_invoice_is_paid(world: World) -> None:
    by_name = {account.name: account for account in world.accounts.latest()}
    owed = {
        name: [(int(invoice.amount), int(invoice.balance)) for invoice in world.invoices.of(account.id)]
        for name, account in by_name.items()
    }
    assert owed == {
        "Tanuki Freight": [(25 * 348, 0)],
        "Heron Analytics": [(100 * 1188, 0)],
        "Larch Textiles": [(10 * (348 + 228), 10 * (348 + 228))],
        "Fjord Games": [],
    }


def test_every_reference_leads_somewhere(world: World) -> None:
    for account in world.accounts.latest():
        assert world.contacts.find(account.bill_to_id or "").account_id == account.id
    for subscription in world.subscriptions.latest():
        assert world.orders.find(subscription.order_number or "").account_id == subscription.account_id
    for payment in world.payments.latest():
        assert [world.invoices.find(part.document_id).balance for part in payment.parts] == [0]


def test_automatic_renewals_happen_while_history_passes(project: Path) -> None:
    (project / "ours.yaml").write_text(
        "catalog: gitlab\ncustomers:\n"
        "- subscriptions: [{plans: {Premium - 1 Year: 5}, start: 2024-06-01, auto_renew: true}]\n"
        "  invoices: [{date: 2024-06-01}, {date: 2025-06-01}]\n"
    )
    ours = worlds.load("ours")
    (subscription,) = ours.subscriptions.latest()
    assert (subscription.version, subscription.term_end) == (2, date(2026, 6, 1))
    assert [invoice.amount for invoice in ours.invoices.latest()] == [5 * 348] * 2


def test_the_tenants_rules_and_zone_may_differ(project: Path) -> None:
    (project / "ours.yaml").write_text(
        "zone: Europe/Dublin\nrules: {month_proration: strict_30_360}\n"
        "payment_terms: {Mid-month: {kind: prox, cutoff_day: 20, months: 1, due_day: 15}}\n"
    )
    ours = worlds.load("ours")
    assert ours.payment_terms["Mid-month"].due(date(2026, 1, 21)) == date(2026, 3, 15)
    assert (ours.zone.key, ours.rules.month_proration) == ("Europe/Dublin", "strict_30_360")
    assert ours.now.isoformat() == "2026-01-01T00:00:00+00:00"


def test_an_account_may_be_open_before_its_first_purchase(project: Path) -> None:
    (project / "ours.yaml").write_text("customers: [{since: 2025-05-05, account: {name: Early}}, {}]\n")
    opened = sorted(account.created.date() for account in worlds.load("ours").accounts.latest())
    assert opened == [date(2025, 5, 5), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("katalog: gitlab", "has no 'katalog'. Did you mean 'catalog'?"),
        ("catalog: gitlap", "There is no 'gitlap' in fixtures/catalogs. Did you mean 'gitlab'?"),
        ("start: soon", "start is 'soon': invalid RFC3339 encoded date. Correct it there."),
        ("zone: Europe/Dubblin", "zone cannot be 'Europe/Dubblin'. Did you mean 'Europe/Dublin'?"),
        ("zone: ../etc", "zone cannot be '../etc'."),
        ("rules: {rounding: HALF}", "rules.rounding cannot be 'HALF'. Did you mean 'HALF_UP'?"),
        ("rules: {prorate_partial_period: false}", "Partial months cannot be billed where partial periods"),
        ("rules: {round: UP}", "rules has no 'round'. Did you mean 'rounding'?"),
        ("customers: [{account: {nmae: X}}]", "customers[0]: The account factory knows no 'nmae'."),
        ("customers: [{since: 2026-02-01}, {since: 2025-02-01, seats: 1}]", "customers[1] has no 'seats'."),
        ("customers: [{since: 2026-01-02}]", "customers[0] is on 2026-01-02, after the world's start"),
        ("customers: [{invoices: [{date: 2027-01-01}]}]", "customers[0].invoices[0] is on 2027-01-01, after"),
        (
            "{catalog: gitlab, customers: [{subscriptions: [{plans: {Premum: 5}, start: 2025-06-01}]}]}",
            "customers[0].subscriptions[0]: The catalog has no rate plan 'Premum'.",
        ),
        (
            "customers: [{subscriptions: [{plans: {P: many}, start: 2025-06-01}]}]",
            "customers[0].subscriptions[0].plans.P is 'many': invalid decimal string.",
        ),
        ("customers: [{invoices: [{date: 2025-01-01}]}]", "customers[0].invoices[0]: There is no invoice to"),
    ],
)
def test_a_wrong_world_is_answered_with_one_sentence(project: Path, text: str, sentence: str) -> None:
    (project / "ours.yaml").write_text(text)
    with pytest.raises(ToolkitError) as caught:
        worlds.load("ours")
    assert sentence in str(caught.value)


def test_a_wrong_part_is_named_with_its_file(project: Path) -> None:
    (project / "ours.yaml").write_text("customers: [{account: {nmae: X}}]")
    with pytest.raises(
        ToolkitError, match=r"fixtures/worlds/ours\.yaml: customers\[0\]: The account factory"
    ):
        worlds.load("ours")


def test_an_unknown_world_is_named_with_the_likely_one() -> None:
    with pytest.raises(
        ToolkitError, match="There is no 'gitlab-self-manged' in fixtures/worlds. Did you mean"
    ):
        worlds.load("gitlab-self-manged")


def test_a_file_declares_custom_fields(project: Path) -> None:
    """An account of the file has to follow them, and one that a client opens."""
    field = "{Region__c: {type: picklist, values: [EMEA, AMER], required: true}}"
    (project / "regions.yaml").write_text(f"custom_fields: {{Account: {field}}}\n")
    ours = worlds.load("regions")
    assert ours.custom_fields["Account"]["Region__c"].values == ("EMEA", "AMER")
    (project / "needy.yaml").write_text(
        f"custom_fields: {{Account: {field}}}\ncustomers: [{{since: 2025-12-01}}]\n"
    )
    with pytest.raises(ToolkitError, match="'Region__c' may not be null"):
        worlds.load("needy")


def test_tax_codes_name_countries_as_contacts_do(project: Path) -> None:
    rate = "{country: IE, taxes: [{name: VAT, rate: 0.23}]}"
    (project / "irish.yaml").write_text(f"tax_codes: {{VAT: {{rates: [{rate}]}}}}\n")
    assert worlds.load("irish").tax_codes["VAT"].rates[0].country == "Ireland"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("tax_codes: {VAT: {rates: [{taxes: [{name: VAT, rate: 23}]}]}}", "a fraction such as 0.2, not 23"),
        ("custom_fields: {Acount: {}}", "there are none of 'Acount'.*Account"),
        ("tax_codes: {VAT: {rates: [{taxes: [{name: VAT, rate: -1}]}]}}", "a fraction such as 0.2, not -1"),
        ("tax_codes: {VAT: {rates: [{contry: IE, taxes: []}]}}", "tax_codes.VAT.rates.*has no 'contry'"),
        (
            "catalog: taxed\ntax_codes: {Digital service: {rates: []}}",
            "the world has no tax code 'Digital services', which the charge 'Net' names",
        ),
    ],
)
def test_wrong_tax_codes_are_told(project: Path, content: str, message: str) -> None:
    (project / "wrong.yaml").write_text(content)
    with pytest.raises(ToolkitError, match=message):
        worlds.load("wrong")


def test_the_history_of_a_world_is_taxed(project: Path) -> None:
    (project / "taxed-sale.yaml").write_text(
        "catalog: taxed\n"
        "tax_codes: {Digital services: {rates: [{taxes: [{name: VAT, rate: 0.2}]}]}}\n"
        "customers:\n"
        "  - subscriptions: [{plans: {Net: 1}, start: 2025-06-01}]\n"
        "    invoices: [{date: 2025-06-01}]\n"
    )
    (invoice,) = worlds.load("taxed-sale").invoices.latest()
    assert [invoice.amount, invoice.tax_amount, invoice.paid] == [120, 20, 120]
