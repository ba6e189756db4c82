"""The files that a run leaves: one for a person, three for machines."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from toolkit.load.measurement import Measurement, Series
from toolkit.load.profile import Workload
from toolkit.load.report import report_page
from toolkit.load.verdict import Finding, Outcome, Verdict
from toolkit.pages import render_page

ARTEFACTS = ("verdict.json", "report.html", "junit.xml", "metrics.txt")
_QUANTILES = (50, 90, 95, 99)


class Record(msgspec.Struct, frozen=True):
    """What `verdict.json` holds: enough to judge again and to compare with another run."""

    verdict: Verdict
    workload: Workload
    measured: Measurement


def write_artefacts(out: Path, workload: Workload, verdict: Verdict, measured: Measurement) -> None:
    """Write the files of a run into a folder.

    `report.html` shows it, `verdict.json` holds everything, `junit.xml` has one case per rule, and
    `metrics.txt` is OpenMetrics text, which GitLab compares with the target branch's.
    """
    record = Record(verdict, workload, measured)
    contents = (
        msgspec.json.format(msgspec.json.encode(record), indent=1),
        render_page(report_page(workload, verdict, measured)).encode(),
        junit(workload, verdict),
        open_metrics(workload, verdict, measured).encode(),
    )
    for name, content in zip(ARTEFACTS, contents, strict=True):
        (out / name).write_bytes(content)


def read_record(path: Path) -> Record:
    """Read a `verdict.json`."""
    return msgspec.json.decode(path.read_bytes(), type=Record)


def junit(workload: Workload, verdict: Verdict) -> bytes:
    """Write JUnit XML with a case for each rule: a missed objective is a failure, other trouble an error."""
    cases = [
        *_cases(workload, "objectives", verdict.objectives),
        *_cases(workload, "generator", verdict.generator),
    ]
    outcomes = [finding.outcome for finding in (*verdict.objectives, *verdict.generator)]
    missed, fine = outcomes.count(Outcome.FAIL), outcomes.count(Outcome.PASS)
    counts = {"tests": len(cases), "failures": missed, "errors": len(cases) - missed - fine}
    suite = ET.Element(
        "testsuite", {"name": f"load {workload.name}", **{key: str(count) for key, count in counts.items()}}
    )
    suite.extend(cases)
    top = ET.Element("testsuites")
    top.append(suite)
    written: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return written


def _cases(workload: Workload, kind: str, findings: tuple[Finding, ...]) -> Iterator[ET.Element]:
    for finding in findings:
        case = ET.Element("testcase", {"classname": f"load.{workload.name}.{kind}", "name": finding.rule})
        if finding.outcome is not Outcome.PASS:
            tag = "failure" if finding.outcome is Outcome.FAIL else "error"
            ET.SubElement(case, tag, {"message": finding.reason, "type": finding.outcome.value})
        yield case


def open_metrics(workload: Workload, verdict: Verdict, measured: Measurement) -> str:
    """Write OpenMetrics text; values are rounded, because GitLab compares them as strings."""
    return "\n".join([*_lines(workload, verdict, measured), "# EOF", ""])


def _lines(workload: Workload, verdict: Verdict, measured: Measurement) -> Iterator[str]:
    profile = f'profile="{workload.name}"'
    yield "# TYPE load_passed gauge"
    yield f"load_passed{{{profile}}} {int(verdict.outcome is Outcome.PASS)}"
    series = {"journey": measured.journeys, "request": measured.requests}
    for kind, named in series.items():
        yield f"# TYPE load_{kind}_response_seconds gauge"
        yield f"# UNIT load_{kind}_response_seconds seconds"
        for name, one in sorted(named.items()):
            for quantile in _QUANTILES:
                labels = f'{profile},{kind}="{_escape(name)}",quantile="{quantile / 100:g}"'
                value = one.response.percentile(quantile) / 1000
                yield f"load_{kind}_response_seconds{{{labels}}} {value:.3f}"
        yield f"# TYPE load_{kind}_failed_ratio gauge"
        for name, one in sorted(named.items()):
            yield f'load_{kind}_failed_ratio{{{profile},{kind}="{_escape(name)}"}} {_ratio(one):.4f}'


def _ratio(series: Series) -> float:
    return series.failed / series.response.count if series.response.count else 0.0


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
