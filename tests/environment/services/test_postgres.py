"""The Postgres service: a real server, a fresh cluster each time, closed to others."""

from pathlib import Path

import psycopg
import pytest

from toolkit.environment import Running, start


def test_it_is_postgres_with_vectors_and_utf8(environment: Running) -> None:
    with psycopg.connect(environment.urls["postgres"]) as connection:
        connection.execute("create extension vector")
        shown = connection.execute("select current_setting('server_encoding'), current_setting('timezone')")
        assert shown.fetchone() == ("UTF8", "UTC")
        connection.rollback()


def test_nobody_comes_in_without_the_password(environment: Running) -> None:
    host, _, rest = environment.urls["postgres"].partition("@")
    stranger = f"{host.rpartition(':')[0]}:wrong@{rest}"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger)


def test_it_listens_on_loopback_only(environment: Running) -> None:
    with psycopg.connect(environment.urls["postgres"]) as connection:
        shown = connection.execute("select current_setting('listen_addresses'), current_setting('port')")
        address, port = shown.fetchone() or ("", "")
    assert address == "127.0.0.1"
    assert environment.urls["postgres"].endswith(f"@127.0.0.1:{port}/postgres")


@pytest.mark.usefixtures("warm_state", "environment")
def test_a_second_start_takes_the_same_cluster_as_it_was_made(environment: Running) -> None:
    def identity_and_tables(url: str) -> tuple[object, object]:
        with psycopg.connect(url) as connection:
            connection.execute("create table if not exists mark (n int)")
            system = connection.execute("select system_identifier from pg_control_system()").fetchone()
            return system, connection.execute("select count(*) from mark").fetchone()

    with psycopg.connect(environment.urls["postgres"]) as connection:
        connection.execute("create table mark as select 1 as n")
    with start(["postgres"]) as second:
        system, rows = identity_and_tables(second.urls["postgres"])
    assert (system, (1,)) == identity_and_tables(environment.urls["postgres"])
    assert rows == (0,)


def test_a_damaged_cluster_in_the_cache_is_made_anew(state: Path) -> None:
    with start(["postgres"]):
        pass
    (archive,) = state.rglob("cluster.tar")
    archive.write_bytes(archive.read_bytes()[:1000000])
    for _ in ("repairs it", "uses it"):
        with start(["postgres"]) as running, psycopg.connect(running.urls["postgres"]) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert archive.stat().st_size > 1000000
