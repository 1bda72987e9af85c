"""Commands that are run in this process, and the example's files to run them on."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bailiwick.cli.app import app
from typer.main import get_command
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[3]
ACME = ROOT / "examples/acme/directory.json"
AT = ("--at", "2026-02-01T12:00:00Z")
# The same with a greatest age.
AGEING = ROOT / "tests/directories/acme.json"
SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"


COMMANDS = get_command(app)
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE") if hasattr(signal, name)]


def as_from_a_terminal() -> None:
    """Signals as a terminal leaves them: whoever runs the tests may ignore some, as `nohup` does, and a process inherits that."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on the output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error on the error output."""
        return json.loads(self.err)["error"]


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command."""
    monkeypatch.delenv("BAILIWICK_SIGNING_KEY", raising=False)
    # Put together once: that takes longer than most commands do.
    monkeypatch.setattr("typer.testing._get_command", lambda _app: COMMANDS)
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, given: str | bytes | None = None) -> Ended:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A copy of the example's directory."""
    path = tmp_path / "directory.json"
    path.write_bytes(ACME.read_bytes())
    return path


@pytest.fixture
def signing_key(tmp_path: Path) -> Path:
    """A signing key in a file."""
    path = tmp_path / "signing.key"
    path.write_text(SEED + "\n", "ascii")
    return path
