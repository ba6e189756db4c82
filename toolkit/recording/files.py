"""Cassette files: where they lie, reading them, and writing them whole or not at all."""

import os
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from toolkit import content
from toolkit.errors import ToolkitError
from toolkit.recording.interactions import Cassette


def names() -> tuple[str, ...]:
    """List the cassettes there are, `area/name` each."""
    return content.names("cassettes", "")


def path_to_read(name: str | Path) -> Path:
    """Return the file of a cassette: a path as it is, a name looked up among the project's and the shipped.

    Raises:
        ToolkitError: There is no cassette of this name; the message has the likely right one.
    """
    return name if isinstance(name, Path) else content.find("cassettes", "", name)


def path_to_write(name: str | Path) -> Path:
    """Return the file to record to: a path as it is, a name within the project's own `cassettes` folder."""
    return name if isinstance(name, Path) else Path.cwd() / "cassettes" / f"{name}.yaml"


def read(path: Path) -> Cassette:
    """Read a cassette.

    Raises:
        ToolkitError: The file is no cassette; the message has the place in it.
    """
    try:
        return msgspec.convert(content.read_yaml(path), Cassette)
    except msgspec.ValidationError as error:
        raise ToolkitError(
            f"{path} is no cassette: {error}.", "Correct it there, or record it anew."
        ) from error


def write(path: Path, cassette: Cassette) -> None:
    """Write a cassette; whatever happens meanwhile, the file holds the old one or the new one.

    Raises:
        ToolkitError: The file cannot be written; it is as it was.
    """
    text = content.to_yaml(msgspec.to_builtins(cassette, builtin_types=(datetime,)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as error:
        raise ToolkitError(
            f"{path} cannot be written: {error.strerror}.", "The cassette is as it was."
        ) from error


def _replace(path: Path, content_of_file: bytes) -> None:
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
    ) as part:
        try:
            part.write(content_of_file)
            part.flush()
            os.fchmod(part.fileno(), 0o644)  # a cassette is to be shared, and holds no secrets
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink()
            raise
