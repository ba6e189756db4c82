"""Worlds: named starting states of a tenant, built from catalog, factories and history."""
