"""Remembering makes what it has made of a record only once, while it keeps it."""

from toolkit.zuora.state.remembering import KEPT, remembered


class _Record:
    """Told apart by identity, as a record is."""


def test_of_a_record_it_is_made_once() -> None:
    make = remembered(lambda _: object())
    one, other = _Record(), _Record()
    assert make(one) is make(one)
    assert make(one) is not make(other)


def test_more_records_than_it_keeps_are_made_anew() -> None:
    made: list[object] = []
    make = remembered(made.append)
    records = [_Record() for _ in range(KEPT + 1)]
    for record in (*records, records[0]):
        make(record)
    assert len(made) == KEPT + 2
