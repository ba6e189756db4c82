"""A visitor looks at what there is to buy."""

from datetime import date
from random import Random

from toolkit.load.client import Client
from toolkit.load.journey import Journey


def prepare(client: Client, _today: date) -> None:
    """Sign in."""
    client.sign_in()


def run(client: Client, _prepared: None, _random: Random) -> None:
    """Read the catalog."""
    client.get("/v1/catalog/products")


JOURNEY = Journey("A visitor looks at the catalog.", prepare, run)
