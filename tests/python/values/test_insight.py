"""Answers of insight as values."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import bailiwick
import pytest
from bailiwick import (
    AccessImpact,
    Attribution,
    BookedAt,
    BookingImpact,
    Decision,
    Explanation,
    Finding,
    Impact,
    ImpactCounts,
    PolicyAnalysis,
    RemedyOutcome,
    ReviewRow,
    Suggestion,
    UsageExplanation,
    analyse_policy,
)

from .examples import AT, copies, load

# As the contract has them, in its order.
FIELDS: dict[type, list[str]] = {
    Explanation: ["decision", "rule", "sentence", "facts", "would_allow"],
    Suggestion: ["change", "by"],
    UsageExplanation: ["attribution", "rule", "sentence", "facts", "remedies"],
    RemedyOutcome: ["remedy", "organization", "project", "matches_intended"],
    Impact: ["access", "bookings", "counts", "widens", "next_cursor"],
    AccessImpact: ["principal", "on", "gained", "lost"],
    BookingImpact: ["principal", "project", "before", "after", "usage"],
    BookedAt: ["organization", "project"],
    ImpactCounts: ["principals", "gained", "lost", "bookings"],
    ReviewRow: ["principal", "organization", "project", "role", "source", "via", "added_at", "expires_at", "effective", "scopes"],
    Finding: ["finding", "severity", "subject", "on", "sentence", "fix"],
    PolicyAnalysis: [
        "policy",
        "actions_nobody_has",
        "kinds_nobody_can_create",
        "changes_nobody_can_make",
        "scopes_without_actions",
        "roles_without_difference",
        "verbs_only_keys_have",
        "bookings",
        "is_complete",
    ],
}
# They hold no lists. (A row of a review holds one only if it is of a key with scopes.)
HASHABLE = {RemedyOutcome, BookedAt, ImpactCounts}


def answers() -> list[Any]:
    """One of each class at least."""
    guard = load()
    after = guard.with_policy("projects-2026-02")
    after.apply({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"})
    after.apply({"type": "add_member", "organization": "org_acme", "user": "usr_kai", "role": "member"})
    why = guard.explain("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", at=AT)
    usage = guard.explain_usage("user:usr_dan", "fine_tuning", surface="ui", project="prj_a", at=AT)
    impact = guard.impact(after, at=AT)
    move = next(row for row in impact.bookings)
    return [
        *[why, why.would_allow[0], usage, usage.remedies[0], impact, impact.access[0], move, move.before, impact.counts],
        *[guard.review(at=AT)[0], guard.findings(at=AT)[0], analyse_policy("projects-2026-02")],
    ]


def test_every_class_is_there() -> None:
    assert {type(answer) for answer in answers()} == set(FIELDS)


def test_fields_are_those_of_the_contract() -> None:
    for cls, fields in FIELDS.items():
        assert [field.name for field in dataclasses.fields(cls)] == fields
        assert cls.__module__ == "bailiwick"
        assert getattr(bailiwick, cls.__name__) is cls
        assert not hasattr(cls, "__dict__") or "__dict__" not in cls.__dict__


def test_they_are_values() -> None:
    for answer in answers():
        cls: Any = type(answer)
        for again in copies(answer):
            assert type(again) is cls
            assert again == answer
            assert repr(again) == repr(answer)
        assert repr(answer).startswith(f"{cls.__name__}({FIELDS[cls][0]}=")
        names = {name: getattr(bailiwick, name) for name in bailiwick.__all__}
        assert eval(repr(answer), names) == answer
        for field in FIELDS[cls]:
            with pytest.raises(AttributeError):
                setattr(answer, field, None)
        with pytest.raises((AttributeError, TypeError)):
            answer.colour = "red"
        if cls in HASHABLE:
            assert hash(answer) == hash(copies(answer)[0])
        elif cls is not ReviewRow:
            with pytest.raises(TypeError):
                hash(answer)


def test_as_dicts_they_are_json_in_the_order_of_the_contract() -> None:
    for answer in answers():
        if hasattr(answer, "to_dict"):
            told = answer.to_dict()
            assert list(told) == FIELDS[type(answer)]
            assert json.loads(json.dumps(told)) == told


def test_a_dict_that_is_altered_alters_no_answer() -> None:
    guard = load()
    why = guard.explain("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", at=AT)
    usage = guard.explain_usage("user:usr_dan", "fine_tuning", surface="ui", project="prj_a", at=AT)
    for answer in (why, usage):
        before = repr(answer)
        told: Any = answer.to_dict()
        told["facts"][0]["fact"] = "spoilt"
        told["facts"].clear()
        (told.get("would_allow") or told["remedies"])[0].clear()
        assert repr(answer) == before


def test_what_is_inside_is_as_other_calls_answer_it() -> None:
    guard = load()
    why = guard.explain("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", at=AT)
    assert type(why.decision) is Decision
    assert why.decision == guard.check_access("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", at=AT)
    usage = guard.explain_usage("user:usr_dan", "fine_tuning", surface="ui", project="prj_a", at=AT)
    assert type(usage.attribution) is Attribution
    assert usage.attribution == guard.attribute("user:usr_dan", "fine_tuning", surface="ui", project="prj_a", at=AT)
    assert [one.remedy for one in usage.remedies] == usage.attribution.remedies
    # Suggestions and fixes are changes, as `apply` takes them.
    for suggestion in why.would_allow:
        engine = load()
        engine.apply(suggestion.change, actor=suggestion.by[0], at=AT)
        assert engine.is_allowed("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1", at=AT)


def test_patterns_know_their_fields() -> None:
    match load().impact(load(), at=AT):
        case Impact(access=[], bookings=[], counts=ImpactCounts(0, 0, 0, 0), widens=False, next_cursor=None):
            pass
        case other:
            raise AssertionError(other)
