"""Servers one after another, each in a process of its own: a fork of this one, which has loaded everything.

Each line of the input starts one; what is written is its process id, its URL, and `gone` when it has ended.
"""

import os
import signal
import sys
from pathlib import Path

from toolkit import worlds
from toolkit.zuora.simulator import Simulator
from toolkit.zuora.state import store
from toolkit.zuora.tenant import routes
from toolkit.zuora.tenants import Tenants
from toolkit.zuora.web.server import serve

NAME = "gitlab-self-managed"


def main(directory: Path) -> None:
    """Start servers in a directory; they write a checkpoint every few requests."""
    store._FEWEST, store._QUIET = 10, 1  # noqa: SLF001 - so that kills meet checkpoints
    routes()
    started = 0
    try:
        for _ in sys.stdin:
            started = os.fork()
            if not started:
                _serve(directory)
                os._exit(0)
            _say(started)
            os.waitpid(started, 0)
            started = 0
            _say("gone")
    finally:
        if started:
            os.kill(started, signal.SIGKILL)


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _serve(directory: Path) -> None:
    with Tenants(NAME, lambda: worlds.load(NAME), directory) as tenants:
        serve(Simulator(tenants, worlds.load).handle_all, "127.0.0.1", 0, _say)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
