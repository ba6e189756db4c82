"""Payments, refunds and what is applied to what as queries see them."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from toolkit.billing.money import ZERO
from toolkit.billing.parts import Part
from toolkit.zuora.query.customers import account_of
from toolkit.zuora.query.documents import beside
from toolkit.zuora.query.kinds import (
    Finder,
    Kind,
    Many,
    One,
    Reader,
    always,
    among,
    amount,
    choice,
    day,
    every,
    everywhere,
    history,
    in_table,
    moment,
    numbered,
    owned,
    text,
    to,
    within,
)
from toolkit.zuora.state.world import World


class Applied(NamedTuple):
    """What of a payment or a credit memo, the source, went to one document."""

    source: Any
    part: Part


def _parts(source: Any) -> Iterator[Applied]:  # noqa: ANN401 - a payment or a credit memo
    return (Applied(source, part) for part in source.parts)


def _to_invoices(payment: Any) -> Iterator[Applied]:  # noqa: ANN401 - a payment
    return (one for one in _parts(payment) if one.part.kind == "invoice")


def _applied_to(documents: str, table: str) -> Finder:
    """Return a finder of what went to an invoice or a debit memo: it is its account's."""
    return among(within(beside(documents, table), _parts), "part.document_id")


def _finders(table: str) -> dict[str, Finder]:
    """Return the finders that what was applied of payments and of credit memos has alike."""
    return {
        "Id": among(within(owned(table), _parts), "part.id"),
        "AccountId": within(owned(table), _parts),
        "DebitMemoId": _applied_to("debit_memos", table),
        "InvoiceId": _applied_to("invoices", table),
    }


def _target(kind: str) -> Reader:
    return lambda _, row: row.part.document_id if row.part.kind == kind else None


def _on(_: World, row: Applied) -> date:
    return row.part.created.date()


_ENDS = {
    "Account": account_of(),
    "PaymentMethod": to("PaymentMethod", "payment_methods", "payment_method_id"),
}
"""Between whom money goes."""

PAYMENT = Kind(
    name="Payment",
    plural="payments",
    rows=every("payments"),
    custom=attrgetter("custom_fields"),
    finders={
        "Id": in_table("payments"),
        "PaymentNumber": numbered("payments"),
        "AccountId": among(owned("payments"), "account_id"),
        "PaymentMethodId": among(owned("payments"), "payment_method_id"),
    },
    ones=_ENDS,
    many={"paymentApplications": Many("PaymentApplication", "PaymentId")},
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "Amount": amount("amount"),
        "AppliedAmount": amount("applied"),
        "CancelledOn": moment("cancelled"),
        "Comment": text("comment"),
        "Currency": choice("currency"),
        "EffectiveDate": day("effective_date"),
        "Gateway": text("gateway"),
        "GatewayResponse": text("gateway_text"),
        "GatewayResponseCode": text("gateway_code"),
        "GatewayState": choice("gateway_state"),
        "PaymentMethodId": text("payment_method_id"),
        "PaymentNumber": text("number"),
        "ReferenceId": text("reference"),
        "RefundAmount": amount("refunded"),
        "SettledOn": moment("settled"),
        "Source": choice(lambda _, payment: "PaymentRun" if payment.source_id else "API"),
        "SourceName": text("source_id"),
        "Status": choice("status"),
        "SubmittedOn": moment("submitted"),
        "Type": choice("type"),
        "UnappliedAmount": amount("unapplied"),
        **history(),
    },
)

_JOINS = {
    "Account": account_of("source.account_id"),
    "Invoice": to("Invoice", "invoices", _target("invoice")),
}

_PART_FIELDS = {
    "Id": text("part.id"),
    "AccountId": text("source.account_id"),
    "DebitMemoId": text(_target("debit memo")),
    "InvoiceId": text(_target("invoice")),
    **history("part.created", "part.updated"),
}

PAYMENT_APPLICATION = Kind(
    name="PaymentApplication",
    plural="payment-applications",
    rows=everywhere("payments", _parts),
    finders={**_finders("payments"), "PaymentId": within(in_table("payments"), _parts)},
    ones={"Payment": One("Payment", lambda _, row: row.source), **_JOINS},
    fields={
        **_PART_FIELDS,
        "ApplyAmount": amount("part.amount"),
        "EffectiveDate": day(_on),
        "PaymentApplicationStatus": choice(always("Completed")),
        "PaymentId": text("source.id"),
    },
)

PAYMENT_PART = PAYMENT_APPLICATION._replace(
    name="PaymentPart",
    plural="payment-parts",
    fields={**_PART_FIELDS, "Amount": amount("part.amount"), "PaymentId": text("source.id")},
)

INVOICE_PAYMENT = PAYMENT_APPLICATION._replace(
    name="InvoicePayment",
    plural="",
    rows=everywhere("payments", _to_invoices),
    finders={
        "Id": among(within(owned("payments"), _to_invoices), "part.id"),
        "InvoiceId": _applied_to("invoices", "payments"),
        "PaymentId": within(in_table("payments"), _to_invoices),
    },
    fields={
        "Id": text("part.id"),
        "Amount": amount("part.amount"),
        "InvoiceId": text(_target("invoice")),
        "PaymentId": text("source.id"),
        "RefundAmount": amount(always(ZERO)),
        **history("part.created", "part.updated"),
    },
)

CREDIT_MEMO_PART = Kind(
    name="CreditMemoPart",
    plural="credit-memo-parts",
    rows=everywhere("credit_memos", _parts),
    finders={**_finders("credit_memos"), "CreditMemoId": within(in_table("credit_memos"), _parts)},
    ones={"CreditMemo": One("CreditMemo", lambda _, row: row.source), **_JOINS},
    fields={**_PART_FIELDS, "Amount": amount("part.amount"), "CreditMemoId": text("source.id")},
)

CREDIT_MEMO_APPLICATION = CREDIT_MEMO_PART._replace(
    name="CreditMemoApplication",
    plural="credit-memo-applications",
    fields={**CREDIT_MEMO_PART.fields, "EffectiveDate": day(_on)},
)

REFUND = Kind(
    name="Refund",
    plural="refunds",
    rows=every("refunds"),
    custom=attrgetter("custom_fields"),
    finders={
        "Id": in_table("refunds"),
        "RefundNumber": numbered("refunds"),
        "AccountId": among(owned("refunds"), "account_id"),
        "PaymentMethodId": among(owned("refunds"), "payment_method_id"),
    },
    ones=_ENDS,
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "Amount": amount("amount"),
        "CancelledOn": moment("cancelled"),
        "Comment": text("comment"),
        "Gateway": text("gateway"),
        "GatewayResponse": text("gateway_text"),
        "GatewayResponseCode": text("gateway_code"),
        "GatewayState": choice("gateway_state"),
        "MethodType": choice("method_type"),
        "PaymentMethodId": text("payment_method_id"),
        "ReasonCode": choice("reason_code"),
        "ReferenceID": text("reference"),
        "RefundDate": day("refund_date"),
        "RefundNumber": text("number"),
        "SecondRefundReferenceId": text("second_reference"),
        "SourceType": choice(lambda _, refund: "CreditMemo" if refund.credit_memo_id else "Payment"),
        "Status": choice("status"),
        "SubmittedOn": moment("submitted"),
        "Type": choice("type"),
        **history(),
    },
)
