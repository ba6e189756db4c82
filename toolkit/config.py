"""Where the toolkit keeps what must outlive a command, and how the environment changes that."""

import os
from pathlib import Path

from toolkit.errors import ToolkitError

STATE_VARIABLE = "TOOLKIT_STATE"


def state_directory() -> Path:
    """Return the directory for state as an absolute path, created private to its owner.

    `TOOLKIT_STATE` wins, then `$XDG_STATE_HOME/fulfillment-toolkit`, then
    `~/.local/state/fulfillment-toolkit`.

    Raises:
        ToolkitError: The directory cannot be made or written.
    """
    given = os.environ.get(STATE_VARIABLE)
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    asked = Path(given) if given else Path(base) / "fulfillment-toolkit"
    try:
        place = asked.expanduser().absolute()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home
        raise _unusable(asked) from error
    if not os.access(place, os.W_OK | os.X_OK):
        raise _unusable(place)
    return place


def _unusable(place: Path) -> ToolkitError:
    return ToolkitError(
        f"The state directory {place} cannot be written.", f"Set {STATE_VARIABLE} to a writable directory."
    )
