"""The postman: what a real mail server gets, and what becomes of a mail that cannot be sent."""

import email.policy
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pypdf import PdfReader

from tests.zuora.receiving import ACCOUNT
from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.client import Client
from toolkit.zuora.messages.courier import Courier
from toolkit.zuora.messages.postman import Postman
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

if TYPE_CHECKING:
    from email.message import EmailMessage


class Letterbox:
    """A mail server's desk: it writes down what it gets."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one message."""
        message = message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        self.got.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(letterbox: Letterbox) -> Iterator[str]:
    """The address of a mail server on this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def tenant() -> Tenant:
    return Tenant(worlds.load("gitlab-self-managed"))


@pytest.fixture
def desk(tenant: Tenant, server: str) -> Iterator[tuple[Client, Courier]]:
    """A client of the tenant, behind a courier with a postman."""
    with ExitStack() as stack:
        courier = stack.enter_context(Courier(tenant.handle_all, lambda: [tenant], (), Postman(server)))
        yield stack.enter_context(Client(transport=InProcessTransport(courier.handle))), courier


def invoice_of(client: Client, **account: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    number = client.post("/v1/accounts", {**ACCOUNT, **account})["accountNumber"]
    item = {"chargeName": "Cable", "serviceStartDate": "2026-01-01", "amount": 5}
    body = {"accountNumber": number, "invoiceDate": "2026-01-01", "invoiceItems": [item], "status": "Posted"}
    return client.post("/v1/invoices", body)


TEMPLATE = {
    "name": "Bills",
    "eventCategory": 1130,
    "emailSubject": "Bill\n<Invoice.InvoiceNumber> für <Account.Name>",
    "emailBody": "<b>€ <Invoice.Balance></b>",
    "isHtml": True,
    "fromEmailType": "TenantEmail",
    "toEmailType": "BillToContact",
    "ccEmailAddress": "cc@example.com",
    "bccEmailAddress": "bcc@example.com",
    "replyToEmailType": "SpecificEmail",
    "replyToEmailAddress": "reply@example.com",
}


def test_a_mail_comes_with_its_file_and_the_date_of_the_tenant(
    desk: tuple[Client, Courier], letterbox: Letterbox
) -> None:
    client, courier = desk
    invoice = invoice_of(client)
    client.post(f"/v1/invoices/{invoice['id']}/emails", {})
    courier.deliver()
    ((recipients, message),) = letterbox.got
    assert recipients == ["ada@example.com"]
    assert (message["From"], message["To"]) == ("billing@zuora.test", "ada@example.com")
    assert message["Subject"] == f"Your invoice {invoice['invoiceNumber']}"
    assert message["Date"].datetime.astimezone(UTC) == datetime(2026, 1, 1, 8, tzinfo=UTC)
    body = message.get_body(("plain",))
    assert body is not None
    assert "Dear Ada Tanaka" in body.get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == f"{invoice['invoiceNumber']}_A00000001_01012026.pdf".replace(
        "A00000001", client.get(f"/v1/accounts/{invoice['accountId']}")["basicInfo"]["accountNumber"]
    )
    (page,) = PdfReader(BytesIO(attached.get_content())).pages
    assert "USD 5.00" in page.extract_text()
    (known,) = client.get("/__toolkit/mails")["mails"]
    assert (known["waiting"], known["error"]) == (False, None)
    assert message["Message-ID"] == f"<{known['id']}@zuora.test>"
    courier.deliver()
    assert len(letterbox.got) == 1


def test_a_template_decides_on_copies_and_signs(desk: tuple[Client, Courier], letterbox: Letterbox) -> None:
    client, courier = desk
    client.post("/notifications/email-templates", TEMPLATE)
    invoice = invoice_of(client, name="Müller")
    client.post(f"/v1/invoices/{invoice['id']}/emails", {"useEmailTemplateSetting": True})
    courier.deliver()
    ((recipients, message),) = letterbox.got
    assert recipients == ["ada@example.com", "cc@example.com", "bcc@example.com"]
    assert (message["Cc"], message["Bcc"], message["Reply-To"]) == (
        "cc@example.com",
        None,
        "reply@example.com",
    )
    assert message["Subject"] == f"Bill {invoice['invoiceNumber']} für Müller"
    body = message.get_body(("html",))
    assert body is not None
    assert body.get_content().strip() == "<b>€ 5.00</b>"


def test_a_mail_without_its_file_is_sent_without(
    desk: tuple[Client, Courier], letterbox: Letterbox, tenant: Tenant
) -> None:
    client, courier = desk
    invoice = invoice_of(client)
    client.post(f"/v1/invoices/{invoice['id']}/emails", {})
    courier.deliver()
    client.put(f"/v1/invoices/{invoice['id']}/unpost")
    client.put(f"/v1/invoices/{invoice['id']}/cancel")
    client.delete(f"/v1/invoices/{invoice['id']}")
    (mail,) = tenant.world.mails.latest()
    answer = client._send("POST", "/notifications/email-histories/resend", json=[mail.id])  # noqa: SLF001
    assert answer.status_code == 202
    courier.deliver()
    assert len(letterbox.got) == 2
    assert list(letterbox.got[1][1].iter_attachments()) == []


def test_a_server_that_does_not_answer_is_noted(tenant: Tenant) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"localhost:{probe.getsockname()[1]}"
        with (
            Courier(tenant.handle_all, lambda: [tenant], (), Postman(nobody)) as courier,
            Client(transport=InProcessTransport(courier.handle)) as client,
        ):
            client.post(f"/v1/invoices/{invoice_of(client)['id']}/emails", {})
            courier.deliver()
            (mail,) = client.get("/v1/notification-history/email")["emailHistories"]
    assert mail["result"] == "Failed"
    assert "ConnectionRefusedError" in mail["errorMessage"]


def test_an_encoding_that_lacks_a_sign_is_noted(desk: tuple[Client, Courier], letterbox: Letterbox) -> None:
    client, courier = desk
    client.post("/notifications/email-templates", {**TEMPLATE, "encodingType": "EUC_JP", "emailBody": "😀"})
    client.post(f"/v1/invoices/{invoice_of(client)['id']}/emails", {})
    courier.deliver()
    assert letterbox.got == []
    (known,) = client.get("/__toolkit/mails")["mails"]
    assert known["error"].startswith("UnicodeEncodeError")


def test_what_was_left_is_sent_by_a_later_life_and_nothing_after_the_end(
    tenant: Tenant, server: str, letterbox: Letterbox
) -> None:
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        client.post(f"/v1/invoices/{invoice_of(client)['id']}/emails", {})
    ended = Courier(tenant.handle_all, lambda: [tenant], (), Postman(server))
    ended.__exit__()
    ended.deliver()
    assert letterbox.got == []
    with Courier(tenant.handle_all, lambda: [tenant], (), Postman(server)) as courier:
        courier.deliver()
    assert len(letterbox.got) == 1
    assert not tenant.world.mailbag


@pytest.mark.parametrize(
    "server",
    ["", "1025", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:65536", "mail.example.com:25"],
)
def test_mail_does_not_leave_this_machine(server: str) -> None:
    with pytest.raises(ToolkitError, match="is no mail server on this machine"):
        Postman(server)
