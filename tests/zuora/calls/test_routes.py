"""Finding the endpoint of a path."""

import pytest

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.calls.routes import Routes


def answer(_: Call) -> Reply:
    return Reply({})


def fixed(_: Call) -> Reply:
    return Reply({})


ROUTES = Routes(
    [
        Endpoint("GET", "/v1/orders/{order-number}", answer),
        Endpoint("GET", "/v1/orders/subscriptionOwner/{account-number}", fixed),
        Endpoint("POST", "/v1/orders", fixed),
    ]
)


def test_a_placeholder_takes_one_segment() -> None:
    endpoint, values = ROUTES.find("GET", "/v1/orders/O-1")
    assert (endpoint.answer, values) == (answer, {"order-number": "O-1"})


def test_a_fixed_segment_wins_over_a_placeholder() -> None:
    endpoint, values = ROUTES.find("GET", "/v1/orders/subscriptionOwner/A1")
    assert (endpoint.answer, values) == (fixed, {"account-number": "A1"})


def test_a_path_that_begins_with_two_slashes_is_none() -> None:
    with pytest.raises(Refusal, match="//v1/orders/O-1 does not exist"):
        ROUTES.find("GET", "//v1/orders/O-1")


def test_a_placeholder_takes_empty_braces_too() -> None:
    assert ROUTES.find("GET", "/v1/orders/{}")[1] == {"order-number": "{}"}


def test_a_trailing_slash_makes_no_difference() -> None:
    assert ROUTES.find("POST", "/v1/orders/")[0].answer is fixed


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/orders/O-1/more", "/v1//orders", "/v2/orders", "//"])
def test_a_path_that_nothing_serves_does_not_exist(path: str) -> None:
    with pytest.raises(Refusal, match="does not exist") as caught:
        ROUTES.find("GET", path)
    assert caught.value.http_status(by_category=False) == 404


def test_another_method_is_not_supported() -> None:
    with pytest.raises(Refusal, match="'DELETE' not supported") as caught:
        ROUTES.find("DELETE", "/v1/orders")
    assert caught.value.http_status(by_category=False) == 405


def test_two_endpoints_of_one_place_are_an_error() -> None:
    with pytest.raises(ToolkitError, match="Two endpoints answer GET /a/{y}"):
        Routes([Endpoint("GET", "/a/{x}", answer), Endpoint("GET", "/a/{y}", answer)])
