"""A back end renews its token, which all customers carry from then on."""

from datetime import date
from random import Random

from toolkit.load.client import Client
from toolkit.load.journey import Journey


def prepare(_client: Client, _today: date) -> None:
    """Need nothing."""


def run(client: Client, _prepared: None, _random: Random) -> None:
    """Ask for a token."""
    client.sign_in()


JOURNEY = Journey("A back end renews the token that all customers carry.", prepare, run)
