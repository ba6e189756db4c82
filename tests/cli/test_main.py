"""The command line's frame: what a fault, a slip, a bug, Ctrl-C or a closed pipe turn into."""

import argparse
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from toolkit.cli import main, parser
from toolkit.cli.command import Command
from toolkit.errors import UsageError
from toolkit.rooms import furnish

WITH_A_ROOM_MORE = """
import sys
import toolkit.cli
import toolkit.cli.commands
toolkit.cli.commands.__path__ = [sys.argv[1]]
sys.exit(toolkit.cli.main(sys.argv[2:]))
"""
SAMPLE = """
from toolkit.cli.command import Command

def configure(parser):
    parser.add_argument("--world")
    parser.add_argument("--format", choices=["json", "text"])

def run(chosen):
    {body}

COMMAND = Command("Do the sample work.", configure, run)
"""

Start = Callable[..., subprocess.Popen[str]]
Toolkit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a process of the command line whose only command, `sample`, runs this body."""

    def start(body: str, *arguments: str) -> subprocess.Popen[str]:
        room = tmp_path / "room"
        room.mkdir(exist_ok=True)
        (room / "sample.py").write_text(SAMPLE.replace("{body}", body))
        return subprocess.Popen(
            [sys.executable, "-c", WITH_A_ROOM_MORE, str(room), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": ""},
        )

    return start


@pytest.fixture
def toolkit(start: Start) -> Toolkit:
    """Run such a process to its end."""

    def run(body: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        with start(body, *arguments) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run


@pytest.mark.parametrize("code", [0, 1, 4])
def test_the_exit_code_is_the_commands(toolkit: Toolkit, code: int) -> None:
    assert toolkit(f"return {code}", "sample").returncode == code


def test_a_fault_is_one_sentence_and_its_exit_code(toolkit: Toolkit) -> None:
    done = toolkit(
        "from toolkit.errors import ObjectiveMissedError as E; raise E('It was slow.', 'Look.')", "sample"
    )
    assert (done.returncode, done.stderr) == (4, "toolkit: It was slow. Look.\n")


def test_a_misspelt_command_is_answered_with_the_likely_one(toolkit: Toolkit) -> None:
    done = toolkit("return 0", "smaple")
    assert (done.returncode, done.stderr) == (
        2,
        "toolkit: There is no command 'smaple'. Did you mean 'sample'?\n",
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["sample", "--wrold", "x"], "'toolkit sample' has no option '--wrold'. Did you mean '--world'?"),
        (["sample", "--wor=x"], "'toolkit sample' has no option '--wor'. Did you mean '--world'?"),
        (["x", "--world", "sample"], "There is no command 'x'. Known: sample."),
        (["--wrold", "x", "sample"], "'toolkit' has no option '--wrold'. Known: --help, --version, -h."),
        (["--vresion"], "'toolkit' has no option '--vresion'. Did you mean '--version'?"),
        (
            ["sample", "--size", "few"],
            "Argument --size: 'few' is no whole number. See 'toolkit sample --help'.",
        ),
        (["sample", "--format", "jsno"], "There is no format 'jsno'. Did you mean 'json'?"),
        (["sample", "--world"], "Argument --world: expected one argument. See 'toolkit sample --help'."),
        (["sample", "more"], "Unrecognized arguments: more. See 'toolkit --help'."),
        ([], "The following arguments are required: command. See 'toolkit --help'."),
    ],
)
def test_a_slip_in_the_arguments_is_said_in_one_sentence(arguments: list[str], complaint: str) -> None:
    def configure(below: argparse.ArgumentParser) -> None:
        below.add_argument("--world")
        below.add_argument("--size", type=int)
        below.add_argument("--format", choices=["json", "text"])

    with pytest.raises(UsageError) as caught:
        parser({"sample": Command("Do it.", configure, len)}).parse_args(arguments)
    assert str(caught.value) == complaint


def test_a_bug_leaves_its_traceback_in_a_file(toolkit: Toolkit, tmp_path: Path) -> None:
    done = toolkit("raise KeyError('seats')", "sample")
    (log,) = tmp_path.glob("toolkit-*.log")
    assert done.returncode == 3
    assert done.stderr == (
        f"toolkit: KeyError: 'seats' (traceback in {log}). This is a bug in the toolkit, please report it.\n"
    )
    assert "sample.py" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_bug_without_room_for_its_traceback_is_still_said(toolkit: Toolkit) -> None:
    done = toolkit("import tempfile; tempfile.tempdir = '/nowhere'; raise KeyError('seats')", "sample")
    assert done.returncode == 3
    assert done.stderr.startswith("toolkit: KeyError: 'seats' (the traceback cannot be kept: ")
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_a_command_without_a_traceback(start: Start) -> None:
    with start("import time; print('here', flush=True); time.sleep(60)", "sample") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "toolkit: interrupted.\n")


def test_a_reader_that_leaves_interrupts_the_work(start: Start) -> None:
    with start("while True: print('x' * 1000)", "sample") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (130, "")


def test_a_reader_that_leaves_after_the_work_does_not_change_its_verdict(start: Start) -> None:
    with start("import sys; sys.stdin.readline(); print('missed'); return 4", "sample") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdin is not None
        process.stdout.close()
        process.stdin.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (4, "")


def test_help_may_be_cut_short(start: Start) -> None:
    with start("return 0", "--help") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (0, "")


def test_a_service_that_hangs_up_is_no_closed_pipe(toolkit: Toolkit) -> None:
    done = toolkit("raise BrokenPipeError('the database hung up')", "sample")
    assert done.returncode == 3
    assert "the database hung up" in done.stderr


def test_every_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    commands = furnish("toolkit.cli.commands", "COMMAND", Command)
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    listed = capsys.readouterr().out
    assert caught.value.code == 0
    assert [name for name in commands if f"\n    {name} " not in listed] == []
    assert [name for name, command in commands.items() if not command.help.endswith(".")] == []


@pytest.mark.parametrize("name", furnish("toolkit.cli.commands", "COMMAND", Command))
def test_a_command_explains_its_arguments(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: toolkit {name} [-h]")


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code in {0, None}
    said = capsys.readouterr()
    assert said.out + said.err == f"toolkit {version('fulfillment-toolkit')}\n"


def test_the_module_runs_as_the_command_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "sevre"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("toolkit: There is no command 'sevre'.")
