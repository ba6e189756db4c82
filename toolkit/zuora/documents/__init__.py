"""Invoices and memos of a tenant: how they come about, are split, taxed, settled and taken back."""
