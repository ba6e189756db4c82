"""Types: what each kind of document is called on the wire, and the table that holds it."""

from collections.abc import Mapping

from toolkit.billing.parts import DocumentKind

TYPES: Mapping[DocumentKind, str] = {
    "invoice": "Invoice",
    "credit memo": "CreditMemo",
    "debit memo": "DebitMemo",
}

TABLES: Mapping[DocumentKind, str] = {
    "invoice": "invoices",
    "credit memo": "credit_memos",
    "debit memo": "debit_memos",
}

TABLES_BY_TYPE: Mapping[str, str] = {TYPES[kind]: table for kind, table in TABLES.items()}
