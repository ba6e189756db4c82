"""Pages of a list."""

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls import versions
from toolkit.zuora.calls.endpoint import Call
from toolkit.zuora.calls.paging import page
from toolkit.zuora.state.world import empty

ROWS = range(100)


def call(path: str = "/v1/things", **query: str) -> Call:
    return Call(empty(), {}, query, None, path, versions.DEFAULT, "http://here")


def test_the_address_of_the_next_page_is_escaped_and_keeps_the_query() -> None:
    _, following = page(call("/v1/accounts/Ä 1?/things", status="a&b"), ROWS)
    address = "http://here/v1/accounts/%C3%84%201%3F/things?status=a%26b&page=2&pageSize=10"
    assert following == {"nextPage": address}


def test_a_page_behind_the_last_is_empty() -> None:
    assert page(call(page="999999999"), ROWS) == (range(0), {})


def test_the_last_page_names_no_other() -> None:
    assert page(call(page="3", pageSize="40"), ROWS) == (range(80, 100), {})


@pytest.mark.parametrize("given", ["0", "-1", "x", "1.0", "", "²", "٣", "9" * 5000])
def test_a_page_that_is_no_whole_number_is_refused(given: str) -> None:
    with pytest.raises(InvalidValueError, match="'page' should be a whole number from 1"):
        page(call(page=given), ROWS)


@pytest.mark.parametrize(
    ("given", "size"),
    [
        *[(wrong, 10) for wrong in ("0", "-1", "x", "1.0", "", "²", "٣")],
        *[("1", 1), ("39", 39), ("40", 40), ("41", 40), ("9" * 5000, 40)],
    ],
)
def test_a_size_that_is_invalid_is_ten_and_one_too_large_is_forty(given: str, size: int) -> None:
    """Source: Zuora, pagination: if this value is empty or invalid, it typically defaults to 10."""
    assert len(page(call(pageSize=given), ROWS)[0]) == size
