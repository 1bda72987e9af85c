"""`apply`: all changes or none, and the file is written last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick

from .conftest import AT, Run

LEAVE = {"type": "remove_member", "organization": "org_acme", "user": "usr_dan"}
JOIN = {"type": "add_collaborator", "project": "prj_a", "user": "usr_eve"}


def after(acme: Path, *changes: Any) -> Any:
    guard = Bailiwick.from_directory(acme.read_bytes())
    for change in changes:
        guard.apply(change, at=AT[1])
    return guard


def test_the_document_that_results(run: Run, acme: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    ended = run("apply", acme, json.dumps([LEAVE, JOIN]), *AT, "-o", out)
    assert (ended.code, "42 → 44" in ended.out) == (0, True)
    assert json.loads(out.read_bytes()) == after(acme, LEAVE, JOIN).to_directory()


def test_the_snapshot_that_results(run: Run, acme: Path, tmp_path: Path, signing_key: Path) -> None:
    out = tmp_path / "out.snapshot"
    assert run("apply", acme, json.dumps(JOIN), *AT, "-o", out).code == 0
    assert out.read_bytes() == after(acme, JOIN).to_snapshot()
    ended = run("apply", out, json.dumps(LEAVE), *AT, "-o", out, "--signing-key", signing_key, "--json")
    assert ended.json == {"output": str(out), "changes": 1, "revision_before": 43, "revision": 44}
    assert out.read_bytes() == after(acme, JOIN, LEAVE).to_snapshot(bytes.fromhex(signing_key.read_text()))


@pytest.mark.parametrize("written", ["lines", "list", "one", "spread"])
def test_changes_in_every_form(run: Run, acme: Path, tmp_path: Path, written: str) -> None:
    changes = [JOIN] if written in {"one", "spread"} else [LEAVE, JOIN]
    text = {
        "lines": "\n".join(map(json.dumps, changes)) + "\n",
        "list": json.dumps(changes, indent=2),
        "one": json.dumps(JOIN),
        "spread": json.dumps(JOIN, indent=2),
    }[written]
    file = tmp_path / "changes"
    file.write_text(text)
    wanted = after(acme, *changes).to_directory()
    for given, sent in ((file, None), ("-", text), (text, None)):
        assert json.loads(run("apply", acme, given, *AT, "-o", "-", given=sent).out) == wanted


def test_in_place(run: Run, acme: Path) -> None:
    wanted = after(acme, JOIN).to_directory()
    assert run("apply", acme, json.dumps(JOIN), *AT, "-o", acme).code == 0
    assert json.loads(acme.read_bytes()) == wanted


@pytest.mark.parametrize(
    ("changes", "options", "code", "path"),
    [
        ([LEAVE, LEAVE], (), "not_found", "/1/user"),
        ([LEAVE, {**JOIN, "role": "chief"}], (), "unknown_role", "/1/role"),
        ([JOIN, {"type": "jump"}], (), "unknown_change", "/1/type"),
        ([JOIN], ("--expected-revision", 41), "revision_conflict", "/expected_revision"),
        ([JOIN, LEAVE], ("--at", "noon"), "invalid_timestamp", "/at"),
        ([5], (), "wrong_type", ""),
    ],
)
def test_one_that_fails_leaves_the_file_as_it_was(
    run: Run, acme: Path, changes: list[Any], options: tuple[object, ...], code: str, path: str
) -> None:
    before = acme.read_bytes()
    ended = run("apply", acme, json.dumps(changes), *AT, *options, "-o", acme, "--json")
    assert (ended.code, ended.out, ended.error["code"], ended.error["path"]) == (2, "", code, path)
    assert acme.read_bytes() == before
    assert [entry.name for entry in acme.parent.iterdir()] == [acme.name]


def test_a_list_in_several_parts(run: Run, acme: Path, tmp_path: Path) -> None:
    joining = [{"type": "add_member", "organization": "org_acme", "user": f"usr_{number:05}"} for number in range(3000)]
    file = tmp_path / "changes.jsonl"
    file.write_text("\n".join(map(json.dumps, joining)))
    out = tmp_path / "out.json"
    assert run("apply", acme, file, *AT, "--expected-revision", 42, "-o", out, "--json").json["revision"] == 3042
    file.write_text("\n".join(map(json.dumps, [*joining, joining[7]])))
    ended = run("apply", acme, file, *AT, "-o", out, "--json")
    assert (ended.code, ended.error["path"]) == (2, "/3000/user")
    assert "change 3001" in ended.error["message"]
    assert Bailiwick.from_directory(out.read_bytes()).revision == 3042


def test_an_expected_revision_is_that_of_the_directory(run: Run, acme: Path) -> None:
    assert run("apply", acme, json.dumps([JOIN, LEAVE]), *AT, "--expected-revision", 42, "-o", acme).code == 0


def test_a_forbidden_change_ends_with_1_and_tells_the_decision(run: Run, acme: Path) -> None:
    before = acme.read_bytes()
    ended = run("apply", acme, json.dumps([JOIN, LEAVE]), *AT, "--actor", "user:usr_cleo", "-o", acme, "--json")
    assert (ended.code, ended.error["code"], ended.error["decision"]["reason"]) == (1, "forbidden", "role_lacks_permission")
    assert "change 2" in ended.error["message"]
    assert acme.read_bytes() == before
    assert run("apply", acme, json.dumps(JOIN), *AT, "--actor", "user:usr_cleo", "-o", acme).code == 0


def test_a_preview_writes_nothing(run: Run, acme: Path) -> None:
    before = acme.read_bytes()
    guard = Bailiwick.from_directory(before)
    ended = run("apply", acme, json.dumps(LEAVE), *AT, "--preview", "--json")
    assert (ended.code, ended.json) == (0, guard.preview(LEAVE, at=AT[1]).to_dict())
    many = run("apply", acme, json.dumps([JOIN, LEAVE]), *AT, "--preview", "--json").json
    assert many == guard.preview([JOIN, LEAVE], at=AT[1]).to_dict()
    assert run("apply", acme, json.dumps([JOIN, JOIN]), *AT, "--preview", "--json").error["path"] == "/1/user"
    shown = run("apply", acme, json.dumps(LEAVE), *AT, "--preview").out
    assert "key_ci" in shown
    assert "user:usr_dan" in shown
    assert acme.read_bytes() == before


def test_wrong_arguments(run: Run, acme: Path) -> None:
    for options in ((), ("--preview", "-o", acme)):
        assert run("apply", acme, json.dumps(JOIN), *options).code == 2
    assert run("apply", "-", "-", "--preview").code == 2
    assert run("apply", acme, acme.parent / "none", "--preview").code == 3
    ended = run("apply", acme, json.dumps(JOIN), *AT, "-o", acme.parent / "none" / "out.json", "--json")
    assert (ended.code, ended.error["code"]) == (3, "unwritable")
