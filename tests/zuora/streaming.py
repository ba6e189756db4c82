"""A stream of writes of many kinds, at random."""

import random
from typing import Any

from tests.zuora.business import DAY, FORM, GOOD, JSON
from tests.zuora.conftest import ADA, plan_named, triggers
from tests.zuora.receiving import definition
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant


class Stream:
    """Writes of many kinds, at random, of which each fits the world that the ones before it have left.

    Args:
        world: The world to begin with.
        seed: From which everything follows.
    """

    def __init__(self, world: World, seed: int) -> None:
        self.tenant = Tenant(world)
        self._random = random.Random(seed)  # noqa: S311 - no secret follows from it
        self._plan = plan_named(self.tenant, "Premium - 1 Year")
        self._kinds = (
            *(self._account, self._card, self._order, self._order, self._contact, self._bill, self._pay),
            *(self._invoice, self._memo, self._usage, self._product, self._notify, self._advance),
        )

    def next(self) -> tuple[Request, bytes]:
        """Return a write, and what it is answered; it is carried out in the tenant."""
        while True:
            before = self.tenant.world
            request = self._random.choice(self._kinds)()
            response = self.tenant.handle(request)
            if self.tenant.world is not before:
                return request, response.body

    def _said(self, method: str, path: str, body: object, **headers: str) -> Request:
        return Request(method, path, "", {**JSON, **headers}, wire.write(body))

    def _picked(self, table: str) -> Any:  # noqa: ANN401 - any record
        rows = getattr(self.tenant.world, table)
        return rows.find(self._random.choice(sorted(rows.ids)))

    def _account(self) -> Request:
        body = {"name": "A", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
        key = {"idempotency-key": str(self._random.random())}
        return self._said("POST", "/v1/accounts", body, **key)

    def _card(self) -> Request:
        expiry = {"expirationMonth": 1, "expirationYear": 2040, "makeDefault": True}
        body = {"type": "CreditCard", "cardNumber": GOOD, "accountKey": self._picked("accounts").number}
        return self._said("POST", "/v1/payment-methods", {**body, **expiry})

    def _order(self) -> Request:
        day = self.tenant.world.today.isoformat()
        terms = {"initialTerm": {"period": 12, "periodType": "Month"}, "autoRenew": True}
        creation = {"terms": terms, "subscribeToRatePlans": [{"productRatePlanId": self._plan.id}]}
        action = {
            "type": "CreateSubscription",
            "triggerDates": triggers(day),
            "createSubscription": creation,
        }
        body = {"orderDate": day, "existingAccountNumber": self._picked("accounts").number}
        wanted = {"subscriptions": [{"orderActions": [action]}], "processingOptions": {"runBilling": True}}
        return self._said("POST", "/v1/orders", {**body, **wanted})

    def _contact(self) -> Request:
        name = {"lastName": self._random.choice(("Murray", "Brewster"))}
        return self._said("PUT", f"/v1/contacts/{self._picked('contacts').id}", name)

    def _bill(self) -> Request:
        body = {"targetDate": self.tenant.world.today.isoformat(), "autoPost": True}
        return self._said("POST", "/v1/bill-runs", body)

    def _pay(self) -> Request:
        invoice = self._picked("invoices")
        account = self.tenant.world.accounts.find(invoice.account_id).number
        kind = self._random.choice(("External", "Electronic"))
        body = {"accountNumber": account, "amount": "1.01", "currency": "USD", "type": kind}
        to = [{"invoiceId": invoice.id, "amount": "0.99"}]
        return self._said("POST", "/v1/payments", {**body, "invoices": to})

    def _invoice(self) -> Request:
        item = {"amount": "100.10", "chargeName": "Cable", "serviceStartDate": DAY}
        body = {"accountNumber": self._picked("accounts").number, "invoiceDate": DAY, "status": "Posted"}
        return self._said("POST", "/v1/invoices", {**body, "invoiceItems": [item]})

    def _memo(self) -> Request:
        invoice = self._picked("invoices")
        items = [{"invoiceItemId": invoice.items[0].id, "amount": "0.5", "skuName": "x"}]
        kind = self._random.choice(("credit-memos", "debitmemos"))
        return self._said("POST", f"/v1/{kind}/invoice/{invoice.id}", {"items": items})

    def _usage(self) -> Request:
        row = f"{self._picked('accounts').number},Minute,2.5,01/31/2026,,,"
        lines = ("ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID", *(3 * [row]))
        head = '--cut\r\nContent-Disposition: form-data; name="file"; filename="usage.csv"\r\n\r\n'
        content = "\r\n".join((head + lines[0], *lines[1:], "--cut--\r\n"))
        return Request("POST", "/v1/usage", "", FORM, content.encode())

    def _product(self) -> Request:
        name = {"Name": f"Product {self._random.random()}"}
        days = {"EffectiveStartDate": DAY, "EffectiveEndDate": "2036-01-01"}
        return self._said("POST", "/v1/object/product", {**name, **days})

    def _notify(self) -> Request:
        event = self._random.choice(("AccountCreated", "PaymentProcessed", "InvoicePosted"))
        body = definition("https://receiver.invalid/c", event)
        return self._said("POST", "/notifications/notification-definitions", {**body, "name": event})

    def _advance(self) -> Request:
        by = self._random.choice(("PT5H", "P1D", "P9D"))
        return self._said("POST", "/__toolkit/clock", {"advance": by})
