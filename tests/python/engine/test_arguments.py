"""Options and changes: absent, almost right, and of classes of the caller's own."""

from __future__ import annotations

from collections import OrderedDict, UserDict, UserString, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from bailiwick import Bailiwick, new_api_key
from bailiwick.cluster import ClusterAttribution

from .world import ADA, AT, KEY, SEED, LyingArray, LyingBytes, addition, digest, guard, load, refuses


def test_none_is_absent() -> None:
    engine = load()
    nothing: dict[str, Any] = {"at": None, "expected_revision": None}
    assert engine.preview(addition("usr_new"), **nothing).revision == engine.revision + 1
    assert engine.apply({**addition("usr_new"), "role": None}, **nothing) == engine.revision
    plain = engine.to_snapshot()
    assert engine.to_snapshot(None, issued_at=None, max_age_seconds=None, digests=None) == plain
    assert engine.to_snapshot(signing_key=None, digests=True) == plain
    empty = engine.to_delta(engine.revision)
    assert engine.to_delta(engine.revision, signing_key=None, issued_at=None, max_age_seconds=None) == empty
    assert Bailiwick.from_snapshot(plain, at=None).apply_delta(empty, at=None) == engine.revision
    assert new_api_key(None).secret.startswith("bw_")
    whole = engine.list_principals("file.read", "project:prj_a", surface=None, at=AT, limit=None, cursor=None)
    assert whole == engine.list_principals("file.read", "project:prj_a", at=AT)
    refuses(lambda: engine.apply({**addition("usr_x"), "user": None}), "wrong_type", "/user", engine)
    # Nothing else says that a key has no end any more.
    assert engine.apply({"type": "expire_api_key", "key": "key_ci", "expires_at": None}) == engine.revision


def test_an_actor_and_public_keys_that_are_named_have_to_be_there() -> None:
    engine = load()
    snapshot, delta = engine.to_snapshot(), engine.to_delta(engine.revision)
    nobody: Any = None
    refuses(lambda: engine.apply(addition("usr_new"), actor=nobody), "wrong_type", "/actor", engine)
    refuses(lambda: engine.apply(addition("usr_new"), **{"actor": nobody}), "wrong_type", "/actor", engine)
    refuses(lambda: engine.preview(addition("usr_new"), actor=nobody), "wrong_type", "/actor", engine)
    refuses(lambda: Bailiwick.from_snapshot(snapshot, nobody), "wrong_type", "/public_key")
    refuses(lambda: Bailiwick.from_snapshot(snapshot, public_key=nobody), "wrong_type", "/public_key")
    refuses(lambda: engine.apply_delta(delta, public_key=nobody), "wrong_type", "/public_key", engine)
    several: Any
    for several in (nobody, [], (), "key", KEY, {KEY}, iter([KEY])):
        refuses(partial(Bailiwick.from_snapshot, snapshot, public_keys=several), "wrong_type", "/public_keys")
        refuses(partial(engine.apply_delta, delta, public_keys=several), "wrong_type", "/public_keys", engine)
    for several in ([nobody], [KEY[1:]], ["key"]):
        refuses(partial(Bailiwick.from_snapshot, snapshot, public_keys=several), "wrong_type", "/public_keys/0")
    refuses(lambda: Bailiwick.from_snapshot(snapshot, KEY, public_keys=[KEY]), "wrong_type", "/public_keys")
    refuses(lambda: ClusterAttribution(snapshot, nobody), "wrong_type", "/public_key")
    refuses(lambda: ClusterAttribution(snapshot, public_key=nobody), "wrong_type", "/public_key")


def test_any_text_is_a_secret_of_somebody_or_nobody() -> None:
    engine = load()
    long = "s" * 5_000
    engine.apply({"type": "create_api_key", "project": "prj_a", "key": "key_long", "digest": digest(long)})
    assert engine.authenticate(long) == {"type": "api_key", "id": "key_long"}
    for text in ("x" * 300_000_000, "x" * ((1 << 20) + 1), "é" * (1 << 20), "", "\ud800"):
        assert engine.authenticate(text) is None


def test_arguments_that_do_not_exist_are_python_s_own_errors() -> None:
    calls: list[Callable[[], object]] = [
        lambda: guard.apply(),  # type: ignore[call-arg]
        lambda: guard.apply(addition("x"), ADA),  # type: ignore[call-arg]
        lambda: guard.apply(addition("x"), acotr=ADA),  # type: ignore[call-arg]
        lambda: guard.preview(addition("x"), expectedRevision=1),  # type: ignore[call-arg]
        lambda: guard.to_delta(),  # type: ignore[call-arg]
        lambda: guard.to_delta(1, digests=False),  # type: ignore[call-arg]
        lambda: guard.to_snapshot(public_key=KEY),  # type: ignore[call-arg]
        lambda: guard.apply_delta(b"", KEY),  # type: ignore[call-arg]
        lambda: Bailiwick.from_snapshot(b"", publickey=KEY),  # type: ignore[call-arg]
        lambda: guard.list_actions(ADA, "project:prj_a", limit=1),  # type: ignore[call-arg]
        lambda: guard.authenticate(),  # type: ignore[call-arg]
        lambda: new_api_key(prefx="x"),  # type: ignore[call-arg]
        lambda: Bailiwick(),
    ]
    for call in calls:
        with pytest.raises(TypeError):
            call()


FOREIGN = [
    float("nan"),
    Decimal(1),
    1j,
    object(),
    {1},
    range(3),
    date(2026, 2, 1),
    lambda: 1,
    int,
    UserDict(),
    UserString("x"),
    b"{}",
    bytearray(b"{}"),
    memoryview(b"{}"),
]


@pytest.mark.parametrize("value", FOREIGN, ids=lambda value: type(value).__name__)
def test_values_that_json_does_not_have(value: Any) -> None:
    refuses(lambda: guard.apply(value), "wrong_type", "")
    refuses(lambda: guard.preview([value]), "wrong_type", "/0")
    refuses(lambda: guard.apply_many([addition("x"), value]), "wrong_type", "/1")
    refuses(lambda: guard.apply({**addition("x"), "user": value}), "wrong_type", "/user")
    refuses(lambda: guard.apply({**addition("x"), "role": value}), "wrong_type", "/role")
    refuses(lambda: guard.apply({"type": value}), "wrong_type", "/type")
    refuses(lambda: guard.apply(addition("x"), actor=value), "wrong_type", "/actor")
    refuses(lambda: guard.apply(addition("x"), at=value), "wrong_type", "/at")
    refuses(lambda: guard.preview(addition("x"), expected_revision=value), "wrong_type", "/expected_revision")
    refuses(lambda: guard.authenticate(value), "wrong_type", "/secret")
    refuses(lambda: new_api_key(value), "wrong_type", "/prefix")
    refuses(lambda: guard.to_snapshot(issued_at=value), "wrong_type", "/issued_at")
    refuses(lambda: guard.to_snapshot(max_age_seconds=value), "wrong_type", "/max_age_seconds")
    refuses(lambda: guard.to_snapshot(digests=value), "wrong_type", "/digests")
    refuses(lambda: guard.to_delta(value), "wrong_type", "/since")
    refuses(lambda: guard.list_projects(value), "wrong_type", "/principal")
    refuses(lambda: guard.list_projects(ADA, limit=value), "wrong_type", "/limit")
    refuses(lambda: guard.list_projects(ADA, cursor=value), "wrong_type", "/cursor")


def test_what_is_almost_right() -> None:
    almost: Any
    for almost in (0, 1, "true", "", [], 0.0):
        change = {"type": "set_external_collaborators", "project": "prj_a", "allowed": almost}
        refuses(partial(guard.apply, change), "wrong_type", "/allowed")
        refuses(partial(guard.to_snapshot, digests=almost), "wrong_type", "/digests")
    for almost in (True, -1, 1.5, "42"):
        refuses(partial(guard.apply, addition("x"), expected_revision=almost), "wrong_type", "/expected_revision")
        refuses(partial(guard.to_delta, almost), "wrong_type", "/since")
        refuses(partial(guard.list_projects, ADA, limit=almost), "wrong_type", "/limit")
    for large in (2**53, 2**64, 10**400):
        refuses(partial(guard.apply, addition("x"), expected_revision=large), "limit_exceeded", "/expected_revision")
        refuses(partial(guard.to_delta, large), "limit_exceeded", "/since")
        refuses(partial(guard.list_projects, ADA, limit=large), "limit_exceeded", "/limit")
    refuses(lambda: guard.list_projects(ADA, limit=0), "wrong_type", "/limit")
    refuses(lambda: guard.apply({}), "missing_field", "")
    refuses(lambda: guard.apply({"type": "paint"}), "unknown_change", "/type")
    refuses(lambda: guard.apply({**addition("x"), "user": "\ud800"}), "invalid_id", "/user")
    refuses(lambda: guard.apply({**addition("x"), 5: 5}), "wrong_type", "")  # type: ignore[dict-item]
    refuses(lambda: guard.list_projects(ADA, cursor="\ud800"), "cursor_invalid", "/cursor")
    refuses(lambda: new_api_key("\ud800"), "wrong_type", "/prefix")
    assert guard.authenticate("\ud800") is None
    cyclic = addition("x")
    cyclic["role"] = cyclic
    refuses(lambda: guard.apply(cyclic), "wrong_type", "/role")


class LyingDict(dict[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("mine")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("mine")

    def items(self) -> Any:
        raise RuntimeError("mine")


class LyingText(str):
    def __str__(self) -> str:
        return ADA

    def encode(self, *_: object) -> bytes:  # pyright: ignore[reportIncompatibleMethodOverride]
        return b"user:usr_ada"


def test_subclasses_count_for_what_they_store() -> None:
    engine = load()
    for change in (OrderedDict(addition("usr_1")), defaultdict(str, addition("usr_2")), LyingDict(addition("usr_3"))):
        assert engine.apply(change) == engine.revision
    refuses(lambda: engine.apply(addition("usr_4"), actor=LyingText("user:usr_dan"), at=AT), "forbidden", "/actor", engine)
    snapshot = engine.to_snapshot(LyingBytes(SEED))
    assert snapshot == engine.to_snapshot(SEED) == engine.to_snapshot(LyingArray(SEED))
    assert Bailiwick.from_snapshot(LyingBytes(snapshot), LyingArray(KEY)).revision == engine.revision


def test_instants() -> None:
    engine = load()
    moment = datetime(2026, 2, 1, 12, tzinfo=UTC)
    same: Any
    for number, same in enumerate((AT, moment, moment.astimezone(timezone(timedelta(hours=-7, minutes=-30))))):
        change = {"type": "create_api_key", "project": "prj_a", "key": f"k{number}", "digest": digest(f"k{number}"), "expires_at": same}
        engine.apply(change, at=same)
        project = next(one for one in engine.to_directory()["organizations"][0]["projects"] if one["id"] == "prj_a")
        made = next(key for key in project["api_keys"] if key["id"] == f"k{number}")
        assert (made["created_at"], made["expires_at"]) == (AT, AT)
        assert engine.to_snapshot(issued_at=same) == engine.to_snapshot(issued_at=AT)
    naive = datetime(2026, 2, 1, 12)
    refuses(lambda: engine.apply(addition("x"), at=naive), "invalid_timestamp", "/at", engine)
    refuses(
        lambda: engine.apply({"type": "expire_api_key", "key": "key_ci", "expires_at": naive}), "invalid_timestamp", "/expires_at", engine
    )
    refuses(lambda: engine.to_snapshot(issued_at=naive), "invalid_timestamp", "/issued_at", engine)
    refuses(lambda: engine.list_projects(ADA, at=naive), "invalid_timestamp", "/at", engine)
