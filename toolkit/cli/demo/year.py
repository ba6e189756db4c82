"""One customer's year with Zuora over HTTP: from sign-up to the credit of a cancellation."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from toolkit.errors import ToolkitError
from toolkit.zuora.client import Client

PLAN = "Premium - 1 Year"
SEATS, ADDED = 10, 5

_ADA = {"firstName": "Ada", "lastName": "Tanaka", "country": "USA", "workEmail": "ada@customer.test"}
_MONTHS_A_YEAR = 12


class Outcome(NamedTuple):
    """The Zuora numbers that a step made, and what it billed, paid or credited in USD."""

    numbers: tuple[str, ...] = ()
    amount: Decimal | None = None


class Step(NamedTuple):
    """One step of the year.

    Attributes:
        day: The tenant's date.
        title: What happened.
        outcome: What came of it.
        balance: What the account owed after it, in USD.
        milliseconds: How long its requests took.
    """

    day: date
    title: str
    outcome: Outcome
    balance: Decimal
    milliseconds: Decimal


class Check(NamedTuple):
    """A figure worked out by hand beside the one that Zuora gave."""

    name: str
    expected: Decimal
    found: Decimal

    @property
    def holds(self) -> bool:
        """Whether both are equal."""
        return self.expected == self.found


class Year:
    """The year of one customer.

    Args:
        client: Talks to a tenant of the world gitlab-self-managed.

    Attributes:
        checks: What was compared so far.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._account = ""
        self._subscription = ""
        self._open: dict[str, Any] = {}
        self.checks: list[Check] = []

    def steps(self) -> Iterator[Step]:
        """Go through the year and yield each step when it is done."""
        plan = self._plan()
        seat = Decimal(plan["productRatePlanCharges"][0]["pricing"][0]["price"])
        yield self._do("Ada signs up", self._sign_up)
        yield self._do(f"orders {SEATS} seats for a year", lambda: self._create(plan))
        yield self._do("is billed", lambda: self._bill("First year", seat * SEATS))
        yield self._do("pays", self._pay)
        yield self._do("three months pass", lambda: self._wait("P3M"))
        yield self._do(f"adds {ADDED} seats", lambda: self._update(SEATS + ADDED))
        yield self._do("is billed for nine months", lambda: self._bill("Added seats", _part(seat * ADDED, 9)))
        yield self._do("pays", self._pay)
        yield self._do("nine months pass", lambda: self._wait("P9M"))
        yield self._do("renews for a year", lambda: self._order("RenewSubscription", renewSubscription={}))
        yield self._do("is billed", lambda: self._bill("Second year", seat * (SEATS + ADDED)))
        yield self._do("pays", self._pay)
        yield self._do("two months pass", lambda: self._wait("P2M"))
        yield self._do("cancels", self._cancel)
        credit = -_part(seat * (SEATS + ADDED), 10)
        yield self._do("is credited ten months", lambda: self._bill("Credit of the cancellation", credit))
        self.checks.append(Check("Balance at the end", credit, self._balance()))

    def _do(self, title: str, work: Callable[[], Outcome]) -> Step:
        begun = time.perf_counter()
        outcome = work()
        taken = Decimal(round((time.perf_counter() - begun) * 1000, 1)).quantize(Decimal("0.1"))
        return Step(self._today(), title, outcome, self._balance(), taken)

    def _today(self) -> date:
        return datetime.fromisoformat(self._client.now()).date()

    def _balance(self) -> Decimal:
        return Decimal(self._client.get(f"/v1/accounts/{self._account}")["metrics"]["balance"])

    def _plan(self) -> dict[str, Any]:
        for product in self._client.pages("/v1/catalog/products", "products", pageSize="40"):
            for plan in self._client.pages(product["productRatePlans"], "productRatePlans"):
                if plan["name"] == PLAN:
                    return plan
        raise ToolkitError(f"The catalog has no plan '{PLAN}'.", "Use the world gitlab-self-managed.")

    def _sign_up(self) -> Outcome:
        account = {"name": "Tanaka Robotics", "currency": "USD", "billCycleDay": 1, "billToContact": _ADA}
        self._account = self._client.post("/v1/accounts", account)["accountNumber"]
        return Outcome((self._account,))

    def _create(self, plan: dict[str, Any]) -> Outcome:
        charge = plan["productRatePlanCharges"][0]["id"]
        seats = {"productRatePlanChargeId": charge, "pricing": {"recurringPerUnit": {"quantity": SEATS}}}
        terms = {
            "initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"},
            "renewalTerms": [{"period": 12, "periodType": "Month"}],
        }
        subscribe = [{"productRatePlanId": plan["id"], "chargeOverrides": [seats]}]
        made = {"terms": terms, "subscribeToRatePlans": subscribe}
        return self._order("CreateSubscription", createSubscription=made)

    def _update(self, seats: int) -> Outcome:
        plan = self._client.get(f"/v1/subscriptions/{self._subscription}")["ratePlans"][0]
        charge = plan["ratePlanCharges"][0]["number"]
        change = {"chargeNumber": charge, "pricing": {"recurringPerUnit": {"quantity": seats}}}
        return self._order(
            "UpdateProduct", updateProduct={"ratePlanId": plan["id"], "chargeUpdates": [change]}
        )

    def _cancel(self) -> Outcome:
        policy = {
            "cancellationPolicy": "SpecificDate",
            "cancellationEffectiveDate": self._today().isoformat(),
        }
        return self._order("CancelSubscription", cancelSubscription=policy)

    def _order(self, action: str, **body: object) -> Outcome:
        today = self._today().isoformat()
        names = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
        triggers = [{"name": name, "triggerDate": today} for name in names]
        wanted: dict[str, Any] = {"orderActions": [{"type": action, "triggerDates": triggers, **body}]}
        if self._subscription:
            wanted["subscriptionNumber"] = self._subscription
        order = {"orderDate": today, "existingAccountNumber": self._account, "subscriptions": [wanted]}
        answer = self._client.post("/v1/orders", order)
        self._subscription = answer["subscriptions"][0]["subscriptionNumber"]
        return Outcome((answer["orderNumber"], self._subscription))

    def _bill(self, name: str, expected: Decimal) -> Outcome:
        """Run a bill run for this account, and note whether what came of it is what was expected."""
        account = self._client.get(f"/v1/accounts/{self._account}")["basicInfo"]["id"]
        run = self._client.post(
            "/v1/bill-runs",
            {
                "targetDate": self._today().isoformat(),
                "billRunFilters": [{"filterType": "Account", "accountId": account}],
            },
        )
        self._client.put(f"/v1/bill-runs/{run['id']}/post")
        number, amount = self._document(account, credit=expected < 0)
        self.checks.append(Check(name, expected, amount))
        return Outcome((run["billRunNumber"], number), amount)

    def _document(self, account: str, *, credit: bool) -> tuple[str, Decimal]:
        if credit:
            memo = self._client.get("/v1/credit-memos", accountId=account)["creditmemos"][0]
            return memo["number"], -memo["amount"]
        self._open = self._client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"][0]
        return self._open["invoiceNumber"], self._open["amount"]

    def _pay(self) -> Outcome:
        invoice = self._open
        payment = self._client.post(
            "/v1/payments",
            {
                "accountId": invoice["accountId"],
                "amount": invoice["balance"],
                "currency": "USD",
                "type": "External",
                "invoices": [{"invoiceId": invoice["id"], "amount": invoice["balance"]}],
            },
        )
        return Outcome((payment["number"], invoice["invoiceNumber"]), payment["amount"])

    def _wait(self, span: str) -> Outcome:
        self._client.advance(span)
        return Outcome()


def _part(year: Decimal, months: int) -> Decimal:
    """Return the price of some months of a year, by the month, as Zuora prorates whole months."""
    return (year * months / _MONTHS_A_YEAR).quantize(Decimal("0.01"))
