"""`reconcile`: the changes that turn a directory into that of a document, listed or made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick

from .conftest import AT, Run

Wanted = Callable[..., Path]


@pytest.fixture
def wanted(acme: Path, tmp_path: Path) -> Wanted:
    """A document like the example's, with another role of a member, and with other organizations as well."""

    def write(role: str = "admin", *others: Any) -> Path:
        document = json.loads(acme.read_bytes())
        row = next(row for row in document["organizations"][0]["members"] if row["user"] == "usr_dan")
        row["role"] = role
        document["organizations"] += others
        path = tmp_path / "wanted.json"
        path.write_text(json.dumps(document))
        return path

    return write


def test_without_an_output_the_changes_are_listed(run: Run, acme: Path, wanted: Wanted) -> None:
    before = acme.read_bytes()
    for options in ((), ("--dry-run",)):
        ended = run("reconcile", acme, wanted(), *options, "--json")
        assert (ended.code, ended.json["output"], ended.json["revision_before"], ended.json["revision"]) == (0, None, 42, 43)
        assert len(ended.json["changes"]) == 1
        shown = run("reconcile", acme, wanted(), *options).out
        assert "42 → 43" in shown
        assert ended.json["changes"][0]["type"] in shown
    assert acme.read_bytes() == before
    assert run("reconcile", acme, acme, "--json").json["changes"] == []


def test_the_directory_that_results(run: Run, acme: Path, wanted: Wanted, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("reconcile", acme, wanted(), "-o", out).code == 0
    made = Bailiwick.from_directory(out.read_bytes())
    assert (made.revision, made.state) == (43, Bailiwick.from_directory(wanted().read_bytes()).state)
    snapshot = tmp_path / "out.snapshot"
    assert run("reconcile", out, acme, "-o", snapshot).code == 0
    assert Bailiwick.from_snapshot(snapshot.read_bytes()).state == Bailiwick.from_directory(acme.read_bytes()).state
    assert Bailiwick.from_snapshot(snapshot.read_bytes()).revision == 44


def test_lines_are_what_apply_reads(run: Run, acme: Path, wanted: Wanted, tmp_path: Path) -> None:
    lines = run("reconcile", acme, wanted(), "--lines").out
    out = tmp_path / "out.json"
    assert run("apply", acme, "-", *AT, "-o", out, given=lines).code == 0
    assert Bailiwick.from_directory(out.read_bytes()).state == Bailiwick.from_directory(wanted().read_bytes()).state
    assert run("reconcile", acme, acme, "--lines").out == ""


def test_the_document_from_standard_input_and_the_directory_to_standard_output(run: Run, acme: Path, wanted: Wanted) -> None:
    ended = run("reconcile", acme, "-", "-o", "-", "--lines", given=b"\xef\xbb\xbf" + wanted().read_bytes())
    assert Bailiwick.from_directory(ended.out).revision == 43
    assert json.loads(ended.err)["type"]


def test_a_document_with_a_fault_changes_nothing(run: Run, acme: Path, wanted: Wanted) -> None:
    before = acme.read_bytes()
    ended = run("reconcile", acme, wanted("chief"), "-o", acme, "--json")
    assert (ended.code, ended.out, ended.error["code"]) == (2, "", "unknown_role")
    assert ended.error["path"].startswith("/organizations/0/members/")
    assert acme.read_bytes() == before


def test_quarantine_keeps_what_was_good(run: Run, acme: Path, wanted: Wanted, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    fresh = {
        "id": "org_new",
        "owner": "usr_n",
        "members": [{"user": "usr_n", "role": "admin"}],
        "projects": [{"id": "prj_n", "default": True}],
    }
    ended = run("reconcile", acme, wanted("chief", fresh), "--quarantine", "-o", out, "--json").json
    assert [(entry["organization"], entry["code"]) for entry in ended["quarantined"]] == [("org_acme", "unknown_role")]
    before, after = json.loads(acme.read_bytes()), json.loads(out.read_bytes())
    good = Bailiwick.from_directory(acme.read_bytes()).to_directory()["organizations"]
    assert [one["id"] for one in after["organizations"]] == sorted(["org_new", *(one["id"] for one in before["organizations"])])
    assert [one for one in after["organizations"] if one["id"] != "org_new"] == good
    assert "In quarantine" in run("reconcile", acme, wanted("chief"), "--quarantine").out


def test_wrong_arguments(run: Run, acme: Path, wanted: Wanted, tmp_path: Path) -> None:
    assert run("reconcile", acme, wanted(), "--dry-run", "-o", tmp_path / "out.json").code == 2
    assert run("reconcile", acme, wanted(), "--lines", "--json").code == 2
    assert run("reconcile", "-", "-").code == 2
    assert run("reconcile", acme, tmp_path / "none.json").code == 3
