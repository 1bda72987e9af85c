"""`why`: the rule that decided. The shared suite says which that is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from bailiwick import BailiwickError
from bailiwick.cli.terminal.remarks import CAVEATS, REMEDIES, USAGE_CAVEATS
from bailiwick.types import Caveat, Remedy, UsageCaveat

from .conftest import ACME, AT, ROOT, Run

CASES = ROOT / "tests/cases"
FILES = sorted(json.loads((CASES / "index.json").read_text("utf-8"))["files"])


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


def test_the_rule_is_one_that_the_case_proves() -> None:
    seen: set[str] = set()
    compared = 0
    for case, guard, given in cases("check_access"):
        explanation = guard.explain(**given)
        assert explanation.decision == guard.check_access(**given)
        # Some cases prove that a rule does not apply. The others name the rule that decides.
        if explanation.rule in case["rules"]:
            compared += 1
            seen.add(explanation.rule)
        assert explanation.sentence.endswith(".")
        assert "None" not in explanation.sentence, case["note"]
        assert "``" not in explanation.sentence or not given["action"], case["note"]
        assert not (explanation.decision.allowed and explanation.would_allow)
    assert seen == {f"A{number}" for number in range(1, 31)} - {"A9", "A27"}
    assert compared > 500


def test_the_rule_of_a_booking_is_the_one_that_the_case_proves() -> None:
    seen: set[str] = set()
    for case, guard, given in cases("attribute"):
        explanation = guard.explain_usage(**given)
        assert explanation.attribution == guard.attribute(**given)
        if explanation.rule in case["rules"]:
            seen.add(explanation.rule)
        assert [outcome.remedy for outcome in explanation.remedies] == explanation.attribution.remedies
        assert "None" not in explanation.sentence, case["note"]
        assert "``" not in explanation.sentence, case["note"]
    assert seen == {f"B{number}" for number in range(1, 7)}


def test_there_are_words_for_everything() -> None:
    assert CAVEATS.keys() == set(get_args(Caveat))
    assert REMEDIES.keys() == set(get_args(Remedy))
    assert USAGE_CAVEATS.keys() == set(get_args(UsageCaveat))


def test_an_explanation_for_people(run: Run) -> None:
    ended = run("why", ACME, "user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", *AT)
    assert ended.code == 0
    assert (
        "A19  The role that counts for `user:usr_dan` in `prj_a` is `member`, and it does not have `instant_cluster.delete`." in ended.out
    )
    for text in ("collaborator", "prj_a usr_dan", "member instant_cluster.delete", '"type": "set_collaborator_role"', "user:usr_ada"):
        assert text in ended.out


def test_an_explanation_for_programs(run: Run) -> None:
    document = run("why", ACME, "api_key:key_ci", "file.read", "file:file_faq", *AT, "--json").json
    assert (document["rule"], document["decision"]["reason"]) == ("A22", "key_out_of_scope")
    assert {"fact": "api_key", "key": "key_ci", "present": True} in document["facts"]
    assert document["would_allow"][0]["change"] == {"type": "update_api_key", "key": "key_ci", "projects": ["prj_default"]}


def test_an_absent_row_is_what_counts(run: Run) -> None:
    document = run("why", ACME, "user:usr_eve", "file.read", "project:prj_a", *AT, "--json").json
    assert document["rule"] == "A19"
    assert {"fact": "collaborator", "project": "prj_a", "user": "usr_eve", "present": False} in document["facts"]
    first = {"type": "add_collaborator", "project": "prj_a", "user": "usr_eve", "role": "member"}
    assert document["would_allow"][0] == {"change": first, "by": ["user:usr_ada", "user:usr_ben", "user:usr_cleo"]}


def test_nothing_would_allow_it(run: Run) -> None:
    assert "No single change would allow it." in run("why", ACME, "user:usr_dan", "no.such", "project:prj_a", *AT).out


def test_what_is_unknown_is_not_repeated(run: Run) -> None:
    ended = run("why", ACME, "api_key:sk_live_secret", "file.read", "file:sk_live_secret", *AT)
    assert (ended.code, "sk_live_secret" in ended.out) == (0, False)


def test_a_booking_is_explained_too(run: Run) -> None:
    ended = run("why", ACME, "user:usr_zoe", "--kind", "file", "--project", "prj_a", *AT)
    assert (ended.code, "B4  `user:usr_zoe` is no member of `org_acme`" in ended.out) == (0, True)
    assert "invite the collaborator into the organization" in ended.out
    assert run("why", ACME, "user:usr_zoe", "--kind", "fax", "--json").error["code"] == "unknown_kind"


@pytest.mark.parametrize("arguments", [(), ("file.read",), ("file.read", "project:prj_a", "--kind", "file")])
def test_wrong_arguments(run: Run, acme: Path, arguments: tuple[str, ...]) -> None:
    assert run("why", acme, "user:usr_dan", *arguments).code == 2


def test_bad_input_is_the_engines_error(run: Run) -> None:
    with pytest.raises(BailiwickError):
        from bailiwick import Bailiwick

        Bailiwick.from_directory(ACME.read_bytes()).check_access("usr", "file.read", "project:prj_a")
    assert run("why", ACME, "usr", "file.read", "project:prj_a").code == 2
