"""What a card can do besides paying, through the SDK: profiles, authorizations, pages, logs and snapshots."""

from typing import Any

import pytest


@pytest.fixture
def card(desk: Any, ask: Any, client: Any, account: Any) -> str:
    """The id of a card that is the account's default."""
    wanted = {"type": "CreditCard", "accountKey": account.number, "makeDefault": True, "cardType": "Visa"}
    number = {"cardNumber": "4111111111111111", "expirationMonth": 12, "expirationYear": 2031}
    request = desk.sdk.CreatePaymentMethodRequest(
        desk.write("CreateCreditCardPaymentMethod", **wanted, **number)
    )
    return str(ask(client.payment_methods_api().create_payment_method, request).id)


@pytest.fixture
def gateway(ask: Any, client: Any) -> Any:
    return ask(client.payment_gateways_api().get_payment_gateways).paymentgateways[0]


def first(client: Any, desk: Any, kind: str, field: str, value: str) -> str:
    """Return the id of an object that has this value in a field."""
    zoql = f"select Id from {kind} where {field} = '{value}'"  # noqa: S608 - this is no SQL
    request = desk.write("ProxyActionqueryRequest", queryString=zoql)
    return str(client.actions_api().action_post_query(request).records[0]["Id"])


def test_a_stored_credential_profile_lives_and_ends(
    desk: Any, ask: Any, client: Any, card: str, gateway: Any
) -> None:
    api = client.payment_methods_api()
    wanted = {
        "type": "Recurring",
        "status": "Active",
        "action": "Activate",
        "consentAgreementSrc": "External",
    }
    request = desk.write("CreateStoredCredentialProfileRequest", **wanted, consentAgreementRef="C-1")
    for number in (1, 2):
        assert ask(api.create_stored_credential_profile, card, request).number == number
    data = desk.write("AddGatewayProfileDataRequest", authGateway=gateway.id, networkTransactionId="N")
    assert ask(api.add_gateway_profile_data, card, 1, data).id
    ask(api.cancel_stored_credential_profile, card, 1)
    ask(api.expire_stored_credential_profile, card, 2)
    assert not ask(api.get_stored_credential_profiles, card).profiles
    ended = ask(api.get_stored_credential_profiles, card, include_all=True).profiles
    assert [one.status for one in ended] == ["Cancelled", "Expired"]


def test_money_is_held_let_go_and_logged(desk: Any, ask: Any, client: Any, account: Any, card: str) -> None:
    api = client.payment_authorization_api()
    wanted = {"accountId": account.id, "amount": 20, "gatewayOrderId": "O-1", "currency": "USD"}
    held = ask(api.create_authorization, card, desk.write("CreateAuthorizationRequest", **wanted))
    assert (held.result_code, held.currency) == ("0", "USD")
    wanted = {"accountId": account.id, "transactionId": held.transaction_id, "gatewayOrderId": "O-1"}
    void = desk.write("CancelAuthorizationRequest", **wanted)
    assert ask(api.cancel_authorization, card, void).transaction_id == held.transaction_id
    key = first(client, desk, "PaymentMethodTransactionLog", "PaymentMethodId", card)
    log = ask(client.payment_method_transaction_logs_api().get_payment_method_transaction_log, key)
    assert log.payment_method_type == "CreditCard"


def test_a_payment_has_a_log_and_a_snapshot(
    desk: Any, ask: Any, client: Any, account: Any, card: str
) -> None:
    wanted = {"accountId": account.id, "amount": 8, "currency": "USD", "type": "Electronic"}
    request = desk.write(
        "CreatePaymentRequest",
        **wanted,
        effectiveDate=desk.clock.today().isoformat(),
        paymentMethodId=card,
    )
    payment = ask(client.payments_api().create_payment, request)
    key = first(client, desk, "PaymentTransactionLog", "PaymentId", payment.id)
    log = ask(client.payment_transaction_logs_api().get_payment_transaction_log, key)
    assert (log.payment_id, log.gateway_reason_code) == (payment.id, "Approved")
    key = first(client, desk, "PaymentMethodSnapshot", "PaymentMethodId", card)
    kept = ask(client.payment_method_snapshots_api().get_payment_method_snapshot, key)
    assert (kept.payment_method_id, kept.credit_card_mask_number) == (card, "************1111")


def test_a_hosted_page_is_made_and_listed(desk: Any, ask: Any, client: Any, gateway: Any) -> None:
    wanted = {"type": "hp_creditcard", "pageName": "Pay", "domain": "https://example.com"}
    request = desk.write("CreateHostedPageRequest", **wanted, gateway=gateway.name)
    made = ask(client.hosted_pages_api().create_hosted_page, request)
    listed = ask(client.hosted_pages_api().get_hosted_pages).hostedpages
    assert (made.id, "Credit Card") in {(one.page_id, one.page_type) for one in listed}


def test_a_session_has_a_token(desk: Any, ask: Any, client: Any, account: Any, gateway: Any) -> None:
    wanted = {"accountId": account.id, "authAmount": 1, "currency": "USD", "processPayment": False}
    request = desk.write("CreatePaymentSessionRequest", **wanted, paymentGateway=gateway.id)
    assert ask(client.payment_methods_api().create_payment_session, request).token


def test_a_token_of_a_wallet_is_not_opened(desk: Any, client: Any) -> None:
    header = {"ephemeralPublicKey": "k", "publicKeyHash": "h", "transactionId": "t"}
    token = {"data": "d", "header": header, "signature": "s", "version": "EC_v1"}
    wanted = {"integrationType": "ApplePay", "merchantID": "merchant.example", "paymentToken": token}
    request = desk.write("CreatePaymentMethodDecryptionRequest", **wanted)
    with pytest.raises(desk.sdk.exceptions.ApiException, match="no certificate"):
        client.payment_methods_api().decrypt_payment_method(request)
