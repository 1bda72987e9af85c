"""`test`: questions with their expected answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Ended, Run

QUESTION = {"principal": "user:usr_dan", "action": "instant_cluster.delete", "resource": "instant_cluster:cl_1"}
USAGE = {"principal": "user:usr_zoe", "kind": "storage", "project": "prj_a"}
Test = Callable[..., Ended]


@pytest.fixture
def test(run: Run, acme: Path, tmp_path: Path) -> Test:
    """Tests cases against the example's directory."""

    def test(*cases: Any, arguments: tuple[Any, ...] = (), **file: Any) -> Ended:
        path = tmp_path / "expectations.json"
        path.write_text(json.dumps({"directory": acme.name, "at": "2026-02-01T12:00:00Z", "cases": list(cases), **file}))
        return run("test", path, *arguments)

    return test


def test_what_holds_passes(test: Test) -> None:
    ended = test(
        {"input": QUESTION, "answer": False},
        {"input": QUESTION, "answer": {"allowed": False, "reason": "role_lacks_permission"}},
        {"call": "is_allowed", "input": QUESTION, "answer": False},
        {"call": "explain", "input": QUESTION, "answer": {"rule": "A19", "decision": {"role": "member"}}},
        {"input": USAGE, "answer": {"organization": "org_partner", "certainty": "possible"}},
        {"call": "explain_usage", "input": USAGE, "answer": {"rule": "B4"}},
        {"call": "list_projects", "input": {"principal": "user:usr_dan"}, "answer": {"items": ["prj_a", "prj_default"]}},
        {
            "call": "list_actions",
            "input": {"principal": "user:usr_kai", "resource": "organization:org_acme"},
            "answer": {"next_cursor": None},
        },
        {"input": {**QUESTION, "principal": "usr_dan"}, "error": {"code": "invalid_reference", "path": "/principal"}},
    )
    assert (ended.code, ended.out) == (0, "✓ 9 expectations passed\n")


@pytest.mark.parametrize(
    ("case", "name", "expected", "actual"),
    [
        ({"input": QUESTION, "answer": True}, "", True, False),
        ({"input": QUESTION, "answer": {"role": "admin"}}, "role", "admin", "member"),
        ({"input": QUESTION, "answer": {"allowed": 0}}, "allowed", 0, False),
        ({"input": QUESTION, "answer": {"rule": "A19"}}, "rule", "A19", "nothing"),
        ({"call": "explain", "input": QUESTION, "answer": {"decision": {"role": "x"}}}, "decision.role", "x", "member"),
        ({"call": "list_projects", "input": {"principal": "user:usr_dan"}, "answer": {"items": []}}, "items", [], ["prj_a", "prj_default"]),
        ({"input": QUESTION, "error": {"code": "invalid_reference"}}, "", "an error", "an answer"),
        ({"input": {**QUESTION, "principal": "x"}, "answer": False}, "", "an answer", "error invalid_reference"),
        ({"input": {**QUESTION, "principal": "x"}, "error": {"code": "wrong_type"}}, "code", "wrong_type", "invalid_reference"),
    ],
)
def test_what_does_not_hold_fails(test: Test, case: Any, name: str, expected: Any, actual: Any) -> None:
    good = {"input": QUESTION, "answer": False}
    ended = test(good, {"note": "as it should be", **case}, arguments=("--json",))
    assert (ended.code, ended.json["cases"], ended.json["passed"], ended.json["failed"]) == (1, 2, 1, 1)
    [failure] = ended.json["failures"]
    assert failure["differences"] == [{"name": name, "expected": expected, "actual": actual}]
    assert (failure["case"], failure["note"]) == (1, "as it should be")
    assert (failure["rule"] is None) == (failure["sentence"] is None)
    shown = test(good, {"note": "as it should be", **case}).out
    assert "✗ as it should be\n" in shown and "✗ 1 of 2 expectations failed" in shown


def test_a_failure_says_which_rule_it_is(test: Test) -> None:
    assert "  because   A19: The role that counts for `user:usr_dan`" in test({"input": QUESTION, "answer": True}).out
    assert "  because   B4: `user:usr_zoe` is no member" in test({"input": USAGE, "answer": {"certainty": "certain"}}).out


@pytest.mark.parametrize(
    ("case", "code", "path"),
    [
        ({"input": QUESTION}, "missing_field", "/cases/0"),
        ({"input": QUESTION, "answer": True, "error": {"code": "x"}}, "missing_field", "/cases/0"),
        ({"input": QUESTION, "answer": {}}, "missing_field", "/cases/0/answer"),
        ({"input": QUESTION, "answer": None}, "missing_field", "/cases/0/answer"),
        ({"input": QUESTION, "anwser": True}, "unknown_field", "/cases/0/anwser"),
        ({"answer": True}, "missing_field", "/cases/0"),
        ({"input": [], "answer": True}, "wrong_type", "/cases/0/input"),
        ({"input": {"principal": "user:usr_dan"}, "answer": True}, "missing_field", "/cases/0/input"),
        ({"input": {**QUESTION, "who": 1}, "answer": True}, "unknown_field", "/cases/0/input/who"),
        ({"call": "apply", "input": {}, "answer": True}, "wrong_type", "/cases/0/call"),
        ({"call": [], "input": {}, "answer": True}, "wrong_type", "/cases/0/call"),
        (7, "wrong_type", "/cases/0"),
    ],
)
def test_a_mistake_in_the_file_is_no_pass(test: Test, case: Any, code: str, path: str) -> None:
    ended = test(case, arguments=("--json",))
    assert (ended.code, ended.error["code"], ended.error["path"], ended.out) == (2, code, path, "")


def test_a_file_without_cases_is_no_pass(test: Test, run: Run, tmp_path: Path) -> None:
    assert test(arguments=("--json",)).error["path"] == "/cases"
    for text in ("[]", "7", "{}", '{"cases": {}}', "{"):
        (tmp_path / "other.json").write_text(text)
        assert run("test", tmp_path / "other.json").code == 2
    assert run("test", tmp_path / "none.json").code == 3


def test_another_directory_or_policy_is_held_to_the_same(test: Test, acme: Path, tmp_path: Path) -> None:
    case = {"input": QUESTION, "answer": False}
    assert test(case, directory=None).code == 2
    assert test(case, directory=json.loads(acme.read_bytes())).code == 0
    assert test(case, directory="none.json", arguments=(acme,)).code == 0
    assert test(case, directory="none.json").code == 3
    assert test(case, policy="projects-2026-02").code == 0
    assert test(case, policy="none").code == 2
    assert test(case, policy=7).code == 2
    ended = test(case, arguments=("--policy", "projects-2026-09", "--json"))
    assert (ended.code, ended.error["code"]) == (2, "unknown_role")
    document: Any = json.loads(acme.read_bytes())
    for organization in document["organizations"]:
        for project in organization["projects"]:
            for row in project.get("collaborators", []):
                row["role"] = "admin"
    acme.write_text(json.dumps(document))
    assert test(case).code == 1
    assert test({"input": QUESTION, "answer": True}, arguments=("--policy", "projects-2026-09")).code == 0
