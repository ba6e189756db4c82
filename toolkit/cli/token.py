"""The control token: from a file or from the environment, and never shown."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from toolkit.errors import ToolkitError

VARIABLE = "TOOLKIT_CONTROL_TOKEN"


def add_token(parser: ArgumentParser) -> None:
    """Add the option `--control-token` to a command."""
    parser.add_argument(
        "--control-token",
        type=Path,
        metavar="FILE",
        help=f"file with the token that guards the simulator's own routes; or set {VARIABLE}",
    )


def token_of(arguments: Namespace) -> str | None:
    """Return the token that a command was given, or None.

    Raises:
        ToolkitError: The file cannot be read, or the token is empty.
    """
    path: Path | None = arguments.control_token
    if path is None and VARIABLE not in os.environ:
        return None
    try:
        token = (os.environ[VARIABLE] if path is None else path.read_text("utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise ToolkitError(f"The control token in {path} cannot be read: {why}.") from error
    if not (token and token.isascii() and token.isprintable()):
        raise ToolkitError(f"The control token in {path or VARIABLE} is no line of printable ASCII.")
    return token
