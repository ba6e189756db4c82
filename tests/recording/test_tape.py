"""A player answers each recorded request once and refuses the rest with reasons; a recorder keeps all."""

from datetime import UTC, datetime

import pytest

from toolkit.errors import ToolkitError
from toolkit.recording.interactions import Cassette, Interaction, Recorded, Request, Response
from toolkit.recording.tape import Player, Recorder, UnplayedError, UnrecordedRequestError

NOW = datetime(2026, 11, 22, 12, 30, 15, 999, tzinfo=UTC)
FIRST = Interaction(Request("GET", "/v1/invoices/INV1"), Response(200, body="Draft"))
POST = Interaction(Request("POST", "/v1/invoices/INV1/post", body='{"day":1}'), Response(201))
SECOND = Interaction(Request("GET", "/v1/invoices/INV1"), Response(200, body="Posted"))


def _player(*interactions: Interaction) -> Player:
    return Player("zuora/invoice", Cassette(1, Recorded(NOW, "simulator", "0.1.0"), interactions))


def test_equal_requests_are_answered_in_the_order_of_the_recording() -> None:
    player = _player(FIRST, POST, SECOND)
    assert [player.answer(FIRST.request).text for _ in range(2)] == ["Draft", "Posted"]
    assert player.unplayed == (POST.request,)


def test_requests_may_come_in_another_order() -> None:
    player = _player(FIRST, POST)
    assert [player.answer(it.request).status for it in (POST, FIRST)] == [201, 200]
    player.check_all_played()


def test_an_unrecorded_request_is_told_the_closest_and_what_differs() -> None:
    with pytest.raises(UnrecordedRequestError) as caught:
        _player(FIRST, POST).answer(Request("POST", "/v1/invoices/INV1/post", body='{"day":2}'))
    assert str(caught.value) == (
        "POST /v1/invoices/INV1/post is not in cassette 'zuora/invoice'; the closest that is left, "
        "POST /v1/invoices/INV1/post, differs: body.day is 2, recorded is 1. Nothing was sent. Make the "
        "recorded request, or record anew: open the cassette with mode='record', or run "
        "'toolkit cassette record zuora/invoice --host URL'."
    )


def test_among_equally_close_requests_the_one_with_the_likest_path_is_named() -> None:
    with pytest.raises(
        UnrecordedRequestError, match="GET /v1/invoices/INV1, differs: path is '/v1/invoices/INV2'"
    ):
        _player(Interaction(Request("GET", "/x"), Response(200)), FIRST).answer(
            Request("GET", "/v1/invoices/INV2")
        )


def test_a_request_made_more_often_than_recorded_is_told_so() -> None:
    player = _player(FIRST, POST)
    player.answer(FIRST.request)
    with pytest.raises(
        UnrecordedRequestError, match="any more: each of its recordings has been played once; the"
    ):
        player.answer(FIRST.request)
    player.answer(POST.request)
    with pytest.raises(UnrecordedRequestError, match="'zuora/invoice', all of which has been played"):
        player.answer(FIRST.request)


def test_a_refusal_repeats_no_secret() -> None:
    with pytest.raises(UnrecordedRequestError) as caught:
        _player(FIRST).answer(Request("POST", "/x", "token=hunter2", body='{"password":"hunter2"}'))
    assert "hunter2" not in str(caught.value)


def test_what_was_not_played_is_counted_and_named() -> None:
    player = _player(*[FIRST] * 4, POST)
    player.answer(POST.request)
    with pytest.raises(
        UnplayedError,
        match=r"4 of the 5 requests in cassette 'zuora/invoice' were not made: "
        r"GET /v1/invoices/INV1, GET /v1/invoices/INV1, GET /v1/invoices/INV1 and 1 more\.",
    ):
        player.check_all_played()


def test_a_recorder_says_when_against_what_and_in_which_version_it_recorded() -> None:
    recorder = Recorder(NOW)
    recorder.admit("127.0.0.1")
    recorder.keep(Request("GET", "/plain"), Response(200))
    recorder.keep(Request("GET", "/v1", headers={"zuora-version": "2025-08-12"}), Response(200))
    made = recorder.cassette()
    assert (made.recorded.at, made.recorded.against) == (NOW.replace(microsecond=0), "simulator")
    assert made.recorded.zuora_version == "2025-08-12"
    assert [it.request.path for it in made.interactions] == ["/plain", "/v1"]


def test_nothing_recorded_makes_no_cassette() -> None:
    recorder = Recorder(NOW)
    recorder.admit("127.0.0.1")
    with pytest.raises(ToolkitError, match="Nothing was recorded"):
        recorder.cassette()
