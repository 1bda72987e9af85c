"""Insight: what only Python can send, other engines, pages, and engines that demand signatures."""

from __future__ import annotations

import copy
import json
import pickle
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, NotFoundError, analyse_policy, built_in_policy
from hypothesis import given, settings

from .test_any_input import ANYTHING
from .test_arguments import FOREIGN
from .world import ADA, AT, KEY, SEED, addition, guard, load, outcome, refuses, removal, within, works

QUESTION = ("user:usr_dan", "instant_cluster.delete", "instant_cluster:cl_1")


class Duck:
    """Has what an engine has, and is none."""

    revision = 42

    def __getattr__(self, name: str) -> Any:
        return getattr(guard, name)


def changed() -> Bailiwick:
    """An engine in which much differs."""
    after = load()
    joins = {"type": "add_member", "organization": "org_acme", "user": "usr_kai", "role": "member"}
    after.apply_many(
        [removal("usr_dan"), addition("usr_new"), {"type": "remove_member", "organization": "org_acme", "user": "usr_eve"}, joins]
    )
    return after


def asked_at() -> list[Callable[..., object]]:
    """Every call with an instant."""
    return [
        partial(guard.explain, *QUESTION),
        partial(guard.explain_usage, ADA, "file"),
        partial(guard.impact, guard),
        partial(guard.impact_table, guard),
        guard.review,
        guard.review_table,
        guard.findings,
    ]


# Arguments


@pytest.mark.parametrize("value", FOREIGN, ids=lambda value: type(value).__name__)
def test_values_of_the_wrong_type(value: Any) -> None:
    refuses(lambda: guard.explain(value, "file.read", "project:prj_a"), "wrong_type", "/principal")
    refuses(lambda: guard.explain(ADA, value, "project:prj_a"), "wrong_type", "/action")
    refuses(lambda: guard.explain(ADA, "file.read", value), "wrong_type", "/resource")
    refuses(lambda: guard.explain(*QUESTION, surface=value), "wrong_type", "/surface")
    refuses(lambda: guard.explain(*QUESTION, min_revision=value), "wrong_type", "/min_revision")
    refuses(lambda: guard.explain(*QUESTION, max_age_seconds=value), "wrong_type", "/max_age_seconds")
    refuses(lambda: guard.explain_usage(value, "file"), "wrong_type", "/principal")
    refuses(lambda: guard.explain_usage(ADA, value), "wrong_type", "/kind")
    refuses(lambda: guard.explain_usage(ADA, "file", surface=value), "wrong_type", "/surface")
    refuses(lambda: guard.explain_usage(ADA, "file", project=value), "wrong_type", "/project")
    refuses(lambda: guard.explain_usage(ADA, "file", resource=value), "wrong_type", "/resource")
    refuses(lambda: guard.impact(value), "wrong_type", "/other")
    refuses(lambda: guard.impact_table(value), "wrong_type", "/other")
    refuses(lambda: guard.impact(guard, limit=value), "wrong_type", "/limit")
    refuses(lambda: guard.impact(guard, cursor=value), "wrong_type", "/cursor")
    refuses(lambda: guard.review(organization=value), "wrong_type", "/organization")
    refuses(lambda: guard.review_table(organization=value), "wrong_type", "/organization")
    refuses(lambda: guard.with_policy(value), "wrong_type", "/policy")
    refuses(lambda: guard.with_policy("projects-2026-02", renames=value), "wrong_type", "/renames")
    refuses(lambda: guard.with_policy("projects-2026-02", renames={"kinds": value}), "wrong_type", "/renames/kinds")
    refuses(lambda: analyse_policy(value), "wrong_type", "/policy")
    refuses(lambda: built_in_policy(value), "wrong_type", "/id")
    for call in asked_at():
        refuses(partial(call, at=value), "wrong_type", "/at")


def test_none_is_absent() -> None:
    assert guard.explain(*QUESTION, surface=None, at=AT, min_revision=None, max_age_seconds=None) == guard.explain(*QUESTION, at=AT)
    usage: Any = {"kind": "fine_tuning", "surface": "ui", "project": "prj_a"}
    assert guard.explain_usage("user:usr_dan", **usage, resource=None, at=AT) == guard.explain_usage("user:usr_dan", **usage, at=AT)
    assert guard.impact(guard, at=None, limit=None, cursor=None) == guard.impact(guard)
    assert guard.review(organization=None, at=AT) == guard.review(at=AT)
    assert guard.with_policy("projects-2026-02", renames=None).state == guard.state
    nothing: Any = None
    for call in (guard.with_policy, analyse_policy):
        refuses(partial(call, nothing), "wrong_type", "/policy")
    refuses(lambda: built_in_policy(nothing), "wrong_type", "/id")
    refuses(lambda: guard.impact(nothing), "wrong_type", "/other")


def test_arguments_that_do_not_exist_are_python_s_own_errors() -> None:
    calls: list[Callable[[], object]] = [
        lambda: guard.explain(*QUESTION, when=AT),  # type: ignore[call-arg]
        lambda: guard.explain_usage(ADA),  # type: ignore[call-arg]
        lambda: guard.impact(),  # type: ignore[call-arg]
        lambda: guard.impact(guard, AT),  # type: ignore[call-arg]
        lambda: guard.impact_table(guard, limit=1),  # type: ignore[call-arg]
        lambda: guard.review("org_acme"),  # type: ignore[call-arg]
        lambda: guard.findings(organization="org_acme"),  # type: ignore[call-arg]
        lambda: guard.with_policy(),  # type: ignore[call-arg]
        lambda: analyse_policy(),  # type: ignore[call-arg]
    ]
    for call in calls:
        with pytest.raises(TypeError):
            call()


def test_what_is_almost_right() -> None:
    almost: Any
    for almost in (True, -1, 1.5, "1"):
        refuses(partial(guard.impact, guard, limit=almost), "wrong_type", "/limit")
    refuses(lambda: guard.impact(guard, limit=2**53), "limit_exceeded", "/limit")
    refuses(lambda: guard.impact(guard, limit=10**400), "limit_exceeded", "/limit")
    for cursor in ("", "x", "\ud800", "é" * 1_000):
        refuses(partial(guard.impact, guard, cursor=cursor), "cursor_invalid", "/cursor")
    page = guard.list_projects(ADA, limit=1, at=AT)
    refuses(lambda: guard.impact(guard, cursor=page.next_cursor), "cursor_mismatch", "/cursor")
    for review in (guard.review, guard.review_table):
        refuses(partial(review, organization="\ud800"), "invalid_id", "/organization")
        error = refuses(partial(review, organization="bw_secret"), "not_found", "/organization")
        assert isinstance(error, NotFoundError)
        assert "bw_secret" not in str(error)
    refuses(lambda: guard.with_policy("none"), "unknown_policy", "/policy")
    refuses(lambda: guard.with_policy({}), "missing_field", "/policy")
    refuses(lambda: guard.with_policy("projects-2026-02", renames={"kind": {}}), "unknown_field", "/renames/kind")
    refuses(lambda: guard.with_policy("projects-2026-02", renames={"kinds": {"file": "robot"}}), "unknown_kind", "/renames/kinds/file")
    refuses(lambda: built_in_policy("none"), "unknown_policy", "/id")
    refuses(lambda: built_in_policy("\ud800"), "invalid_id", "/id")
    refuses(lambda: analyse_policy("none"), "unknown_policy", "/policy")
    naive = datetime(2026, 2, 1)
    for call in asked_at():
        for bad in (naive, "2026-02-01", "yesterday"):
            refuses(partial(call, at=bad), "invalid_timestamp", "/at")


@given(ANYTHING, ANYTHING, ANYTHING)
@settings(max_examples=150, deadline=None)
def test_whatever_is_passed_nothing_but_a_bailiwick_error_is_raised(a: Any, b: Any, c: Any) -> None:
    outcome(guard.explain, a, b, c)
    outcome(guard.explain, *QUESTION, surface=a, at=b, min_revision=c)
    outcome(guard.explain_usage, a, b, project=c)
    outcome(guard.explain_usage, ADA, "file", surface=a, resource=b, at=c)
    outcome(guard.impact, a, at=b, limit=c)
    outcome(guard.impact, guard, at=a, limit=b, cursor=c)
    outcome(guard.review, organization=a, at=b)
    outcome(guard.findings, at=a)
    outcome(guard.with_policy, a, renames=b)
    outcome(guard.with_policy, "projects-2026-02", renames={"kinds": a})
    outcome(built_in_policy, a)
    outcome(analyse_policy, a)


def test_a_time_zone_may_use_the_engine() -> None:
    engine, other = load(), load()

    class Changing(tzinfo):
        def utcoffset(self, _: datetime | None) -> timedelta:
            engine.apply({"type": "set_external_collaborators", "project": "prj_a", "allowed": True})
            other.explain(*QUESTION, at=AT)
            engine.impact(other, at=AT)
            return timedelta(0)

        dst = utcoffset

        def tzname(self, _: datetime | None) -> str:
            return "x"

    moment: Any = datetime(2026, 2, 1, 12, tzinfo=Changing())
    calls: list[Callable[[], object]] = [
        lambda: engine.explain(*QUESTION, at=moment),
        lambda: engine.explain_usage(ADA, "file", at=moment),
        lambda: engine.impact(other, at=moment),
        lambda: engine.impact_table(other, at=moment),
        lambda: engine.findings(at=moment),
        lambda: engine.review(at=moment),
        lambda: engine.review_table(at=moment),
    ]
    for call in calls:
        before = engine.revision
        within(20, call)
        assert engine.revision > before


# Explanations


def test_an_explanation_leaves_the_engine_as_it_is() -> None:
    engine = load()
    since = engine.revision
    snapshot = engine.to_snapshot()
    engine.explain(*QUESTION, at=AT)
    engine.explain_usage("user:usr_dan", "fine_tuning", surface="ui", project="prj_a", at=AT)
    assert (engine.revision, engine.to_snapshot()) == (since, snapshot)
    # Nor are there changes for a delta.
    follower = Bailiwick.from_snapshot(snapshot)
    assert follower.apply_delta(engine.to_delta(since)) == since
    works(engine)


def test_an_explanation_repeats_no_secret() -> None:
    secret = "bw_0123456789secret"
    for principal, action, resource in (
        (f"user:{secret}", "file.read", "project:prj_a"),
        (f"api_key:{secret}", "file.read", "project:prj_a"),
        (ADA, "file.read", f"project:{secret}"),
        (ADA, "file.read", f"file:{secret}"),
    ):
        assert secret not in repr(guard.explain(principal, action, resource, at=AT))


def test_an_engine_that_is_stale_explains_that() -> None:
    document = load().to_directory() | {"issued_at": "2026-01-01T00:00:00Z", "max_age_seconds": 60}
    engine = Bailiwick.from_directory(document)
    why = engine.explain(*QUESTION, at=AT)
    assert (why.rule, why.decision.reason, why.would_allow) == ("A1", "snapshot_stale", [])
    # Everything else is about what the directory says, whatever its age.
    fresh = Bailiwick.from_directory(document | {"issued_at": AT})
    assert engine.review(at=AT) == fresh.review(at=AT)
    assert engine.findings(at=AT) == fresh.findings(at=AT)
    assert engine.impact(fresh, at=AT).counts.principals == 0


# Impacts


def test_an_engine_compared_with_itself() -> None:
    for other in (guard, copy.copy(guard), pickle.loads(pickle.dumps(guard)), Bailiwick.from_snapshot(guard.to_snapshot())):
        impact = guard.impact(other, at=AT)
        assert impact.to_dict() == {
            "access": [],
            "bookings": [],
            "counts": {"principals": 0, "gained": 0, "lost": 0, "bookings": 0},
            "widens": False,
            "next_cursor": None,
        }


def test_what_is_no_engine_is_refused() -> None:
    others: list[Any] = [Duck(), Bailiwick, object(), guard.to_directory(), guard.to_snapshot(), guard.revision, "engine", [guard]]
    for other in others:
        refuses(partial(guard.impact, other), "wrong_type", "/other")
        refuses(partial(guard.impact_table, other), "wrong_type", "/other")


def test_the_direction_is_from_this_engine_to_the_other() -> None:
    before, after = load(), load()
    before.apply(addition("usr_new"))
    there, back = before.impact(after, at=AT), after.impact(before, at=AT)
    assert (there.widens, back.widens) == (False, True)
    assert (there.counts.lost, there.counts.gained) == (back.counts.gained, back.counts.lost)
    assert [(row.principal, row.on, row.gained, row.lost) for row in there.access] == [
        (row.principal, row.on, row.lost, row.gained) for row in back.access
    ]
    # An older revision is a state like any other.
    assert before.revision > after.revision


def test_pages_are_the_whole() -> None:
    after = changed()
    whole = guard.impact(after, at=AT)
    rows = [*whole.access, *whole.bookings]
    assert whole.access
    assert whole.bookings
    assert whole.next_cursor is None
    for limit in (1, 2, 3, len(rows) - 1, len(rows), len(rows) + 1, 2**53 - 1):
        read: list[Any] = []
        cursor = None
        while True:
            page = guard.impact(after, at=AT, limit=limit, cursor=cursor)
            assert (page.counts, page.widens) == (whole.counts, whole.widens)
            assert 0 < len(page.access) + len(page.bookings) <= limit
            read += [*page.access, *page.bookings]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert read == rows
    nothing = guard.impact(after, at=AT, limit=0)
    assert (nothing.access, nothing.bookings, nothing.next_cursor) == ([], [], None)
    assert (nothing.counts, nothing.widens) == (whole.counts, whole.widens)


# Other policies


def test_another_policy_leaves_the_first_engine_alone() -> None:
    engine = load()
    since = engine.revision
    snapshot = engine.to_snapshot()
    document = built_in_policy("projects-2026-02")
    document["id"] = "own"
    document["kinds"] = [kind for kind in document["kinds"] if kind["kind"] != "batch"]
    other = engine.with_policy(document)
    assert (engine.policy, engine.revision, engine.to_snapshot()) == ("projects-2026-02", since, snapshot)
    assert (other.policy, other.revision) == ("own", since)
    assert other.state != engine.state
    other.apply(addition("usr_new"))
    assert not engine.is_allowed("user:usr_new", "file.read", "project:prj_a", at=AT)
    engine.apply(addition("usr_newer"))
    # Neither follows the other.
    for one, two in ((engine, other), (other, engine)):
        assert outcome(one.apply_delta, two.to_delta(since))[0] in ("delta_fork", "delta_gap")
    works(engine)
    works(other)


def test_the_history_does_not_go_with_another_policy() -> None:
    engine = load()
    since = engine.revision
    follower = Bailiwick.from_snapshot(engine.to_snapshot())
    engine.apply(addition("usr_new"))
    document = built_in_policy("projects-2026-02")
    document["id"] = "own"
    other = engine.with_policy(document)
    assert outcome(other.to_delta, since) == ("delta_gap", "/since")
    assert outcome(follower.apply_delta, other.to_delta(other.revision))[0] in ("delta_fork", "delta_gap")
    assert follower.apply_delta(engine.to_delta(since)) == engine.revision


def test_another_policy_keeps_the_demand_for_signatures() -> None:
    central = load()
    edge = Bailiwick.from_snapshot(central.to_snapshot(SEED), KEY)
    other = edge.with_policy("projects-2026-02")
    origin = central.with_policy("projects-2026-02")
    origin.to_snapshot()
    origin.apply(addition("usr_new"))
    state = other.state
    # The state is the same one, so only the signature is missing.
    assert outcome(other.apply_delta, origin.to_delta(other.revision)) == ("signature_missing", "")
    assert outcome(copy.copy(other).apply_delta, origin.to_delta(other.revision)) == ("signature_missing", "")
    assert other.state == state
    assert other.apply_delta(origin.to_delta(other.revision, signing_key=SEED)) == origin.revision


def test_a_policy_is_readable_and_loads_again() -> None:
    for engine in (guard, guard.with_policy(guard.policy_document), Bailiwick.from_snapshot(guard.to_snapshot())):
        document = engine.policy_document
        assert json.loads(json.dumps(document)) == document
        again = Bailiwick.from_directory(engine.to_directory(), policy=document)
        assert (again.state, again.policy_document) == (engine.state, document)
        assert document == built_in_policy(engine.policy)
    # It is the caller's own.
    guard.policy_document["kinds"].clear()
    assert guard.policy_document["kinds"]


def test_a_policy_with_names_of_its_own_loads_again() -> None:
    document = json.loads(json.dumps(built_in_policy("projects-2026-09")).replace('"editor"', '"__proto__"'))
    document["id"] = "own"
    engine = Bailiwick.from_directory({"format": "bailiwick/1", "policy": document, "organizations": []})
    again = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []}, policy=engine.policy_document)
    assert (again.state, again.policy_document) == (engine.state, engine.policy_document)
    assert analyse_policy(engine.policy_document) == analyse_policy(document)


# Findings


def test_fixes_are_lists_for_apply_many() -> None:
    for finding in guard.findings(at=AT):
        engine = load()
        if finding.fix:
            engine.apply_many(finding.fix, at=AT)
        left = [(one.finding, one.subject, one.on) for one in engine.findings(at=AT)]
        assert ((finding.finding, finding.subject, finding.on) in left) is (finding.fix == [])


def test_all_fixes_together() -> None:
    engine = load()
    for finding in engine.findings(at=AT):
        # What two findings need is made once.
        outcome(engine.apply_many, finding.fix, at=AT)
    assert [one.fix for one in engine.findings(at=AT) if one.fix] == []


# Threads


def test_others_change_the_engines_meanwhile() -> None:
    engine, other = load(), load()
    done = threading.Event()

    def write() -> None:
        try:
            for number in range(400):
                engine.apply(removal("usr_x") if number % 2 else addition("usr_x"))
                other.apply(removal("usr_x") if number % 2 else addition("usr_x"))
        finally:
            done.set()

    def read(first: Bailiwick, second: Bailiwick) -> None:
        while not done.is_set():
            impact = first.impact(second, at=AT)
            assert {row.principal for row in impact.access} <= {"user:usr_x"}
            why = first.explain("user:usr_x", "file.read", "project:prj_a", at=AT)
            assert (why.would_allow == []) is (why.decision.allowed or why.rule == "A3")
            first.with_policy("projects-2026-02")
            first.review(organization="org_acme", at=AT)

    within(60, write, lambda: read(engine, other), lambda: read(other, engine))
    works(engine)


def test_nobody_waits_for_an_explanation() -> None:
    # Every role lets its members change roles, and nobody may grant a stronger one than their own: a thousand are asked about each.
    roles = ["admin", "member", *(f"role_{number}" for number in range(62))]
    policy = built_in_policy("projects-2026-02")
    policy |= {"id": "own", "organization_roles": [{"role": "admin", "project_role": "admin"}, *({"role": role} for role in roles[1:])]}
    for row in policy["organization_actions"]:
        row["roles"] = {"members.manage_roles": roles, "billing.write": roles[:-1]}.get(row["action"], row["roles"])
    members = [{"user": "ada", "role": "admin"}, *({"user": f"u{number}", "role": roles[-1]} for number in range(2_000))]
    organization = {"id": "o", "owner": "ada", "members": members, "projects": [{"id": "d", "default": True}]}
    engine = Bailiwick.from_directory({"format": "bailiwick/1", "policy": policy, "organizations": [organization]})

    def share_of_longest_wait() -> float:
        """How long a question waits at most, as a share of the time that the explanation takes."""
        times: list[float] = []

        def explain() -> None:
            begin = time.monotonic()
            why = engine.explain("user:u7", "billing.write", "organization:o", at=AT)
            times.append(time.monotonic() - begin)
            assert [suggestion.by for suggestion in why.would_allow] == [["user:ada"]] * 63

        thread = threading.Thread(target=explain, daemon=True)
        thread.start()
        longest, last = 0.0, time.monotonic()
        while thread.is_alive():
            engine.is_allowed("user:ada", "billing.write", "organization:o", at=AT)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        thread.join(60)
        return longest / times[0]

    # A busy machine may stop this thread now and then.
    assert any(share_of_longest_wait() < 0.5 for _ in range(5))


def test_errors_are_whole() -> None:
    with pytest.raises(BailiwickError) as raised:
        guard.impact(Duck())  # type: ignore[arg-type]
    assert (raised.value.code, raised.value.path) == ("wrong_type", "/other")
    assert "Duck" not in raised.value.message
