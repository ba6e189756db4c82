"""Finds the files of an installed wheel without importing it, which would cost time and run its code."""

import importlib.util
import os
from pathlib import Path

from toolkit.environment.service import NotInstalledError

INSTALL = "Run: pip install 'fulfillment-toolkit[environment]'."


def folder(package: str) -> Path:
    """Return the directory of an installed package.

    Raises:
        NotInstalledError: It is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NotInstalledError(f"The package {package} is not installed.", INSTALL)
    return Path(spec.submodule_search_locations[0])


def program(package: str, pattern: str) -> Path:
    """Return the one program of a package whose path below it matches a pattern.

    Raises:
        NotInstalledError: The package is not installed, or has no program for this machine.
    """
    found = [path for path in folder(package).glob(pattern) if os.access(path, os.X_OK)]
    if not found:
        machine = f"{os.uname().sysname}-{os.uname().machine}"
        raise NotInstalledError(
            f"The package {package} has no {pattern.rpartition('/')[2]} for {machine}.",
            "Install a wheel for this platform, or give the service's URL in the environment.",
        )
    return found[0]


def version(package: str) -> str:
    """Return the version of an installed package, as the folder beside it says."""
    home = folder(package)
    found = [path.stem for path in home.parent.glob(f"{package}-*.dist-info")]
    return found[0].partition("-")[2] if found else "unknown"
