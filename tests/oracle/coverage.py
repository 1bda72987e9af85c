"""What the random cases reach: every change type, every error that a rule can give it, every reason, caveat and fault.

The rows are those of the contract. One that no step reaches is a hole in the generator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import coverage_rules
from documents import Json

SHAPES = ["missing_field", "unknown_field", "wrong_type", "invalid_id", "invalid_digest", "invalid_timestamp", "invalid_reference"]
SHAPES += ["limit_exceeded", "unknown_change"]
REASONS = ["snapshot_stale", "unknown_action", "unknown_principal", "key_revoked", "key_expired", "unknown_resource"]
REASONS += ["action_not_applicable", "surface_not_applicable", "owner_only", "role_lacks_permission", "not_a_member"]
REASONS += ["external_no_organization_access", "external_collaborators_disabled", "not_a_collaborator"]
REASONS += ["key_out_of_scope", "key_lacks_permission"]
NEW_REASONS = ["principal_suspended", "scope_suspended", "not_for_externals", "key_scope_lacks_permission", "key_user_lacks_access"]
REASONS += NEW_REASONS
# What single questions reach, and what documents with faults reach.
DECISIONS = [*REASONS, "owner", "organization_role", "project_role", "group_role", "default_project", "external_collaborator", "self"]
DECISIONS += ["api_key_scope", "project_visibility", "not_self"]
CAVEATS = ["not_project_aware", "usage_attributed_to_default_project", "usage_may_leave_organization"]
ATTRIBUTIONS = ["predates_projects", "playground", "project_scoped", "external_home_organization", "default_project_fallback"]
ATTRIBUTIONS += ["unknown_resource", "principal_without_access", "nobody's", "outside"]
USAGE_FAULTS = ["unknown_principal", "unknown_kind", "unknown_surface", "unknown_project", "unknown_resource", "kind_mismatch"]
USAGE_FAULTS += ["project_mismatch", "project_required"]
FAULTS = ["missing_field", "unknown_field", "wrong_type", "invalid_id", "invalid_timestamp", "duplicate_id", "duplicate_digest"]
FAULTS += ["unknown_policy", "unknown_role", "unknown_kind", "unknown_action", "unknown_surface", "unknown_change", "owner_not_admin"]
FAULTS += ["unknown_visibility", "unknown_scope", "unknown_group", "unknown_reference", "user_not_member", "user_in_two_organizations"]
FAULTS += ["owner_protected expires_at", "owner_protected suspended_at", "unknown_field user", "unknown_field group"]
FAULTS += ["missing_default_project", "multiple_default_projects", "default_key_misplaced"]
FAULTS += ["multi_project_disabled", "default_key_not_revocable", "unsupported_format", "sound", "written"]
EFFECTS = ["gained", "lost", "rows", "projects_lost", "live_api_keys", "booked_elsewhere"]
OTHERS: dict[str, list[str]] = {
    "check_access": ["true", "false", "unknown_surface"],
    "is_allowed": ["true", "false"],
    "check_many": ["some", "none"],
    "attribute": ["some", "unknown_surface"],
    "attribute_many": ["some", "none"],
    "list_projects": ["some", "none", "more", "next", "cursor_invalid", "cursor_mismatch", "wrong_type"],
    "list_resources": ["some", "none", "more", "next", "cursor_invalid", "cursor_mismatch", "unknown_surface"],
    "list_principals": ["some", "none", "more", "next", "cursor_invalid", "cursor_mismatch", "invalid_reference"],
    "list_actions": ["some", "none", "unknown_surface"],
    "is_stale": ["true", "false", "invalid_timestamp"],
    "authenticate": ["some", "none", "wrong_type"],
    "authenticate_digest": ["some", "none", "wrong_type", "invalid_digest"],
    "authzen": ["true", "false", "some", "none", "missing_field", "wrong_type"],
    "to_directory": ["some"],
    "apply_many": ["some", "forbidden", "revision_conflict", "not_found", "missing_field"],
    "preview": ["some", "forbidden", "not_found"],
    "to_snapshot": ["none"],
    "from_snapshot": ["some", "snapshot_corrupt", "signature_missing", "signature_invalid"],
    "to_delta": ["none", "delta_gap"],
    "apply_delta": ["some", "snapshot_corrupt", "signature_missing", "signature_invalid", "delta_gap", "delta_fork"],
    "edit": ["none"],
    "same": ["true", "false"],
}


def expected() -> Iterator[tuple[str, str]]:
    """Every row that must occur."""
    yield from coverage_rules.rows()
    yield from (("any change", code) for code in SHAPES)
    yield from (("forbidden", reason) for reason in REASONS)
    yield from (("preview", effect) for effect in EFFECTS)
    yield from (("decision", reason) for reason in DECISIONS + CAVEATS)
    yield from (("attribution", row) for row in ATTRIBUTIONS + USAGE_FAULTS)
    yield from (("document", fault) for fault in FAULTS)
    for call, rows in OTHERS.items():
        yield from ((call, row) for row in rows)


def occurring(suites: list[Json], questions: list[Json]) -> Counter[tuple[str, str]]:
    """How often each row occurs."""
    found: Counter[tuple[str, str]] = Counter()
    for case in [case for suite in questions for case in suite["cases"]]:
        found.update(_of_question(case))
    for case in [case for suite in suites for case in suite["cases"]]:
        for step, outcome in zip(case["input"]["steps"], case["answer"], strict=True):
            found.update(_of_change(step, outcome) if "change" in step else _of_others(step, outcome))
    return found


def _of_change(step: Json, outcome: Any) -> Iterator[tuple[str, str]]:
    change = step["change"]
    kind = str(change.get("type")) if isinstance(change, dict) else "no change"
    if "error" in outcome:
        yield kind, f"{outcome['error']['code']} {general(outcome['error']['path'])}"
        yield "any change", outcome["error"]["code"]
        if "decision" in outcome["error"]:
            yield "forbidden", outcome["error"]["decision"]["reason"]
    elif step["do"] == "preview":
        yield kind, "previewed"
        yield from (("preview", effect) for effect in EFFECTS if outcome.get(effect))
    else:
        yield kind, "applied by an actor" if "actor" in step else "applied by the platform"


def general(path: str) -> str:
    """A path without what differs from one directory to the next: places in lists, and names that are replaced."""
    steps = path.split("/")
    if steps[1:2] == ["renames"] and len(steps) > 3:
        steps[3:] = ["*"]
    return "/".join("*" if step.isdecimal() else step for step in steps)


def _of_question(case: Json) -> Iterator[tuple[str, str]]:
    """What a single question or a document is about."""
    call, answer, error = case["call"], case.get("answer"), case.get("error")
    if call == "check_access" and answer is not None:
        yield from (("decision", word) for word in (answer["reason"], *answer["caveats"]))
    if call == "attribute":
        words = [answer["reason"], *answer["caveats"]] if answer else [case["error"]["code"]]
        if answer and answer["organization"] is None:
            words.append("nobody's")
        elif answer and answer["project"] is None:
            words.append("outside")
        yield from (("attribution", word) for word in words)
    if call in ("load", "to_directory"):
        last = error["path"].rsplit("/", 1)[-1] if error else ""
        words = [error["code"], f"{error['code']} {last}"] if error else ["sound" if call == "load" else "written"]
        yield from (("document", word) for word in words)


def _of_others(step: Json, outcome: Any) -> Iterator[tuple[str, str]]:
    call = step["do"]
    if isinstance(outcome, dict) and "error" in outcome:
        yield call, outcome["error"]["code"]
        return
    held = outcome
    if isinstance(outcome, dict) and "items" in outcome:
        held = outcome["items"]
        if outcome["next_cursor"] is not None:
            yield call, "more"
        if step["input"].get("cursor") == "next":
            yield call, "next"
    if isinstance(outcome, dict) and "allowed" in outcome:
        held = outcome["allowed"]
    if call == "authzen":
        held = next(outcome[name] for name in ("decision", "evaluations", "results") if name in outcome)
    yield call, str(held).lower() if isinstance(held, bool) else "some" if held else "none"


def report(suites: list[Json], questions: list[Json]) -> bool:
    """Prints the table; false if anything never occurs."""
    found = occurring(suites, questions)
    for kind in dict.fromkeys(kind for kind, _ in expected()):
        print(kind)
        for row in [row for other, row in expected() if other == kind]:
            print(f"  {found[kind, row]:6}  {row}{'' if found[kind, row] else '   <- NEVER'}")
    missing = [pair for pair in expected() if not found[pair]]
    print(f"{len(list(expected()))} rows, {len(missing)} of them never reached")
    return not missing
