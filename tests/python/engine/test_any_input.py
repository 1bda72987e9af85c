"""Random arguments: nothing but a BailiwickError is ever raised."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

from bailiwick import Bailiwick, new_api_key, public_key_of
from bailiwick.types import ChangeType
from hypothesis import given, settings
from hypothesis import strategies as st

from .world import ADA, AT, digest, guard, load, outcome, works

SCALAR = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.binary().map(bytearray)
    | st.binary().map(lambda data: memoryview(data))
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.complex_numbers()
    | st.sampled_from([object(), int, ..., Decimal(1), lambda: 1])
)
ANYTHING = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=8,
)
KNOWN = st.sampled_from(["org_acme", "prj_a", "usr_dan", "usr_zoe", "key_ci", "cl_1", "admin", "member", "file", AT, digest("x"), True])
FIELDS: tuple[str, ...] = (
    "organization",
    "project",
    "user",
    "group",
    "role",
    "key",
    "digest",
    "expires_at",
    "resource",
    "kind",
    "name",
    "email",
    "allowed",
)
FIELDS += (
    "member",
    "collaborator",
    "api_key",
    "policy",
    "renames",
    "scopes",
    "projects",
    "acts_as",
    "visibility",
    "suspended_at",
    "membership",
)
CHANGE = st.builds(
    lambda word, rest: {"type": word, **rest},
    st.sampled_from(get_args(ChangeType)),
    st.dictionaries(st.sampled_from(FIELDS), KNOWN | ANYTHING, max_size=4),
)
TERMS = st.fixed_dictionaries(
    {}, optional={"actor": st.sampled_from([ADA, "user:usr_dan"]) | ANYTHING, "at": st.just(AT) | ANYTHING, "expected_revision": ANYTHING}
)


@given(CHANGE | ANYTHING, TERMS)
@settings(max_examples=400, deadline=None)
def test_a_change_is_made_or_refused_whatever_it_is(change: Any, terms: dict[str, Any]) -> None:
    engine = load()
    preview = outcome(engine.preview, change, **terms)
    assert engine.revision == 42
    is_list = isinstance(change, (list, tuple))
    made = outcome(engine.apply_many if is_list else engine.apply, change, **terms)
    if isinstance(made, tuple):
        assert (engine.revision, preview) == (42, made)
        assert engine.to_directory() == load().to_directory()
    else:
        assert made == engine.revision == preview.revision == (42 + len(change) if is_list else 43)
    works(engine)


@given(st.lists(CHANGE, max_size=4) | ANYTHING, TERMS)
@settings(max_examples=200, deadline=None)
def test_a_list_of_changes_is_made_whole_or_not_at_all(changes: Any, terms: dict[str, Any]) -> None:
    engine, apart = load(), load()
    made = outcome(engine.apply_many, changes, **terms)
    if isinstance(made, tuple):
        assert (engine.revision, engine.state) == (42, apart.state)
    else:
        again: dict[str, Any] = {**terms, "expected_revision": None}
        for change in changes:
            apart.apply(change, **again)
        assert (made, engine.revision, engine.state) == (apart.revision, apart.revision, apart.state)
    works(engine)


@given(ANYTHING, ANYTHING, ANYTHING)
@settings(max_examples=100, deadline=None)
def test_whatever_is_reconciled_only_a_directory_is_taken(document: Any, dry_run: Any, quarantine: Any) -> None:
    engine = load()
    # None of these is a directory.
    assert isinstance(outcome(engine.reconcile, document, dry_run=dry_run, quarantine=quarantine), tuple)
    assert (engine.revision, engine.state) == (42, load().state)


@given(ANYTHING, ANYTHING, ANYTHING)
@settings(max_examples=300, deadline=None)
def test_whatever_is_passed_nothing_but_a_bailiwick_error_is_raised(a: Any, b: Any, c: Any) -> None:
    outcome(guard.list_projects, a, at=b, limit=c)
    outcome(guard.list_projects, ADA, cursor=a)
    outcome(guard.list_resources, a, b, kind=c)
    outcome(guard.list_resources, ADA, "file.read", kind=a, project=b, surface=c)
    outcome(guard.list_principals, a, b, surface=c)
    outcome(guard.list_actions, a, b, at=c)
    outcome(guard.authenticate, a)
    outcome(guard.to_snapshot, a, issued_at=b, max_age_seconds=c)
    outcome(guard.to_snapshot, digests=a)
    outcome(guard.to_snapshot, organizations=a)
    outcome(guard.to_delta, a, signing_key=b, issued_at=c)
    outcome(guard.apply_delta, a, public_key=b)
    outcome(Bailiwick.from_snapshot, a, b)
    outcome(public_key_of, a)
    outcome(new_api_key, a)
