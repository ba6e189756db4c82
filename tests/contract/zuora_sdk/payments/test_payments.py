"""Payments, refunds and payment runs through the SDK."""

from typing import Any

import pytest


@pytest.fixture
def api(client: Any) -> Any:
    return client.payments_api()


@pytest.fixture
def refunds(client: Any) -> Any:
    return client.refunds_api()


@pytest.fixture
def invoice(desk: Any, account: Any) -> Any:
    """A posted invoice over 100."""
    return desk.invoice(account, dueDate=desk.clock.today().isoformat())


@pytest.fixture
def payment(desk: Any, ask: Any, api: Any, account: Any) -> Any:
    """A payment of 80 from outside, applied to nothing."""
    wanted = {
        "accountId": account.id,
        "amount": 80,
        "currency": "USD",
        "effectiveDate": desk.clock.today().isoformat(),
        "type": "External",
        "paymentMethodType": "Check",
        "referenceId": "cheque 7",
    }
    return ask(api.create_payment, desk.write("CreatePaymentRequest", **wanted))


@pytest.fixture
def card(desk: Any, ask: Any, client: Any, account: Any) -> str:
    """The id of a card that is the account's default."""
    wanted = {
        "type": "CreditCard",
        "accountKey": account.number,
        "cardType": "Visa",
        "cardNumber": "4111111111111111",
        "expirationMonth": 12,
        "expirationYear": 2031,
        "makeDefault": True,
    }
    request = desk.sdk.CreatePaymentMethodRequest(desk.write("CreateCreditCardPaymentMethod", **wanted))
    return str(ask(client.payment_methods_api().create_payment_method, request).id)


def part(desk: Any, kind: str, invoice: Any, amount: int) -> Any:
    return desk.write(kind, invoices=[{"invoiceId": invoice.id, "amount": amount}])


def refund(desk: Any, amount: int) -> Any:
    return desk.write(
        "CreateRefundRequest",
        type="External",
        methodType="Check",
        totalAmount=amount,
        comment="Sorry",
    )


def test_a_payment_is_applied_shown_and_taken_back(
    desk: Any, ask: Any, api: Any, payment: Any, invoice: Any
) -> None:
    request = part(desk, "ApplyPaymentRequest", invoice, 60)
    assert ask(api.apply_payment, payment.id, request).unapplied_amount == 20
    (one,) = ask(api.get_payment_parts, payment.id).parts
    assert ask(api.get_payment_part, one.id, payment.id).payment_part.invoice_id == invoice.id
    (item,) = ask(api.get_payment_item_parts, one.id, payment.id).parts
    assert ask(api.get_payment_item_part, one.id, item.id, payment.id).payment_item_part.amount == 60
    request = part(desk, "UnapplyPaymentRequest", invoice, 60)
    assert ask(api.unapply_payment, payment.id, request).unapplied_amount == 80


def test_a_payment_is_changed_listed_cancelled_and_deleted(
    desk: Any, ask: Any, api: Any, account: Any, payment: Any
) -> None:
    changed = ask(api.update_payment, payment.id, desk.sdk.UpdatePaymentRequest(comment="Twice"))
    assert (changed.comment, changed.reference_id) == ("Twice", "cheque 7")
    (listed,) = ask(api.get_retrieve_all_payments, account_id=account.id).payments
    assert listed.number == payment.number
    assert ask(api.cancel_payment, payment.id).status == "Canceled"
    ask(api.delete_payment, payment.id)


def test_a_payment_goes_to_another_account(desk: Any, ask: Any, api: Any, payment: Any) -> None:
    other = desk.open_account("Lapwing Bikes")
    assert ask(api.transfer_payment, payment.id, {"accountId": other.id}).account_id == other.id


def test_a_refund_is_given_changed_shown_cancelled_and_deleted(
    desk: Any, ask: Any, api: Any, refunds: Any, account: Any, payment: Any
) -> None:
    given = ask(api.create_refund_payment, payment.id, refund(desk, 30))
    assert (given.amount, given.payment_id) == (30, payment.id)
    assert ask(refunds.get_refund, given.number).comment == "Sorry"
    (listed,) = ask(refunds.get_refunds, account_id=account.id).refunds
    assert listed.id == given.id
    (one,) = ask(refunds.get_refund_parts, given.id).parts
    assert ask(refunds.get_refund_part, one.id, given.id).payment_id == payment.id
    assert ask(refunds.get_refund_item_parts, one.id, given.id).item_parts == []
    request = desk.sdk.UpdateRefundRequest(comment="Very sorry")
    assert ask(refunds.update_refund, given.id, request).comment == "Very sorry"
    assert ask(refunds.cancel_refund, given.id).status == "Canceled"
    ask(refunds.delete_refund, given.id)


def test_an_applied_payment_is_taken_back_to_be_refunded(
    desk: Any, ask: Any, api: Any, client: Any, payment: Any, invoice: Any
) -> None:
    ask(api.apply_payment, payment.id, part(desk, "ApplyPaymentRequest", invoice, 80))
    ask(api.refund_paymentwith_auto_unapply, payment.id, refund(desk, 50).to_dict())
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 70


def test_a_credit_memo_is_refunded(
    desk: Any, ask: Any, refunds: Any, client: Any, account: Any, plans: Any
) -> None:
    day = desk.clock.today().isoformat()
    charges = [{"amount": 12, "productRatePlanChargeId": plans[0].charge_id, "chargeId": plans[0].charge_id}]
    wanted = {"accountId": account.id, "charges": charges, "autoPost": True, "effectiveDate": day}
    memos = client.credit_memos_api()
    request = desk.write("CreateCreditMemoFromChargeRequest", **wanted)
    memo = ask(memos.create_credit_memo_from_charge, request)
    back = {"type": "External", "methodType": "Check", "totalAmount": 12}
    given = ask(memos.refund_credit_memo, memo.id, desk.write("RefundCreditMemoRequest", **back))
    (one,) = ask(refunds.get_refund_parts, given.id).parts
    assert one.credit_memo_id == memo.id
    (item,) = ask(refunds.get_refund_item_parts, one.id, given.id).item_parts
    assert ask(refunds.get_refund_item_part, item.id, one.id, given.id).amount == 12


@pytest.mark.usefixtures("card")
def test_a_payment_run_collects_what_is_due(
    desk: Any, ask: Any, client: Any, account: Any, invoice: Any
) -> None:
    runs = client.payment_runs_api()
    ask(client.accounts_api().update_account, account.id, desk.write("UpdateAccountRequest", autoPay=True))
    ask(client.invoices_api().update_invoice, invoice.id, desk.write("UpdateInvoiceRequest", autoPay=True))
    wanted = {"targetDate": desk.clock.today().isoformat(), "accountId": account.id}
    made = ask(runs.create_payment_run, desk.write("CreatePaymentRunRequest", **wanted))
    assert ask(runs.get_payment_run, made.id).status == "Completed"
    assert made.id in {one.id for one in ask(runs.get_payment_runs).payment_runs}
    summary = ask(runs.get_payment_run_summary, made.id)
    assert (summary.number_of_payments, summary.number_of_errors) == (1, 0)
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 0


@pytest.mark.usefixtures("card")
def test_a_payment_run_collects_what_it_is_told_to(
    desk: Any, ask: Any, client: Any, account: Any, invoice: Any
) -> None:
    runs = client.payment_runs_api()
    one = {"accountId": account.id, "documentType": "Invoice", "documentId": invoice.id, "amount": 70}
    wanted = {"targetDate": desk.clock.today().isoformat(), "data": [one]}
    made = ask(runs.create_payment_run, desk.write("CreatePaymentRunRequest", **wanted))
    (collected,) = ask(runs.get_payment_run_data, made.id).data
    assert (collected.document_id, collected.amount_collected) == (invoice.id, 70)
    assert ask(client.invoices_api().get_invoice, invoice.id).balance == 30


def test_a_planned_payment_run_is_changed_and_called_off(desk: Any, ask: Any, client: Any) -> None:
    runs = client.payment_runs_api()
    day = desk.clock.today()
    planned = f"{day.replace(year=day.year + 1)} 10:00:00"
    wanted = {"targetDate": day.isoformat(), "runDate": planned, "batch": "Batch7"}
    made = ask(runs.create_payment_run, desk.write("CreatePaymentRunRequest", **wanted))
    change = desk.write("UpdatePaymentRunRequest", **{**wanted, "batch": "Batch8"})
    assert ask(runs.update_payment_run, made.id, change).batch == "Batch8"


def test_payment_methods_are_shown_changed_scrubbed_and_deleted(
    desk: Any, ask: Any, client: Any, account: Any, card: str
) -> None:
    methods = client.payment_methods_api()
    shown = ask(methods.get_payment_method, card)
    assert shown.type == "CreditCard"
    change = desk.sdk.UpdatePaymentMethodRequest(
        desk.write("UpdateCreditCardPaymentMethod", expirationYear=2033, expirationMonth=1)
    )
    ask(methods.update_payment_method, card, change)
    assert ask(methods.get_payment_method, card).expiration_year == 2033
    ask(methods.verify_payment_method, card, desk.sdk.VerifyPaymentMethodRequest())
    accounts = client.accounts_api()
    assert ask(accounts.get_account_default_payment_method, account.id).id == card
    listed = ask(accounts.get_account_payment_methods, account.id).to_dict()
    assert [one["id"] for one in listed["creditcard"]] == [card]
    ask(methods.scrub_payment_method, card)
    ask(methods.delete_payment_method, card)


def test_gateways_are_listed(ask: Any, client: Any) -> None:
    found = ask(client.payment_gateways_api().get_payment_gateways).paymentgateways
    assert [one.is_default for one in found if one.is_active].count(True) == 1
