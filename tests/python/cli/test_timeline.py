"""`timeline`: journals, their moments, and usage that is booked by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, Timeline, public_key_of
from bailiwick.journal import Journal

from .conftest import ACME, SEED, Run
from .usage import read, write

MAY, LEFT, GONE = "2026-05-01T00:00:00Z", "2026-05-12T09:00:00Z", "2026-05-20T09:00:00Z"
LEAVING = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_dan"}
GOING = {"type": "remove_member", "organization": "org_acme", "user": "usr_eve"}
ROWS: list[dict[str, Any]] = [
    {"principal": "user:usr_eve", "kind": "file", "at": "2026-05-21T00:00:00Z", "cost": 3.25},
    {"principal": "user:usr_eve", "kind": "file", "at": "2026-05-19T00:00:00Z", "cost": 0.1},
    {"principal": "user:usr_eve", "kind": "file", "at": "2026-04-30T23:59:59Z", "cost": None},
]


@pytest.fixture
def journal(run: Run, tmp_path: Path) -> Path:
    """A journal with two changes."""
    path = tmp_path / "acme.journal"
    begun = run("timeline", "init", path, ACME, "--beginning", MAY, "--json")
    assert (begun.code, begun.json["beginning"], begun.json["end"], begun.json["revisions"]) == (0, MAY, MAY, 0)
    assert run("timeline", "append", path, json.dumps(LEAVING), "--at", LEFT, "--actor", "user:usr_ada").code == 0
    told = run("timeline", "append", path, json.dumps(GOING), "--at", GONE, "--json")
    assert (told.json["end"], told.json["revision"], told.json["revisions"]) == (GONE, 44, 2)
    return path


def test_a_journal_tells_what_changed_when_and_by_whom(run: Run, journal: Path) -> None:
    told = run("timeline", "log", journal, "--json").json
    assert told == Journal.read(journal).log()
    assert [(step["at"], step["changes"][0]["actor"]) for step in told] == [(LEFT, "user:usr_ada"), (GONE, None)]
    shown = run("timeline", "log", journal).out
    for text in ("remove_collaborator", "user:usr_ada", "the platform", "members org_acme usr_eve", LEFT):
        assert text in shown
    assert [step["at"] for step in run("timeline", "log", journal, "--since", GONE, "--json").json] == [GONE]
    assert [step["at"] for step in run("timeline", "log", journal, "--until", LEFT, "--json").json] == [LEFT]


def test_any_moment_can_be_written_and_asked(run: Run, journal: Path, tmp_path: Path) -> None:
    for name in ("then.json", "then.bwk"):
        told = run("timeline", "at", journal, "2026-05-13T00:00:00Z", "-o", tmp_path / name, "--json").json
        guard = Bailiwick.from_directory((tmp_path / name).read_bytes()) if name.endswith("json") else None
        guard = guard or Bailiwick.from_snapshot((tmp_path / name).read_bytes())
        assert guard.state == told["state"] == Journal.read(journal).at("2026-05-13T00:00:00Z").state
        assert (told["revision"], told["known_until"], told["is_after_end"]) == (43, GONE, False)
    assert run("timeline", "at", journal, "2026-06-01T00:00:00Z", "--json").json["is_after_end"] is True
    assert "what happened after it is not known" in run("timeline", "at", journal, "2026-06-01T00:00:00Z").out
    early = run("timeline", "at", journal, "2026-04-01T00:00:00Z", "--json")
    assert (early.code, early.error["code"], early.error["path"]) == (2, "before_history", "/at")
    assert run("timeline", "at", journal, "2026-05-01", "--json").error["code"] == "invalid_timestamp"


@pytest.mark.parametrize("command", [("attribute",), ("timeline", "attribute")])
@pytest.mark.parametrize("form", [".parquet", ".csv", ".jsonl"])
def test_usage_is_booked_by_the_directory_of_its_moment(
    run: Run, journal: Path, tmp_path: Path, command: tuple[str, ...], form: str
) -> None:
    answers = tmp_path / "answers.jsonl"
    told = run(*command, journal, write(tmp_path / f"usage{form}", ROWS), "-o", answers, "--cost", "cost", "--json").json
    booked = read(answers)
    assert [row["reason"] for row in booked] == ["unknown_principal", "default_project_fallback", "before_history"]
    assert [row["revision"] for row in booked] == [44, 43, None]
    assert "cost" not in booked[0]
    assert (told["beginning"], told["end"], told["rows"], told["unattributed"]) == (MAY, GONE, 3, 2)
    assert told["cost"] == {
        "column": "cost",
        "total": "3.35",
        "unattributed": "3.25",
        "reasons": {"default_project_fallback": "0.1"},
        "errors": {"unknown_principal": "3.25", "before_history": "0"},
    }
    assert told["places"] == [{"organization": "org_acme", "project": "prj_default", "rows": 1, "cost": "0.1"}]
    shown = run(*command, journal, tmp_path / f"usage{form}", "--cost", "cost").out
    assert f"known from {MAY} until {GONE}" in shown
    assert "3.25 of 3.35 of `cost`" in shown


def test_one_record_is_booked_by_its_moment_too(run: Run, journal: Path) -> None:
    question = ("attribute", journal, "--principal", "user:usr_eve", "--kind", "file", "--json", "--at")
    assert run(*question, "2026-05-19T00:00:00Z").json["organization"] == "org_acme"
    assert run(*question, "2026-05-21T00:00:00Z").error["code"] == "unknown_principal"
    assert run(*question, "2026-04-21T00:00:00Z").error["code"] == "before_history"


def test_deltas_and_snapshots_are_appended(run: Run, tmp_path: Path) -> None:
    guard = Bailiwick.from_directory(ACME.read_bytes())
    (tmp_path / "first.bwk").write_bytes(guard.to_snapshot(issued_at=MAY))
    since, _ = guard.revision, guard.state
    guard.apply(LEAVING, at=LEFT, actor="user:usr_ada")
    (tmp_path / "delta.bwk").write_bytes(guard.to_delta(since))
    guard.apply(GOING, at=GONE)
    (tmp_path / "later.bwk").write_bytes(guard.to_snapshot(issued_at=GONE))
    path = tmp_path / "acme.journal"
    assert run("timeline", "init", path, tmp_path / "first.bwk").code == 0
    assert run("timeline", "append", path, tmp_path / "delta.bwk").code == 0
    assert run("timeline", "append", path, tmp_path / "delta.bwk", "--at", GONE).code == 2, "a delta has its own instants"
    assert run("timeline", "append", path, tmp_path / "later.bwk").code == 0
    assert Journal.read(path).at(GONE).state == guard.state
    assert "(a later snapshot)" in run("timeline", "log", path).out
    again = run("timeline", "append", path, tmp_path / "delta.bwk", "--json")
    assert (again.code, again.error["code"]) == (2, "delta_gap")
    other = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []})
    _ = other.state
    other.apply({"type": "put_user", "user": {"id": "usr_x"}}, at=GONE)
    (tmp_path / "other.bwk").write_bytes(other.to_delta(0))
    assert run("timeline", "append", path, tmp_path / "other.bwk").code == 2


def test_if_one_change_fails_none_is_written(run: Run, journal: Path, tmp_path: Path) -> None:
    before = journal.read_bytes()
    changes = tmp_path / "changes.jsonl"
    good = {"type": "add_member", "organization": "org_acme", "user": "usr_new", "role": "member"}
    changes.write_text(f"{json.dumps(good)}\n{json.dumps({**GOING, 'user': 'usr_none'})}\n")
    ended = run("timeline", "append", journal, changes, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "not_found", "/1/user")
    back = run("timeline", "append", journal, json.dumps(good), "--at", LEFT, "--json")
    assert (back.code, back.error["code"], back.error["path"]) == (2, "invalid_order", "/at")
    forbidden = run("timeline", "append", journal, json.dumps(good), "--actor", "user:usr_dan", "--json")
    assert (forbidden.code, forbidden.error["code"]) == (1, "forbidden")
    assert journal.read_bytes() == before
    changes.write_text(f"{json.dumps(good)}\n{json.dumps({**good, 'user': 'usr_newer'})}\n")
    assert run("timeline", "append", journal, changes, "--json").json["revisions"] == 4
    assert Journal.read(journal).at("2099-01-01T00:00:00Z").attribute("user:usr_newer", "file").organization == "org_acme"


def test_compaction_says_which_moments_are_merged(run: Run, journal: Path) -> None:
    told = run("timeline", "compact", journal, "--until", "2026-05-15T00:00:00Z", "--json").json
    assert (told["merged_from"], told["merged_to"], told["beginning"], told["revisions"]) == (MAY, LEFT, LEFT, 1)
    assert "nothing" in run("timeline", "compact", journal, "--older-than", "90000d").out
    assert "can no longer be told apart" in run("timeline", "compact", journal, "--older-than", "0h").out
    for wrong in ((), ("--until", MAY, "--older-than", "1d"), ("--older-than", "1y"), ("--older-than", "d")):
        assert run("timeline", "compact", journal, *wrong).code == 2
    assert "before the year 1" in run("timeline", "compact", journal, "--older-than", "999999w").err
    assert Journal.read(journal).beginning == GONE


def test_a_signed_journal_is_verified(run: Run, tmp_path: Path) -> None:
    key, path = tmp_path / "key", tmp_path / "signed.journal"
    key.write_text(SEED)
    public = public_key_of(bytes.fromhex(SEED)).hex()
    assert run("timeline", "init", path, ACME, "--beginning", MAY, "--signing-key", key).code == 0
    assert run("timeline", "append", path, json.dumps(LEAVING), "--at", LEFT, "--signing-key", key, "--public-key", public).code == 0
    for keys in ((), ("--public-key", public)):
        ended = run("timeline", "append", path, json.dumps(GOING), "--at", GONE, *keys, "--json")
        assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "signature_missing", "/signing_key")
        assert run("timeline", "compact", path, "--until", GONE, *keys, "--json").error["code"] == "signature_missing"
    assert len(run("timeline", "log", path, "--public-key", public, "--json").json) == 1
    assert run("timeline", "log", path, "--public-key", "00" * 32, "--json").error["code"] == "signature_invalid"
    unsigned = tmp_path / "unsigned.journal"
    assert run("timeline", "init", unsigned, ACME, "--beginning", MAY).code == 0
    assert run("timeline", "log", unsigned, "--public-key", public, "--json").error["code"] == "signature_missing"


def test_what_is_no_journal_is_refused(run: Run, journal: Path, tmp_path: Path) -> None:
    assert run("timeline", "init", journal, ACME, "--json").error["code"] == "unwritable", "it exists"
    undated = tmp_path / "undated.json"
    undated.write_text(json.dumps({"format": "bailiwick/1", "organizations": []}))
    ended = run("timeline", "init", tmp_path / "new.journal", undated, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "missing_field", "/beginning")
    assert not (tmp_path / "new.journal").exists()
    for command in (
        ("log", ACME),
        ("at", ACME, MAY),
        ("append", ACME, "[]"),
        ("compact", ACME, "--until", MAY),
        ("log", tmp_path / "none"),
    ):
        ended = run("timeline", *command, "--json")
        assert (ended.code, ended.error["code"]) == (3, "unreadable"), command
    damaged = bytearray(journal.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    journal.write_bytes(damaged)
    for command in (("log", journal), ("append", journal, json.dumps(GOING)), ("compact", journal, "--older-than", "0h")):
        assert run("timeline", *command, "--json").error["code"] == "snapshot_corrupt"
    assert journal.read_bytes() == damaged
    assert run("attribute", journal, "--policy", "roles", "--principal", "user:x", "--kind", "file").code == 2


def test_a_torn_tail_is_cut_off_by_the_next_writer(run: Run, journal: Path) -> None:
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-7])
    assert len(run("timeline", "log", journal, "--json").json) == 1, "a reader takes what is complete"
    assert journal.read_bytes() == whole[:-7]
    assert run("timeline", "append", journal, json.dumps(GOING), "--at", GONE).code == 0
    assert len(Journal.read(journal)) == 2


def test_another_writer_is_waited_for_by_nobody(run: Run, journal: Path) -> None:
    with Journal.open(journal):
        ended = run("timeline", "append", journal, json.dumps(GOING), "--json")
        assert (ended.code, ended.error["code"]) == (3, "unwritable")
        assert "another process is writing it" in ended.error["message"]
        assert len(run("timeline", "log", journal, "--json").json) == 2, "reading is possible meanwhile"


def test_remedies_are_tried_with_the_directory_of_their_moment(run: Run, journal: Path, tmp_path: Path) -> None:
    """usr_dan is a collaborator of prj_a until May 12th."""
    usage: list[dict[str, Any]] = [
        {"principal": "user:usr_dan", "kind": "fine_tuning", "surface": "ui", "project": "prj_a", "at": at, "cost": cost}
        for at, cost in (("2026-05-11T00:00:00Z", 12.5), ("2026-05-13T00:00:00Z", 1.25))
    ]
    told = run("attribute", journal, write(tmp_path / "usage.jsonl", usage), "--cost", "cost", "--remedies", "--json").json
    timeline: Timeline = Journal.read(journal)
    expected: dict[str, float] = {}
    for row in usage:
        terms = {name: row[name] for name in ("surface", "project", "at")}
        for outcome in timeline.at(row["at"]).explain_usage(row["principal"], row["kind"], **terms).remedies:
            expected[outcome.remedy] = expected.get(outcome.remedy, 0) + row["cost"] * outcome.matches_intended
    assert {line["remedy"]: float(line["as_intended"]["cost"]) for line in told["remedies"]} == expected != {}
    shown = run("attribute", journal, tmp_path / "usage.jsonl", "--remedies").out
    assert "What remedies would bring back" in shown
    with pytest.raises(BailiwickError):
        timeline.at("2020-01-01T00:00:00Z")


def test_a_journal_is_never_overwritten_by_what_is_read_from_it(run: Run, journal: Path, tmp_path: Path) -> None:
    whole, usage = journal.read_bytes(), write(tmp_path / "usage.csv", ROWS)
    (tmp_path / "link").symlink_to(journal)
    for output in (journal, tmp_path / "link"):
        assert run("timeline", "at", journal, GONE, "-o", output).code == 2
        assert run("attribute", journal, usage, "-o", output, "--output-format", "csv").code == 2
    assert journal.read_bytes() == whole


def test_a_journal_comes_from_standard_input_too(run: Run, journal: Path, tmp_path: Path) -> None:
    usage, whole = write(tmp_path / "usage.csv", ROWS), journal.read_bytes()
    told = run("attribute", "-", usage, "--json", given=whole).json
    assert (told["beginning"], told["rows"]) == (MAY, 3)
    assert run("timeline", "log", "-", "--json", given=whole).json == Journal.read(journal).log()
    assert run("timeline", "append", "-", json.dumps(GOING), given=whole).code == 2


def test_what_is_missing_is_said_to_be_missing(run: Run, tmp_path: Path) -> None:
    for command in (("append", tmp_path / "none", "[]"), ("compact", tmp_path / "none", "--older-than", "1d"), ("log", tmp_path / "none")):
        ended = run("timeline", *command, "--json")
        assert (ended.code, ended.error["code"]) == (3, "unreadable")
        assert "no such file" in ended.error["message"]
