"""The world: one tenant's whole state as an immutable value, with its clock and its ids."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account, Contact, ContactSnapshot, PaymentTerm
from toolkit.billing.amendments import Amendment
from toolkit.billing.authorizations import Authorization
from toolkit.billing.billruns import BillRun
from toolkit.billing.catalog import Product, ProductRatePlan
from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.gateways import Gateway
from toolkit.billing.inquiries import Inquiry
from toolkit.billing.invoices import Invoice
from toolkit.billing.lineitems import LineItem
from toolkit.billing.orders import Order
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.paymentruns import PaymentRun
from toolkit.billing.payments import Payment
from toolkit.billing.paymentschedules import PaymentItem, PaymentSchedule
from toolkit.billing.ramps import Ramp
from toolkit.billing.refunds import Refund
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.schedules import InvoiceSchedule
from toolkit.billing.splitting import InvoiceSplit
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.taxcodes import TaxCode
from toolkit.billing.usage import Usage
from toolkit.zuora.calls.idempotency import KeptAnswer
from toolkit.zuora.custom_fields import Declared, checked
from toolkit.zuora.dues import DUES, day_of, due
from toolkit.zuora.files.filed import BillingFile, Packing
from toolkit.zuora.messages.callout import Callout, Fault, Waiting
from toolkit.zuora.messages.mails import EmailTemplate, Erasure, Mail
from toolkit.zuora.messages.notifications import CalloutSettings, Notification, Trigger
from toolkit.zuora.payments.hostedpages import HostedPage
from toolkit.zuora.runs.exports import ExportFile, ExportJob
from toolkit.zuora.runs.forecasts import PreviewRun
from toolkit.zuora.runs.imports import Import
from toolkit.zuora.runs.jobs import Job
from toolkit.zuora.state.maps import Map
from toolkit.zuora.state.numbering import NUMBERS
from toolkit.zuora.state.tables import HEAD, Record, Table

_PACIFIC = ZoneInfo("America/Los_Angeles")


def fixed(moment: datetime) -> datetime:
    """Return a moment of some time zone with its offset from UTC in place of that zone.

    So a record keeps it: with a zone, Python takes the two passes of an hour that comes twice a year for one,
    and neither equals what an archive brings back. Source: PEP 495.
    """
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)


_GATEWAYS = Table[Gateway]().add(
    Gateway(id=HEAD + 28 * "0", number="PG-00000000", name="Test Gateway", kind="Stripe", default=True)
)
"""The gateway that a tenant begins with. Source: an assumption; GitLab's is Stripe."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant's state; a fork is the same value in another place, so it costs nothing.

    Attributes:
        seed: From which every id follows.
        now: The tenant's clock, which stands still until it is moved, with its offset from UTC.
        zone: The tenant's time zone, in which dates roll over; Pacific is GitLab's.
        payment_terms: Terms of the tenant's own, by name, beside those of every tenant.
        tax_codes: By name; without any nothing is taxed.
        custom_fields: Those that the tenant declares, by object and name.
        serial: How many ids were given out.
        numbers: How many numbers of each kind were given out.
        tokens: Expiry of each access token.
        answers: What requests with an Idempotency-Key were answered.
        outbox: The callouts that are still to be sent, by number.
        mailbag: The mails that no mail server has been given yet: the id of each by its number.
        callout_faults: What is to go wrong with callouts that are yet to come.
        changed: The table and number of each record that was put since events were last looked for; where
            there is no notification none is noted.
    """

    seed: str = "toolkit"
    now: datetime = fixed(datetime(2026, 1, 1, tzinfo=_PACIFIC))
    zone: ZoneInfo = _PACIFIC
    rules: BillingRules = DEFAULT_RULES
    payment_terms: Mapping[str, PaymentTerm] = {}
    tax_codes: Mapping[str, TaxCode] = {}
    custom_fields: Declared = {}
    serial: int = 0
    numbers: Mapping[str, int] = {}
    tokens: Map[str, datetime] = Map()
    answers: Map[str, KeptAnswer] = Map()
    products: Table[Product] = Table()
    plans: Table[ProductRatePlan] = Table()
    accounts: Table[Account] = Table()
    contacts: Table[Contact] = Table()
    contact_snapshots: Table[ContactSnapshot] = Table()
    payment_methods: Table[PaymentMethod] = Table()
    authorizations: Table[Authorization] = Table()
    hosted_pages: Table[HostedPage] = Table()
    orders: Table[Order] = Table()
    subscriptions: Table[Subscription] = Table()
    amendments: Table[Amendment] = Table()
    bill_runs: Table[BillRun] = Table()
    invoices: Table[Invoice] = Table()
    invoice_splits: Table[InvoiceSplit] = Table()
    credit_memos: Table[CreditMemo] = Table()
    debit_memos: Table[DebitMemo] = Table()
    payments: Table[Payment] = Table()
    refunds: Table[Refund] = Table()
    inquiries: Table[Inquiry] = Table()
    payment_runs: Table[PaymentRun] = Table()
    payment_schedules: Table[PaymentSchedule] = Table()
    payment_schedule_items: Table[PaymentItem] = Table()
    gateways: Table[Gateway] = _GATEWAYS
    usages: Table[Usage] = Table()
    imports: Table[Import] = Table()
    jobs: Table[Job] = Table()
    export_jobs: Table[ExportJob] = Table()
    export_files: Table[ExportFile] = Table()
    preview_runs: Table[PreviewRun] = Table()
    billing_files: Table[BillingFile] = Table()
    packings: Table[Packing] = Table()
    ramps: Table[Ramp] = Table()
    order_line_items: Table[LineItem] = Table()
    invoice_schedules: Table[InvoiceSchedule] = Table()
    notifications: Table[Notification] = Table()
    triggers: Table[Trigger] = Table()
    callouts: Table[Callout] = Table()
    outbox: Map[str, Waiting] = Map()
    email_templates: Table[EmailTemplate] = Table()
    mails: Table[Mail] = Table()
    mailbag: Map[str, str] = Map()
    erasures: Table[Erasure] = Table()
    callout_settings: CalloutSettings = CalloutSettings()
    callout_faults: tuple[Fault, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()

    @property
    def today(self) -> date:
        """The date in the tenant's time zone."""
        return self.now.date()

    def at(self, instant: datetime) -> "World":
        """Return the world with its clock at `instant`, in the tenant's time zone."""
        return replace(self, now=fixed(instant.astimezone(self.zone)))

    def plan(self, key: str) -> tuple[Product, ProductRatePlan]:
        """Return a product rate plan and its product.

        Raises:
            NotFoundError: There is no such plan.
        """
        plan = self.plans.find(key)
        return self.products.find(plan.product_id), plan


_TABLES: dict[type, tuple[str, tuple[str, ...]]] = {
    Product: ("products", ()),
    ProductRatePlan: ("plans", ("product_id", "part_ids")),
    Account: ("accounts", ("parent_id", "crm_id")),
    Contact: ("contacts", ("account_id",)),
    ContactSnapshot: ("contact_snapshots", ("contact_id",)),
    PaymentMethod: ("payment_methods", ("account_id",)),
    Authorization: ("authorizations", ("payment_method_id",)),
    HostedPage: ("hosted_pages", ()),
    Order: ("orders", ("account_id", "subscription_numbers")),
    Subscription: ("subscriptions", ("account_id", "invoice_owner_id")),
    Amendment: ("amendments", ("subscription_number", "order_number", "former_owner_ids")),
    BillRun: ("bill_runs", ("account_ids",)),
    Invoice: ("invoices", ("account_id", "part_ids")),
    InvoiceSplit: ("invoice_splits", ("part_ids", "invoice_ids")),
    CreditMemo: ("credit_memos", ("account_id", "part_ids")),
    DebitMemo: ("debit_memos", ("account_id", "part_ids")),
    Payment: ("payments", ("account_id", "payment_method_id", "part_ids")),
    Refund: ("refunds", ("account_id", "payment_method_id")),
    Inquiry: ("inquiries", ("account_id",)),
    PaymentRun: ("payment_runs", ()),
    PaymentSchedule: ("payment_schedules", ("account_id",)),
    PaymentItem: ("payment_schedule_items", ("schedule_id", "account_id")),
    Gateway: ("gateways", ()),
    Usage: ("usages", ("account_id",)),
    Import: ("imports", ()),
    Job: ("jobs", ()),
    ExportJob: ("export_jobs", ("caller",)),
    ExportFile: ("export_files", ()),
    PreviewRun: ("preview_runs", ()),
    BillingFile: ("billing_files", ("document_id",)),
    Packing: ("packings", ()),
    Ramp: ("ramps", ()),
    LineItem: ("order_line_items", ("account_id", "order_number")),
    InvoiceSchedule: ("invoice_schedules", ("account_id",)),
    Notification: ("notifications", ()),
    Trigger: ("triggers", ()),
    Callout: ("callouts", ("account_id",)),
    EmailTemplate: ("email_templates", ()),
    Mail: ("mails", ("account_id", "object_id")),
    Erasure: ("erasures", ()),
}
"""The table of each kind of record, and which of its fields name its owners or its parts."""


class Change:
    """A working copy of a world: records are put into it, ids and numbers drawn from it.

    Nothing is changed until somebody keeps `world`; a change that is dropped leaves no trace.

    Attributes:
        before: The world that it began with.
        touched: The table and number of each record that was put or dropped.
        mailbag: The mails that are still to be sent, as in the world.
    """

    def __init__(self, world: World) -> None:
        self.before = world
        self.mailbag = world.mailbag
        self._tables: dict[str, Table[Any]] = {}
        self._serial = world.serial
        self._numbers = dict(world.numbers)
        self.touched: list[tuple[str, str]] = []

    def forget(self) -> None:
        """Begin again: drop whatever was put, and take back the ids and numbers that were given out."""
        self._tables, self.touched = {}, []
        self._serial, self._numbers = self.before.serial, dict(self.before.numbers)
        self.mailbag = self.before.mailbag

    def id(self) -> str:
        """Return a new id of 32 lower-case hexadecimal digits; the same seed gives the same ids."""
        self._serial += 1
        digits = _keyed(self.before.seed).copy()
        digits.update(b"%d" % self._serial)
        return HEAD + digits.hexdigest()

    def number(self, kind: str) -> str:
        """Return the next number of this kind that nothing has, such as A00000001 for an account."""
        template, table = NUMBERS[kind]
        while True:
            self._numbers[kind] = count = self._numbers.get(kind, 0) + 1
            number = template.format(count)
            if table is None or number not in self.table(table).ids:
                return number

    @property
    def tax_codes(self) -> Mapping[str, TaxCode]:
        """The tenant's tax codes by name."""
        return self.before.tax_codes

    def put(self, row: Record) -> None:
        """Add a record to its table, or replace it there.

        Raises:
            Refusal: The tenant does not declare one of its custom fields, or requires one that it lacks.
            InvalidValueError: The value of a custom field is none that it may have.
        """
        name, fields = _TABLES[type(row)]
        if self.before.custom_fields:
            row = self._with_custom_fields(name, row)
        number, table = row.number, self.table(name)
        identity = table.ids.get(number)
        former: Record | None = None
        if identity is None:
            table = table.add(row, _owners(row, fields))
        else:
            former = table.rows[identity]
            if any(getattr(former, field) != getattr(row, field) for field in fields):
                table = table.move(number, _owners(former, fields), _owners(row, fields))
            table = table.put(row)
        self._tables[name] = self._planned(table, former, row) if type(row) in DUES else table
        self.touched.append((name, number))

    def _planned(self, table: Table[Any], former: Record | None, row: Record | None) -> Table[Any]:
        zone, named = self.before.zone, row or former
        before, after = due(former, zone), due(row, zone)
        if before == after or named is None:
            return table
        return table.plan(named.number, day_of(before, zone), day_of(after, zone))

    def _with_custom_fields(self, table: str, row: Record) -> Record:
        known: Table[Any] = getattr(self.before, table)
        former = known.get(row.id) or known.get(row.number)
        return checked(row, former, self.before.custom_fields)

    def drop(self, row: Record) -> None:
        """Take a record out of its table, and its number with it if it is the latest of that number."""
        name, fields = _TABLES[type(row)]
        table = self.table(name)
        if type(row) in DUES and table.ids.get(row.number) == row.id:
            table = self._planned(table, table.rows[row.id], None)
        self._tables[name] = table.drop(row, *_owners(row, fields))
        self.touched.append((name, row.number))

    def table(self, name: str) -> Table[Any]:
        """Return a table as this change leaves it."""
        found = self._tables.get(name)
        return getattr(self.before, name) if found is None else found

    @property
    def world(self) -> World:
        """The world with everything that was put."""
        world = self.before
        noted: dict[str, Any] = self._tables
        if world.notifications.rows:
            noted = {**noted, "changed": (*world.changed, *self.touched)}
        if self.mailbag is not world.mailbag:
            noted = {**noted, "mailbag": self.mailbag}
        return replace(world, serial=self._serial, numbers=self._numbers, **noted)


@cache
def _keyed(seed: str) -> blake2b:
    """Return the hash of nothing under a seed; to copy it takes less time than to make it."""
    return blake2b(key=seed.encode()[:64], digest_size=14)


def _owners(row: Record, fields: Iterable[str]) -> list[str]:
    owners: list[str] = []
    for field in fields:
        value = getattr(row, field)
        if isinstance(value, str):
            owners.append(value)
        elif value:
            owners.extend(value)
    return owners


def empty(seed: str = "toolkit", start: date = date(2026, 1, 1), zone: ZoneInfo = _PACIFIC) -> World:
    """Return a tenant without a single record, at midnight of `start` in its time zone."""
    return starting(World(seed=seed, zone=zone), start)


def starting(world: World, day: date) -> World:
    """Return the world with its clock at midnight of `day` in the tenant's time zone."""
    return world.at(datetime.combine(day, datetime.min.time(), world.zone))
