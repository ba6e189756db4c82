"""Business of every kind: requests after which each table of a world holds something."""

from typing import Any
from uuid import UUID

import msgspec

from tests.zuora.conftest import ADA, KEYS, triggers
from tests.zuora.receiving import definition
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.call import Handler, Request

DAY = "2026-01-01"
GOOD, SILENT = "4242424242424242", "4000000000000408"
JSON = {**KEYS, "content-type": "application/json", "host": "zuora.test"}
FORM = {**JSON, "content-type": "multipart/form-data; boundary=cut"}
NAMES = "select Id, Name from Account"


class Business:
    """Does business as a client would.

    Args:
        handle: Answers requests.
        premium: The id of a rate plan of seats.
        seats: The id of its charge.

    Attributes:
        account: The number of the account that most of it is about.
        silent: The number of one whose card does not answer for a day.
    """

    def __init__(self, handle: Handler, premium: str, seats: str) -> None:
        self._handle = handle
        self._premium, self._seats = premium, seats
        self.account = self.silent = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - JSON
        """Return what a request is answered; it is to be accepted."""
        return self.send(method, path, b"" if body is None else wire.write(body), {**JSON, **headers})

    def send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Return what these bytes are answered."""
        route, _, query = path.partition("?")
        answer = self._handle(Request(method, route, query, headers, content))
        body = msgspec.json.decode(answer.body or b"{}")
        said = body if isinstance(body, dict) else {}
        assert answer.status < 300, (path, answer)
        assert said.get("success", said.get("Success", True)) is True, (path, answer)
        return body

    def upload(self, path: str, name: str, content: str) -> None:
        """Send a file."""
        head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        self.send("POST", path, f"{head}{content}\r\n--cut--\r\n".encode(), FORM)

    def all(self) -> None:
        """Do business of every kind."""
        self.settings()
        self.messages()
        self.customers()
        self.orders()
        invoice = self.bill()
        self.settle(invoice)
        self.plan()
        self.files(invoice)

    def settings(self) -> None:
        """Say what holds of the whole tenant."""
        fields = {"Seats__c": {"type": "integer"}}
        self.ask("PUT", "/settings/custom-fields/zuora/Account", {"type": "object", "properties": fields})
        self.ask("PUT", "/settings/billing-rules", {"invoiceSplit": True})
        self.ask("POST", "/settings/payment-terms", {"name": "Late", "type": "Net", "days": 90})
        code = self.ask("POST", "/settings/tax-codes/ztax", {"name": "VAT"})["id"]
        period = self.ask("POST", f"/settings/tax-rate-periods/{code}", {"startDate": "2025-07-01"})["id"]
        rates = {"taxRates": [{"country": "USA", "taxRate1": 0.08}]}
        self.ask("POST", f"/settings/tax-rate-periods/{period}/tax-rates", rates)
        page = {"type": "hp_creditcard", "pageName": "Pay", "domain": "https://example.com"}
        self.ask("POST", "/v1/hostedpages", {**page, "gateway": "Test Gateway"})
        self.ask("POST", "/__toolkit/payment-gateways", {"name": "Second"})
        product = {"Name": "Support", "EffectiveStartDate": DAY, "EffectiveEndDate": "2036-01-01"}
        made = self.ask("POST", "/v1/object/product", product)["Id"]
        self.ask("POST", "/v1/object/product-rate-plan", {**product, "ProductId": made})

    def messages(self) -> None:
        """Have callouts and mails sent, some of them late."""
        template = {"name": "Bills", "eventCategory": 1110, "emailSubject": "Bill", "emailBody": "Pay."}
        mailed = {**template, "fromEmailType": "TenantEmail", "toEmailType": "BillToContact"}
        self.ask("POST", "/notifications/email-templates", mailed)
        event = {"name": "Drawn", "displayName": "Drawn"}
        condition = {"baseObject": "Invoice", "condition": "true", "active": True, "eventType": event}
        self.ask("POST", "/events/event-triggers", condition)
        self.ask("PUT", "/__toolkit/callout-settings", {"attempts": 2})
        said = definition("https://receiver.invalid/c")
        self.ask("POST", "/notifications/notification-definitions", said)
        self.ask("POST", "/__toolkit/callout-faults", {"kind": "delay", "by": "PT2H", "times": 9})

    def open(self, name: str, number: str, **more: object) -> str:
        """Open an account that pays by a card of this number; return the number of the account."""
        ada = {**ADA, "workEmail": "ada@example.com"}
        body = {"name": name, "currency": "USD", "billCycleDay": 1, "billToContact": ada, **more}
        account = self.ask("POST", "/v1/accounts", body, **{"idempotency-key": name})["accountNumber"]
        card = {"type": "CreditCard", "cardNumber": number, "accountKey": account, "makeDefault": True}
        expiry = {"expirationMonth": 1, "expirationYear": 2040}
        method = self.ask("POST", "/v1/payment-methods", {**card, **expiry})["id"]
        held = {"accountNumber": account, "amount": 30, "gatewayOrderId": "O-1"}
        if number == GOOD:
            self.ask("POST", f"/v1/payment-methods/{method}/authorize", held)
        return str(account)

    def customers(self) -> None:
        """Open accounts; what one asks to be forgotten is erased."""
        gone = self.open("Gone", SILENT)
        self.ask("DELETE", f"/notifications/history?accountId={gone}")
        self.account = self.open("Acme", GOOD, Seats__c=3)
        self.silent = self.open("Silent", SILENT)

    def subscribe(self, account: str, **more: object) -> Any:  # noqa: ANN401 - JSON
        """Order ten seats for a year."""
        action = {
            "type": "CreateSubscription",
            "triggerDates": triggers(DAY),
            "createSubscription": self.seats(),
        }
        wanted = {"orderActions": [action], **more}
        body = {"orderDate": DAY, "existingAccountNumber": account, "subscriptions": [wanted]}
        return self.ask("POST", "/v1/orders", body)

    def seats(self) -> dict[str, Any]:
        """Return the creation of a subscription."""
        quantity = {"pricing": {"recurringPerUnit": {"quantity": 10}}}
        charge = {"productRatePlanChargeId": self._seats, **quantity}
        year = {"period": 12, "periodType": "Month"}
        return {
            "terms": {"initialTerm": {**year, "termType": "TERMED"}, "renewalTerms": [year]},
            "subscribeToRatePlans": [{"productRatePlanId": self._premium, "chargeOverrides": [charge]}],
        }

    def orders(self) -> None:
        """Order subscriptions, one with a ramp, and a router; change them; leave one order a draft."""
        interval = {"name": "All", "startDate": DAY, "endDate": "2026-12-31"}
        made = self.subscribe(self.account, ramp={"name": "Deal", "intervals": [interval]})
        schedule = {
            "accountKey": self.account,
            "orders": [made["orderNumber"]],
            "scheduleItems": [
                {"percentage": share, "runDate": f"2026-0{share // 20}-01"} for share in (40, 60)
            ],
        }
        self.ask("POST", "/v1/invoice-schedules", schedule)
        number = self.subscribe(self.account)["subscriptionNumbers"][0]
        action = {"type": "RenewSubscription", "triggerDates": triggers(DAY), "renewSubscription": {}}
        renewed = {"subscriptionNumber": number, "orderActions": [action]}
        order = {"orderDate": DAY, "existingAccountNumber": self.account}
        self.ask("POST", "/v1/orders", {**order, "subscriptions": [renewed]})
        router = {"itemName": "Router", "amountPerUnit": "19.99", "quantity": 2, "listPricePerUnit": 25}
        self.ask("POST", "/v1/orders", {**order, "orderLineItems": [router]})
        self.ask("POST", "/v1/orders", {**order, "orderLineItems": [router], "status": "Draft"})
        self.ask("POST", "/v1/async/orders", {**order, "orderLineItems": [router]})

    def bill(self) -> Any:  # noqa: ANN401 - JSON
        """Bill everybody, and make an invoice, which is returned, and one that is split."""
        columns = "ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID"
        used = f"{columns}\r\n{self.account},Minute,2.5,01/31/2026,,,\r\n"
        self.upload("/v1/usage", "usage.csv", used)
        self.ask("POST", "/v1/bill-runs", {"targetDate": DAY, "autoPost": True})
        daily = {"repeatType": "Daily", "repeatFrom": "2026-01-20", "runTime": 1}
        self.ask("POST", "/v1/bill-runs", {"schedule": daily})
        self.ask("POST", "/v1/billing-preview-runs", {"targetDate": "2026-06-01"})
        item = {"amount": "100.10", "chargeName": "Cable", "serviceStartDate": DAY}
        body = {"accountNumber": self.account, "invoiceDate": DAY, "invoiceItems": [item]}
        invoice = self.ask("POST", "/v1/invoices", {**body, "status": "Posted"})
        part = {"splitPercentage": 50, "invoiceDate": DAY, "paymentTerm": "Net 30"}
        draft = self.ask("POST", "/v1/invoices", body)["id"]
        self.ask("PUT", f"/v1/invoices/{draft}/split", {"splitType": "Percentage", "splits": [part, part]})
        later = {"InvoiceId": self.ask("POST", "/v1/invoices", body)["id"]}
        self.ask("POST", "/v1/action/create", {"type": "InvoiceSplit", "objects": [later]})
        billed = self.ask("GET", f"/v1/accounts/{self.account}")["billToContact"]["id"]
        self.ask("PUT", f"/v1/contacts/{billed}", {"lastName": "Murray"})
        return invoice

    def settle(self, invoice: Any) -> None:  # noqa: ANN401 - JSON
        """Pay, pay back, and settle by memos."""
        (item,) = self.ask("GET", f"/v1/invoices/{invoice['id']}/items")["invoiceItems"]
        items = {"items": [{"invoiceItemId": item["id"], "amount": 40, "skuName": "x"}]}
        memo = self.ask("POST", f"/v1/credit-memos/invoice/{invoice['id']}", items)
        self.ask("PUT", f"/v1/credit-memos/{memo['id']}/post")
        applied = {"invoices": [{"invoiceId": invoice["id"], "amount": "1.01"}]}
        self.ask("PUT", f"/v1/creditmemos/{memo['id']}/apply", applied)
        self.ask("POST", f"/v1/debit-memos/invoice/{invoice['id']}", items)
        paid = {"accountNumber": self.account, "amount": "20.02", "currency": "USD", "type": "External"}
        to = [{"invoiceId": invoice["id"], "amount": "10.01"}]
        payment = self.ask("POST", "/v1/payments", {**paid, "invoices": to})["id"]
        cheque = {"type": "External", "methodType": "Check", "totalAmount": 3}
        self.ask("POST", f"/v1/payments/{payment}/refunds", cheque)
        self.ask("POST", "/v1/payment-runs", {"targetDate": DAY})

    def plan(self) -> None:
        """Plan payments, and let a month go by in which some fall due."""
        monthly = {"period": "Monthly", "startDate": "2026-01-15", "occurrences": 3, "amount": 20}
        self.ask("POST", "/v1/payment-schedules", {**monthly, "accountNumber": self.account, "runHour": 10})
        self.ask("POST", "/__toolkit/clock", {"advance": "P1M"})

    def files(self, invoice: Any) -> None:  # noqa: ANN401 - JSON
        """Ask for files, exports and mails."""
        self.upload(f"/v1/invoices/{invoice['id']}/files", "a.pdf", "%PDF-1.7")
        self.ask("POST", f"/v1/invoices/{invoice['id']}/emails", {})
        document = {"docType": "Invoice", "objectIds": [invoice["id"]]}
        packed = {"documents": [document], "fileName": "jan", "indexFileFormat": "JSON"}
        self.ask("POST", "/v1/operations/bulk-pdf", packed)
        self.ask("POST", "/v1/object/export", {"Query": NAMES})
        self.ask("POST", "/query/jobs", {"query": "select id from account"})
        paid = {"accountNumber": self.silent, "amount": 5, "currency": "USD", "type": "Electronic"}
        self.ask("POST", "/v1/payments", paid)
        self.open("Last", GOOD)
        form = f"client_id={UUID(int=1)}&client_secret=s&grant_type=client_credentials".encode()
        token = {"content-type": "application/x-www-form-urlencoded"}
        self.send("POST", "/oauth/token", form, token)
