"""What only a binding can break, on random input."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick, BailiwickError
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = json.loads((Path(__file__).parents[1] / "directories/acme.json").read_text("utf-8"))
guard = Bailiwick.from_directory(DOCUMENT)


def names() -> dict[str, list[str]]:
    """The ids of the example by type, so that many questions are about something."""
    found: dict[str, list[str]] = {"user": [user["id"] for user in DOCUMENT["users"]], "api_key": [], "project": [], "organization": []}
    for organization in DOCUMENT["organizations"]:
        found["organization"].append(organization["id"])
        found["user"] += [member["user"] for member in organization["members"]]
        for project in organization["projects"]:
            found["project"].append(project["id"])
            found["api_key"] += [key["id"] for key in project.get("api_keys", [])]
            for resource in project.get("resources", []):
                found.setdefault(resource["kind"], []).append(resource["id"])
    return found


NAMES = names()


def reference(*types: str) -> st.SearchStrategy[Any]:
    """A reference of one of these types, as a string or in two parts."""
    parts = st.sampled_from([(kind, name) for kind in types for name in NAMES[kind]])
    return parts.map(":".join) | parts.map(lambda part: {"type": part[0], "id": part[1]})


PRINCIPAL = reference("user", "api_key") | st.just("user:nobody é")
KIND = st.sampled_from(["instant_cluster", "api_key", "fine_tuning", "batch", "storage", "evaluation", "code_interpreter"])
VERB = st.sampled_from(["create", "read", "use", "delete", "ssh", "scale", "revoke"])
ACTION = st.tuples(KIND, VERB).map(".".join) | st.sampled_from(
    ["project_settings.read", "collaborators.add", "billing.read", "profile.read", "x"]
)
AT = st.sampled_from(["2025-09-01T00:00:00Z", "2026-02-01T00:04:00Z", datetime(2026, 2, 1, 0, 1, tzinfo=UTC)])
SURFACE = st.sampled_from(["api", "ui", "playground"])
REQUEST = st.fixed_dictionaries(
    {"principal": PRINCIPAL, "action": ACTION, "resource": reference(*NAMES), "at": AT},
    optional={"surface": SURFACE | st.none(), "min_revision": st.integers(0, 60), "max_age_seconds": st.integers(0, 600)},
)
USAGE = st.fixed_dictionaries(
    {"principal": PRINCIPAL, "kind": KIND, "at": AT},
    optional={"surface": SURFACE, "project": st.sampled_from(NAMES["project"]) | st.none()},
)

SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes() | st.complex_numbers()
ANYTHING = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
    max_leaves=12,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def outcome(call: Any, *arguments: Any, **keywords: Any) -> Any:
    """The answer as a dict, or the error's code and path."""
    try:
        answer = call(*arguments, **keywords)
    except BailiwickError as error:
        return error.code, error.path
    return answer.to_dict() if hasattr(answer, "to_dict") else answer


@given(REQUEST)
@settings(max_examples=500)
def test_is_allowed_is_check_access_allowed_in_every_form(request: dict[str, Any]) -> None:
    decision = guard.check_access(**request)
    assert guard.is_allowed(**request) is decision.allowed is bool(decision)
    assert decision.to_dict()["allowed"] is decision.allowed


@given(st.lists(REQUEST))
def test_check_many_is_many_check_access(requests: list[Any]) -> None:
    assert guard.check_many(requests) == [guard.check_access(**request) for request in requests]


@given(st.lists(USAGE))
def test_attribute_many_is_many_attribute_and_a_bad_row_says_why(usages: list[Any]) -> None:
    rows = guard.attribute_many(usages)
    assert len(rows) == len(usages)
    assert rows.unattributed == sum(row.certainty is None for row in rows)
    for row, usage in zip(rows, usages, strict=True):
        alone = outcome(guard.attribute, **usage)
        assert row.reason == alone[0] if isinstance(alone, tuple) else row.to_dict() == alone


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
@settings(max_examples=300)
def test_whatever_is_passed_nothing_but_a_bailiwick_error_is_raised(a: Any, b: Any, c: Any, d: Any) -> None:
    outcome(Bailiwick.from_directory, a)
    outcome(Bailiwick.from_directory, DOCUMENT, policy=a)
    outcome(Bailiwick.from_directory, {**DOCUMENT, "users": a})
    outcome(guard.check_access, a, b, c, surface=d)
    outcome(guard.check_access, "user:usr_dan", "batch.read", "project:prj_a", at=a, min_revision=b, max_age_seconds=c)
    outcome(guard.is_allowed, a, b, c, at=d)
    outcome(guard.is_allowed, "user:usr_dan", "batch.read", "project:prj_a", at=a)
    outcome(guard.check_many, [a, b])
    outcome(guard.attribute, "user:usr_dan", a, surface=b, project=c, at=d)
    assert len(guard.attribute_many([a, b, c])) == 3


@given(JSON)
def test_json_text_and_the_value_that_it_says_load_to_the_same(value: Any) -> None:
    def loaded(document: Any) -> Any:
        return outcome(lambda: Bailiwick.from_directory(document).to_directory())

    text = json.dumps(value)
    if not isinstance(value, str):  # text in Python is JSON text
        assert loaded(text) == loaded(text.encode()) == loaded(value)


@given(REQUEST)
def test_a_directory_written_out_and_read_again_answers_the_same(request: dict[str, Any]) -> None:
    written = guard.to_directory()
    for again in (Bailiwick.from_directory(written), Bailiwick.from_directory(json.dumps(written))):
        assert again.check_access(**request) == guard.check_access(**request)
