"""Unnumbered: records that nobody gives a number; their id stands for it."""

import msgspec


class Unnumbered(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is found by its id alone."""

    id: str

    @property
    def number(self) -> str:
        """Its id: it has no number of its own."""
        return self.id
