"""What the annotations say: that a type checker takes what the engine takes, refuses what it refuses, and knows what comes out.

`mypy --strict` and pyright read this file. A mistake that one of them would let pass is an ignore too many, which is an error.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, assert_never, assert_type

import bailiwick
import pytest
from bailiwick import (
    AccessImpact,
    AnswerTable,
    Attribution,
    Attributions,
    Bailiwick,
    BailiwickError,
    BookedAt,
    Decision,
    Explanation,
    Finding,
    ForbiddenError,
    Impact,
    LostProject,
    Page,
    PolicyAnalysis,
    Preview,
    ReviewRow,
    Suggestion,
    UsageExplanation,
    analyse_policy,
    built_in_policy,
)
from bailiwick.types import (
    AccessRequest,
    AttributionReason,
    Caveat,
    Certainty,
    Change,
    ErrorCode,
    FindingCode,
    Reason,
    ReferenceObject,
    Remedy,
    ReviewSource,
    Rule,
    Severity,
    Usage,
)

PATH = Path(__file__).parents[1] / "directories/acme.json"
AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
guard = Bailiwick.from_directory(PATH.read_bytes())


def test_answers() -> None:
    decision = guard.check_access("user:usr_dan", "file.read", {"type": "project", "id": "prj_a"}, at=AT)
    assert_type(decision, Decision)
    assert_type(decision.reason, Reason)
    assert_type(decision.role, str | None)
    assert_type(decision.caveats, list[Caveat])
    assert_type(decision.to_dict()["allowed"], bool)
    assert_type(guard.is_allowed("user:usr_dan", "file.read", "project:prj_a"), bool)
    usage = guard.attribute("user:usr_dan", "file", at="2026-02-01T12:00:00Z")
    assert_type(usage, Attribution)
    assert_type(usage.reason, AttributionReason | ErrorCode)
    assert_type(usage.certainty, Certainty | None)
    assert_type(usage.remedies, list[Remedy])
    assert_type(guard.authenticate("x"), ReferenceObject | None)
    page = guard.list_projects("user:usr_dan")
    assert_type(page, Page)
    assert_type(page.next_cursor, str | None)
    assert_type(guard.to_snapshot(), bytes)
    assert_type(guard.revision, int)
    assert_type(guard.fresh_until, str | None)


def test_batches_and_changes() -> None:
    request: AccessRequest = {"principal": "user:usr_dan", "action": "file.read", "resource": "project:prj_a", "at": AT}
    assert_type(guard.check_many([request, {**request, "at": None}]), list[Decision])
    usage: Usage = {"principal": "user:usr_dan", "kind": "file"}
    rows = guard.attribute_many([usage])
    assert_type(rows, Attributions)
    assert_type(rows[0], Attribution)
    assert_type(rows.unattributed, int)
    change: Change = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_dan"}
    preview = guard.preview(change, at=AT)
    assert_type(preview, Preview)
    assert_type(preview.projects_lost, list[LostProject])
    with pytest.raises(ForbiddenError) as raised:
        guard.apply(change, actor="user:usr_dan", at=AT)
    assert_type(raised.value.decision, Decision)
    assert_type(raised.value.path, str | None)


def test_insight() -> None:
    why = guard.explain("user:usr_dan", "file.read", {"type": "project", "id": "prj_a"}, surface="ui", at=AT)
    assert_type(why, Explanation)
    assert_type(why.decision, Decision)
    assert_type(why.rule, Rule)
    assert_type(why.facts, list[dict[str, Any]])
    assert_type(why.would_allow, list[Suggestion])
    assert_type(guard.explain_usage("user:usr_dan", "file", at=AT), UsageExplanation)
    impact = guard.impact(guard, at=AT, limit=0)
    assert_type(impact, Impact)
    assert_type(impact.access, list[AccessImpact])
    assert_type([row.before for row in impact.bookings], list[BookedAt])
    assert_type(impact.counts.gained, int)
    assert_type(guard.impact_table(guard), AnswerTable)
    rows = guard.review(organization="org_acme", at=AT)
    assert_type(rows, list[ReviewRow])
    assert_type(rows[0].source, ReviewSource)
    assert_type(guard.review_table(), AnswerTable)
    findings = guard.findings(at=AT)
    assert_type(findings, list[Finding])
    assert_type(findings[0].finding, FindingCode)
    assert_type(findings[0].severity, Severity)
    assert_type(guard.policy_document, dict[str, Any])
    assert_type(guard.with_policy(built_in_policy("projects-2026-02"), renames={"kinds": {}}), Bailiwick)
    assert_type(analyse_policy("projects-2026-02"), PolicyAnalysis)
    for call in (guard.impact, guard.impact_table):
        with pytest.raises(BailiwickError):
            call(guard.to_directory())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        guard.review("org_acme")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        guard.policy_document = {}  # type: ignore[misc]
    with pytest.raises(AttributeError):
        impact.widens = True  # type: ignore[misc]


def test_patterns_know_their_fields() -> None:
    answer: Decision | Attribution = guard.check_access("user:usr_dan", "file.read", "project:prj_a", at=AT)
    for one in (answer, guard.attribute("user:usr_dan", "file", at=AT)):
        match one:
            case Decision(allowed, reason, role, caveats=caveats):
                assert_type(allowed, bool)
                assert_type(reason, Reason)
                assert_type(role, str | None)
                assert_type(caveats, list[Caveat])
            case Attribution(organization, project, matches_intended=matches):
                assert_type(organization, str | None)
                assert_type(project, str | None)
                assert_type(matches, bool)
            case _:
                assert_never(one)


def test_mistakes() -> None:
    decision = guard.check_access("user:usr_dan", "file.read", "project:prj_a", at=AT)
    with pytest.raises(AttributeError):
        decision.allowed = True  # type: ignore[misc]
    with pytest.raises(AttributeError):
        guard.attribute("user:usr_dan", "file").booked  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(TypeError):
        guard.check_access("user:usr_dan", "file.read", "project:prj_a", when=AT)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Decision(allowed=True, reason="owner")  # type: ignore[call-arg]
    with pytest.raises(BailiwickError):
        guard.check_access("user:usr_dan", "file.read", 5)  # type: ignore[arg-type]
    with pytest.raises(BailiwickError):
        guard.check_access("user:usr_dan", "file.read", "project:prj_a", at=5)  # type: ignore[arg-type]
    with pytest.raises(BailiwickError):
        guard.check_access("user:usr_dan", "file.read", {"kind": "project", "id": "prj_a"})  # type: ignore[arg-type]
    with pytest.raises(BailiwickError):
        Bailiwick.from_snapshot("text")  # type: ignore[arg-type]
    with pytest.raises(BailiwickError):
        guard.attribute_many({"principal": "user:usr_dan", "kind": "file"})  # type: ignore[arg-type]


def test_words() -> None:
    reason = guard.check_access("user:usr_dan", "file.read", "project:prj_a", at=AT).reason
    # Narrowing to one word of the list works, so a misspelt one is found.
    if reason == "project_role":
        assert_type(reason, Literal["project_role"])


# What a package says of itself


def metadata() -> Any:
    return importlib.metadata.metadata("bailiwick")


def test_nothing_is_required_at_run_time() -> None:
    required = metadata().get_all("Requires-Dist") or []
    assert all("extra ==" in line.partition(";")[2] for line in required), required
    assert "arrow" in (metadata().get_all("Provides-Extra") or [])
    # Nor does it take in anything that happens to be there.
    code = "import sys; before = set(sys.modules); import bailiwick; print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert set(loaded) - {"bailiwick"} <= sys.stdlib_module_names


def test_the_metadata() -> None:
    assert bailiwick.__version__ == metadata()["Version"]
    assert metadata()["Requires-Python"] == ">=3.11"
    assert metadata()["License-Expression"] == "MIT OR Apache-2.0"
    assert metadata()["Description"].startswith("# Bailiwick")
    files = [str(file) for file in importlib.metadata.files("bailiwick") or []]
    for name in ("bailiwick/py.typed", "bailiwick/_bailiwick.pyi", "licenses/LICENSE-MIT", "licenses/LICENSE-APACHE"):
        assert any(file.endswith(name) for file in files), files
    assert sum(file.endswith((".so", ".pyd")) for file in files) == 1


def test_one_wheel_serves_every_python_from_3_11_on() -> None:
    wheel = importlib.metadata.distribution("bailiwick").read_text("WHEEL") or ""
    assert "Tag: cp311-abi3-" in wheel
