"""The mail service: what was sent over SMTP is read over HTTP."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx2
import pytest

from toolkit.environment import Running


@pytest.fixture
def inbox(environment: Running) -> Iterator[httpx2.Client]:
    """A client of the inbox, which is empty before and after."""
    with httpx2.Client(base_url=environment.urls["mail-inbox"]) as client:
        client.delete("/messages")
        yield client
        client.delete("/messages")


@pytest.fixture
def smtp(environment: Running) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server."""
    url = urlsplit(environment.urls["mail"])
    with smtplib.SMTP(url.hostname or "", url.port or 0) as connection:
        yield connection


def _invoice(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "billing@example.com", to, "Rechnung für März"
    message.set_content("You owe 348 €.")
    message.add_alternative("<p>You owe 348 €.</p>", subtype="html")
    return message


def test_a_message_is_shown_with_its_parts(smtp: smtplib.SMTP, inbox: httpx2.Client) -> None:
    smtp.send_message(_invoice("ann@example.com"))
    (shown,) = inbox.get("/messages").json()["messages"]
    assert shown["from"] == "billing@example.com"
    assert shown["to"] == ["ann@example.com"]
    assert shown["subject"] == "Rechnung für März"
    assert shown["text"].strip() == "You owe 348 €."
    assert shown["html"].strip() == "<p>You owe 348 €.</p>"
    assert inbox.get(f"/messages/{shown['number']}").json() == shown


def test_a_message_is_kept_as_it_came(smtp: smtplib.SMTP, inbox: httpx2.Client) -> None:
    raw = b"Subject: hello\r\n\r\nas it came\r\n"
    smtp.sendmail("a@example.com", ["b@example.com"], raw)
    number = inbox.get("/messages").json()["messages"][0]["number"]
    answer = inbox.get(f"/messages/{number}.eml")
    assert (answer.headers["content-type"], answer.content) == ("message/rfc822", raw)


def test_one_recipient_s_messages_can_be_asked_for(smtp: smtplib.SMTP, inbox: httpx2.Client) -> None:
    for name in ("ann", "bob", "ann"):
        smtp.send_message(_invoice(f"{name}@example.com"))
    shown = inbox.get("/messages", params={"to": "ann@example.com"}).json()["messages"]
    assert [message["to"] for message in shown] == [["ann@example.com"]] * 2


def test_numbers_are_never_given_twice(smtp: smtplib.SMTP, inbox: httpx2.Client) -> None:
    smtp.send_message(_invoice("ann@example.com"))
    (first,) = inbox.get("/messages").json()["messages"]
    inbox.delete("/messages")
    assert inbox.get("/messages").json() == {"messages": []}
    smtp.send_message(_invoice("ann@example.com"))
    (second,) = inbox.get("/messages").json()["messages"]
    assert second["number"] == first["number"] + 1


@pytest.mark.parametrize("path", ["/", "/messages/0", "/messages/x", "/other"])
def test_what_is_not_there_is_not_found(inbox: httpx2.Client, path: str) -> None:
    assert inbox.get(path).status_code == 404


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Content-Type: text/plain; charset=klingon\r\n\r\nnuqneH\r\n", "nuqneH"),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xff\r\n", "\N{REPLACEMENT CHARACTER}"),
        (b"Content-Type: application/pdf\r\n\r\n%PDF\r\n", None),
    ],
)
def test_odd_mail_is_shown_too(
    smtp: smtplib.SMTP, inbox: httpx2.Client, raw: bytes, text: str | None
) -> None:
    smtp.sendmail("a@example.com", ["b@example.com"], raw)
    shown = inbox.get("/messages").json()["messages"][0]["text"]
    assert (shown and shown.strip()) == text
