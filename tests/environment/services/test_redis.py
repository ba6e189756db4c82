"""The Redis service: a real Valkey, in memory, closed to others."""

import pytest
import redis

from toolkit.environment import Running


def test_it_speaks_redis(environment: Running) -> None:
    with redis.Redis.from_url(environment.urls["redis"]) as client:
        client.set("plan", "ultimate", ex=60)
        assert client.get("plan") == b"ultimate"
        assert client.info("server")["server_name"] == "valkey"


def test_nobody_comes_in_without_the_password(environment: Running) -> None:
    _, _, place = environment.urls["redis"].partition("@")
    with (
        redis.Redis.from_url(f"redis://{place}") as client,
        pytest.raises(
            redis.AuthenticationError,
            match="NOAUTH|HELLO must be called with the client already authenticated",
        ),
    ):
        client.ping()


def test_it_writes_nothing_to_disk(environment: Running) -> None:
    with redis.Redis.from_url(environment.urls["redis"]) as client:
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
