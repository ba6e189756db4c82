"""What holds of a tenant whatever is asked of it, in whatever order."""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from toolkit import worlds
from toolkit.billing.audit import Books, billed_outside, billed_twice, misapplied, misbalanced, misstated
from toolkit.billing.catalog import ChargeTerms
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Request
from toolkit.zuora.documents.balances import balances
from toolkit.zuora.state import archive
from toolkit.zuora.state.journal import Journal
from toolkit.zuora.state.tables import Row, Table
from toolkit.zuora.state.world import World, empty
from toolkit.zuora.tenant import Tenant

HEADERS = {"apiaccesskeyid": "k", "apisecretaccesskey": "s", "content-type": "application/json"}
RECURRING: dict[str, Any] = {"type": "Recurring", "alignment": "AlignToCharge"}
PLANS = {
    "monthly": ChargeTerms(
        name="monthly",
        model="FlatFee",
        billing_period="Month",
        billing_day="ChargeTriggerDay",
        timing="IN_ADVANCE",
        **RECURRING,
    ),
    "quarterly": ChargeTerms(
        name="quarterly",
        model="PerUnit",
        billing_period="Quarter",
        billing_day="DefaultFromCustomer",
        timing="IN_ARREARS",
        **RECURRING,
    ),
    "annual": ChargeTerms(
        name="annual",
        model="PerUnit",
        billing_period="Annual",
        billing_day="SubscriptionStartDay",
        timing="IN_ADVANCE",
        **RECURRING,
    ),
    "discount": ChargeTerms(
        name="discount",
        model="DiscountPercentage",
        discount_level="subscription",
        apply_discount_to="ONETIMERECURRINGUSAGE",
        **RECURRING,
    ),
    "usage": ChargeTerms(
        name="usage",
        type="Usage",
        model="PerUnit",
        uom="GB",
        billing_period="Month",
        billing_day="DefaultFromCustomer",
    ),
    "once": ChargeTerms(name="once", type="OneTime", model="PerUnit", end_date_condition="One_Time"),
}


def stocked() -> World:
    """Return a tenant with a plan of each kind."""
    world = empty()
    pricing = {"currency": "USD", "price": Decimal("29.99"), "discount_percentage": Decimal("12.5")}
    for name, terms in PLANS.items():
        charge = {"terms": terms, "pricing": {"USD": pricing}, "default_quantity": Decimal(3)}
        parts = {f"charge__{field}": value for field, value in charge.items()}
        _, world = worlds.make(world, "product_rate_plan", name=name, **parts)
    return world


START = stocked()
PLAN_IDS = {plan.name: plan.id for plan in START.plans.latest()}

soon = st.integers(-150, 60)
later = st.integers(-10, 400)
picks = st.integers(0, 9)
quarters = st.sampled_from([4, 4, 2, 1, 5, 0, -1])
cents = st.decimals(Decimal("-0.05"), Decimal(5), places=2)
numbers = st.sampled_from([None, None, None, None, 2, 3, 5])


class Business(RuleBasedStateMachine):
    """Customers who do all that the API offers, in any order, some of it nonsense."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = TemporaryDirectory()
        self.path = Path(self.directory.name) / "zuora.journal"
        self.journal = Journal(self.path)
        self.tenant = Tenant(START, self.journal)
        self.origins: list[tuple[Tenant, World, bytes]] = []

    def teardown(self) -> None:
        self.journal.__exit__()
        with Journal(self.path) as journal:
            assert Tenant.recover(START, journal).world == self.tenant.world
        assert archive.read(b"".join(archive.write(self.tenant.world))).world == self.tenant.world
        self.directory.cleanup()
        for origin, world, answer in self.origins:
            assert origin.world is world
            assert self.ask("GET", "/v1/payments?pageSize=40", tenant=origin) == answer

    @property
    def world(self) -> World:
        return self.tenant.world

    def ask(self, method: str, path: str, body: object = None, tenant: Tenant | None = None) -> bytes:
        asked = tenant or self.tenant
        route, _, query = path.partition("?")
        content = b"" if body is None else wire.write(body)
        response = asked.handle(Request(method, route, query, HEADERS, content))
        assert response.status < 500
        return response.body

    def do(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        before = self.world
        answer: dict[str, Any] = json.loads(self.ask(method, path, body))
        if not answer.get("success", answer.get("Success", True)):
            assert self.world is before
        return answer

    def day(self, offset: int) -> str:
        return str(self.world.today + timedelta(days=offset))

    def pick(self, table: str, pick: int) -> Any:  # noqa: ANN401 - any record
        rows = sorted(getattr(self.world, table).latest(), key=lambda row: row.number)
        return rows[pick % len(rows)]

    @initialize()
    def first_account(self) -> None:
        self.account(None, 0)

    @precondition(lambda self: len(self.world.accounts.ids) < 3)
    @rule(number=numbers.map(lambda count: count and f"A{count:08}"), day=st.integers(0, 31))
    def open_account(self, number: str | None, day: int) -> None:
        self.account(number, day)

    def account(self, number: str | None, day: int) -> None:
        contact = {"firstName": "Ada", "lastName": "Tanaka"}
        body = {"name": "A", "currency": "USD", "billCycleDay": day, "billToContact": contact}
        self.do("POST", "/v1/accounts", {**body, "accountNumber": number})

    @precondition(lambda self: len(self.world.payment_methods.ids) < 2)
    @rule(pick=picks, number=st.sampled_from(["4111111111111111", "4000000000000408", "4000000000007726"]))
    def card(self, pick: int, number: str) -> None:
        key = self.pick("accounts", pick).number
        card = {"type": "CreditCard", "cardNumber": number}  # the second waits to pay, the third to pay back
        self.do("POST", "/v1/payment-methods", {**card, "accountKey": key, "makeDefault": True})

    def order(self, account: str, day: str, action: dict[str, Any], **more: Any) -> None:  # noqa: ANN401
        dated = {**action, "triggerDates": [{"name": "ContractEffective", "triggerDate": day}]}
        options = more.pop("options", {})
        subscription = {"orderActions": [dated], **more}
        body = {"orderDate": day, "existingAccountNumber": account, "subscriptions": [subscription]}
        self.do("POST", "/v1/orders", {**body, "processingOptions": options})

    @rule(
        pick=picks,
        offset=soon,
        plans=st.lists(st.sampled_from(sorted(PLAN_IDS)), min_size=1, max_size=3),
        months=st.sampled_from([None, 1, 7, 12]),
        renews=st.booleans(),
        billed=st.booleans(),
        paid=st.booleans(),
        number=numbers.map(lambda count: count and f"A-S{count:08}"),
    )
    def subscribe(
        self,
        pick: int,
        offset: int,
        plans: list[str],
        months: int | None,
        *,
        renews: bool,
        billed: bool,
        paid: bool,
        number: str | None,
    ) -> None:
        term = {"termType": "EVERGREEN"} if months is None else {"period": months, "periodType": "Month"}
        creation = {
            "terms": {"initialTerm": term, "autoRenew": renews},
            "subscribeToRatePlans": [{"productRatePlanId": PLAN_IDS[plan]} for plan in plans],
            "subscriptionNumber": number,
        }
        action = {"type": "CreateSubscription", "createSubscription": creation}
        options = {"runBilling": billed, "collectPayment": paid}
        self.order(self.pick("accounts", pick).number, self.day(offset), action, options=options)

    @precondition(lambda self: self.world.subscriptions.ids)
    @rule(
        pick=picks,
        offset=soon,
        kind=st.sampled_from(["update", "update", "add", "remove", "renew", "cancel", "cancel", "terms"]),
        quantity=st.integers(0, 20),
        policy=st.sampled_from(["EndOfCurrentTerm", "EndOfLastInvoicePeriod", "SpecificDate"]),
        billed=st.booleans(),
    )
    def change(self, pick: int, offset: int, kind: str, quantity: int, policy: str, *, billed: bool) -> None:
        subscription = self.pick("subscriptions", pick)
        plan = subscription.rate_plans[quantity % len(subscription.rate_plans)]
        charge = plan.charges[-1]
        pricing = {"recurringPerUnit": {"quantity": quantity}}
        changes = [{"chargeNumber": charge.number, "pricing": pricing}]
        actions: dict[str, dict[str, Any]] = {
            "update": {
                "type": "UpdateProduct",
                "updateProduct": {"ratePlanId": plan.id, "chargeUpdates": changes},
            },
            "add": {"type": "AddProduct", "addProduct": {"productRatePlanId": PLAN_IDS["annual"]}},
            "remove": {"type": "RemoveProduct", "removeProduct": {"ratePlanId": plan.id}},
            "renew": {"type": "RenewSubscription"},
            "cancel": {
                "type": "CancelSubscription",
                "cancelSubscription": {
                    "cancellationPolicy": policy,
                    "cancellationEffectiveDate": self.day(offset),
                },
            },
            "terms": {"type": "TermsAndConditions", "termsAndConditions": {"autoRenew": quantity > 10}},
        }
        account = self.world.accounts.find(subscription.account_id).number
        options = {"runBilling": billed}
        self.order(
            account, self.day(offset), actions[kind], subscriptionNumber=subscription.number, options=options
        )

    @rule(pick=picks, offset=soon, quantity=st.integers(0, 9))
    def use(self, pick: int, offset: int, quantity: int) -> None:
        body = {"AccountId": self.pick("accounts", pick).id, "UOM": "GB", "Quantity": quantity}
        self.do("POST", "/v1/object/usage", {**body, "StartDateTime": self.day(offset)})

    @precondition(lambda self: self.world.usages.ids)
    @rule(pick=picks, verb=st.sampled_from(["PUT", "DELETE"]))
    def correct(self, pick: int, verb: str) -> None:
        body = {"Quantity": pick} if verb == "PUT" else None
        self.do(verb, f"/v1/object/usage/{self.pick('usages', pick).id}", body)

    @rule(offset=later, posted=st.sampled_from([True, True, False]), renews=st.booleans())
    def bill(self, offset: int, *, posted: bool, renews: bool) -> None:
        target = self.world.today + timedelta(days=offset)
        body = {"targetDate": str(target), "autoPost": posted, "autoRenewal": renews}
        assert self.do("POST", "/v1/bill-runs", body)["success"]
        for subscription in self.world.subscriptions.latest():
            for charge in subscription.charges:
                end, through = charge.effective_end, charge.charged_through
                discount = charge.terms.model == "DiscountPercentage"  # nothing takes a discount back
                if end is not None and end <= target and through is not None and not discount:
                    assert through <= end, charge

    @precondition(lambda self: self.world.bill_runs.ids)
    @rule(pick=picks, verb=st.sampled_from(["post", "cancel"]))
    def finish(self, pick: int, verb: str) -> None:
        self.do("PUT", f"/v1/bill-runs/{self.pick('bill_runs', pick).id}/{verb}", {})

    def open(self, table: str, pick: int) -> Any:  # noqa: ANN401 - any document
        """Return a document with something left, if there is one."""
        rows = sorted(getattr(self.world, table).latest(), key=lambda row: row.number)
        rest = "balance" if table == "invoices" else "unapplied"
        left = [row for row in rows if row.status == "Posted" and getattr(row, rest)] or rows
        return left[pick % len(left)]

    @precondition(lambda self: self.world.invoices.ids)
    @rule(
        pick=picks, quarters=quarters, more=cents, number=numbers.map(lambda count: count and f"P-{count:08}")
    )
    def pay(self, pick: int, quarters: int, more: Decimal, number: str | None) -> None:
        invoice = self.open("invoices", pick)
        part = round(invoice.balance * quarters / 4, 2)
        body = {"accountId": invoice.account_id, "type": "External", "currency": "USD", "number": number}
        parts = [{"invoiceId": invoice.id, "amount": part}]
        self.do("POST", "/v1/payments", {**body, "amount": part + more, "invoices": parts})

    @precondition(lambda self: self.world.credit_memos.ids and self.world.invoices.ids)
    @rule(memo=picks, invoice=picks, quarters=quarters)
    def apply(self, memo: int, invoice: int, quarters: int) -> None:
        credit, debit = self.open("credit_memos", memo), self.open("invoices", invoice)
        amount = round(min(credit.unapplied, debit.balance) * quarters / 4, 2)
        parts = [{"invoiceId": debit.id, "amount": amount}]
        self.do("PUT", f"/v1/credit-memos/{credit.number}/apply", {"invoices": parts})

    @precondition(lambda self: self.world.payments.ids)
    @rule(pick=picks, cents=st.integers(-1, 500_000), kind=st.sampled_from(["External", "Electronic"]))
    def refund(self, pick: int, cents: int, kind: str) -> None:
        body = {"type": kind, "methodType": "Check", "totalAmount": Decimal(cents) / 100}
        self.do("POST", f"/v1/payments/{self.pick('payments', pick).id}/refunds/unapply", body)

    @precondition(lambda self: self.world.payments.ids)
    @rule(pick=picks, verb=st.sampled_from(["unapply", "cancel"]))
    def take_back(self, pick: int, verb: str) -> None:
        self.do("PUT", f"/v1/payments/{self.pick('payments', pick).id}/{verb}", {})

    @rule(pick=picks, together=st.booleans(), credit=st.booleans(), hour=st.sampled_from([None, 5]))
    def collect(self, pick: int, hour: int | None, *, together: bool, credit: bool) -> None:
        body = {"data": [{"accountId": self.pick("accounts", pick).id}], "consolidatedPayment": together}
        when = {"targetDate": self.day(400)} if hour is None else {"runDate": f"{self.day(1)} 0{hour}:00:00"}
        self.do("POST", "/v1/payment-runs", {**body, **when, "autoApplyCreditMemo": credit})

    @precondition(lambda self: self.world.invoices.ids)
    @rule(pick=picks)
    def post(self, pick: int) -> None:
        self.do("PUT", f"/v1/invoices/{self.pick('invoices', pick).number}/post", {})

    @rule(span=st.sampled_from(["PT5H", "P1D", "P1M", "P7M", "P1Y", "P0D"]))
    def advance(self, span: str) -> None:
        assert "now" in self.do("POST", "/__toolkit/clock", {"advance": span})

    @rule()
    def fork(self) -> None:
        kept, changed, before = self.tenant.fork(), self.tenant.fork(), self.world
        self.origins.append((kept, before, self.ask("GET", "/v1/payments?pageSize=40")))
        self.ask("POST", "/v1/bill-runs", {"targetDate": self.day(90)}, tenant=changed)
        self.ask("POST", "/__toolkit/clock", {"advance": "P1Y"}, tenant=changed)
        assert self.world is before

    def books(self, account_id: str | None = None) -> Books:
        """Return the documents of one account, or of all."""
        world = self.world

        def rows(table: Table[Row]) -> list[Row]:
            return list(table.latest() if account_id is None else table.of(account_id))

        return Books(
            rows(world.invoices), rows(world.debit_memos), rows(world.credit_memos), rows(world.payments)
        )

    @invariant()
    def the_books_are_right(self) -> None:
        books, versions = self.books(), self.world.subscriptions.rows
        assert not [*misstated(books), *misapplied(books), *billed_twice(books)]
        assert not list(billed_outside(books, versions.get, self.world.rules))
        assert all(invoice.amount >= 0 <= invoice.balance for invoice in books.invoices)
        assert all(memo.amount > 0 for memo in books.credit_memos)

    @invariant()
    def usage_is_processed_by_what_bills_it(self) -> None:
        drawn = {key for record in self.world.usages.latest() for key in record.items}
        alive = (one for one in self.world.invoices.latest() if one.status != "Canceled")
        items = [item for invoice in alive for item in invoice.items]
        assert drawn <= {item.id for item in items if item.charge_type == "Usage"}

    @invariant()
    def an_account_owes_what_its_documents_say(self) -> None:
        world = self.world
        for account in world.accounts.latest():
            shown = wire.parse(self.ask("GET", f"/v1/accounts/{account.id}"))["metrics"]
            owed = sum(one.balance for one in world.invoices.of(account.id) if one.status == "Posted")
            credit = sum(one.unapplied for one in world.credit_memos.of(account.id) if one.status == "Posted")
            kept = sum(one.unapplied for one in world.payments.of(account.id))
            assert shown["balance"] == owed - credit - kept
            assert not list(misbalanced(self.books(account.id), balances(world, account)))

    @invariant()
    def nothing_has_anothers_id_or_number(self) -> None:
        world, ids = self.world, Counter[str]()
        for table in ("accounts", "contacts", "payment_methods", "orders", "bill_runs", "invoices"):
            rows = getattr(world, table).rows.values()
            assert len({row.number for row in rows}) == len(rows), table
            ids.update(row.id for row in rows)
        for rows in (world.credit_memos.rows, world.payments.rows):
            assert len({row.number for row in rows.values()}) == len(rows)
            ids.update(rows.keys())
        ids.update(world.subscriptions.rows.keys())
        assert ids.total() == len(ids)

    @invariant()
    def each_subscription_has_one_latest_version(self) -> None:
        versions: dict[str, list[Any]] = {}
        for row in self.world.subscriptions.rows.values():
            versions.setdefault(row.number, []).append(row)
        for number, rows in versions.items():
            rows.sort(key=lambda row: row.version)
            assert [row.version for row in rows] == list(range(1, len(rows) + 1))
            assert self.world.subscriptions.find(number) is rows[-1]
            assert [row.status == "Expired" for row in rows] == [True] * (len(rows) - 1) + [False]
            charges = Counter(charge.id for charge in rows[-1].charges)
            assert charges.total() == len(charges)


TestBusiness = Business.TestCase
TestBusiness.settings = settings(max_examples=50, stateful_step_count=40)
