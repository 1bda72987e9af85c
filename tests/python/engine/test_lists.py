"""Lists of changes and documents to reconcile, in forms that only Python has; and the hash of the state."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from collections import OrderedDict, UserList, deque
from typing import Any

import pytest
from bailiwick import AccessRow, AlteredEntry, Bailiwick, Preview, Reconciliation

from .world import ADA, AT, addition, load, refuses

NEW, NEWER = addition("usr_new"), addition("usr_newer")
GOING = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_new"}


def test_a_list_is_a_list_or_a_tuple() -> None:
    engine = load()
    lists: list[Any] = [
        (change for change in [NEW]),
        {0: NEW},
        {"0": NEW},
        deque([NEW]),
        UserList([NEW]),
        iter([NEW]),
        "[]",
        b"[]",
        None,
        5,
    ]
    for changes in lists:
        refuses(lambda changes=changes: engine.apply_many(changes, at=AT), "wrong_type", "", engine)  # type: ignore[misc]  # a default binds it
    items: list[tuple[Any, str, str]] = [
        (None, "wrong_type", "/1"),
        ([], "wrong_type", "/1"),
        ({}, "missing_field", "/1"),
        ({**GOING, "user": None}, "wrong_type", "/1/user"),
        ({**GOING, 5: 6}, "wrong_type", "/1"),
        ({"type": "jump"}, "unknown_change", "/1/type"),
    ]
    for item, code, path in items:
        refuses(lambda item=item: engine.apply_many([NEW, item], at=AT), code, path, engine)  # type: ignore[misc]
        refuses(lambda item=item: engine.preview([NEW, item], at=AT), code, path, engine)  # type: ignore[misc]
    cyclic: list[Any] = [NEW]
    cyclic.append(cyclic)
    refuses(lambda: engine.apply_many(cyclic), "wrong_type", "/1", engine)
    revision = engine.revision
    assert engine.apply_many([]) == revision
    assert engine.apply_many((NEW, GOING), actor=ADA, at=AT, expected_revision=revision) == revision + 2
    refuses(lambda: engine.apply_many([NEW], expected_revision=revision), "revision_conflict", "/expected_revision", engine)


def test_the_order_of_a_dict_does_not_matter() -> None:
    one, other = load(), load()
    changes = [NEW, {"type": "create_project", "organization": "org_acme", "project": "prj_n", "name": "N"}]
    one.apply_many(changes)
    other.apply_many([OrderedDict(reversed(change.items())) for change in changes])
    assert one.state == other.state


def test_an_actor_that_is_named_has_to_be_there() -> None:
    engine = load()
    nobody: Any = None
    refuses(lambda: engine.apply_many([NEW], actor=nobody), "wrong_type", "/actor", engine)
    refuses(lambda: engine.apply_many([], actor=nobody), "wrong_type", "/actor", engine)
    refuses(lambda: engine.preview([NEW], actor=nobody), "wrong_type", "/actor", engine)
    refuses(lambda: engine.apply_many([NEW], actor="user:usr_dan", at=AT), "forbidden", "/0/actor", engine)


def test_a_hundred_thousand_changes_whose_last_one_fails() -> None:
    engine = load()
    before, revision = engine.state, engine.revision
    changes = [GOING if number % 2 else NEW for number in range(100_000)]
    changes[-1] = {**GOING, "user": "usr_nobody"}
    refuses(lambda: engine.apply_many(changes, at=AT), "not_found", "/99999/user", engine)
    assert engine.state == before
    revision = engine.revision
    assert engine.apply_many(changes[:-1], at=AT) == revision + 99_999
    assert engine.is_allowed("user:usr_new", "file.read", "project:prj_a", at=AT)


def test_the_state_is_that_of_the_directory_whatever_its_way() -> None:
    engine, other = load(), load()
    before = engine.state
    assert len(bytes.fromhex(before)) == 32
    engine.apply_many([NEW, NEWER])
    for change in (NEWER, NEW):
        other.apply(change)
    assert engine.state == other.state != before
    assert Bailiwick.from_directory(engine.to_directory()).state == engine.state
    assert Bailiwick.from_snapshot(engine.to_snapshot(issued_at=AT, max_age_seconds=60), at=AT).state == engine.state
    assert copy.copy(engine).state == pickle.loads(pickle.dumps(engine)).state == engine.state
    with pytest.raises(AttributeError):
        engine.state = before  # type: ignore[misc]


def test_a_preview_of_a_list_is_a_value() -> None:
    engine = load()
    preview = engine.preview([NEW, GOING], at=AT)
    assert (preview.revision, preview.gained, preview.lost) == (engine.revision + 2, [], [])
    coming = engine.preview([NEW], at=AT)
    assert [type(row) for row in (*coming.gained, *coming.rows)][-1] is AlteredEntry
    assert AccessRow in {type(row) for row in coming.gained}
    row = next(row for row in coming.rows if row.entry["table"] == "collaborators")
    assert row.entry == {"table": "collaborators", "project": "prj_a", "user": "usr_new"}
    assert row.before is None
    assert row.after is not None
    assert row.after["project"] == "prj_a"
    assert pickle.loads(pickle.dumps(coming)) == copy.deepcopy(coming) == coming
    assert Preview(**vars_of(coming)) == coming
    assert list(coming.to_dict()) == ["revision", "gained", "lost", "projects_lost", "live_api_keys", "booked_elsewhere", "rows"]
    assert json.loads(json.dumps(coming.to_dict())) == coming.to_dict()


def vars_of(preview: Preview) -> dict[str, Any]:
    return {name: getattr(preview, name) for name in preview.to_dict()}


def wanted() -> dict[str, Any]:
    document = load().to_directory()
    next(row for row in document["organizations"][0]["members"] if row["user"] == "usr_dan")["role"] = "admin"
    return document


def test_a_document_is_a_dict_or_json() -> None:
    text = json.dumps(wanted())
    forms: list[Any] = [wanted(), text, text.encode()]
    found = []
    for form in forms:
        engine = load()
        dry = engine.reconcile(form, dry_run=True)
        assert (engine.revision, engine.state) == (load().revision, load().state)
        made = engine.reconcile(form)
        assert isinstance(made, Reconciliation)
        assert dry == made
        assert (made.revision, len(made.changes)) == (engine.revision, 1)
        assert engine.reconcile(form) == Reconciliation(engine.revision, [])
        assert json.loads(json.dumps(made.to_dict())) == {"revision": made.revision, "changes": made.changes}
        follower = load()
        follower.apply_many(made.changes)
        found.append((engine.state, follower.state, Bailiwick.from_directory(form).state))
    assert len({state for states in found for state in states}) == 1


def test_options_of_a_reconciliation() -> None:
    engine = load()
    values: list[Any] = [None, "false", 0, 1]
    for value in values:
        refuses(lambda value=value: engine.reconcile(wanted(), dry_run=value), "wrong_type", "/dry_run", engine)  # type: ignore[misc]
    for value in values[1:]:
        refuses(lambda value=value: engine.reconcile(wanted(), quarantine=value), "wrong_type", "/quarantine", engine)  # type: ignore[misc]
    documents: list[Any] = [None, 5, [], iter([]), bytearray(b"{}"), (wanted(),)]
    for document in documents:
        refuses(lambda document=document: engine.reconcile(document), "wrong_type", "", engine)  # type: ignore[misc]
    refuses(lambda: engine.reconcile("{"), "invalid_json", "", engine)
    assert engine.reconcile(wanted(), quarantine=None, dry_run=True).changes


def test_other_threads_run_while_a_large_document_is_reconciled() -> None:
    engine, document = load(), wanted()
    project = document["organizations"][0]["projects"][0]
    project["resources"] += [{"id": f"f_{number}", "kind": "file"} for number in range(60_000)]
    text = json.dumps(document)
    worker = threading.Thread(target=engine.reconcile, args=(text,))
    ticks = 0
    worker.start()
    while worker.is_alive():
        # Another engine, since this one is being changed.
        ticks += load().is_allowed(ADA, "file.read", "project:prj_a", at=AT)
    worker.join()
    assert ticks > 1
    assert engine.state == Bailiwick.from_directory(text).state


def test_organizations_of_a_snapshot_are_a_list() -> None:
    engine = load()
    forms: list[Any] = ["org_acme", {"org_acme"}, iter(["org_acme"]), {"org_acme": 1}, b"org_acme"]
    for form in forms:
        refuses(lambda form=form: engine.to_snapshot(organizations=form), "wrong_type", "/organizations", engine)  # type: ignore[misc]
    items: list[tuple[Any, str]] = [(None, "wrong_type"), ("", "invalid_id"), ("org_none", "not_found")]
    for item, code in items:
        refuses(lambda item=item: engine.to_snapshot(organizations=("org_acme", item)), code, "/organizations/1", engine)  # type: ignore[misc]
    assert engine.to_snapshot(organizations=None) == engine.to_snapshot()
    part = Bailiwick.from_snapshot(engine.to_snapshot(organizations=["org_acme"]))
    assert [one["id"] for one in part.to_directory()["organizations"]] == ["org_acme"]
    engine.apply(NEW)
    refuses(lambda: part.apply_delta(engine.to_delta(part.revision)), "delta_fork", "", part)
