"""Postgres starts as root, as an ordinary and as a nameless user, with and without user namespaces."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolkit.environment import privilege
from toolkit.environment.privilege import Stance

ROOT, ORDINARY, NAMELESS = 0, 65534, 54321
WORK = privilege.namespaces_work()
START = """
import os, psycopg
from toolkit.environment import start
for time in ("first", "second"):
    with start(["postgres"]) as running, psycopg.connect(running.urls["postgres"]) as connection:
        (directory,), = connection.execute("show data_directory")
        print(os.stat(directory).st_uid)
"""
UNSHARE = {"x86_64": 272, "aarch64": 97}
REFUSE = f"""
import ctypes, os, struct, sys
unshare, refuse, allow = {UNSHARE.get(platform.machine())}, 0x50001, 0x7fff0000
code = (0x20, 0, 0, 0), (0x15, 0, 1, unshare), (6, 0, 0, refuse), (6, 0, 0, allow)
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in code))
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Program(4, ctypes.addressof(code)))) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Refuses unshare(2) with EPERM to a program and all it starts, as Docker's default profile does."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run() -> Iterator[Run]:
    """Run Python as another user, with or without namespaces, on a state directory of that user's own."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    if not shutil.which("setpriv"):
        pytest.skip("setpriv (util-linux) is not installed")
    with tempfile.TemporaryDirectory(dir="/tmp") as home:

        def run(script: str, user: int, *, namespaces: bool = True) -> subprocess.CompletedProcess[str]:
            os.chown(home, user, user)
            become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            if not _can_reach_the_interpreter(become):  # it may lie in root's home
                become += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
                if not _can_reach_the_interpreter(become):
                    pytest.skip(f"user {user} cannot reach {sys.executable}")
            refuse = [] if namespaces else [sys.executable, "-c", REFUSE]
            kept = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}
            return subprocess.run(
                [*(become if user else []), *refuse, sys.executable, "-c", script],
                capture_output=True,
                text=True,
                check=False,
                cwd=home,
                env={**kept, "TOOLKIT_STATE": f"{home}/state"},
            )

        yield run


def _can_reach_the_interpreter(become: list[str]) -> bool:
    command = [*become, sys.executable, "-c", "import sys; print(sys.base_prefix)"]
    answer = subprocess.run(command, capture_output=True, check=False, text=True)
    return answer.stdout.strip() == sys.base_prefix


@pytest.mark.parametrize("namespaces", [True, False])
@pytest.mark.parametrize("user", [ROOT, ORDINARY], ids=["root", "ordinary"])
def test_postgres_starts(run: Run, user: int, *, namespaces: bool) -> None:
    if not namespaces and platform.machine() not in UNSHARE:
        pytest.skip(f"the number of unshare(2) on {platform.machine()} is not known here")
    done = run(START, user, namespaces=namespaces)
    given_up = user == ROOT and not (namespaces and WORK)
    owner = privilege.nobody().pw_uid if given_up else user
    assert (done.stderr, done.stdout.split()) == ("", [str(owner)] * 2)


@pytest.mark.skipif(not WORK, reason="this machine refuses user namespaces")
def test_postgres_starts_as_a_user_without_a_name(run: Run) -> None:
    done = run(START, NAMELESS)
    assert (done.stderr, done.stdout.split()) == ("", [str(NAMELESS)] * 2)


def test_a_user_without_a_name_or_a_namespace_is_told_what_to_do(run: Run) -> None:
    done = run(START, NAMELESS, namespaces=False)
    assert done.stderr.splitlines()[-1].endswith(
        "User id 54321 has no passwd entry and this machine refuses user namespaces. "
        "Add a passwd entry, or give TOOLKIT_POSTGRES_URL."
    )


def test_no_user_is_made_and_no_mode_changed(run: Run) -> None:
    parents = [Path("/"), Path(tempfile.gettempdir()), Path("/dev/shm"), *Path(sys.executable).parents]  # noqa: S108
    before = [Path("/etc/passwd").read_bytes(), *(path.stat().st_mode for path in parents)]
    assert run(START, ROOT, namespaces=False).returncode == 0
    assert [Path("/etc/passwd").read_bytes(), *(path.stat().st_mode for path in parents)] == before


@pytest.mark.skipif(not WORK, reason="this machine refuses user namespaces")
def test_a_namespace_comes_first() -> None:
    assert privilege.choose_stance() is Stance.NAMESPACE


def test_a_user_has_a_name_or_not() -> None:
    assert privilege.has_name(0)
    assert not privilege.has_name(NAMELESS)
