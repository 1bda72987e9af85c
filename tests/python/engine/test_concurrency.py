"""Threads that read, change and follow one engine."""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from typing import Any

import pytest
from bailiwick import Bailiwick, ForbiddenError

from .world import ADA, AT, KEY, SEED, TEXT, addition, load, outcome, removal, within


def test_every_answer_belongs_to_one_revision() -> None:
    document = json.loads(TEXT)
    document["users"].append({"id": "usr_x", "organization": "org_faraway"})
    document["organizations"][0]["projects"][1]["api_keys"].append({"id": "key_x", "created_by": "usr_x"})
    engine = Bailiwick.from_directory(document)
    base = engine.revision
    done = threading.Event()
    seen: set[bool] = set()

    def is_in(revision: int) -> bool:
        """Whether the user is a collaborator then: they come and go by turns."""
        seen.add((revision - base) % 2 == 1)
        return (revision - base) % 2 == 1

    def write() -> None:
        until = time.monotonic() + 3
        number = 0
        try:
            while number < 4_000 or time.monotonic() < until:
                change = removal("usr_x") if number % 2 else addition("usr_x")
                assert engine.apply(change, actor=ADA, at=AT, expected_revision=base + number) == base + number + 1
                number += 1
        finally:
            done.set()

    request: dict[str, Any] = {"principal": "user:usr_x", "action": "file.read", "resource": "project:prj_a", "at": AT}

    def read() -> None:
        latest = base
        while not done.is_set():
            decision = engine.check_access(**request)
            assert decision.revision >= latest
            latest = decision.revision
            assert decision.allowed is is_in(decision.revision)
            assert decision.reason == ("external_collaborator" if decision.allowed else "not_a_collaborator")
            many = engine.check_many([request] * 5)
            assert {one.revision for one in many} == {many[0].revision}
            assert {one.allowed for one in many} == {is_in(many[0].revision)}
            attribution = engine.attribute("api_key:key_x", "storage", at=AT)
            is_external = is_in(attribution.revision)
            assert attribution.reason == ("external_home_organization" if is_external else "default_project_fallback")
            assert attribution.organization == ("org_faraway" if is_external else "org_acme")
            with pytest.raises(ForbiddenError) as raised:
                engine.apply(addition("usr_y"), actor="user:usr_x", at=AT)
            why = raised.value.decision
            assert why.reason == ("role_lacks_permission" if is_in(why.revision) else "not_a_collaborator")
            assert engine.list_projects("user:usr_x", at=AT).items in ([], ["prj_a"])
            page = engine.list_principals("file.read", "project:prj_a", at=AT, limit=2)
            rest = outcome(engine.list_principals, "file.read", "project:prj_a", at=AT, cursor=page.next_cursor)
            assert rest == ("cursor_mismatch", "/cursor") or len(page.items) == 2
            preview = outcome(engine.preview, removal("usr_x"), at=AT)
            assert preview == ("not_found", "/user") or is_in(preview.revision - 1)
            assert engine.revision >= latest

    def follow() -> None:
        follower = Bailiwick.from_snapshot(engine.to_snapshot())
        while not done.is_set():
            whole = Bailiwick.from_snapshot(engine.to_snapshot())
            assert whole.is_allowed(**request) is is_in(whole.revision)
            written = engine.to_directory()
            projects = {project["id"]: project for project in written["organizations"][0]["projects"]}
            rows = projects["prj_a"]["collaborators"]
            assert any(row["user"] == "usr_x" for row in rows) is is_in(written["revision"])
            delta = outcome(engine.to_delta, follower.revision)
            if delta == ("delta_gap", "/since"):
                # So much has changed that it is forgotten.
                follower = whole
            else:
                assert follower.apply_delta(delta) == follower.revision
            assert follower.is_allowed(**request) is is_in(follower.revision)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        within(120, write, *[read] * 6, *[follow] * 2)
    finally:
        sys.setswitchinterval(interval)
    assert engine.revision >= base + 4_000
    assert seen == {True, False}


def test_of_two_who_expect_the_same_revision_one_is_refused() -> None:
    engine = load()
    made: list[int] = []
    change = {"type": "set_external_collaborators", "project": "prj_a", "allowed": True}

    def write() -> None:
        for _ in range(300):
            expected = engine.revision
            result = outcome(engine.apply, change, expected_revision=expected)
            if result != ("revision_conflict", "/expected_revision"):
                assert result == expected + 1
                made.append(result)

    within(60, *[write] * 8)
    assert sorted(made) == list(range(43, 43 + len(made)))
    assert engine.revision == 42 + len(made)


def test_memory_does_not_grow() -> None:
    engine = load()
    snapshot = engine.to_snapshot(SEED)

    def turn(count: int) -> None:
        for number in range(count):
            engine.apply(addition(f"usr_{number}"), actor=ADA, at=AT)
            engine.apply(removal(f"usr_{number}"), actor=ADA, at=AT)
            outcome(engine.apply, addition("usr_dan"))
            outcome(engine.apply, addition("usr_new"), actor="user:usr_dan", at=AT)
            outcome(engine.apply, {"type": "x" * 1_000})
            outcome(engine.apply_delta, snapshot)
            outcome(engine.authenticate, 5)
            engine.list_principals("file.read", "project:prj_a", at=AT)
            engine.preview(removal("usr_dan"), at=AT)
            if number % 10 == 0:
                Bailiwick.from_snapshot(snapshot, KEY)
                engine.to_delta(engine.revision)

    turn(1_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    turn(3_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10
