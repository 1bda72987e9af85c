"""`check`: one question, and many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bailiwick import Bailiwick

from .conftest import ACME, AT, Run

ALLOWED = ("user:usr_dan", "instant_cluster.ssh", "instant_cluster:cl_1")
DENIED = ("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1")


def test_an_allowed_question_ends_with_0(run: Run, acme: Path) -> None:
    ended = run("check", acme, *ALLOWED)
    assert ended.code == 0
    assert "✓ allowed" in ended.out
    assert "project_role" in ended.out


def test_a_denied_one_ends_with_1_and_is_no_error(run: Run, acme: Path) -> None:
    ended = run("check", acme, *DENIED)
    assert (ended.code, ended.err) == (1, "")
    assert "✗ denied" in ended.out


@pytest.mark.parametrize("question", [ALLOWED, DENIED])
def test_json_is_the_decision_of_the_engine(run: Run, question: tuple[str, str, str]) -> None:
    guard = Bailiwick.from_directory(ACME.read_bytes())
    assert run("check", ACME, *question, *AT, "--json").json == guard.check_access(*question, at=AT[1]).to_dict()


def test_bad_input_ends_with_2_and_says_code_and_path(run: Run, acme: Path) -> None:
    ended = run("check", acme, "usr_dan", "file.read", "project:prj_a")
    assert (ended.code, ended.out) == (2, "")
    assert "(invalid_reference at /principal)" in ended.err
    ended = run("check", acme, "usr_dan", "file.read", "project:prj_a", "--json")
    assert (ended.error["code"], ended.error["path"], ended.out) == ("invalid_reference", "/principal", "")


def test_an_instant_that_is_none(run: Run, acme: Path) -> None:
    ended = run("check", acme, *ALLOWED, "--at", "yesterday", "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "invalid_timestamp", "/at")


def test_the_time_the_surface_and_the_demands_are_passed_on(run: Run, acme: Path) -> None:
    key = ("api_key:key_ci", "file.read", "project:prj_a")
    assert run("check", acme, *key, "--at", "2026-06-30T23:59:59Z").code == 0
    assert "key_expired" in run("check", acme, *key, "--at", "2026-07-01T00:00:00Z").out
    assert "snapshot_stale" in run("check", acme, *ALLOWED, "--min-revision", 43).out
    assert "snapshot_stale" in run("check", acme, *ALLOWED, *AT, "--max-age", 60).out
    surface = ("user:usr_dan", "code_interpreter.use", "project:prj_a", "--surface")
    assert "surface_not_applicable" in run("check", acme, *surface, "ui").out
    assert run("check", acme, *surface, "api").code == 0
    assert run("check", acme, *surface, "fax", "--json").error["code"] == "unknown_surface"


def test_many_are_allowed_only_if_each_is(run: Run, acme: Path, tmp_path: Path) -> None:
    requests = tmp_path / "requests.jsonl"
    rows = [dict(zip(("principal", "action", "resource"), question, strict=True)) for question in (ALLOWED, DENIED)]
    requests.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ended = run("check", acme, "--requests", requests)
    assert ended.code == 1
    assert "1 of 2 requests allowed" in ended.out
    assert [decision["allowed"] for decision in run("check", acme, "--requests", requests, "--json").json] == [True, False]
    requests.write_text(json.dumps(rows[:1]))
    assert run("check", acme, "--requests", requests).code == 0


def test_options_fill_in_what_a_request_leaves_out(run: Run, acme: Path) -> None:
    row = {"principal": "api_key:key_ci", "action": "file.read", "resource": "project:prj_a"}
    text = "\n".join(json.dumps(one) for one in (row, {**row, "at": "2026-06-01T00:00:00Z"}))
    ended = run("check", acme, "--requests", "-", "--at", "2026-08-01T00:00:00Z", "--json", given=text)
    assert [decision["reason"] for decision in ended.json] == ["key_expired", "api_key_scope"]


def test_a_fault_in_a_file_of_requests_is_located(run: Run, acme: Path) -> None:
    good = json.dumps(dict(zip(("principal", "action", "resource"), ALLOWED, strict=True)))
    ended = run("check", acme, "--requests", "-", "--json", given=f"{good}\n{good.replace('user:', '')}\n")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "invalid_reference", "/1/principal")
    ended = run("check", acme, "--requests", "-", "--json", given=f'{good}\n\n{{"principal": }}\n')
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "invalid_json", "/1")
    assert "line 3" in ended.error["message"]
    ended = run("check", acme, "--requests", "-", "--json", given=f'{good}\n{{"action": "a", "action": "b"}}\n')
    assert (ended.error["code"], ended.error["path"]) == ("invalid_json", "/1")


def test_what_nobody_knows_is_not_repeated(run: Run, acme: Path) -> None:
    secret = "bw_" + "S" * 49
    for question in ((f"api_key:{secret}", "file.read", "project:prj_a"), ("user:usr_dan", "api_key.read", f"api_key:{secret}")):
        row = json.dumps(dict(zip(("principal", "action", "resource"), question, strict=True)))
        for ended in (run("check", acme, *question), run("check", acme, "--requests", "-", given=row), run("why", acme, *question)):
            assert secret not in ended.out + ended.err


def test_wrong_arguments_end_with_2(run: Run, acme: Path) -> None:
    for arguments in (
        (acme,),
        (acme, "user:usr_dan"),
        (acme, *ALLOWED, "--requests", "-"),
        ("-", "--requests", "-"),
        (acme, *ALLOWED, "--fast"),
    ):
        ended = run("check", *arguments)
        assert (ended.code, ended.out) == (2, "")


def test_the_directory_may_come_from_the_input(run: Run, acme: Path) -> None:
    assert run("check", "-", *ALLOWED, given=acme.read_bytes()).code == 0


def test_a_directory_that_is_not_there_ends_with_3(run: Run, tmp_path: Path) -> None:
    ended = run("check", tmp_path / "none.json", *ALLOWED, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (3, "unreadable", None)
    assert run("check", tmp_path, *ALLOWED).code == 3


def test_another_policy(run: Run, acme: Path, tmp_path: Path) -> None:
    policy = json.loads((ACME.parents[2] / "core/policies/projects-2026-02.json").read_text())
    policy["id"] = "strict"
    policy["kinds"][0]["verbs"] = [{"roles": ["admin"], "verbs": ["read", "ssh", "run_workloads", "submit_job"]}]
    path = tmp_path / "strict.json"
    path.write_text(json.dumps(policy))
    assert run("check", acme, *ALLOWED, "--policy", path).code == 1
    assert run("check", acme, *ALLOWED, "--policy", "projects-2026-02").code == 0
    assert run("check", acme, *ALLOWED, "--policy", "projects-1999", "--json").error["code"] == "unknown_policy"
