"""`diff`: what somebody gains or loses between two states. What an impact is, the shared suite says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick

from .conftest import AT, ROOT, SEED, Run

FIRST, SECOND = (ROOT / f"core/policies/projects-2026-{month}.json" for month in ("02", "09"))


@pytest.fixture
def renames(tmp_path: Path) -> Path:
    path = tmp_path / "renames.json"
    path.write_text('{"project_roles": {"member": "editor"}}')
    return path


@pytest.fixture
def wider(acme: Path, tmp_path: Path) -> Path:
    """The example's directory with a stronger role of somebody."""
    guard = Bailiwick.from_directory(acme.read_bytes())
    guard.apply({"type": "set_collaborator_role", "project": "prj_a", "user": "usr_dan", "role": "admin"})
    path = tmp_path / "wider.json"
    path.write_text(json.dumps(guard.to_directory()))
    return path


def test_directories_documents_and_snapshots(run: Run, acme: Path, wider: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "wider.bin"
    snapshot.write_bytes(Bailiwick.from_directory(wider.read_bytes()).to_snapshot())
    told = [run("diff", acme, after, *AT, "--json").json for after in (wider, snapshot)]
    assert told[0] == told[1]
    assert told[0]["counts"] == {"principals": 1, "gained": 15, "lost": 0, "bookings": 0}
    [row] = told[0]["access"]
    assert (row["principal"], row["on"], len(row["gained"]), row["lost"]) == ("user:usr_dan", "project:prj_a", 15, [])
    back = run("diff", wider, acme, *AT, "--json").json
    assert (back["counts"]["gained"], back["counts"]["lost"], back["widens"]) == (0, 15, False)


def test_the_exit_code_says_what_must_not_be(run: Run, acme: Path, wider: Path, renames: Path) -> None:
    for before, after, fault, code in [
        (acme, wider, "gained", 1),
        (acme, wider, "lost", 0),
        (wider, acme, "gained", 0),
        (wider, acme, "lost", 1),
        (acme, wider, "bookings", 0),
        (acme, acme, "gained", 0),
    ]:
        assert run("diff", before, after, *AT, "--fail-on", fault).code == code
    assert run("diff", acme, wider, *AT).code == 0
    moved = ("diff", acme, "projects-2026-09", *AT, "--renames", renames, "--fail-on", "lost", "--fail-on", "bookings")
    assert run(*moved, "--limit", 0, "--json").code == 1


@pytest.mark.parametrize("policy", ["projects-2026-09", SECOND])
def test_policies(run: Run, acme: Path, renames: Path, policy: Path | str) -> None:
    of_directory = run("diff", acme, policy, *AT, "--renames", renames, "--json").json
    assert of_directory["counts"]["bookings"] > 0 and of_directory["widens"]
    on = run("diff", FIRST, policy, "--on", acme, *AT, "--renames", renames, "--json").json
    assert on == of_directory
    same = run("diff", "projects-2026-02", FIRST, "--on", acme, *AT)
    assert (same.code, same.out) == (
        0,
        f"✓ nobody gains or loses anything, and all usage is booked as before (projects-2026-02 → {FIRST})\n",
    )
    back = run("diff", FIRST, acme, *AT, "--json").json
    assert back["counts"]["principals"] == 0


def test_what_a_policy_lacks_is_told(run: Run, acme: Path, renames: Path) -> None:
    ended = run("diff", acme, "projects-2026-09", *AT, "--json")
    assert (ended.code, ended.error["code"], ended.out) == (2, "unknown_role", "")
    assert "`member`" in ended.error["message"] and "renames" in ended.error["message"]
    for text, code in [("[]", "wrong_type"), ('{"colors": {}}', "unknown_field"), ("{", "invalid_json")]:
        renames.write_text(text)
        ended = run("diff", acme, "projects-2026-09", *AT, "--renames", renames, "--json")
        assert (ended.code, ended.error["code"]) == (2, code)


def test_arguments_that_do_not_fit(run: Run, acme: Path, renames: Path) -> None:
    for arguments in [
        ("projects-2026-02", "projects-2026-09"),
        (acme, acme, "--on", acme),
        (acme, acme, "--renames", renames),
        ("-", "-"),
    ]:
        assert run("diff", *arguments).code == 2
    for missing in ("none.json", "main:none.json", "none"):
        ended = run("diff", missing, acme, "--json")
        assert (ended.code, ended.error["code"]) == (3, "unreadable")


def test_revisions_of_git(run: Run, acme: Path, wider: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=Tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    git("add", acme.name)
    git("commit", "--message", "The directory")
    told = run("diff", f"main:{acme.name}", wider, *AT, "--json").json
    assert told["counts"]["gained"] == 15
    assert run("diff", f"HEAD:{acme.name}", f"main:{acme.name}", *AT, "--json").json["counts"]["principals"] == 0
    ended = run("diff", "HEAD:other.json", acme, "--json")
    assert (ended.code, ended.error["code"]) == (3, "unreadable")
    assert "other.json" in ended.error["message"]
    # A file of that name comes first.
    (tmp_path / f"main:{acme.name}").write_bytes(wider.read_bytes())
    assert run("diff", f"main:{acme.name}", wider, *AT, "--json").json["counts"]["principals"] == 0


def test_markdown(run: Run, acme: Path, wider: Path, renames: Path) -> None:
    told = run("diff", acme, wider, *AT, "--format", "markdown").out
    lines = told.splitlines()
    assert lines[0].startswith(f"**Access widens** (`{acme}` → `{wider}`): 1 principal · 15 actions gained")
    assert lines[2:4] == ["| Who | On | Gains | Loses |", "| --- | --- | --- | --- |"]
    assert lines[4].startswith("| `user:usr_dan` | `project:prj_a` | `collaborators.add`<br>") and lines[4].endswith(
        "<br>and 11 more | – |"
    )
    assert run("diff", wider, acme, *AT, "--format", "markdown").out.startswith("**Access narrows** ")
    assert run("diff", acme, acme, *AT, "--format", "markdown").out.startswith("**Nobody gains or loses access")
    cut = run("diff", acme, "projects-2026-09", *AT, "--renames", renames, "--format", "markdown", "--limit", 3).out
    assert cut.count("\n| `") <= 3 and cut.endswith("These are the first 3 rows; `bailiwick diff --limit` shows more.\n")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a|b", "`user:a\\|b`"),
        ("a\\|b", "`user:a\\\\|b`"),
        ("a`b", "``user:a`b``"),
        ("a``b`", "``` user:a``b` ```"),
        ("a<b>", "`user:a<b>`"),
        ("@team", "`user:@team`"),
        ("[x](http://y)", "`user:[x](http://y)`"),
    ],
)
def test_names_are_no_markup(run: Run, acme: Path, tmp_path: Path, name: str, code: str) -> None:
    document: Any = json.loads(acme.read_bytes())
    document["organizations"][0]["members"].append({"user": name, "role": "member"})
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document))
    [*_, row] = [line for line in run("diff", acme, other, *AT, "--format", "markdown").out.splitlines() if line.startswith("| ")]
    assert row.startswith(f"| {code} | `")


def test_the_table_groups_who_gains_the_same(run: Run, acme: Path, renames: Path) -> None:
    told = run("diff", acme, "projects-2026-09", *AT, "--renames", renames).out
    assert "projects-2026-02 → projects-2026-09: 15 principals · 134 actions gained · 299 actions lost · 99 usages booked elsewhere" in told
    lines = [line.split() for line in told.splitlines()]
    assert ["user:usr_ben"] in [line[:1] for line in lines] and "whose usage" in told
    cut = run("diff", acme, "projects-2026-09", *AT, "--renames", renames, "--limit", 2).out
    assert "and more: only the first 2 rows (--limit)" in cut


def test_a_public_key_is_asked_of_both(run: Run, acme: Path, tmp_path: Path) -> None:
    from bailiwick import public_key_of

    guard, key = Bailiwick.from_directory(acme.read_bytes()), bytes.fromhex(SEED)
    signed, unsigned = tmp_path / "signed.bin", tmp_path / "unsigned.bin"
    signed.write_bytes(guard.to_snapshot(key, issued_at="2026-02-01T12:00:00Z"))
    unsigned.write_bytes(guard.to_snapshot())
    public = public_key_of(key).hex()
    assert run("diff", signed, signed, *AT, "--public-key", public).code == 0
    for sides in ((signed, unsigned), (unsigned, signed), (signed, acme)):
        ended = run("diff", *sides, *AT, "--public-key", public, "--json")
        assert (ended.code, ended.error["code"]) == (2, "signature_missing")


def test_the_example_of_a_pull_request(run: Run, acme: Path, wider: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = (ROOT / "examples/pull-request/access.yml").read_text("utf-8")
    assert len(workflow.splitlines()) == 12
    [command] = [line for line in workflow.splitlines() if "bailiwick diff" in line]
    arguments = command.partition("bailiwick ")[2].replace("$BASE", "main").replace('"', "").partition(" >")[0].split()
    monkeypatch.chdir(tmp_path)
    git = ("git", "-c", "user.name=Tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false")
    for step in (("init", "--initial-branch", "main"), ("add", acme.name), ("commit", "--message", "The directory")):
        subprocess.run([*git, *step], check=True, capture_output=True)
    acme.write_bytes(wider.read_bytes())
    ended = run(*arguments)
    assert (ended.code, ended.out.splitlines()[0].partition(":")[0]) == (0, "**Access widens** (`main")
