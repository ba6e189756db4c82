"""Mails with invoices, credit memos and debit memos, one by one or those of a bill run."""

import re
from collections.abc import Callable, Iterator

from toolkit.billing.billruns import BillRun
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.files.billing_files import find_file
from toolkit.zuora.files.sheets import Document
from toolkit.zuora.messages import mailing
from toolkit.zuora.messages.mailing import Wish
from toolkit.zuora.state.world import Change, World

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


class Email(Body, frozen=True):
    """To whom a document is sent, and which of its files."""

    email_addresses: str | None = None
    include_additional_email_addresses: bool = False
    pdf_file_id: str | None = None
    use_email_template_setting: bool = False


class BillRunEmail(Body, frozen=True):
    """Whether documents that were sent already are sent once more."""

    resend: bool = False


def _sender(table: str) -> Callable[[Call], Reply]:
    def email(call: Call) -> Reply:
        """Send a posted document to the addresses given, or as its template says, or to the bill-to contact.

        Source: Zuora, email an invoice.
        """
        said: Email = call.body
        document: Document = getattr(call.world, table).find(*call.path.values())
        if document.status != "Posted":
            raise RuleError(
                f"The {document.kind} {document.number} is {document.status}: only Posted ones can be sent."
            )
        change = Change(call.world)
        wish = Wish(
            to=_addresses(call.world, document, said),
            file_id=_file(call, document, said),
            additional=said.include_additional_email_addresses,
        )
        mail = mailing.compose(change, document, wish)
        if mail.error is not None:
            raise RuleError(f"The {document.kind} {document.number} cannot be sent. {mail.error}")
        mailing.send(change, [mail])
        return Reply({"success": True}, change.world)

    return email


def _addresses(world: World, document: Document, said: Email) -> str | None:
    if said.use_email_template_setting:
        return None
    if not (said.email_addresses or "").strip():
        return mailing.addresses(world, mailing.receiver(world, document), "BillToContact")
    given = [address.strip() for address in str(said.email_addresses).split(",")]
    if not all(map(_ADDRESS.fullmatch, given)):
        raise InvalidValueError(f"'{said.email_addresses}' should be email addresses and commas.")
    return ",".join(given)


def _file(call: Call, document: Document, said: Email) -> str | None:
    if said.pdf_file_id is None:
        return None
    found = find_file(call.world, said.pdf_file_id)
    if found is None or found[1].id != document.id:
        raise InvalidValueError(f"'{said.pdf_file_id}' is no file of {document.number}.")
    return found[0].id


def email_bill_run(call: Call) -> Reply:
    """Send the posted documents of a bill run as their templates say, unless they were sent already.

    Source: Zuora, email billing documents generated from a bill run; that one for whom there is no address
    only fails in the history is an assumption.
    """
    said: BillRunEmail = call.body
    run = call.world.bill_runs.find(call.path["bill-run-key"])
    if run.status != "Posted":
        raise RuleError(f"Only bill runs with Posted status can be emailed, {run.number} is {run.status}.")
    change = Change(call.world)
    mails = [
        mailing.compose(change, document, Wish())
        for document in _documents(call.world, run)
        if document.status == "Posted" and (said.resend or not _is_sent(call.world, document))
    ]
    mailing.send(change, mails)
    return Reply({"success": True}, change.world)


def _documents(world: World, run: BillRun) -> Iterator[Document]:
    for table, keys in ((world.invoices, run.invoice_ids), (world.credit_memos, run.credit_memo_ids)):
        for key in keys:
            document: Document | None = table.get(key)
            if document is not None:
                yield document


def _is_sent(world: World, document: Document) -> bool:
    return any(mail.error is None for mail in world.mails.of(document.id))


def _endpoint(spelling: str, table: str, resource: int) -> Endpoint:
    path = f"/v1/{spelling}/{{{table[:-1].replace('_', '-')}-key}}/emails"
    return Endpoint("POST", path, _sender(table), Email, resource=resource)


ENDPOINTS = (
    _endpoint("invoices", "invoices", 592100),
    _endpoint("credit-memos", "credit_memos", 539500),
    _endpoint("creditmemos", "credit_memos", 539500),
    _endpoint("debit-memos", "debit_memos", 549500),
    _endpoint("debitmemos", "debit_memos", 549500),
    Endpoint("POST", "/v1/bill-runs/{bill-run-key}/emails", email_bill_run, BillRunEmail, resource=588200),
)
