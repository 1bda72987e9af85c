"""The command line as a process: how it is called, ends, and is interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from .conftest import ACME, AT, as_from_a_terminal
from .usage import USAGE, write

QUESTION = ("user:usr_dan", "instant_cluster.ssh", "instant_cluster:cl_1", *AT)
TIMEOUT = 120


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "bailiwick", *map(str, arguments)]


def ended(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process that has ended."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, **environment},
        encoding="utf-8",
    )


def test_exit_codes_and_outputs() -> None:
    allowed = ended("check", ACME, *QUESTION, "--json")
    assert (allowed.returncode, json.loads(allowed.stdout)["allowed"], allowed.stderr) == (0, True, "")
    denied = ended("check", ACME, "user:usr_eve", *QUESTION[1:])
    assert (denied.returncode, denied.stderr) == (1, "")
    bad = ended("check", ACME, "usr_dan", *QUESTION[1:], "--json")
    assert (bad.returncode, bad.stdout, json.loads(bad.stderr)["error"]["path"]) == (2, "", "/principal")
    assert ended("check", "none.json", *QUESTION).returncode == 3
    assert ended("--version").stdout.startswith("bailiwick ")
    assert "Usage" in ended("--help").stdout


def test_the_script_is_installed() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="bailiwick")
    assert script.value == "bailiwick.cli:main"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    script = ended("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert (script.returncode, "_BAILIWICK_COMPLETE" in script.stdout) == (0, True)


def test_completion_knows_the_commands() -> None:
    found = ended(_BAILIWICK_COMPLETE="complete_bash", COMP_WORDS="bailiwick ", COMP_CWORD="1").stdout.split()
    assert {"check", "attribute", "list", "apply", "compile", "inspect", "validate", "keys", "serve", "why"} <= set(found)


def test_an_absent_extra_is_said_in_one_sentence() -> None:
    program = "import sys; sys.modules['typer'] = None; from bailiwick.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == 'the command line needs packages that are not installed: pip install "bailiwick[cli]"\n'


def test_the_package_itself_needs_no_library() -> None:
    program = "import sys, bailiwick, bailiwick.cli; assert not {'typer', 'rich', 'pyarrow', 'uvicorn'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", program], timeout=TIMEOUT, check=True)


@pytest.mark.parametrize("buffer", ["", "1"])
def test_nothing_is_lost_on_the_way(tmp_path: Path, buffer: str) -> None:
    usage = write(tmp_path / "usage.csv", USAGE * 20_000)
    work = command("attribute", ACME, usage, "-o", "-", "--output-format", "jsonl", "--json")
    done = subprocess.run(work, capture_output=True, timeout=TIMEOUT, check=False, env={**os.environ, "PYTHONUNBUFFERED": buffer})
    assert (done.returncode, done.stdout.count(b"\n"), json.loads(done.stderr)["rows"]) == (0, len(USAGE) * 20_000, len(USAGE) * 20_000)


@pytest.mark.parametrize("buffer", ["", "1"])
def test_nobody_reads_to_the_end(tmp_path: Path, buffer: str) -> None:
    rows = tmp_path / "requests.jsonl"
    rows.write_text(json.dumps({"principal": "user:usr_dan", "action": "file.read", "resource": "project:prj_a"}) + "\n")
    rows.write_text(rows.read_text() * 20_000)
    work = command("check", ACME, "--requests", rows, "--json")
    process = subprocess.Popen(work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": buffer})
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    assert (process.wait(TIMEOUT), process.stderr.read()) == (141, b"")
    process.stderr.close()


def test_a_terminal_without_our_signs() -> None:
    done = subprocess.run(
        command("check", ACME, *QUESTION),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, b"? allowed" in done.stdout, done.stderr) == (0, True, b"")


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_a_terminal_gets_colours_and_a_progress_bar(much_usage: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(command("attribute", ACME, much_usage, "--json"), stdout=subprocess.PIPE, stderr=theirs, env=environment)
    os.close(theirs)
    drawn = b""
    # A terminal whose other side has gone cannot be read.
    with suppress(OSError):
        while part := os.read(ours, 4096):
            drawn += part
    out, _ = process.communicate(timeout=TIMEOUT)
    os.close(ours)
    assert (process.returncode, json.loads(out)["rows"]) == (0, len(USAGE) * 300_000)
    assert all(sign in drawn for sign in (b"attributing", b"%", b"rows", "━".encode(), b"\x1b["))


@pytest.fixture(scope="module")
def much_usage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than is attributed before a signal comes."""
    return write(tmp_path_factory.mktemp("usage") / "usage.parquet", USAGE * 300_000)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
class TestInterruption:
    """Ctrl-C, and being told to end, in the middle of a file."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    @pytest.mark.parametrize("out", ["answers.parquet", "answers.csv", "answers.jsonl", "answers.arrow"])
    def test_nothing_is_left(self, tmp_path: Path, much_usage: Path, number: signal.Signals, out: str) -> None:
        self.interrupt(tmp_path, number, command("attribute", ACME, much_usage, "-o", tmp_path / out), [])

    def test_a_second_signal_does_not_cut_the_tidying_short(self, tmp_path: Path, much_usage: Path) -> None:
        work = command("attribute", ACME, much_usage, "-o", tmp_path / "answers.jsonl")
        self.interrupt(tmp_path, signal.SIGINT, work, [], times=3)

    def test_a_file_that_was_there_stays(self, tmp_path: Path, much_usage: Path) -> None:
        (tmp_path / "answers.jsonl").write_text("old")
        work = command("attribute", ACME, much_usage, "-o", tmp_path / "answers.jsonl")
        self.interrupt(tmp_path, signal.SIGTERM, work, ["answers.jsonl"])
        assert (tmp_path / "answers.jsonl").read_text() == "old"

    def test_waiting_for_input_that_does_not_come(self, tmp_path: Path) -> None:
        # A library waits here in machine code, and Python does not hear of the signal.
        process = subprocess.Popen(
            command("attribute", ACME, "-", "--input-format", "csv", "-o", tmp_path / "answers.csv"),
            stdin=subprocess.PIPE,
            cwd=tmp_path,
            preexec_fn=as_from_a_terminal,
        )
        assert process.stdin is not None
        process.stdin.write(b"principal,kind\n" + b"user:usr_dan,file\n" * 1_000_000)
        process.stdin.flush()
        self.wait_for_draft(tmp_path, process)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) in {-signal.SIGINT, 128 + signal.SIGINT}
        assert [path.name for path in tmp_path.iterdir()] == []
        process.stdin.close()

    def test_what_the_parent_ignores_stays_ignored(self, tmp_path: Path, much_usage: Path) -> None:
        work = command("attribute", ACME, much_usage, "-o", tmp_path / "answers.arrow")
        process = subprocess.Popen(work, stdout=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_for_draft(tmp_path, process)
        process.send_signal(signal.SIGHUP)
        assert process.wait(TIMEOUT) == 0
        assert [path.name for path in tmp_path.iterdir()] == ["answers.arrow"]

    def interrupt(self, folder: Path, number: signal.Signals, work: list[str], left: list[str], times: int = 1) -> None:
        """Sends a signal while the file is being written."""
        process = subprocess.Popen(work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=as_from_a_terminal)
        self.wait_for_draft(folder, process)
        for _ in range(times):
            process.send_signal(number)
            time.sleep(0.01)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (-number, b"", b"")
        assert sorted(path.name for path in folder.iterdir()) == left

    @staticmethod
    def wait_for_draft(folder: Path, process: subprocess.Popen[bytes]) -> None:
        """Until some of the answers are on the disk."""
        end = time.monotonic() + TIMEOUT
        while not any(path.stat().st_size > 0 for path in folder.glob(".*.part")):
            assert process.poll() is None, "it ended too soon"
            assert time.monotonic() < end
            time.sleep(0.005)
