"""Gateways answer as the test environments of their providers do."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from toolkit.billing.gateways import APPROVED, NO_ANSWER, Gateway, GatewayKind, Terminal, charge, pay_back
from toolkit.billing.paymentmethods import PaymentMethod, masked_account, masked_card

TODAY = date(2026, 1, 31)
CARD = PaymentMethod(
    id="1", number="PM-1", account_id=None, type="CreditCard", created=datetime(2026, 1, 1, tzinfo=UTC)
)


def asked(method: PaymentMethod, amount: str = "10", kind: GatewayKind = "Stripe") -> tuple[str, str]:
    gateway = Gateway(id="1", number="PG-1", name="Gateway", kind=kind)
    answer = charge(Terminal(gateway, method), Decimal(amount), TODAY)
    return answer.outcome, answer.code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4000 0000 0000 0002", "card_declined"),
        ("4000 0000 0000 0341", "card_declined"),
        ("4000 0000 0000 9995", "insufficient_funds"),
        ("4000 0082 6000 3178", "insufficient_funds"),
        ("4000 0000 0000 9987", "lost_card"),
        ("4000 0000 0000 9979", "stolen_card"),
        ("4000 0000 0000 0069", "expired_card"),
        ("4000 0000 0000 0127", "incorrect_cvc"),
        ("4000 0000 0000 0119", "processing_error"),
        ("4000 0000 0000 6975", "card_velocity_exceeded"),
    ],
)
def test_a_test_card_is_declined_as_stripe_documents(number: str, code: str) -> None:
    assert asked(replace(CARD, masked_number=masked_card(number))) == ("declined", code)


@pytest.mark.parametrize("number", ["4242424242424242", "4111111111111111", "5555555555554444", None])
def test_any_other_card_pays(number: str | None) -> None:
    method = replace(CARD, masked_number=number and masked_card(number))
    assert asked(method) == ("approved", "Approved")


@pytest.mark.parametrize("digits", ["3155", "3184", "3220"])
def test_a_card_with_3d_secure_pays_once_its_holder_has_confirmed_it(digits: str) -> None:
    card = replace(CARD, masked_number=f"************{digits}")
    assert asked(card) == ("declined", "authentication_required")
    assert asked(replace(card, authenticated=True)) == ("approved", "Approved")


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("ACH", "000111111113", "account_closed"),
        ("ACH", "000111111116", "no_account"),
        ("ACH", "000222222227", "insufficient_funds"),
        ("ACH", "000333333335", "debit_not_authorized"),
        ("SEPA", "DE62370400440532013001", "insufficient_funds"),
    ],
)
def test_a_test_bank_account_refuses_as_stripe_documents(kind: str, number: str, code: str) -> None:
    method = replace(CARD, type=kind, masked_number=masked_account(number, "number"))
    assert asked(method) == ("declined", code)
    assert asked(replace(method, masked_number=masked_account("000123456789", "number")))[0] == "approved"


@pytest.mark.parametrize(
    ("token", "answer"),
    [
        ("pm_card_visa", ("approved", "Approved")),
        ("pm_card_visa_chargeDeclined", ("declined", "card_declined")),
        ("pm_card_chargeCustomerFail", ("declined", "card_declined")),
        ("pm_card_chargeDeclinedExpiredCard", ("declined", "expired_card")),
        ("tok_chargeDeclinedInsufficientFunds", ("declined", "insufficient_funds")),
        ("pm_card_authenticationRequired", ("declined", "authentication_required")),
    ],
)
def test_a_test_token_says_what_happens(token: str, answer: tuple[str, str]) -> None:
    method = replace(
        CARD, type="CreditCardReferenceTransaction", token=token, masked_number="************0002"
    )
    assert asked(method) == answer


def test_a_gateway_may_not_answer() -> None:
    assert asked(replace(CARD, masked_number="************0408")) == ("unknown", "timeout")
    assert asked(replace(CARD, type="ACH", masked_number="********0009")) == ("unknown", "timeout")


@pytest.mark.parametrize(("month", "outcome"), [(12, "declined"), (1, "approved")])
def test_a_card_pays_to_the_end_of_its_month(month: int, outcome: str) -> None:
    card = replace(CARD, expiration_month=month, expiration_year=2026 if month == 1 else 2025)
    assert asked(card)[0] == outcome
    assert asked(replace(card, expiration_year=None)) == ("approved", "Approved")


@pytest.mark.parametrize(
    ("amount", "answer"),
    [
        ("1999.99", ("approved", "Approved")),
        ("2000", ("declined", "2000")),
        ("2001.50", ("declined", "2001")),
        ("2999.99", ("declined", "2999")),
        ("3000.99", ("unknown", "timeout")),
        ("3001", ("approved", "Approved")),
    ],
)
def test_braintree_decides_by_the_amount(amount: str, answer: tuple[str, str]) -> None:
    assert asked(replace(CARD, masked_number="************0002"), amount, "Braintree") == answer


def test_a_decline_names_code_and_reason() -> None:
    """Source: recorded: Transaction declined.do_not_honor - Your card was declined."""
    gateway = Gateway(id="1", number="PG-1", name="Gateway", kind="Braintree")
    said = [charge(Terminal(gateway, CARD), Decimal(amount), TODAY).reason for amount in (2000, 2999)]
    assert said == [
        "Transaction declined.2000 - Do Not Honor",
        "Transaction declined.2999 - Processor Declined",
    ]


def test_money_is_given_back_unless_the_card_refuses_it() -> None:
    assert pay_back(None) == pay_back(CARD) == APPROVED
    assert pay_back(replace(CARD, masked_number="************5126")).outcome == "declined"
    assert pay_back(replace(CARD, masked_number="************7726")) == NO_ANSWER
    assert pay_back(replace(CARD, token="pm_card_refundFail")).code == "refund_failed"  # noqa: S106 - Stripe's
