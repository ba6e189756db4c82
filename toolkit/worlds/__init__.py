"""Worlds: named starting states of a tenant, built from catalog, factories and history."""

from toolkit.worlds.loading import load, names
from toolkit.worlds.making import make

__all__ = ["load", "make", "names"]
