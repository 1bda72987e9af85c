"""The examples of docs/cli.md, run as they stand there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from .conftest import ACME, AGEING, ROOT, Run

PAGE = ROOT / "docs/cli.md"
USAGE = """\
principal,kind,surface,project
user:usr_dan,fine_tuning,ui,prj_a
api_key:key_ci,serverless_inference,api,
user:usr_zoe,storage,ui,prj_a
user:usr_nobody,file,api,prj_a
"""
MAY = """\
principal,kind,surface,project,at,cost
user:usr_eve,file,ui,,2026-05-21T08:00:00Z,3.10
user:usr_eve,file,ui,,2026-05-07T08:00:00Z,0.25
user:usr_dan,fine_tuning,ui,prj_a,2026-05-12T08:00:00Z,12.50
"""
RENAMES = """\
{"project_roles": {"member": "editor"}}
"""
EXPECTATIONS = """\
{
  "directory": "directory.json",
  "at": "2026-02-01T12:00:00Z",
  "cases": [
    {
      "note": "members read files",
      "input": {"principal": "user:usr_dan", "action": "file.read", "resource": "project:prj_a"},
      "answer": true
    },
    {
      "note": "members delete clusters",
      "input": {"principal": "user:usr_dan", "action": "instant_cluster.delete", "resource": "instant_cluster:cl_1"},
      "answer": {"allowed": true, "role": "member"}
    }
  ]
}
"""
FAULTY = """\
{
  "format": "bailiwick/1",
  "organizations": [{
    "id": "org_acme", "owner": "usr_ada",
    "members": [{"user": "usr_ada", "role": "admin"}, {"user": "usr_bob", "role": "chief"}],
    "projects": [{"id": "prj_default", "default": true, "collaborators": [{"user": "usr_bob", "role": "boss"}]}]
  }]
}
"""


def examples(text: str) -> list[tuple[str, str]]:
    """Each command of the page with what it prints."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.rstrip("\n")))
    return found


def wanted() -> dict[str, Any]:
    """The example's directory with another role of a member, and another name of a project."""
    document: dict[str, Any] = json.loads(ACME.read_text("utf-8"))
    organization = document["organizations"][0]
    next(row for row in organization["members"] if row["user"] == "usr_dan")["role"] = "admin"
    organization["projects"][0]["name"] = "Atlas"
    return document


def outputs(run: Run, folder: Path, commands: list[str]) -> list[str]:
    """What the commands print, one after the other in one folder."""
    shutil.copy(ACME, folder)
    (folder / "usage.csv").write_text(USAGE)
    (folder / "may.csv").write_text(MAY)
    (folder / "faulty.json").write_text(FAULTY)
    (folder / "renames.json").write_text(RENAMES)
    (folder / "expectations.json").write_text(EXPECTATIONS)
    (folder / "wanted.json").write_text(json.dumps(wanted()))
    printed, code = [], 0
    for command in commands:
        program, *arguments = shlex.split(command)
        if command == "echo $?":
            printed.append(str(code))
        elif program == "cat":
            printed.append((folder / arguments[0]).read_text("utf-8").rstrip("\n"))
        else:
            assert program == "bailiwick"
            ended = run(*arguments)
            code = ended.code
            printed.append((ended.out + ended.err).rstrip("\n"))
    return printed


def test_the_examples_print_what_the_page_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = examples(PAGE.read_text("utf-8"))
    printed = outputs(run, tmp_path, [command for command, _ in found])
    assert len(found) > 15
    for (command, wanted), output in zip(found, printed, strict=True):
        assert output == wanted, command


def test_the_example_can_be_tried_on_any_day(run: Run) -> None:
    document = json.loads(ACME.read_text("utf-8"))
    assert json.loads(AGEING.read_text("utf-8")) == {**document, "max_age_seconds": 86_400}
    assert run("check", ACME, "user:usr_ada", "file.read", "project:prj_a").code == 0


def test_every_command_and_exit_code_is_on_the_page() -> None:
    from bailiwick.cli.app import app
    from bailiwick.cli.terminal.exits import Exit
    from typer.main import get_command

    text = PAGE.read_text("utf-8")
    for name in get_command(app).commands:  # type: ignore[attr-defined]  # it is a group
        assert f"`{name}" in text or f"| `{name}" in text
    for code in Exit:
        assert re.search(rf"^\| {code.value} \|", text, re.MULTILINE)


def test_the_comparison_of_the_built_in_policies_is_what_the_tool_tells(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs/policy.md").read_text("utf-8")
    (command,) = re.findall(r"^bailiwick (diff .*)$", text, re.MULTILINE)
    (shown,) = re.findall(r"<!-- What the command prints; a test compares it\. -->\n\n(.*?)\n<!-- The end of it\. -->", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    [printed] = outputs(run, tmp_path, [f"bailiwick {command}"])
    assert printed == shown.rstrip("\n")
