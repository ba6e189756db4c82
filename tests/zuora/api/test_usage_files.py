"""Usage files: imported whole or not at all, and what their status says."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.state.journal import Journal
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.zuora.api.conftest import Meter
    from tests.zuora.conftest import Answer, Caller

HEADER = "ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID,DESCRIPTION,UNIQUE_KEY,Line__c"
KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "secret"}
FORM = {**KEYS, "content-type": "multipart/form-data; boundary=cut", "host": "zuora.test"}


def form(content: bytes, name: str = "usage.csv", field: str = "file") -> bytes:
    head = f'--cut\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    return head.encode() + b"Content-Type: text/csv\r\n\r\n" + content + b"\r\n--cut--\r\n"


def send(call: "Caller", content: str, name: str = "usage.csv") -> "Answer":
    return call("POST", "/v1/usage", raw=form(content.encode(), name), headers=FORM)


def ended(call: "Caller", answer: "Answer") -> tuple[str, str | None]:
    path = answer.body["checkImportStatus"].removeprefix("http://zuora.test")
    status = call("GET", path).body
    return status["importStatus"], status["message"]


def test_a_file_is_imported_line_by_line(call: "Caller", account: str, meter: "Meter") -> None:
    number = meter({"price": 2}, model="PerUnit")
    plan = call("GET", f"/v1/subscriptions/{number}").body["ratePlans"][0]
    charge = plan["ratePlanCharges"][0]["number"]
    content = "\r\n".join(
        (
            "\ufeff" + HEADER,
            f"{account},Minute,2.5,01/31/2026,02/01/2026,{number},{charge},A call,,x",
            ",,,,",
            f'{account},Minute,"1",01/02/2026',
        )
    )
    answer = send(call, content)
    assert answer.body["size"] == len(content.encode())
    assert answer.body["checkImportStatus"].startswith("http://zuora.test/v1/usage/")
    assert ended(call, answer) == ("Completed", None)
    listed = call("GET", f"/v1/usage/accounts/{account}").body["usage"]
    assert [(one["quantity"], one["startDateTime"][:10]) for one in listed] == [
        (2.5, "2026-01-31"),
        (1, "2026-01-02"),
    ]
    assert (
        listed[0].items() >= {"sourceName": "Import", "fileName": "usage.csv", "chargeNumber": charge}.items()
    )
    record = call("GET", f"/v1/object/usage/{listed[0]['id']}").body
    assert (record["EndDateTime"][:10], record["Description"], record["Line__c"]) == (
        "2026-02-01",
        "A call",
        "x",
    )


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("", "has no column ACCOUNT_ID, UOM, QTY, STARTDATE, ENDDATE, SUBSCRIPTION_ID, CHARGE_ID."),
        ("ACCOUNT_ID,UOM,QTY,STARTDATE,SUBSCRIPTION_ID,CHARGE_ID", "has no column ENDDATE."),
        (f"{HEADER},COLOUR", "unknown or repeated: ['COLOUR']"),
        (f"{HEADER},UOM", "unknown or repeated"),
        (f"{HEADER}\n,Minute,1,01/01/2026", "Line 2 of the usage file has no ACCOUNT_ID."),
        (f"{HEADER}\n{{account}},Minute,one,01/01/2026", "the QTY 'one' is no number"),
        (f"{HEADER}\n{{account}},Minute,-1,01/01/2026", "The quantity -1"),
        (f"{HEADER}\n{{account}},Minute,NaN,01/01/2026", "The quantity NaN"),
        (
            f"{HEADER}\n{{account}},Minute,1,2026-01-01",
            "STARTDATE '2026-01-01' should be a day as MM/DD/YYYY",
        ),
        (f"{HEADER}\n{{account}},Minute,1,01/01/2026,,A-S9", "The subscription A-S9 is invalid."),
        (f"{HEADER}\nA9,Minute,1,01/01/2026", "Cannot find entity by key: 'A9'."),
        (f"{HEADER}\n{{account}},Minute,1,01/01/2026{',' * 9}", "Line 2 of the usage file has 13 values."),
        (f'{HEADER}\n{{account}},"Minute"s,1,01/01/2026', "Line 2 of the usage file"),
    ],
)
def test_a_file_with_a_wrong_line_is_rejected_whole(
    call: "Caller", account: str, lines: str, why: str
) -> None:
    right = f"\n{account},Minute,1,01/01/2026" if lines else ""
    answer = send(call, lines.format(account=account) + right)
    assert answer.body["success"]
    status, message = ended(call, answer)
    assert status == "Failed"
    assert message is not None
    assert why in message
    assert call("GET", f"/v1/usage/accounts/{account}").body["usage"] == []


def test_a_file_that_is_no_text_is_rejected(call: "Caller") -> None:
    answer = call("POST", "/v1/usage", raw=form(b"\xff\xfe\xff"), headers=FORM)
    assert ended(call, answer) == ("Failed", "The usage file should be text in UTF-8.")


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("usage.xls", 1, "The file usage.xls should be a .csv file."),
        ("u" * 47 + ".csv", 1, "at most 50 characters"),
        ("usage.csv", 4 * 1024 * 1024 + 1, "at most 4 MB"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_at_once(
    call: "Caller", name: str, size: int, message: str
) -> None:
    answer = send(call, "x" * size, name)
    assert not answer.body["success"]
    assert message in answer.reason[1]


@pytest.mark.parametrize(
    ("body", "media", "code"),
    [
        (b"{}", "application/json", 50000045),
        (form(b"x", field="other"), FORM["content-type"], 50000022),
        (b"--cut--", FORM["content-type"], 50000022),
    ],
)
def test_a_request_without_a_file_is_refused(call: "Caller", body: bytes, media: str, code: int) -> None:
    answer = call("POST", "/v1/usage", raw=body, headers={**FORM, "content-type": media})
    assert answer.reason[0] == code


def test_the_journal_keeps_a_file_as_it_came(call: "Caller", account: str, tmp_path: "Path") -> None:
    start: Any = call.tenant.world
    with Journal(tmp_path / "journal") as journal:
        call.tenant = Tenant(start, journal)
        send(call, f"{HEADER}\n{account},Minuté,1,01/01/2026")
    with Journal(tmp_path / "journal") as journal:
        assert Tenant.recover(start, journal).world == call.tenant.world
