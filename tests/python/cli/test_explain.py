"""`explain`: the rule that decided. The shared suite says which that is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from bailiwick import BailiwickError
from bailiwick.cli.explanation.explanation import Explanation, explain_attribution, explain_decision
from bailiwick.cli.explanation.sentences import BOOKINGS, CAVEATS, DECISIONS, REMEDIES, USAGE_CAVEATS, Outcome, Outcomes
from bailiwick.cli.tables.tally import BOOKED
from bailiwick.types import AttributionReason, Caveat, Reason, Remedy, UsageCaveat

from .conftest import ACME, AT, ROOT, Run

CASES = ROOT / "tests/cases"
FILES = sorted(json.loads((CASES / "index.json").read_text("utf-8"))["files"])


def outcomes(reason: str, table: Outcomes) -> list[Outcome]:
    """All ways in which a reason can come about."""
    found = table[reason]
    return [found] if isinstance(found, Outcome) else list(found.values())


def reference(value: str | dict[str, str]) -> str:
    return value if isinstance(value, str) else f"{value['type']}:{value['id']}"


def cases(call: str) -> Iterator[tuple[Any, Any, Any]]:
    """Every question of the suite that has an answer, with the engine that it is put to."""
    from suite.documents import world
    from suite.shared import with_at

    for name in FILES:
        file = json.loads((CASES / name).read_text("utf-8"))
        for case in file["cases"]:
            if case["call"] == call and "error" not in case:
                yield case, world(case, file), with_at(case["input"], file.get("at"))


def rows_stand(explanation: Explanation, directory: Any) -> None:
    """Every row of the directory is at the place that is named for it."""
    for row in explanation.rows:
        if row.document != "directory":
            continue
        found = directory
        for step in row.path.split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
        if row.row is None:
            # It is not in the list that it would be in.
            user = explanation.words.partition("`user:")[2].partition("`")[0]
            assert isinstance(found, list)
            assert user not in [entry.get("user") for entry in found] or not user
        else:
            assert row.row.items() <= found.items()
            assert "digest" not in row.row


def test_the_rule_is_one_that_the_case_proves() -> None:
    seen: set[str] = set()
    compared = 0
    for case, guard, given in cases("check_access"):
        decision = guard.check_access(**given)
        principal, resource = reference(given["principal"]), reference(given["resource"])
        explanation = explain_decision(guard, decision, principal, given["action"], resource, given.get("surface"), given.get("at"))
        possible = {outcome.rule for outcome in outcomes(decision.reason, DECISIONS)}
        assert explanation.rule in possible
        # Some cases prove that a rule does not apply. The others name the rule that decides.
        if possible & set(case["rules"]):
            assert explanation.rule in case["rules"], case["note"]
            compared += 1
            seen.add(explanation.rule)
        assert len(explanation.remarks) == len(decision.caveats)
        assert "None" not in explanation.words, case["note"]
        rows_stand(explanation, guard.to_directory())
    assert seen == {f"A{number}" for number in range(1, 31)} - {"A9", "A27"}
    assert compared > 500


def test_the_rule_of_a_booking_is_the_one_that_the_case_proves() -> None:
    seen: set[str] = set()
    for case, guard, given in cases("attribute"):
        booked = guard.attribute(**given)
        resource = None if given.get("resource") is None else reference(given["resource"])
        explanation = explain_attribution(guard, booked, reference(given["principal"]), given["kind"], given.get("surface"), resource)
        possible = {outcome.rule for outcome in outcomes(booked.reason, BOOKINGS)}
        assert explanation.rule in possible
        if possible & set(case["rules"]):
            assert explanation.rule in case["rules"], case["note"]
            seen.add(explanation.rule)
        assert len(explanation.remarks) == len(booked.remedies) + len(booked.caveats)
        assert "None" not in explanation.words, case["note"]
        rows_stand(explanation, guard.to_directory())
    assert seen == {f"B{number}" for number in range(1, 7)}


def test_there_are_words_for_everything() -> None:
    assert DECISIONS.keys() == set(get_args(Reason))
    assert BOOKINGS.keys() == BOOKED.keys() == set(get_args(AttributionReason))
    assert CAVEATS.keys() == set(get_args(Caveat))
    assert REMEDIES.keys() == set(get_args(Remedy))
    assert USAGE_CAVEATS.keys() == set(get_args(UsageCaveat))


def test_the_policies_are_those_of_the_core() -> None:
    core = {path.name: path.read_bytes() for path in (ROOT / "core/policies").iterdir()}
    ours = {path.name: path.read_bytes() for path in (ROOT / "bindings-python/python/bailiwick/cli/policies").iterdir()}
    assert ours == core


def test_an_explanation_for_people(run: Run) -> None:
    ended = run("explain", ACME, "user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", *AT)
    assert ended.code == 0
    assert (
        "A19  The role that counts for `user:usr_dan` in `prj_a` is `member`, and it does not have `instant_cluster.delete`." in ended.out
    )
    for text in (
        '{"user": "usr_dan", "role": "member"}',
        "directory/organizations/0/projects/0/collaborators/1",
        "projects-2026-02: /kinds/0/verbs/0",
        '{"kind": "instant_cluster", "roles": ["admin"], "verbs": ["create", "delete", "scale", "configure"]}',
    ):
        assert text in ended.out


def test_an_explanation_for_programs(run: Run) -> None:
    document = run("explain", ACME, "api_key:key_ci", "file.read", "file:file_faq", *AT, "--json").json
    assert (document["rule"], document["decision"]["reason"], document["remarks"]) == ("A22", "key_out_of_scope", [])
    key = next(row for row in document["rows"] if row["what"] == "API key")
    assert key["path"] == "/organizations/0/projects/0/api_keys/0"
    assert "digest" not in key["row"]


def test_an_absent_row_is_what_counts(run: Run) -> None:
    document = run("explain", ACME, "user:usr_eve", "file.read", "project:prj_a", *AT, "--json").json
    assert document["rule"] == "A19"
    assert {"what": "collaborator", "document": "directory", "path": "/organizations/0/projects/0/collaborators", "row": None} in document[
        "rows"
    ]
    assert "no such row" in run("explain", ACME, "user:usr_eve", "file.read", "project:prj_a", *AT).out


def test_a_booking_is_explained_too(run: Run) -> None:
    ended = run("explain", ACME, "user:usr_zoe", "--kind", "file", "--project", "prj_a", *AT)
    assert (ended.code, "B4  `user:usr_zoe` is no member of `org_acme`" in ended.out) == (0, True)
    assert run("explain", ACME, "user:usr_zoe", "--kind", "fax", "--json").error["code"] == "unknown_kind"


@pytest.mark.parametrize("arguments", [(), ("file.read",), ("file.read", "project:prj_a", "--kind", "file")])
def test_wrong_arguments(run: Run, acme: Path, arguments: tuple[str, ...]) -> None:
    assert run("explain", acme, "user:usr_dan", *arguments).code == 2


def test_a_policy_in_the_directory(run: Run) -> None:
    path = ROOT / "tests/directories/embedded.json"
    directory = json.loads(path.read_text("utf-8"))
    organization = directory["organizations"][0]
    ended = run("explain", path, f"user:{organization['owner']}", "no.such", f"organization:{organization['id']}", "--json")
    assert (ended.json["rule"], ended.json["rows"][0]["document"]) == ("A2", directory["policy"]["id"])


def test_bad_input_is_the_engines_error(run: Run) -> None:
    with pytest.raises(BailiwickError):
        from bailiwick import Bailiwick

        Bailiwick.from_directory(ACME.read_bytes()).check_access("usr", "file.read", "project:prj_a")
    assert run("explain", ACME, "usr", "file.read", "project:prj_a").code == 2
