"""Numbering: how a tenant numbers what it makes."""

from collections.abc import Mapping

NUMBERS: Mapping[str, tuple[str, str | None]] = {
    "account": ("A{:08}", "accounts"),
    "contact": ("CT-{:08}", None),
    "payment method": ("PM-{:08}", "payment_methods"),
    "product": ("PC-{:08}", "products"),
    "sku": ("SKU-{:08}", None),
    "product rate plan": ("PRP-{:08}", "plans"),
    "product charge": ("PRPC-{:08}", None),
    "order": ("O-{:08}", "orders"),
    "subscription": ("A-S{:08}", "subscriptions"),
    "amendment": ("A-AM{:08}", "amendments"),
    "rate plan": ("SRP-{:08}", None),
    "charge": ("C-{:08}", None),
    "bill run": ("BR-{:08}", None),
    "billing preview run": ("BPR-{:08}", None),
    "invoice": ("INV{:08}", "invoices"),
    "credit memo": ("CM{:08}", "credit_memos"),
    "debit memo": ("DM{:08}", "debit_memos"),
    "payment": ("P-{:08}", "payments"),
    "ramp": ("R-{:08}", None),
    "invoice schedule": ("IS-{:08}", None),
    "refund": ("R-{:08}", None),
    "payment run": ("PR-{:08}", None),
    "payment schedule": ("PS-{:08}", "payment_schedules"),
    "payment schedule item": ("PSI-{:08}", None),
    "gateway": ("PG-{:08}", None),
    "callout": ("{:08}", None),
    "mail": ("{:08}", None),
}
"""How each kind is numbered, and the table of those whose number a client may choose."""
