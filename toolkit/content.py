"""Content: the files of fixtures, cassettes and loadtests, a project's own before the shipped ones."""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml

from toolkit.errors import ToolkitError, did_you_mean

Kind = Literal["fixtures", "cassettes", "loadtests"]

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "_content" if (_PACKAGE / "_content").is_dir() else _PACKAGE.parent


def folders(kind: Kind, within: str = "") -> tuple[Path, ...]:
    """List the existing folders of this kind: the project's first, then the shipped one.

    The project is the working directory; `TOOLKIT_PROJECT` names that of a service, which works elsewhere.
    """
    project = Path(os.environ.get("TOOLKIT_PROJECT") or Path.cwd())
    candidates = dict.fromkeys((project / kind / within, _SHIPPED / kind / within))
    return tuple(path for path in candidates if path.is_dir())


def find(kind: Kind, within: str, name: str, suffix: str = ".yaml") -> Path:
    """Find a content file by name; a project's own file hides a shipped one of the same name.

    Raises:
        ToolkitError: There is no such file; the message names the likely right one.
    """
    known = dict(_files(kind, within, suffix))
    if name not in known:
        raise ToolkitError(f"There is no '{name}' in {kind}/{within}.", did_you_mean(name, known))
    return known[name]


def names(kind: Kind, within: str, suffix: str = ".yaml") -> tuple[str, ...]:
    """List what there is to find, in alphabetical order."""
    return tuple(sorted(dict(_files(kind, within, suffix))))


def _files(kind: Kind, within: str, suffix: str) -> Iterator[tuple[str, Path]]:
    for folder in reversed(folders(kind, within)):
        for path in sorted(folder.rglob(f"*{suffix}")):
            yield path.relative_to(folder).as_posix().removesuffix(suffix), path


class _ExactLoader(yaml.CSafeLoader):
    """A safe YAML loader that loses nothing silently.

    19.90 is Decimal('19.90') and never a float; a key given twice and a value such as 2026-02-30 are
    faults that have a place, where YAML's own loader drops the first entry or fails without a place.
    """

    def construct_document(self, node: yaml.Node) -> object:
        _refuse_repeated_keys(node)
        return super().construct_document(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:  # noqa: FBT001, FBT002 - inherited
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, ArithmeticError) as error:
            raise _fault(f"'{node.value}' is no {node.tag.rpartition(':')[2]}", node) from error


def _exact(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact)


def _refuse_repeated_keys(root: yaml.Node) -> None:
    waiting, met = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in met:  # an alias
            continue
        met.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            _refuse_repeats([key for key, _ in node.value])
            waiting.extend(value for _, value in node.value)


def _refuse_repeats(keys: list[yaml.Node]) -> None:
    seen = set[tuple[str, str]]()
    for key in keys:
        if isinstance(key, yaml.ScalarNode):
            if (key.tag, key.value) in seen:
                raise _fault(f"the key '{key.value}' is given twice", key)
            seen.add((key.tag, key.value))


def _fault(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def read_yaml(path: Path) -> object:
    """Read a YAML file safely, with exact decimals.

    Raises:
        ToolkitError: The file cannot be read or is no YAML; the message has file, line and column.
    """
    try:
        with path.open("rb") as stream:
            return yaml.load(stream, _ExactLoader)  # noqa: S506 - a subclass of the safe loader
    except OSError as error:
        raise ToolkitError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ToolkitError(f"{place}: {error.problem}.", "Correct the YAML there.") from error
    except yaml.YAMLError as error:
        raise ToolkitError(f"{path}: {' '.join(str(error).split())}.", "Save it as UTF-8 text.") from error


class _ReadableDumper(yaml.CSafeDumper):
    """A safe YAML dumper for files that people compare: nothing is folded, sorted or said by reference."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - none is wanted, whatever it is
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_ReadableDumper.add_representer(str, _ReadableDumper.represent_text)


def to_yaml(data: object) -> bytes:
    """Write plain data as YAML that `read_yaml` gives back; text of several lines stands there as such."""
    text: bytes = yaml.dump(
        data, Dumper=_ReadableDumper, sort_keys=False, allow_unicode=True, width=2**31 - 1, encoding="utf-8"
    )
    return text
