"""Rooms: packages and folders in which every public module offers one object under one agreed name."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from toolkit.errors import ToolkitError

Thing = TypeVar("Thing")


def furnish(package: str, name: str, kind: type[Thing]) -> dict[str, Thing]:
    """Import every public module of `package` and collect what each offers as `name`.

    Returns:
        Module name to object, in alphabetical order of the modules.

    Raises:
        ToolkitError: A module cannot be loaded, offers nothing under `name`, or something that is
            not a `kind`; the message names the module.
    """
    room = importlib.import_module(package)
    modules = sorted(module.name for module in pkgutil.iter_modules(room.__path__))
    return {
        module: _offer(
            partial(importlib.import_module, f"{package}.{module}"), f"{package}.{module}", name, kind
        )
        for module in modules
        if not module.startswith("_")
    }


def furnish_folder(folder: Path, name: str, kind: type[Thing]) -> dict[str, Thing]:
    """Do the same for a folder of Python files that belong to no package, such as load profiles."""
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return {path.stem: _offer(partial(_run_file, path), str(path), name, kind) for path in files}


def _run_file(path: Path) -> ModuleType:
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    SourceFileLoader(path.stem, str(path)).exec_module(module)
    return module


def _offer(load: Callable[[], ModuleType], place: str, name: str, kind: type[Thing]) -> Thing:
    try:
        module = load()
    except Exception as error:
        raise ToolkitError(
            f"{place} cannot be loaded: {type(error).__name__}: {error}.",
            "Correct it, or take it out of its room.",
        ) from error
    offer = getattr(module, name, None)
    if not isinstance(offer, kind):
        found = "nothing" if offer is None else f"a {type(offer).__name__}"
        raise ToolkitError(
            f"{place} offers {found} under the name {name}.",
            f"Every module of its room defines {name}: {kind.__name__}.",
        )
    return offer
