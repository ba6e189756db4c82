"""What Zuora refuses reaches the SDK as the exception, status and code of Zuora's own answers."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest


class Refusal:
    """What an SDK exception carried."""

    status: int
    body: Any

    def code(self) -> int:
        """The code of the one reason given."""
        (reason,) = self.body["reasons"]
        code = reason["code"]
        assert isinstance(code, int)
        return code

    def message(self) -> Any:
        return self.body["reasons"][0]["message"]


@contextmanager
def refused_with(exception: type[Exception]) -> Iterator[Refusal]:
    """Expect a refusal, whose answer can be looked at afterwards."""
    refusal = Refusal()
    with pytest.raises(exception) as caught:
        yield refusal
    refused: Any = caught.value
    refusal.status, refusal.body = refused.status, json.loads(refused.body)


@pytest.fixture
def exceptions(sdk: Any) -> Any:
    return sdk.exceptions


def order(sdk: Any, account: str, term_type: str) -> Any:
    """Return a request for a subscription without any product."""
    term = sdk.InitialTerm(period=12, period_type="Month", term_type=term_type)
    creation = sdk.CreateOrderCreateSubscription(
        terms=sdk.OrderActionCreateSubscriptionTerms(initial_term=term)
    )
    action = sdk.CreateOrderAction(type="CreateSubscription", create_subscription=creation)
    return sdk.CreateOrderRequest(
        existing_account_number=account,
        order_date=date(2026, 1, 1),
        subscriptions=[sdk.CreateOrderSubscription(order_actions=[action])],
    )


def new_account(sdk: Any, **fields: Any) -> Any:
    contact = sdk.CreateAccountContact(first_name="Ada", last_name="Byron", country="USA")
    return sdk.CreateAccountRequest(name="Refused", bill_cycle_day=1, bill_to_contact=contact, **fields)


def test_an_unknown_account_is_not_found(client: Any, exceptions: Any) -> None:
    with refused_with(exceptions.NotFoundException) as refusal:
        client.accounts_api().get_account("A99999999")
    assert (refusal.status, refusal.code()) == (404, 50000040)
    assert refusal.message() == "Cannot find entity by key: 'A99999999'."


def test_a_refusal_is_traceable(client: Any, exceptions: Any) -> None:
    with refused_with(exceptions.NotFoundException) as refusal:
        client.subscriptions_api().get_subscription_by_key("A-S99999999")
    assert refusal.body["success"] is False
    assert re.fullmatch(r"[0-9A-F]{16}", refusal.body["processId"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", refusal.body["requestId"])


def test_an_old_client_hears_of_an_unknown_account_with_status_200(sdk: Any, client: Any) -> None:
    old = sdk.ApiClient(client.configuration, "Zuora-Version", "186.0")
    old.set_default_header("Authorization", f"Bearer {client.token['access_token']}")
    answer = sdk.AccountsApi(old).get_account("A99999999")
    assert answer.success is False
    assert answer.reasons[0].code == 50000040


def test_an_order_for_an_unknown_account_is_not_found(sdk: Any, client: Any, exceptions: Any) -> None:
    with refused_with(exceptions.NotFoundException) as refusal:
        client.orders_api().create_order(order(sdk, "A99999999", "TERMED"))
    assert refusal.code() == 58560040


def test_an_unknown_order_number_is_an_invalid_value(client: Any, exceptions: Any) -> None:
    with refused_with(exceptions.BadRequestException) as refusal:
        client.orders_api().get_order("O-99999999")
    assert (refusal.code(), refusal.message()) == (50000020, "Invalid orderNumber: O-99999999")


def test_a_value_outside_its_enumeration_is_refused(sdk: Any, client: Any, exceptions: Any) -> None:
    account = client.accounts_api().create_account(new_account(sdk, currency="USD"))
    with refused_with(exceptions.BadRequestException) as refusal:
        client.orders_api().create_order(order(sdk, account.account_number, "ETERNAL"))
    assert refusal.code() % 100 == 20
    assert "TERMED, EVERGREEN" in refusal.message()


def test_a_missing_field_is_named(sdk: Any, client: Any, exceptions: Any) -> None:
    with refused_with(exceptions.BadRequestException) as refusal:
        client.accounts_api().create_account(new_account(sdk))
    assert (refusal.code(), refusal.message()) == (51000322, "'currency' may not be null")


def test_a_misspelt_field_is_named(sdk: Any, client: Any, exceptions: Any) -> None:
    account = client.accounts_api().create_account(new_account(sdk, currency="USD"))
    with refused_with(exceptions.BadRequestException) as refusal:
        client.accounts_api().update_account(account.account_id, sdk.UpdateAccountRequest(nam="x"))
    assert (refusal.code(), refusal.message()) == (51500021, "Invalid parameter(s): 'nam'.")


def test_a_wrong_token_is_unauthorized(sdk: Any, simulator: str, exceptions: Any) -> None:
    stranger = sdk.ApiClient(sdk.Configuration(host=simulator), "Authorization", "Bearer nonsense")
    with refused_with(exceptions.UnauthorizedException) as refusal:
        sdk.AccountsApi(stranger).get_account("A00000001")
    assert (refusal.status, refusal.code()) == (401, 90000011)
