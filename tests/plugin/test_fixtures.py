"""The fixtures, each in a real pytest run: a tenant to a test, time that moves when told."""

import httpcore2  # noqa: F401 - loaded here, so that the runs inside this process share its exceptions
import pytest

import toolkit.plugin.facade
import toolkit.zuora.messages.messenger
import toolkit.zuora.web.server  # noqa: F401 - loaded here, so that the runs inside this process share it
from toolkit import worlds

pytest_plugins = ("pytester",)


@pytest.fixture
def run(pytester: pytest.Pytester) -> "Run":
    return Run(pytester)


class Run:
    """Runs a file of tests and returns how many ended in which way."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def __call__(self, source: str, *options: str) -> pytest.RunResult:
        """Run a file, in this process, with warnings as errors."""
        self._pytester.makepyfile(source)
        return self._pytester.runpytest_inprocess("-p", "no:cacheprovider", "-W", "error", *options)


def test_two_tests_never_share_a_tenant(run: Run) -> None:
    source = """
        import pytest

        @pytest.mark.parametrize("turn", range(3))
        def test_alone(zuora, turn):
            assert len(zuora.world.accounts.ids) == 4
            assert zuora.make("account").number == "A00000005"
            assert len(zuora.world.accounts.ids) == 5
    """
    run(source).assert_outcomes(passed=3)


def test_a_world_is_loaded_once_a_session(run: Run) -> None:
    source = """
        seen = []

        def test_one(zuora):
            seen.append(zuora.world)

        def test_two(zuora):
            assert seen[0].accounts is zuora.world.accounts
    """
    run(source).assert_outcomes(passed=2)


def test_a_snapshot_is_compared_and_restored(run: Run) -> None:
    source = """
        def test_time_travel(zuora, clock):
            before, then = zuora.snapshot(), clock.now
            zuora.client.advance("P1M")
            clock.advance("P1M")
            zuora.make("account")
            found = zuora.diff(before)
            assert ("accounts" in found.tables, list(found.tenant)) == (True, ["now"])
            after = zuora.snapshot()
            zuora.restore(before)
            assert (clock.now, zuora.world.now, zuora.diff(before).tables) == (then, then, {})
            zuora.client.get("/v1/accounts/A00000001")
            assert zuora.diff(before, after) == found
    """
    run(source).assert_outcomes(passed=1)


def test_the_clock_moves_the_tenant(run: Run) -> None:
    source = """
        def test_renewal(zuora, clock):
            made = zuora.make("subscription", auto_renew=True)
            clock.advance("P1Y1D")
            assert zuora.world.now == clock.now
            assert zuora.world.subscriptions.find(made.number).version == 2
    """
    run(source).assert_outcomes(passed=1)


def test_time_in_one_test_is_not_time_in_the_next(run: Run) -> None:
    source = """
        def test_one(clock):
            assert clock.advance("P1M").isoformat() == "2026-02-01T00:00:00-08:00"

        def test_two(clock, zuora):
            assert clock.now.isoformat() == zuora.world.now.isoformat() == "2026-01-01T00:00:00-08:00"
    """
    run(source).assert_outcomes(passed=2)


def test_the_client_speaks_to_the_tests_own_tenant(run: Run) -> None:
    source = """
        def test_client(zuora):
            account = zuora.make("account", name="Aurora Robotics")
            shown = zuora.client.get(f"/v1/accounts/{account.number}")
            assert shown["basicInfo"]["name"] == "Aurora Robotics"
            assert zuora.client is zuora.client
    """
    run(source).assert_outcomes(passed=1)


def test_the_url_serves_the_same_tenant_until_the_test_ends(run: Run) -> None:
    source = """
        import http.client, json, pytest

        kept = []

        def ask(url):
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
            connection.request("GET", "/__toolkit/clock")
            answer = json.load(connection.getresponse())
            connection.close()
            return answer["now"]

        def test_one(zuora, clock):
            kept.append(zuora.url)
            clock.advance("P1D")
            assert ask(zuora.url) == clock.now.isoformat()

        def test_two():
            with pytest.raises(ConnectionError):
                ask(kept[0])
    """
    run(source).assert_outcomes(passed=2)


def test_an_assigned_world_is_a_snapshot_restored(run: Run) -> None:
    source = """
        def test_snapshot(zuora):
            before = zuora.world
            zuora.make("account")
            zuora.tenant.world = before
            assert zuora.make("account").number == "A00000005"
    """
    run(source).assert_outcomes(passed=1)


def test_the_facade_is_frozen(run: Run) -> None:
    source = """
        import dataclasses, pytest

        def test_frozen(zuora):
            with pytest.raises(dataclasses.FrozenInstanceError):
                zuora.tenant = None
    """
    run(source).assert_outcomes(passed=1)


def test_workers_of_xdist_get_the_same_worlds(run: Run) -> None:
    source = """
        import pytest

        @pytest.mark.parametrize("turn", range(4))
        def test_alone(zuora, turn):
            assert zuora.make("account").id == "{}"
    """
    expected = worlds.make(worlds.load("gitlab-self-managed"), "account")[0].id
    run(source.format(expected), "-n", "2").assert_outcomes(passed=4)


def test_seats_added_in_a_quarter_cost_what_gitlab_documents(run: Run) -> None:
    """Source: GitLab's documentation of quarterly reconciliation, a seat at 100 a year: 750 and 250."""
    source = """
        import pytest

        @pytest.mark.zuora(world="empty")
        def test_reconciliation(zuora, clock):
            plan = zuora.make("product_rate_plan", charge__price=100)
            account = zuora.make("account")
            made = zuora.make("subscription", account=account, plan=plan.id, seats=100)
            zuora.make("invoice", account=account)
            billed = []
            for seats, until in ((110, "P3M"), (120, "P6M")):
                clock.advance(until)
                day = zuora.world.today.isoformat()
                change = {"chargeNumber": "C-00000001", "pricing": {"recurringPerUnit": {"quantity": seats}}}
                names = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
                action = {
                    "type": "UpdateProduct",
                    "triggerDates": [{"name": name, "triggerDate": day} for name in names],
                    "updateProduct": {"ratePlanId": made.rate_plans[0].id, "chargeUpdates": [change]},
                }
                ordered = {"subscriptionNumber": made.number, "orderActions": [action]}
                order = {"orderDate": day, "existingAccountNumber": account.number}
                zuora.client.post("/v1/orders", {**order, "subscriptions": [ordered]})
                billed.append(zuora.make("invoice", account=account).amount)
            assert billed == [750, 250]
    """
    run(source).assert_outcomes(passed=1)


def test_a_test_without_the_fixtures_loads_nothing_of_the_toolkit(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_unburdened():
            heavy = ("factory", "httpx2", "immutables", "msgspec", "uvloop", "yaml")
            assert [name for name in heavy if name in sys.modules] == []
            ours = {name for name in sys.modules if name.partition(".")[0] == "toolkit"}
            assert ours == {"toolkit", "toolkit.plugin"}
    """)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_callouts_are_sent_and_asserted_on(run: Run) -> None:
    source = """
        from tests.zuora.receiving import ACCOUNT, definition, receiving

        def test_callouts(zuora, clock):
            with receiving() as receiver:
                receiver.answers = [(500, b"")]
                zuora.client.post("/notifications/notification-definitions", definition(receiver.url))
                zuora.client.post("/v1/accounts", ACCOUNT)
                (callout,) = zuora.callouts(event="AccountCreated")
                assert (callout.state, callout.attempts[0].status) == ("waiting", 500)
                assert zuora.callouts(event="OrderProcessed") == ()
                clock.advance("PT30M")
                assert zuora.callouts()[0].state == "delivered"
                assert len(receiver.received) == 2
    """
    run(source).assert_outcomes(passed=1)
