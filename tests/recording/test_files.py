"""A cassette is read as it was written, and its file is never half of one."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ToolkitError
from toolkit.recording import files
from toolkit.recording.interactions import Cassette, Interaction, Recorded, Request, Response, shown

RECORDED = Recorded(datetime(2026, 11, 22, 12, 30, 15, tzinfo=UTC), "simulator", "0.1.0", "2025-08-12")
BODY = '{"amount":1.00,"big":12345678901234567890123,"small":0E-9,"name":"Café \\u00e9"}'
ORDER = Interaction(
    Request("POST", "/v1/orders", "a=b", {"zuora-version": "2025-08-12"}, shown(BODY)),
    Response(200, {"set-cookie": ("a=1", "b=2")}, shown(BODY)),
)
WRITES_BIG = """
import resource, signal, sys
from pathlib import Path
from toolkit.recording import files
from toolkit.recording.interactions import Cassette, Interaction, Request, Response

old = files.read(Path(sys.argv[1]))
big = Interaction(Request("GET", "/"), Response(200, body="x" * 1_000_000))
if sys.argv[2] == "killed":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
files.write(Path(sys.argv[1]), Cassette(1, old.recorded, (big,)))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cassette with one order."""
    path = tmp_path / "cassettes/zuora/order.yaml"
    files.write(path, Cassette(1, RECORDED, (ORDER,)))
    return path


def test_a_cassette_reads_as_a_person_would_write_it(path: Path) -> None:
    assert (
        path.read_text()
        == """\
cassette: 1
recorded:
  at: 2026-11-22 12:30:15+00:00
  against: simulator
  toolkit: 0.1.0
  zuora_version: '2025-08-12'
interactions:
- request:
    method: POST
    path: /v1/orders
    query: a=b
    headers:
      zuora-version: '2025-08-12'
    body:
      json: |-
        {
          "amount":1.00,
          "big":12345678901234567890123,
          "small":0E-9,
          "name":"Café \\u00e9"
        }
  response:
    status: 200
    headers:
      set-cookie:
      - a=1
      - b=2
    body:
      json: |-
        {
          "amount":1.00,
          "big":12345678901234567890123,
          "small":0E-9,
          "name":"Café \\u00e9"
        }
"""
    )


def test_a_change_of_one_value_is_a_change_of_one_line(path: Path, tmp_path: Path) -> None:
    changed = Interaction(
        ORDER.request, Response(200, ORDER.response.headers, shown(BODY.replace("1.00", "2.00")))
    )
    files.write(tmp_path / "changed.yaml", Cassette(1, RECORDED, (changed,)))
    lines = zip(
        path.read_text().splitlines(), (tmp_path / "changed.yaml").read_text().splitlines(), strict=True
    )
    assert [pair for pair in lines if pair[0] != pair[1]] == [
        ('          "amount":1.00,', '          "amount":2.00,')
    ]


@given(st.text() | st.text(st.sampled_from('{}[]",:1. \n\r\x85é\x00')).map("[{}]".format))
def test_every_body_is_read_to_the_character(text: str) -> None:
    with TemporaryDirectory() as folder:
        request = Request("GET", "/", body=shown(text))
        files.write(Path(folder) / "a.yaml", Cassette(1, RECORDED, (Interaction(request, Response(200)),)))
        assert files.read(Path(folder) / "a.yaml").interactions[0].request.text == text


@pytest.mark.parametrize(("end", "code"), [("refused", 1), ("killed", -signal.SIGXFSZ)])
def test_a_write_that_breaks_off_leaves_the_old_cassette(path: Path, end: str, code: int) -> None:
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", WRITES_BIG, str(path), end], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert path.read_bytes() == before
    if end == "refused":
        assert f"{path} cannot be written: File too large. The cassette is as it was." in done.stderr
        assert list(path.parent.iterdir()) == [path]


def test_the_rest_of_a_killed_write_is_in_nobodys_way(path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITES_BIG, str(path), "killed"], capture_output=True, check=False)
    files.write(path, Cassette(1, RECORDED, (ORDER, ORDER)))
    assert len(files.read(path).interactions) == 2
    assert [each.name for each in path.parent.glob("*.yaml")] == ["order.yaml"]


def test_a_cassette_can_be_read_by_all(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("cassette: 1", "cassette: 2", "is no cassette: Invalid enum value 2 - at `$.cassette`"),
        ("method: POST", "methd: POST", "unknown field `methd` - at `$.interactions[0].request`"),
        ("status: 200", "status: ok", "Expected `int`, got `str` - at `$.interactions[0].response.status`"),
        ("recorded:", "<<<<<<< HEAD\nrecorded:", ":3:1: could not find expected ':'"),
    ],
)
def test_a_spoilt_cassette_is_named_with_the_place(path: Path, old: str, new: str, problem: str) -> None:
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ToolkitError) as caught:
        files.read(path)
    assert str(caught.value).startswith(str(path))
    assert problem in str(caught.value)


def test_a_name_is_looked_up_and_written_in_the_project(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parents[2])
    assert files.path_to_read("zuora/order") == path
    assert files.path_to_write("zuora/new") == path.parent / "new.yaml"
    assert "zuora/order" in files.names()
    with pytest.raises(ToolkitError, match="Did you mean 'zuora/order'"):
        files.path_to_read("zuora/ordr")


def test_a_path_is_taken_as_it_is(path: Path) -> None:
    assert files.path_to_read(path) == files.path_to_write(path) == path
