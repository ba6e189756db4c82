"""Invented people and companies; their mail goes to .test, which reaches nobody."""

from random import Random

_FIRST = (
    "Ada",
    "Amara",
    "Bruno",
    "Chidi",
    "Dana",
    "Emre",
    "Farah",
    "Goran",
    "Hana",
    "Imani",
    "Joao",
    "Kenji",
)
_LAST = (
    "Abara",
    "Berg",
    "Costa",
    "Diaz",
    "Endo",
    "Fofana",
    "Gupta",
    "Horak",
    "Ivanov",
    "Jansen",
    "Kaya",
    "Lind",
)
_KIND = (
    "Amber",
    "Aurora",
    "Birch",
    "Cedar",
    "Copper",
    "Delta",
    "Ember",
    "Fjord",
    "Harbor",
    "Larch",
    "Tanuki",
)
_TRADE = ("Analytics", "Aviation", "Foods", "Freight", "Games", "Optics", "Robotics", "Software", "Textiles")


def person(chance: Random) -> tuple[str, str]:
    """Return a first and a last name."""
    return chance.choice(_FIRST), chance.choice(_LAST)


def company(chance: Random) -> str:
    """Return a company's name, such as Tanuki Freight."""
    return f"{chance.choice(_KIND)} {chance.choice(_TRADE)}"


def slug(name: str) -> str:
    """Return the name as a namespace's path and a host's name would have it: tanuki-freight."""
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in name).lower().split()) or "x"
