"""A layer over an archive is the map that immutables.Map would be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.zuora.state.maps import Layer, Map

KEYS = st.sampled_from("abcd")
DATA = b"1\n2\n"
BASE = {"a": 0, "b": 2}


encode, decode = str.encode, bytes.decode


@given(st.lists(st.tuples(KEYS, st.none() | st.sampled_from("345"))))
def test_whatever_is_set_and_deleted_it_is_the_same_map(steps: list[tuple[str, str | None]]) -> None:
    layer, peer = Layer({**BASE}, DATA, decode), Map({"a": "1", "b": "2"})
    for key, value in steps:
        before = dict(layer)
        if value is not None:
            following, peer = layer.set(key, value), peer.set(key, value)
        elif key in peer:
            following, peer = layer.delete(key), peer.delete(key)
        else:
            with pytest.raises(KeyError, match=key):
                layer.delete(key)
            continue
        assert dict(layer) == before
        layer = following
    assert (dict(layer), len(layer), set(layer.values())) == (dict(peer), len(peer), set(peer.values()))
    assert dict(layer.encoded(encode)) == {key: encode(value) for key, value in peer.items()}
    assert [layer.get(key) for key in "abcd"] == [peer.get(key) for key in "abcd"]
    assert [key in layer for key in "abcd"] == [key in peer for key in "abcd"]


def test_only_what_is_asked_for_is_decoded_and_only_once() -> None:
    asked: list[bytes] = []

    def decode_once(value: bytes) -> str:
        asked.append(value)
        return value.decode()

    layer = Layer({**BASE}, DATA, decode_once)
    assert (layer["a"], layer["a"], len(layer), "b" in layer) == ("1", "1", 2, True)
    assert dict(layer.encoded(encode)) == {"a": b"1", "b": b"2"}
    assert asked == [b"1"]


def test_a_key_that_it_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="c"):
        Layer({**BASE}, DATA, decode)["c"]
