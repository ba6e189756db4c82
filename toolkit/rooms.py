"""Rooms: packages and folders in which every public module offers one object under one agreed name."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
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
        ToolkitError: A module offers nothing under `name`, or something that is not a `kind`.
    """
    room = importlib.import_module(package)
    modules = (
        importlib.import_module(f"{package}.{module.name}")
        for module in pkgutil.iter_modules(room.__path__)
        if not module.name.startswith("_")
    )
    return dict(_offers(modules, name, kind))


def furnish_folder(folder: Path, name: str, kind: type[Thing]) -> dict[str, Thing]:
    """Do the same for a folder of Python files that belong to no package, such as load profiles."""
    files = (path for path in sorted(folder.glob("*.py")) if not path.name.startswith("_"))
    return dict(_offers(map(_load, files), name, kind))


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ToolkitError(f"{path} is not a Python file.", "Remove it from the room or rename it.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _offers(modules: Iterator[ModuleType], name: str, kind: type[Thing]) -> Iterator[tuple[str, Thing]]:
    for module in modules:
        offer = getattr(module, name, None)
        if not isinstance(offer, kind):
            found = "nothing" if offer is None else f"a {type(offer).__name__}"
            raise ToolkitError(
                f"{module.__file__} offers {found} under the name {name}.",
                f"Every module of this room defines {name}: {kind.__name__}.",
            )
        yield module.__name__.rpartition(".")[2], offer
