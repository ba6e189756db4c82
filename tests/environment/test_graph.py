"""Which services a request means."""

import pytest

from toolkit.environment.graph import check_ports, choose
from toolkit.environment.service import Plan, Service, Site
from toolkit.errors import UsageError


def _service(*needs: str, endpoints: tuple[str, ...] = ("url",), wants: tuple[str, ...] = ()) -> Service:
    def plan(site: Site) -> Plan:
        raise NotImplementedError(site)

    return Service("stub", endpoints, plan, lambda _: True, needs=needs, wants=wants)


ROOM = {
    "app": _service("database", "cache"),
    "cache": _service(),
    "database": _service("cache"),
    "mail": _service(),
}


def test_nothing_named_means_everything() -> None:
    assert choose(ROOM, []).keys() == ROOM.keys()


def test_a_service_comes_after_all_it_needs() -> None:
    assert list(choose(ROOM, ["app"])) == ["cache", "database", "app"]


def test_what_a_service_wants_comes_first_where_it_is_there_too() -> None:
    room = {"app": _service(wants=("mail",)), "mail": _service()}
    assert list(choose(room, [])) == ["mail", "app"]
    assert list(choose(room, ["app"])) == ["app"]


def test_a_service_named_twice_is_started_once() -> None:
    assert list(choose(ROOM, ["cache", "cache"])) == ["cache"]


def test_an_unknown_name_is_corrected() -> None:
    with pytest.raises(UsageError, match="There is no service 'databse'. Did you mean 'database'?"):
        choose(ROOM, ["databse"])


def test_a_need_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="There is no service 'b'."):
        choose({"a": _service("b")}, [])


def test_a_circle_is_shown() -> None:
    with pytest.raises(UsageError, match="in a circle: a -> b -> a."):
        choose({"a": _service("b"), "b": _service("a")}, [])
    with pytest.raises(UsageError, match="in a circle: b -> a -> b."):
        choose({"a": _service("b"), "b": _service(wants=("a",))}, [])


def test_a_port_is_for_an_endpoint_not_for_a_service() -> None:
    services = {"mail": _service(endpoints=("smtp", "inbox"))}
    check_ports(services, ["inbox"])
    with pytest.raises(
        UsageError, match="There is no endpoint 'inbx' to give a port to. Did you mean 'inbox'?"
    ):
        check_ports(services, ["inbx"])
