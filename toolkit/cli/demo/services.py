"""One real exchange with each service of the environment, to show that it is what it says it is."""

import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx2
import psycopg
import redis

from toolkit.errors import ToolkitError


def try_services(urls: Mapping[str, str]) -> dict[str, str]:
    """Talk to PostgreSQL, Redis, mail and Zuora, and return what each said of itself.

    Raises:
        ToolkitError: The mail that was sent did not arrive.
    """
    return {
        "postgres": _postgres(urls["postgres"]),
        "redis": _redis(urls["redis"]),
        "mail": _mail(urls["mail"], urls["mail-inbox"]),
        "zuora": _zuora(urls["zuora"]),
    }


def _postgres(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_setting('server_version')").fetchone()
    return f"PostgreSQL {row[0] if row else '?'}"


def _redis(url: str) -> str:
    with redis.Redis.from_url(url, decode_responses=True) as client:
        client.set("toolkit:demo", "1", ex=60)
        about = client.info("server")
    name = about.get("server_name", "redis")
    return f"{name.capitalize()} {about.get(f'{name}_version', about['redis_version'])}"


def _mail(smtp: str, inbox: str) -> str:
    message = EmailMessage()
    message["From"], message["To"] = "billing@toolkit.test", "ada@customer.test"
    message["Subject"] = "Welcome"
    message.set_content("Your environment is ready.")
    place = urlsplit(smtp)
    with smtplib.SMTP(place.hostname or "", place.port or 0) as server:
        server.send_message(message)
    caught = httpx2.get(f"{inbox}/messages", params={"to": "ada@customer.test"}).json()["messages"]
    if not caught:
        raise ToolkitError("The mail to ada@customer.test was sent and did not arrive.")
    return f"{len(caught)} mail caught"


def _zuora(url: str) -> str:
    return f"clock at {httpx2.get(f'{url}/__toolkit/clock').json()['now'][:10]}"
