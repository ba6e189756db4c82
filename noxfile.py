"""The checks that gate a merge, each in an environment of its own; `nox -l` lists them."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
MACHINE = f"{sys.version_info.major}.{sys.version_info.minor}"

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "virtualenv"
nox.options.download_python = "never"
nox.options.allow_parallel = True  # `nox -j 2` runs two sessions at a time
nox.options.error_on_missing_interpreters = False  # an absent Python is said and skipped, in CI too
nox.options.reuse_venv = "yes"

# The tests start some hundred processes: what is imported is compiled once, and nothing else is.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_PIP = ("--quiet", "--no-compile")
_MAY_BE_ABSENT = {"contract-airbyte-source-zuora"}  # its kit wants old packages that few machines still build

# pyenv's own `python3.12` fails unless it is chosen: offer the real interpreters behind it.
_PYENV = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, sorted(_PYENV.glob("versions/3.*/bin")))])


def _install(session: nox.Session, *groups: str, extras: str = "") -> None:
    packages = nox.project.dependency_groups(PROJECT, *groups)
    session.install(*_PIP, *packages, *(["--editable", f".[{extras}]"] if extras else []))


def _without(*folders: str) -> list[str]:
    return [f"--ignore=tests/{folder}" for folder in folders]


def _junit(session: nox.Session) -> str:
    return f"--junitxml={Path('reports', session.name).absolute()}.xml"


def _apart(session: nox.Session, *packages: str) -> str:
    """Make a second, fresh environment with these packages and return its interpreter."""
    place = Path(session.virtualenv.location, "apart")
    session.run("python", "-m", "venv", "--clear", str(place))
    python = str(place / "bin" / "python")
    session.run(python, "-m", "pip", "install", *_PIP, *packages, external=True)
    return python


def _kept(session: nox.Session, name: str, *packages: str) -> str:
    """Return the interpreter of an environment with these packages, which is made once."""
    place = Path(session.virtualenv.location, name)
    python, done = str(place / "bin" / "python"), place / "packages.txt"
    wanted = "\n".join(packages)
    if not done.exists() or done.read_text() != wanted:
        session.run("python", "-m", "venv", "--clear", str(place))
        session.run(python, "-m", "pip", "install", *_PIP, *packages, external=True)
        done.write_text(wanted)
    return python


@nox.session(python=sorted({*PYTHONS, MACHINE}))
def tests(session: nox.Session) -> None:
    """Run the tests; on the machine's own Python with more examples, and with floors for coverage."""
    _install(session, "tests", extras="environment,containers")
    measured = session.python == MACHINE and not session.posargs
    runner = ["coverage", "run", "-m"] if measured else ["python", "-m"]
    options = ["-n", "2", "--durations=10", "--durations-min=2", _junit(session)]
    if session.python != MACHINE:
        options.append("--hypothesis-profile=quick")
    if measured:
        session.run("coverage", "erase")
    chosen = session.posargs or ["-m", "not load", *_without("contract", "docs", "package")]
    session.run(*runner, "pytest", *options, *chosen)
    if measured:
        exact = "toolkit/billing/*,toolkit/zuora/*"
        session.run("coverage", "combine", "--quiet")
        session.run("coverage", "xml", "--quiet", "-o", "reports/coverage.xml")
        session.run("coverage", "report", f"--omit={exact}", "--fail-under=90")
        session.run("coverage", "report", f"--include={exact}", "--fail-under=100")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and layout."""
    _install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types of everything, strictly."""
    _install(session, "typing", extras="all")
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """Check that dependencies between rooms point down."""
    _install(session, "imports")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """Check the README's commands, the links, the recipes, and that each command is documented."""
    _install(session, "docs", extras="environment")
    session.run("pytest", "tests/docs", "-m", "not load", _junit(session), *session.posargs)


@nox.session
def load(session: nox.Session) -> None:
    """Run what needs locust, which patches the interpreter and so lives apart from the other tests."""
    _install(session, "tests", extras="environment,load")
    others = _without("contract", "package")
    session.run("pytest", "-m", "load", *others, _junit(session), *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Build the wheel through the source archive, and try it where the sources are out of reach."""
    _install(session, "package")
    built = Path(session.virtualenv.location, "built")
    shutil.rmtree(built, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(built), silent=True)
    (wheel,) = built.glob("*.whl")
    python = _apart(session, str(wheel), *nox.project.dependency_groups(PROJECT, "pytest"))
    report = _junit(session)
    with tempfile.TemporaryDirectory() as elsewhere:
        shutil.copy("tests/package/test_installed.py", elsewhere)
        session.chdir(elsewhere)
        session.run(python, "-m", "pytest", ".", report, env={"TOOLKIT_WHEEL": str(wheel)}, external=True)


@nox.session
def contract(session: nox.Session) -> None:
    """Drive the simulator through clients by others, whose pins must not meet one another, nor our users."""
    _install(session, "contract")
    toolkit = _apart(session, ".[environment]")
    driven = Path("reports", "driven").absolute()
    shutil.rmtree(driven, ignore_errors=True)

    def drive(python: str, client: str, *tests: str) -> None:
        place = driven / client.replace("==", " ")
        place.mkdir(parents=True)
        report = f"--junitxml={Path('reports', session.name).absolute()}-{client.replace('==', '-')}.xml"
        env = {"TOOLKIT_PYTHON": toolkit, "TOOLKIT_DRIVEN": str(place)}
        session.run(python, "-m", "pytest", *tests, report, *session.posargs, env=env, external=True)

    (*_, sdk) = nox.project.dependency_groups(PROJECT, "contract")
    drive("python", sdk, "tests/contract", "--ignore=tests/contract/others")
    for group in PROJECT["dependency-groups"]:
        if group.startswith("contract-"):
            client, *more = nox.project.dependency_groups(PROJECT, group)
            try:
                python = _kept(session, group, client, *more)
            except nox.command.CommandFailed:
                if group not in _MAY_BE_ABSENT:
                    raise
                session.warn(f"{client} does not install here, so it is not driven")
                continue
            file = f"tests/contract/others/test_{group.removeprefix('contract-').replace('-', '_')}.py"
            drive(python, client, file, "-W", "ignore")  # their warnings are not ours to mend
    if not session.posargs:
        session.run("python", "tests/contract/driven.py", str(driven))


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Run a benchmark: `nox -s bench -- NAME`."""
    _install(session, "bench", extras="environment")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Break what bills, one place at a time, and count which of these mutants the tests of billing kill."""
    _install(session, "mutation", extras="environment")
    shutil.rmtree("mutants", ignore_errors=True)
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")
