"""Payment schedules over the API: made, collected on their days, changed, skipped, cancelled and retried."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.retries import RetryRule
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from toolkit.zuora.tenant import Tenant

SCHEDULES, ITEMS = "/v1/payment-schedules", "/v1/payment-schedule-items"
GOOD, BAD, SILENT = "4242424242424242", "4000000000000002", "4000000000000408"
MONTHLY = {"period": "Monthly", "startDate": "2026-01-31", "occurrences": 3, "amount": 20, "runHour": 10}

Make = Callable[..., dict[str, Any]]


def card(client: Client, account: str, number: str = GOOD) -> str:
    """Give the account a default card."""
    body = {"type": "CreditCard", "cardNumber": number, "accountKey": account, "makeDefault": True}
    return str(
        client.post("/v1/payment-methods", {**body, "expirationMonth": 1, "expirationYear": 2040})["id"]
    )


def payments(client: Client, account: str) -> list[dict[str, Any]]:
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    found: list[dict[str, Any]] = client.get(f"/v1/payments?accountId={key}")["payments"]
    return found


def advance(client: Client, to: str) -> None:
    client.post("/__toolkit/clock", {"to": to})


@pytest.fixture
def make(client: Client, account: str) -> Make:
    """Makes a schedule of the account, monthly unless more is said."""

    def made(**more: object) -> dict[str, Any]:
        return client.post(SCHEDULES, {"accountNumber": account, **MONTHLY, **more})

    return made


@pytest.fixture
def invoice(client: Client, account: str) -> dict[str, Any]:
    """A posted invoice over 50."""
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    item = {"amount": 50, "chargeName": "Bell", "serviceStartDate": "2026-01-01"}
    body = {"accountId": key, "invoiceDate": "2026-01-01", "invoiceItems": [item], "status": "Posted"}
    return client.post("/v1/invoices", body)


def states(client: Client, schedule: dict[str, Any]) -> list[tuple[str, str]]:
    shown = client.get(f"{SCHEDULES}/{schedule['id']}")["items"]
    return [(one["scheduledDate"], one["status"]) for one in shown]


def test_a_recurring_schedule_is_made_and_shown(client: Client, make: Make) -> None:
    made = make(description="Rent")
    assert client.get(f"{SCHEDULES}/{made['paymentScheduleNumber']}") == made
    assert (made["paymentScheduleNumber"], made["status"]) == ("PS-00000001", "Active")
    assert (made["totalAmount"], made["occurrences"], made["isCustom"]) == (60, 3, False)
    assert (made["startDate"], made["nextPaymentDate"]) == ("2026-01-31", "2026-01-31")
    days = [one["scheduledDate"] for one in made["items"]]
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31"]


@pytest.mark.parametrize(("period", "second"), [("Weekly", "2026-02-07"), ("BiWeekly", "2026-02-14")])
def test_a_schedule_may_count_weeks(make: Make, period: str, second: str) -> None:
    made = make(period=period, totalAmount=100, amount=None)
    assert [str(one["amount"]) for one in made["items"]] == ["33.33", "33.33", "33.34"]
    assert made["items"][1]["scheduledDate"] == second


def test_items_are_collected_on_their_days(client: Client, account: str, make: Make) -> None:
    card(client, account)
    schedule = make()
    advance(client, "2026-03-01")
    shown = client.get(f"{SCHEDULES}/{schedule['id']}")
    assert [one["status"] for one in shown["items"]] == ["Processed", "Processed", "Pending"]
    assert (shown["status"], shown["totalPaymentsProcessed"]) == ("Active", 2)
    assert (shown["recentPaymentDate"], shown["nextPaymentDate"]) == ("2026-02-28", "2026-03-31")
    paid = client.get(f"/v1/payments/{shown['items'][0]['psiPayments'][0]['paymentId']}")
    assert (paid["unappliedAmount"], paid["createdDate"]) == (20, "2026-01-31 10:00:00")
    advance(client, "2026-05-01")
    assert client.get(f"{SCHEDULES}/{schedule['id']}")["status"] == "Completed"
    few = client.get(f"{SCHEDULES}/{schedule['id']}?lastProcessedItems=2&nextPendingItems=1")["items"]
    assert [one["scheduledDate"] for one in few] == ["2026-02-28", "2026-03-31"]
    with pytest.raises(RefusedError, match="has processed items"):
        client.delete(f"{SCHEDULES}/{schedule['id']}")


def test_a_custom_schedule_pays_a_document_until_it_owes_nothing(
    client: Client, account: str, invoice: dict[str, Any], call: "Caller"
) -> None:
    card(client, account)
    days = ("2026-01-10", "2026-01-20", "2026-01-30")
    items = [{"amount": 30, "scheduledDate": one, "runHour": 3} for one in days]
    document = {"type": "Invoice", "id": invoice["id"]}
    body = {"accountNumber": account, "items": items, "billingDocument": document}
    schedule = client.post(SCHEDULES, body)
    assert (schedule["isCustom"], schedule["billingDocument"]["number"]) == (True, invoice["invoiceNumber"])
    advance(client, "2026-02-01")
    shown = call("GET", f"{SCHEDULES}/{schedule['id']}", version="337.0").body
    assert [one["status"] for one in shown["items"]] == ["Processed", "Processed", "Canceled"]
    assert "no balance left" in shown["items"][2]["cancellationReason"]
    assert (shown["items"][1]["balance"], len(shown["items"][1]["psiPayments"])) == (10, 1)
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == 0


def limit(tenant: "Tenant", **rule: int) -> None:
    tenant.world = replace(tenant.world, rules=replace(tenant.world.rules, payment_retry=RetryRule(**rule)))


def test_an_item_waits_for_an_hour_and_then_gives_up(client: Client, tenant: "Tenant", account: str) -> None:
    """PAY-004: at 10:00 the payment fails and the item waits; at 11:00 nothing is paid and it is an error."""
    limit(tenant, max_failures=1)
    method = card(client, account, BAD)
    items = [{"amount": 5, "scheduledDate": "2026-01-01", "runHour": 10}]
    made = client.post(SCHEDULES, {"accountNumber": account, "items": items})
    path = f"{ITEMS}/{made['items'][0]['id']}"
    advance(client, "2026-01-01T10:30:00")
    assert client.get(path)["status"] == "Pending"
    assert client.get(f"/v1/payment-methods/{method}")["numConsecutiveFailures"] == 1
    advance(client, "2026-01-01T11:00:00")
    assert client.get(path)["status"] == "Error"
    assert len(payments(client, account)) == 1


def test_an_item_waits_until_the_interval_is_over(client: Client, tenant: "Tenant", account: str) -> None:
    limit(tenant, max_failures=3, interval=8)
    method = card(client, account, BAD)
    items = [{"amount": 5, "scheduledDate": "2026-01-01", "runHour": 10}]
    client.post(SCHEDULES, {"accountNumber": account, "items": items})
    for moment, failures in (("10:00:00", 1), ("17:59:00", 1), ("18:00:00", 2)):
        advance(client, f"2026-01-01T{moment}")
        assert client.get(f"/v1/payment-methods/{method}")["numConsecutiveFailures"] == failures


def test_without_a_rule_a_failed_item_is_an_error_until_it_is_retried(
    client: Client, account: str, make: Make
) -> None:
    card(client, account, BAD)
    schedule = make(occurrences=1)
    advance(client, "2026-02-01")
    (item,) = client.get(f"{SCHEDULES}/{schedule['id']}")["items"]
    assert item["status"] == "Error"
    assert "card_declined" in item["errorMessage"]
    better = card(client, account)
    (gateway,) = client.get("/v1/payment-gateways")["paymentgateways"]
    again = {"id": item["id"], "paymentMethodId": better, "paymentGatewayId": gateway["id"]}
    (tried,) = client.post(f"{ITEMS}/retry-payment", {"items": [again]})["items"]
    assert (tried["status"], tried["balance"], tried["errorMessage"]) == ("Processed", 0, None)
    with pytest.raises(RefusedError, match="only Error or Pending items can be retried"):
        client.post(f"{ITEMS}/retry-payment", {"items": [again]})


def test_without_a_payment_method_an_item_fails(client: Client, make: Make) -> None:
    schedule = make(occurrences=1)
    advance(client, "2026-02-01")
    assert states(client, schedule) == [("2026-01-31", "Error")]
    client.delete(f"{SCHEDULES}/{schedule['id']}")
    with pytest.raises(RefusedError):
        client.get(f"{SCHEDULES}/{schedule['id']}")


@pytest.mark.parametrize(("outcome", "status"), [("approved", "Processed"), ("declined", "Error")])
def test_an_item_waits_for_the_answer_of_its_gateway(
    client: Client, account: str, make: Make, outcome: str, status: str
) -> None:
    card(client, account, SILENT)
    schedule = make(occurrences=1)
    advance(client, "2026-01-31T12:30:00")
    assert states(client, schedule) == [("2026-01-31", "Pending")]
    (payment,) = payments(client, account)
    client.post(f"/__toolkit/gateway-answers/{payment['number']}", {"outcome": outcome})
    card(client, account, BAD)
    advance(client, "2026-01-31T13:00:00")
    assert states(client, schedule) == [("2026-01-31", status)]
    assert len(payments(client, account)) == 1


def test_a_document_that_is_being_paid_makes_an_item_wait(
    client: Client, account: str, invoice: dict[str, Any], make: Make
) -> None:
    card(client, account, SILENT)
    document = {"type": "Invoice", "number": invoice["invoiceNumber"]}
    schedules = [make(occurrences=1, billingDocument=document) for _ in range(2)]
    advance(client, "2026-01-31T12:30:00")
    assert [states(client, one) for one in schedules] == [[("2026-01-31", "Pending")]] * 2
    assert len(payments(client, account)) == 1


def test_a_skipped_item_comes_back_at_the_end(client: Client, make: Make) -> None:
    schedule = make()
    skipped = client.put(f"{ITEMS}/{schedule['items'][0]['id']}/skip", {})
    assert skipped["status"] == "Canceled"
    assert states(client, schedule)[0] == ("2026-01-31", "Canceled")
    assert states(client, schedule)[-1] == ("2026-04-30", "Pending")
    with pytest.raises(RefusedError, match="only Pending items can be canceled"):
        client.put(f"{ITEMS}/{skipped['id']}/cancel", {})


def test_a_cancelled_schedule_collects_what_was_due_before(client: Client, account: str, make: Make) -> None:
    card(client, account)
    schedule = make()
    ended = client.put(f"{SCHEDULES}/{schedule['id']}/cancel", {"cancelDate": "2026-02-01"})
    assert (ended["status"], ended["cancelDate"]) == ("Canceled", "2026-02-01")
    advance(client, "2026-06-01")
    assert [status for _, status in states(client, schedule)] == ["Processed", "Canceled", "Canceled"]
    with pytest.raises(RefusedError, match="canceled already"):
        client.put(f"{SCHEDULES}/{schedule['id']}/cancel", {"cancelDate": "2026-02-01"})


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"occurrences": 4}, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ({"occurrences": 1, "amount": 7}, ["2026-01-31"]),
        ({"periodStartDate": "2026-02-15", "runHour": 4}, ["2026-02-15", "2026-03-15", "2026-04-15"]),
        ({"period": "Weekly", "description": "x"}, ["2026-01-31", "2026-02-07", "2026-02-14"]),
    ],
)
def test_a_change_is_previewed_and_made(
    client: Client, make: Make, change: dict[str, object], days: list[str]
) -> None:
    schedule = make()
    path = f"{SCHEDULES}/{schedule['id']}"
    previewed = client.put(f"{path}/preview", change)
    assert client.get(path) == schedule
    assert client.put(path, change) == previewed
    assert [one["scheduledDate"] for one in previewed["items"]] == days
    assert {one["amount"] for one in previewed["items"]} == {change.get("amount", 20)}


def test_another_period_goes_on_after_what_is_done(client: Client, account: str, make: Make) -> None:
    card(client, account)
    schedule = make()
    advance(client, "2026-02-02")
    path = f"{SCHEDULES}/{schedule['id']}"
    client.put(path, {"period": "Weekly"})
    assert [day for day, _ in states(client, schedule)] == ["2026-01-31", "2026-02-07", "2026-02-14"]
    client.put(path, {"occurrences": 1})
    client.put(path, {"occurrences": 2})
    assert [day for day, _ in states(client, schedule)] == ["2026-01-31", "2026-02-07"]
    with pytest.raises(RefusedError, match="on an account of nothing"):
        client.put(path, {"currency": "on an account of nothing"})


def test_an_item_is_changed_and_payments_are_linked(
    client: Client, call: "Caller", account: str, make: Make
) -> None:
    schedule = make()
    path = f"{ITEMS}/{schedule['items'][0]['id']}"
    paid = {"type": "External", "currency": "USD", "accountNumber": account}
    first, second = (client.post("/v1/payments", {**paid, "amount": 10})["id"] for _ in range(2))
    method = card(client, account)
    (gateway,) = client.get("/v1/payment-gateways")["paymentgateways"]
    new = {"scheduledDate": "2025-12-24", "runHour": 5, "description": "d", "paymentMethodId": method}
    changed = client.put(path, {**new, "paymentGatewayId": gateway["id"], "paymentId": first})
    assert (changed["balance"], changed["status"]) == (10, "Pending")
    assert changed["psiPayments"] == [{"paymentId": first}]
    assert call("GET", path, version="336.0").body["paymentId"] == first
    assert (changed["scheduledDate"], changed["runHour"]) == ("2025-12-24", 5)
    done = client.put(path, {"linkPayments": [{"paymentId": second}]})
    assert (done["balance"], done["status"]) == (0, "Processed")
    again = client.put(path, {"unlinkPayments": [{"paymentId": second}]})
    assert (again["balance"], again["status"]) == (10, "Pending")
    for body, message in (
        ({"unlinkPayments": [{"paymentId": second}]}, "is not linked"),
        ({"amount": 10}, "greater than what is collected"),
        ({"currency": "EUR"}, "is in USD"),
        ({"runHour": 24}, "'runHour' should be 0 to 23, not 24"),
        ({"paymentId": client.post("/v1/payments", {**paid, "amount": 11})["id"]}, "lacks 10, not 11"),
    ):
        with pytest.raises(RefusedError, match=message):
            client.put(path, body)
    advance(client, "2026-01-01T05:00:00")
    assert client.get(path)["status"] == "Processed"


def test_an_item_has_ten_payments_at_most(client: Client, account: str, make: Make) -> None:
    path = f"{ITEMS}/{make()['items'][0]['id']}"
    paid = {"type": "External", "currency": "USD", "accountNumber": account, "amount": 1}
    linked = [{"paymentId": client.post("/v1/payments", paid)["id"]} for _ in range(11)]
    with pytest.raises(RefusedError, match="has 10 payments already"):
        client.put(path, {"linkPayments": linked})


def test_a_stranger_s_payment_is_not_linked(client: Client, make: Make) -> None:
    path = f"{ITEMS}/{make()['items'][0]['id']}"
    other = client.post(
        "/v1/accounts",
        {"name": "B", "currency": "USD", "billToContact": {"firstName": "B", "lastName": "B"}},
    )
    paid = {"type": "External", "currency": "USD", "accountId": other["accountId"], "amount": 1}
    key = client.post("/v1/payments", paid)["id"]
    with pytest.raises(RefusedError, match=key):
        client.put(path, {"paymentId": key})


def test_items_are_added_to_a_custom_schedule_only(client: Client, account: str, make: Make) -> None:
    item = {"amount": 5, "scheduledDate": "2026-02-01"}
    schedule = client.post(SCHEDULES, {"accountNumber": account, "items": [item]})
    path = f"{SCHEDULES}/{schedule['id']}"
    assert client.post(f"{path}/items", {"items": [item]})["occurrences"] == 2
    client.delete(f"{ITEMS}/{schedule['items'][0]['id']}")
    assert client.get(path)["occurrences"] == 1
    with pytest.raises(RefusedError, match="is custom: change its items"):
        client.put(path, {"amount": 6})
    with pytest.raises(RefusedError, match="its items cannot be skipped"):
        client.put(f"{ITEMS}/{client.get(path)['items'][0]['id']}/skip", {})
    with pytest.raises(RefusedError, match="is recurring: items cannot be added"):
        client.post(f"{SCHEDULES}/{make()['id']}/items", {"items": [item]})


def test_several_schedules_are_made_listed_and_counted(client: Client, call: "Caller", account: str) -> None:
    one = {"accountNumber": account, **MONTHLY}
    made = client.post(
        f"{SCHEDULES}/batch", {"paymentSchedules": [one, {**one, "paymentScheduleNumber": "X"}]}
    )
    assert [each["paymentScheduleNumber"] for each in made["paymentSchedules"]] == ["PS-00000001", "X"]
    listed = call("GET", f"{SCHEDULES}?accountNumber={account}").body
    assert [each["id"] for each in listed] == [each["id"] for each in made["paymentSchedules"]]
    counted = client.get(f"{SCHEDULES}/statistics/2026-02-28")
    assert counted["paymentScheduleItems"] == {"pending": 2, "processed": 0, "error": 0}
    for path, message in ((f"{SCHEDULES}/statistics/today", "like 2026-01-31"), (SCHEDULES, "'accountId'")):
        with pytest.raises(RefusedError, match=message):
            client.get(path)
    with pytest.raises(RefusedError, match="should be 1 to 50"):
        client.post(f"{SCHEDULES}/batch", {"paymentSchedules": []})
    with pytest.raises(RefusedError, match="number X is used already"):
        client.post(SCHEDULES, {**one, "paymentScheduleNumber": "X"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"accountNumber": None}, "'accountId' may not be null"),
        ({"period": None}, "'period' may not be null"),
        ({"totalAmount": 3}, "either 'amount' or 'totalAmount'"),
        ({"occurrences": 0}, "'occurrences' should be 1 to 1000"),
        ({"amount": 0}, "'amount' should be greater than 0"),
        ({"currency": "EUR"}, "is billed in USD, not EUR"),
        ({"standalone": True}, "'standalone' is not simulated yet"),
        ({"paymentMethodId": "nobody"}, "nobody"),
        ({"paymentGatewayId": "nobody"}, "nobody"),
        ({"billingDocument": {"type": "Invoice"}}, "either 'id' or 'number'"),
        ({"items": [{"amount": 1, "scheduledDate": "2026-01-01"}] * 1001}, "at most 1000 items"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(make: Make, change: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        make(**change)


def test_a_changed_count_cannot_be_less_than_what_is_done(client: Client, account: str, make: Make) -> None:
    card(client, account)
    schedule = make()
    advance(client, "2026-03-01")
    with pytest.raises(RefusedError, match="should be at least 2"):
        client.put(f"{SCHEDULES}/{schedule['id']}", {"occurrences": 1})


def test_a_document_of_another_account_is_refused(
    client: Client, invoice: dict[str, Any], account: str
) -> None:
    assert account
    other = client.post(
        "/v1/accounts",
        {"name": "B", "currency": "USD", "billToContact": {"firstName": "B", "lastName": "B"}},
    )
    document = {"type": "Invoice", "id": invoice["id"]}
    body = {"accountId": other["accountId"], **MONTHLY, "billingDocument": document}
    with pytest.raises(RefusedError, match=invoice["id"]):
        client.post(SCHEDULES, body)
