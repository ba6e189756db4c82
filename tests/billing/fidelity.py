"""Writes docs/billing-fidelity.md: what the engine makes of each example of Zuora's documentation.

`python tests/billing/fidelity.py` prints the page. An entry of a file in `examples` is a test, and so it
passes while the tests are green; `left-out.yaml` names the examples that have none.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit import content

_EXAMPLES = Path(__file__).with_name("examples")
_LEFT_OUT = "left-out"
_ID = re.compile(r"([A-Z]{2,3})-\d{3}[a-z]?")
_TOPICS = {
    "PRO": "Proration",
    "CM": "Charge models and discounts",
    "BP": "Billing periods and schedules",
    "AMD": "Changes of subscriptions",
    "MET": "Metrics",
    "USG": "Usage",
    "SET": "Settlement and taxes",
    "PAY": "Payments",
    "API": "Samples of the API",
}
_HEAD = """\
# The billing engine beside Zuora's documentation

Zuora's documentation prints worked examples: what is bought and done, and which amounts, dates and metrics
follow. `nox -s tests` runs them through the engine, from the files in `tests/billing/examples`; this page is
made from the same files by `python tests/billing/fidelity.py > docs/billing-fidelity.md`.

Cases of documented rules for which no page has an example are in `rules.yaml`, derived by hand.

Of {all} examples {whole} pass whole, {partly} in part, and {none} are not run.
"""

Result = Literal["pass", "in part", "not run"]


class _Scenario(msgspec.Struct, frozen=True):
    id: str
    source: str
    note: str = ""
    left_out: str = ""
    run: bool = True


class Example(NamedTuple):
    """What becomes of one example of the documentation, in one scenario or in several.

    Attributes:
        remarks: What was chosen where the page is silent; what is not checked, and why.
    """

    key: str
    source: str
    result: Result
    remarks: str


def examples() -> Iterator[Example]:
    """Yield every example that has an id, in the order of the ids."""
    found: dict[str, list[_Scenario]] = defaultdict(list)
    for file in sorted(_EXAMPLES.glob("*.yaml")):
        for scenario in msgspec.convert(content.read_yaml(file), list[_Scenario]):
            if match := _ID.match(scenario.id):
                found[match.group()].append(replace(scenario, run=file.stem != _LEFT_OUT))
    for key, scenarios in sorted(found.items()):
        left_out = _joined(scenario.left_out for scenario in scenarios)
        result: Result = "in part" if left_out else "pass"
        if not any(scenario.run for scenario in scenarios):
            result = "not run"
        notes = (_told(key, scenario) for scenario in scenarios if scenario.note)
        missing = (f"**Not checked**: {left_out}",) if left_out else ()
        yield Example(key, scenarios[0].source, result, _joined((*missing, *notes)))


def _told(key: str, scenario: _Scenario) -> str:
    variant = scenario.id.removeprefix(key).strip()
    return f"{variant}: {scenario.note}" if variant else scenario.note


def _joined(texts: Iterable[str]) -> str:
    """Join texts that say something, each once, as lines of a table's cell."""
    lines = dict.fromkeys(" ".join(text.split()) for text in texts if text)
    return "<br>".join(lines).replace("|", "\\|")


def page() -> str:
    """Return the page."""
    rows: dict[str, list[Example]] = defaultdict(list)
    for example in examples():
        rows[example.key.partition("-")[0]].append(example)
    results = [example.result for topic in rows.values() for example in topic]
    text = _HEAD.format(
        all=len(results),
        whole=results.count("pass"),
        partly=results.count("in part"),
        none=results.count("not run"),
    )
    for topic, title in _TOPICS.items():
        text += f"\n## {title}\n\n| Example | Result | Remarks |\n|---|---|---|\n"
        text += "".join(
            f"| [{one.key}]({one.source}) | {one.result} | {one.remarks} |\n" for one in rows[topic]
        )
    return text


if __name__ == "__main__":
    sys.stdout.write(page())
