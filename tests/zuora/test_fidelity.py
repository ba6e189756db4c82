"""The page that tells how true the simulator is says what the code and the proofs say."""

from pathlib import Path

from tests.zuora import fidelity
from toolkit import worlds
from toolkit.zuora.coverage import coverage
from toolkit.zuora.tenant import Tenant

ROOT = Path(__file__).parents[2]


def test_the_page_is_made_of_what_is_served_and_proven() -> None:
    page = (ROOT / "docs" / "fidelity.md").read_text()
    assert page == fidelity.page(), "python tests/zuora/fidelity.py > docs/fidelity.md"


def test_what_is_proven_is_served() -> None:
    served = {f"{one.method} {one.path}" for one in fidelity.endpoints()}
    served |= {f"{one.method} {one.path}" for one in fidelity.operations() if "/object-query/" in one.path}
    proven = {
        endpoint for endpoint in fidelity.proofs() if not endpoint.split(" ")[1].startswith("/__toolkit/")
    }
    assert proven <= served


def test_each_proof_has_its_test() -> None:
    for proof in fidelity.recordings():
        file, _, name = proof.test.partition("::")
        assert f"def {name}" in (ROOT / file).read_text()


def test_the_official_sdk_has_667_operations() -> None:
    """Source: zuora-sdk 3.21.0, as its own classes list them."""
    assert len(set(fidelity.operations())) == 667


def test_the_page_and_a_running_simulator_count_the_same_operations() -> None:
    said = coverage(Tenant(worlds.load("empty")))["operations"]
    assert (
        f"Of the {said['known']} operations of the official SDK {said['served']} are served"
        in fidelity.page()
    )
