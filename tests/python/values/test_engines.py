"""Copies and pickles of engines."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pickle
import weakref
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Attribution, Bailiwick, BailiwickError, Decision, new_api_key

from .examples import AT, KEY, SEED, Forged, asked, copies, load


def test_a_copy_is_an_engine_of_its_own() -> None:
    guard = load()
    guard.to_snapshot()
    change = {"type": "add_collaborator", "project": "prj_a", "user": "usr_new"}
    question = ("user:usr_new", "file.read", "project:prj_a")
    for again in copies(guard):
        assert type(again) is Bailiwick
        assert again != guard
        assert asked(again) == asked(guard)
        assert again.to_snapshot() == guard.to_snapshot()
        assert repr(again) == repr(guard)
        assert (again.revision, again.policy, again.issued_at, again.fresh_until) == (42, guard.policy, guard.issued_at, guard.fresh_until)
        assert again.apply(change) == 43
        assert again.is_allowed(*question, at=AT)
        assert not guard.is_allowed(*question, at=AT)
        # Whoever has the revision at which it was copied can follow it.
        follower = load()
        assert follower.apply_delta(again.to_delta(42)) == 43
    assert guard.revision == 42


def test_a_copy_remembers_changes_and_a_pickle_does_not() -> None:
    guard = load()
    guard.to_snapshot()
    guard.apply({"type": "add_collaborator", "project": "prj_a", "user": "usr_new"})
    *copied, pickled = [copy.copy(guard), copy.deepcopy(guard), pickle.loads(pickle.dumps(guard))]
    for engine in copied:
        assert load().apply_delta(engine.to_delta(42)) == 43
    with pytest.raises(BailiwickError) as raised:
        pickled.to_delta(42)
    assert raised.value.code == "delta_gap"
    # It can be followed from where it is, and follow.
    change = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_new"}
    assert guard.apply(change) == pickled.apply_delta(guard.to_delta(43)) == 44
    assert pickled.to_snapshot() == guard.to_snapshot()


def test_a_pickle_keeps_age_policy_and_digests() -> None:
    policy = json.loads((Path(__file__).parents[3] / "core/policies/projects-2026-02.json").read_text("utf-8"))
    document = {**load().to_directory(), "issued_at": AT, "max_age_seconds": 300}
    guard = Bailiwick.from_directory(document, policy={**policy, "id": "ours"})
    secret, digest = new_api_key()
    guard.apply({"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": digest})
    for again in copies(guard):
        assert (again.policy, again.issued_at, again.fresh_until) == ("ours", AT, "2026-02-01T12:05:00Z")
        assert again.authenticate(secret) == {"type": "api_key", "id": "key_new"}
        assert again.check_access("user:usr_ada", "file.read", "project:prj_a", at="2026-02-01T12:05:01Z").reason == "snapshot_stale"
        assert secret.encode() not in pickle.dumps(again)
    without = Bailiwick.from_snapshot(guard.to_snapshot(digests=False))
    for again in copies(without):
        assert again.authenticate(secret) is None
        assert again.to_snapshot() == without.to_snapshot()


def test_a_copy_goes_on_demanding_signatures() -> None:
    origin = load()
    edge = Bailiwick.from_snapshot(origin.to_snapshot(SEED), KEY)
    for again in [*copies(edge), *copies(copies(edge)[-1])]:
        before = again.to_snapshot()
        for seed, code in ((None, "signature_missing"), (bytes(32), "signature_invalid")):
            with pytest.raises(BailiwickError) as raised:
                again.apply_delta(origin.to_delta(42, signing_key=seed))
            assert raised.value.code == code
        assert again.to_snapshot() == before
        assert again.apply_delta(origin.to_delta(42, signing_key=SEED)) == 42
    # Where no signature was demanded, none is.
    for again in copies(Bailiwick.from_snapshot(origin.to_snapshot(SEED))):
        assert again.apply_delta(origin.to_delta(42)) == 42


def test_what_is_no_engine_is_refused() -> None:
    function, (snapshot, _) = load().__reduce__()
    assert function(snapshot, None).revision == 42
    assert function(snapshot, [KEY]).revision == 42
    with pytest.raises(BailiwickError) as raised:
        function(snapshot, [KEY, bytes(32)]).apply_delta(load().to_delta(42))
    assert raised.value.code == "signature_missing"
    arguments: Any
    for arguments in (
        (),
        (snapshot,),
        (snapshot, []),
        (snapshot, KEY),
        (snapshot, [KEY[:-1]]),
        (snapshot, [KEY + b"x"]),
        (snapshot, "key"),
        (snapshot, 5),
        (snapshot, None, None),
        (b"", None),
        (snapshot[:-1], None),
        (snapshot + b"x", None),
        (snapshot[:100] + b"x" + snapshot[101:], None),
        (None, None),
        ("snapshot", None),
    ):
        with pytest.raises((BailiwickError, TypeError, ValueError)):
            pickle.loads(pickle.dumps(Forged(function, *arguments)))


def test_an_engine_is_equal_to_itself_alone() -> None:
    guard = load()
    assert guard == guard
    assert guard != load()
    assert len({guard, guard, load()}) == 2


def test_an_engine_that_is_copied_goes_when_it_is_let_go() -> None:
    class Holder:
        def __init__(self) -> None:
            self.guard = copy.deepcopy(load())

    holder = Holder()
    gone = weakref.ref(holder)
    assert copy.deepcopy(holder).guard.revision == 42
    del holder
    assert gone() is None


def ask(guard: Bailiwick, principal: str) -> tuple[Decision, Attribution]:
    """For a process that was given the engine."""
    return guard.check_access(principal, "storage.read", "project:prj_a", at=AT), guard.attribute(principal, "storage", at=AT)


def test_processes() -> None:
    guard = load()
    principals = ["user:usr_ada", "user:usr_dan", "api_key:key_ci"]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(ask, [guard] * 3, principals, timeout=120)) == [ask(guard, principal) for principal in principals]
        with pytest.raises(BailiwickError) as raised:
            pool.submit(ask, guard, "usr_ada").result(120)
    assert (raised.value.code, raised.value.path) == ("invalid_reference", "/principal")
