"""Answers, errors and engines as Python values: frozen, compared, hashed, shown, matched, copied and pickled."""

from __future__ import annotations

import copy
import itertools
import json
import multiprocessing
import pickle
import pickletools
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from bailiwick import (
    ApiKeySecret,
    Attribution,
    Attributions,
    Bailiwick,
    BailiwickError,
    Decision,
    ForbiddenError,
    LostProject,
    NotFoundError,
    Page,
    Preview,
    new_api_key,
    public_key_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

TEXT = (Path(__file__).parents[1] / "directories/acme.json").read_text("utf-8")
AT = "2026-02-01T12:00:00Z"
SEED = bytes(range(32))
KEY = public_key_of(SEED)
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
Value = Decision | Attribution
Class = Any  # one of the two, called with whatever is at hand

ALLOWED: dict[str, Any] = {
    "allowed": True,
    "reason": "project_role",
    "role": "member",
    "organization": "org_acme",
    "project": "prj_a",
    "caveats": ["not_project_aware", "usage_attributed_to_default_project"],
    "policy": "projects-2026-02",
    "revision": 42,
}
DENIED: dict[str, Any] = {
    **dict.fromkeys(ALLOWED),
    "allowed": False,
    "reason": "unknown_principal",
    "caveats": [],
    "policy": 'of "us" é',
    "revision": 2**53 - 1,
}
BOOKED: dict[str, Any] = {
    "organization": "org_partner",
    "project": "prj_partner_default",
    "intended_organization": "org_acme",
    "intended_project": "prj_a",
    "matches_intended": False,
    "certainty": "possible",
    "reason": "external_home_organization",
    "api_key": None,
    "remedies": ["use_project_api_key", "invite_to_organization"],
    "caveats": ["unknown_resource", "principal_without_access"],
    "policy": "projects-2026-02",
    "revision": 42,
}
UNATTRIBUTED: dict[str, Any] = {
    **dict.fromkeys(BOOKED),
    "matches_intended": False,
    "reason": "unknown_kind",
    "remedies": [],
    "caveats": [],
    "policy": "projects-2026-02",
    "revision": 0,
}
FIELDS: list[tuple[Class, dict[str, Any]]] = [
    (Decision, ALLOWED),
    (Decision, DENIED),
    (Attribution, BOOKED),
    (Attribution, UNATTRIBUTED),
]
values = pytest.mark.parametrize(("cls", "fields"), FIELDS)


def load() -> Bailiwick:
    return Bailiwick.from_directory(TEXT)


def asked(guard: Bailiwick) -> list[Value]:
    """What an engine answers to questions of both sorts."""
    requests = [
        {"principal": principal, "action": action, "resource": resource, "at": AT}
        for principal in ("user:usr_ada", "user:usr_dan", "user:usr_zoe", "api_key:key_ci", "user:nobody")
        for action in ("fine_tuning.read", "storage.read", "instant_cluster.delete", "billing.read")
        for resource in ("project:prj_a", "organization:org_acme")
    ]
    usages = [
        {"principal": principal, "kind": kind, "surface": surface, "at": AT}
        for principal in ("user:usr_ada", "user:usr_zoe", "api_key:key_ci", "user:nobody")
        for kind in ("fine_tuning", "storage", "serverless_inference")
        for surface in ("api", "ui")
    ]
    return [*guard.check_many(requests), *guard.attribute_many(usages)]


def copies(value: Any) -> list[Any]:
    return [copy.copy(value), copy.deepcopy(value), *(pickle.loads(pickle.dumps(value, protocol)) for protocol in PROTOCOLS)]


# Decisions and attributions


@values
def test_a_value_is_its_fields(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    assert value.to_dict() == fields == {name: getattr(value, name) for name in cls.__match_args__}
    assert list(value.to_dict()) == list(fields) == list(cls.__match_args__)
    assert json.loads(json.dumps(value.to_dict())) == fields
    assert value == cls(*fields.values())
    assert repr(value) == f"{cls.__name__}({', '.join(f'{name}={field!r}' for name, field in fields.items())})"
    assert eval(repr(value)) == value
    assert str(value) == repr(value)


@values
def test_a_value_is_frozen(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    for name in (*fields, "another"):
        with pytest.raises(AttributeError):
            setattr(value, name, None)
        with pytest.raises(AttributeError):
            delattr(value, name)
    for field in value.to_dict().values():
        if isinstance(field, list):
            field.append("more")
    for name in ("caveats", "remedies"):
        getattr(value, name, []).append("more")
    value.to_dict().clear()
    assert value.to_dict() == fields
    with pytest.raises(TypeError):
        type("Sub", (cls,), {})


def test_values_are_equal_where_every_field_is() -> None:
    answers = [*asked(load()), *(cls(**fields) for cls, fields in FIELDS)]
    assert len({type(answer) for answer in answers}) == 2
    one: Any
    for one, other in itertools.product(answers, answers):
        same = type(one) is type(other) and one.to_dict() == other.to_dict()
        assert (one == other) is same
        assert (one != other) is not same
        assert hash(one) == hash(other) or not same
    assert len(set(answers)) == len({repr(answer) for answer in answers})
    assert len(set(map(hash, answers))) == len(set(answers))
    for cls, fields in FIELDS:
        for name, other in {"policy": "x", "revision": 7, "organization": "org_x"}.items():
            assert cls(**fields) != cls(**{**fields, name: other})


@values
def test_a_value_equals_nothing_else(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    other: Any
    for other in (fields, tuple(fields.values()), True, False, None, repr(value), object()):
        assert value != other
        assert other != value
    with pytest.raises(TypeError):
        _ = value < cls(**fields)
    # Somebody else's class may see it otherwise.
    assert value == type("Anything", (), {"__eq__": lambda *_: True, "__hash__": None})()


def test_only_a_decision_is_true_or_false() -> None:
    assert Decision(**ALLOWED)
    assert not Decision(**DENIED)
    assert Attribution(**UNATTRIBUTED)


def told(answer: object) -> str:
    """What a host would do with an answer, by its pattern."""
    match answer:
        case Decision(True, reason, role):
            return f"{role} by {reason}"
        case Decision(allowed=False, reason="unknown_principal" | "unknown_resource"):
            return "unknown"
        case Decision(allowed=False, reason=reason):
            return reason
        case Attribution(certainty=None, reason=code):
            return f"row refused: {code}"
        case Attribution(organization, project, matches_intended=False, remedies=[first, *_]):
            return f"{organization}/{project}, but {first}"
        case Attribution(project=project):
            return f"{project}"
        case _:
            return "no answer"


def test_patterns() -> None:
    assert [told(cls(**fields)) for cls, fields in FIELDS] == [
        "member by project_role",
        "unknown",
        "org_partner/prj_partner_default, but use_project_api_key",
        "row refused: unknown_kind",
    ]
    assert told(Decision(**{**DENIED, "reason": "key_expired"})) == "key_expired"
    assert told(Attribution(**{**BOOKED, "matches_intended": True})) == "prj_partner_default"
    assert told(ALLOWED) == "no answer"


def test_answers_can_be_copied_and_pickled() -> None:
    for answer in [*asked(load()), *(cls(**fields) for cls, fields in FIELDS)]:
        for again in copies(answer):
            assert type(again) is type(answer)
            assert again == answer
            assert hash(again) == hash(answer)
            assert again.to_dict() == answer.to_dict()


@values
def test_a_pickle_names_the_class_where_users_find_it(cls: Class, fields: dict[str, Any]) -> None:
    names = {argument for opcode, argument, _ in pickletools.genops(pickle.dumps(cls(**fields), 0)) if opcode.name == "GLOBAL"}
    assert f"bailiwick {cls.__name__}" in names
    assert not any("_bailiwick" in str(name) for name in names)


def replaced(value: Any, **changes: Any) -> Any:
    """`copy.replace`, which Python has since 3.13."""
    if sys.version_info >= (3, 13):
        return copy.replace(value, **changes)
    return value.__replace__(**changes)


@values
def test_a_value_with_other_fields(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    assert replaced(value) == value
    assert replaced(value, revision=7, organization="org_x").to_dict() == {**fields, "revision": 7, "organization": "org_x"}
    assert value.to_dict() == fields
    with pytest.raises(TypeError):
        replaced(value, colour="red")
    with pytest.raises(ValueError, match="this release does not know"):
        replaced(value, reason="because")


# What comes from another release, or from anybody

WRONG: list[tuple[str, Any]] = [
    ("reason", "because"),
    ("reason", ""),
    ("reason", None),
    ("reason", 5),
    ("reason", b"project_role"),
    ("policy", None),
    ("policy", "\ud800"),
    ("organization", 5),
    ("project", ["prj_a"]),
    ("revision", -1),
    ("revision", 2**64),
    ("revision", 1.5),
    ("revision", "42"),
    ("revision", None),
]
WRONG_IN: dict[Class, list[tuple[str, Any]]] = {
    Decision: [
        ("allowed", None),
        ("allowed", 1),
        ("allowed", "false"),
        ("role", 5),
        ("caveats", None),
        ("caveats", ["because"]),
        ("caveats", "not_project_aware"),
        ("caveats", [None]),
        ("caveats", 5),
    ],
    Attribution: [
        ("certainty", "sure"),
        ("certainty", True),
        ("matches_intended", 0),
        ("matches_intended", None),
        ("remedies", ["pray"]),
        ("remedies", "use_project_api_key"),
        ("remedies", {}),
        ("caveats", ["not_project_aware"]),
        ("api_key", 5),
        ("intended_project", b"prj_a"),
    ],
}


class Forged:
    """Pickles as whatever call it is told."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@values
def test_what_is_no_value_is_refused(cls: Class, fields: dict[str, Any]) -> None:
    for name, wrong in [*WRONG, *WRONG_IN[cls]]:
        if (name, wrong) == ("remedies", {}):
            continue  # holds no words at all
        changed = {**fields, name: wrong}
        with pytest.raises((TypeError, ValueError)):
            cls(**changed)
        with pytest.raises((TypeError, ValueError)):
            pickle.loads(pickle.dumps(Forged(cls, *changed.values())))
    for arguments in ((), tuple(fields.values())[:-1], (*fields.values(), None), (fields,)):
        with pytest.raises(TypeError):
            pickle.loads(pickle.dumps(Forged(cls, *arguments)))
    with pytest.raises(TypeError):
        cls(**fields, colour="red")


def test_a_decision_cannot_contradict_its_reason() -> None:
    for fields in (ALLOWED, DENIED):
        with pytest.raises(ValueError, match="`allowed` is not what `reason` says"):
            Decision(**{**fields, "allowed": not fields["allowed"]})


def test_a_refusal_does_not_repeat_what_was_passed() -> None:
    for cls, name in ((Decision, "reason"), (Attribution, "certainty")):
        with pytest.raises(ValueError, match=name) as raised:
            cls(**{**(ALLOWED if cls is Decision else BOOKED), name: "bw_secret"})
        assert "bw_secret" not in str(raised.value)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.text(), max_size=2)


@given(st.sampled_from(FIELDS), st.lists(st.tuples(st.integers(0, 10), ANYTHING), max_size=3))
@settings(max_examples=300, deadline=None)
def test_whatever_a_pickle_brings_there_is_a_value_or_an_exception(
    kind: tuple[Class, dict[str, Any]], changes: list[tuple[int, Any]]
) -> None:
    cls, fields = kind
    changed = {**fields, **{list(fields)[place % len(fields)]: value for place, value in changes}}
    try:
        value = pickle.loads(pickle.dumps(Forged(cls, *changed.values())))
    except (TypeError, ValueError):
        return
    assert value == pickle.loads(pickle.dumps(value))
    assert json.loads(json.dumps(value.to_dict())) == value.to_dict()


# Other answers, and errors


def test_other_answers_are_values() -> None:
    guard = load()
    preview = guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_dan"}, at=AT)
    rows = guard.attribute_many([{"principal": "api_key:key_ci", "kind": "batch"}, {"principal": "user:nobody", "kind": "batch"}])
    answers = [guard.list_projects("user:usr_ada", limit=1), preview, *preview.projects_lost, new_api_key(), rows]
    assert [type(answer) for answer in answers] == [Page, Preview, LostProject, ApiKeySecret, Attributions]
    for answer in answers:
        for again in copies(answer):
            assert type(again) is type(answer)
            assert again == answer
            assert repr(again) == repr(answer)
            assert getattr(again, "unattributed", None) == getattr(answer, "unattributed", None)
    for frozen, field in zip(answers, ("items", "revision", "principal", "secret"), strict=False):
        with pytest.raises(AttributeError):
            setattr(frozen, field, None)


def test_errors_keep_everything() -> None:
    guard = load()
    row = {"type": "add_collaborator", "project": "prj_a", "user": "usr_dan"}
    calls: list[tuple[type[BailiwickError], Callable[[], object]]] = [
        (ForbiddenError, lambda: guard.apply(row, actor="user:usr_dan", at=AT)),
        (NotFoundError, lambda: guard.apply({**row, "project": "none"})),
        (BailiwickError, lambda: guard.apply(row)),
    ]
    for cls, call in calls:
        with pytest.raises(cls) as raised:
            call()
        error = raised.value
        for again in copies(error):
            assert type(again) is type(error)
            assert vars(again) == vars(error)
            assert again.args == error.args
            assert str(again) == str(error)


# Engines


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
    policy = json.loads((Path(__file__).parents[2] / "core/policies/projects-2026-02.json").read_text("utf-8"))
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


def test_a_page_is_counted_and_gone_through_as_its_items_are() -> None:
    page = Page(["prj_a", "prj_b"], "next")
    assert (len(page), list(page), "prj_a" in page, "prj_c" in page, bool(page)) == (2, ["prj_a", "prj_b"], True, False, True)
    assert sorted(page, reverse=True) == ["prj_b", "prj_a"]
    assert (len(Page([], None)), list(Page([], None)), bool(Page([], None))) == (0, [], False)
    assert page == Page(["prj_a", "prj_b"], "next") != Page(["prj_a", "prj_b"], None)
    assert page.to_dict() == {"items": ["prj_a", "prj_b"], "next_cursor": "next"}
    assert repr(page) == "Page(items=['prj_a', 'prj_b'], next_cursor='next')"
