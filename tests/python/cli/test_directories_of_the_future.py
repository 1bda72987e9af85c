"""A directory that says that it was issued in the future: no command answers by it, in whichever form it comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bailiwick import Bailiwick

from .conftest import ACME, Run

DAN, QUESTION = "user:usr_dan", ("user:usr_dan", "file.read", "project:prj_a")
CHANGE = '{"type": "remove_member", "organization": "org_acme", "user": "usr_dan"}'
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": QUESTION,
    "check many": ("--requests", "-"),
    "why": QUESTION,
    "list projects": (DAN,),
    "list resources": (DAN, "file.read"),
    "list principals": ("file.read", "project:prj_a"),
    "list actions": (DAN, "project:prj_a"),
    "attribute": ("--principal", DAN, "--kind", "file"),
    "apply": (CHANGE, "--preview"),
    "compile": ("-o", "-"),
}


def document(issued: datetime) -> bytes:
    return json.dumps({**json.loads(ACME.read_bytes()), "issued_at": issued.isoformat(timespec="milliseconds")}).encode()


def snapshot(issued: datetime) -> bytes:
    return Bailiwick.from_directory(document(issued)).to_snapshot()


@pytest.mark.parametrize("form", [document, snapshot])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_answers_by_it(run: Run, tmp_path: Path, form: Callable[[datetime], bytes], command: str) -> None:
    path = tmp_path / "directory"
    now = datetime.now(UTC)
    beside = [] if command == "compile" else ["--at", (now + timedelta(days=2)).isoformat()]
    arguments = (*command.removesuffix(" many").split(), path, *COMMANDS[command], *beside)
    path.write_bytes(form(now + timedelta(seconds=400)))
    given = json.dumps(dict(zip(("principal", "action", "resource"), QUESTION, strict=True)))
    told = run(*arguments, "--json", given=given)
    assert (told.code, told.out, told.error["code"]) == (2, "", "issued_in_future")
    # Clocks may differ a little.
    path.write_bytes(form(now + timedelta(seconds=200)))
    assert run(*arguments, "--json", given=given).code in {0, 1}


@pytest.mark.parametrize("form", [document, snapshot])
def test_it_can_be_looked_at(run: Run, tmp_path: Path, form: Callable[[datetime], bytes]) -> None:
    path = tmp_path / "directory"
    path.write_bytes(form(datetime.now(UTC) + timedelta(days=1)))
    told = run("inspect", path, "--json")
    assert (told.code, told.json["revision"], "issued_in_future" in told.err) == (0, 42, True)
    path.write_bytes(form(datetime.now(UTC)))
    assert run("inspect", path).err == ""
