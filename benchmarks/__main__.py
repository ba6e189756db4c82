"""Runs benchmarks: `python -m benchmarks [NAME ...]`; figures print as they come, beside their yardsticks."""

import argparse
import sys
from collections.abc import Sequence

from benchmarks._figures import Benchmark
from toolkit.errors import ObjectiveMissedError, ToolkitError, UsageError, did_you_mean
from toolkit.rooms import furnish


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, or all, and return the exit code of `toolkit.errors`."""
    room = furnish("benchmarks", "BENCHMARK", Benchmark)
    parser = argparse.ArgumentParser(
        prog="benchmarks",
        description="Measure the toolkit beside its yardsticks, in turns, in one run.",
        epilog="\n".join(f"{name:12} {benchmark.help}" for name, benchmark in room.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; all by default")
    parser.add_argument("--strict", action="store_true", help="exit 4 when a floor is missed")
    chosen = parser.parse_args(arguments)
    try:
        _run(room, chosen.names or list(room), strict=chosen.strict)
    except ToolkitError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(room: dict[str, Benchmark], names: Sequence[str], *, strict: bool) -> None:
    for name in names:
        if name not in room:
            raise UsageError(f"There is no benchmark '{name}'.", did_you_mean(name, room))
    missed = []
    for name in names:
        for figure in room[name].measure():
            print(figure, flush=True)
            if not figure.holds:
                missed.append(figure.name)
    if strict and missed:
        raise ObjectiveMissedError(f"Below the floor: {', '.join(missed)}.")


if __name__ == "__main__":
    sys.exit(main())
