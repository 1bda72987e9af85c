"""Changes, listings, keys, snapshots and deltas: what only Python can send, and what threads can do to each other."""

from __future__ import annotations

import array
import copy
import gc
import hashlib
import json
import logging
import mmap
import pickle
import pprint
import re
import resource
import string
import subprocess
import sys
import threading
import time
import zlib
from collections import OrderedDict, UserDict, UserString, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, get_args

import bailiwick
import pytest
from bailiwick import (
    ApiKeySecret,
    Bailiwick,
    BailiwickError,
    ForbiddenError,
    InvalidInputError,
    LostProject,
    NotFoundError,
    Page,
    Preview,
    new_api_key,
    public_key_of,
)
from bailiwick.cluster import ClusterAttribution
from bailiwick.types import ChangeType
from hypothesis import given, settings
from hypothesis import strategies as st

PATH = Path(__file__).parents[1] / "directories/acme.json"
TEXT = PATH.read_text("utf-8")
AT = "2026-02-01T12:00:00Z"
ADA = "user:usr_ada"
SEED = bytes(range(32))
KEY = public_key_of(SEED)


def load() -> Bailiwick:
    return Bailiwick.from_directory(TEXT)


def addition(user: str) -> dict[str, Any]:
    return {"type": "add_collaborator", "project": "prj_a", "user": user}


def removal(user: str) -> dict[str, Any]:
    return {"type": "remove_collaborator", "project": "prj_a", "user": user}


def digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def works(guard: Bailiwick) -> None:
    """A change there and back."""
    revision = guard.revision
    assert guard.apply(addition("usr_there_and_back"), actor=ADA, at=AT) == revision + 1
    assert guard.is_allowed("user:usr_there_and_back", "file.read", "project:prj_a", at=AT)
    assert guard.apply(removal("usr_there_and_back")) == revision + 2
    assert not guard.is_allowed("user:usr_there_and_back", "file.read", "project:prj_a", at=AT)


guard = load()


@pytest.fixture(autouse=True)
def still_works() -> Iterator[None]:
    yield
    works(guard)


def refuses(call: Callable[[], object], code: str, path: str, engine: Bailiwick | None = None) -> BailiwickError:
    """The call raises a whole and proper error with this code and path, and nothing has changed."""
    engine = engine or guard
    before = engine.to_snapshot()
    with pytest.raises(BailiwickError) as raised:
        call()
    error = raised.value
    assert (error.code, error.path) == (code, path), error.message
    assert 0 < len(error.message) < 500
    assert engine.to_snapshot() == before
    return error


def within(seconds: float, *calls: Callable[[], object]) -> None:
    """All calls end in time, each in a thread of its own. One that hangs does not stop the tests."""
    faults: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive(), "it hangs"
    if faults:
        raise faults[0]


# Options and changes


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
    refuses(lambda: guard.preview([value]), "wrong_type", "")  # type: ignore[arg-type]
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


class LyingBytes(bytes):
    def __bytes__(self) -> bytes:
        raise RuntimeError("mine")

    def __len__(self) -> int:
        return 3


class LyingArray(bytearray):
    def __len__(self) -> int:
        raise RuntimeError("mine")


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
        made = engine.to_directory()["organizations"][0]["projects"][1]["api_keys"][-1]
        assert (made["created_at"], made["expires_at"]) == (AT, AT)
        assert engine.to_snapshot(issued_at=same) == engine.to_snapshot(issued_at=AT)
    naive = datetime(2026, 2, 1, 12)
    refuses(lambda: engine.apply(addition("x"), at=naive), "invalid_timestamp", "/at", engine)
    refuses(
        lambda: engine.apply({"type": "expire_api_key", "key": "key_ci", "expires_at": naive}), "invalid_timestamp", "/expires_at", engine
    )
    refuses(lambda: engine.to_snapshot(issued_at=naive), "invalid_timestamp", "/issued_at", engine)
    refuses(lambda: engine.list_projects(ADA, at=naive), "invalid_timestamp", "/at", engine)


# Bytes


def forms(data: bytes) -> list[Any]:
    """The same bytes in every form that is taken."""
    spread = bytearray(2 * len(data))
    spread[::2] = data
    mapped = mmap.mmap(-1, max(len(data), 1))
    mapped[: len(data)] = data
    return [
        data,
        bytearray(data),
        memoryview(data),
        memoryview(bytearray(b"xx" + data + b"yyy"))[2:-3],
        memoryview(spread)[::2],
        memoryview(array.array("B", data)),
        memoryview(mapped)[: len(data)],
        LyingBytes(data),
    ]


def test_bytes_in_every_form() -> None:
    engine = load()
    signed = engine.to_snapshot(SEED)
    assert type(signed) is bytes
    empty = engine.to_delta(engine.revision, signing_key=SEED)
    for data, seed, key, delta in zip(forms(signed), forms(SEED), forms(KEY), forms(empty), strict=True):
        assert Bailiwick.from_snapshot(data, key).apply_delta(delta, public_key=key) == engine.revision
        assert engine.to_snapshot(seed) == signed
        assert engine.to_delta(engine.revision, signing_key=seed) == empty
        assert public_key_of(seed) == KEY
        assert type(public_key_of(seed)) is bytes


def released() -> memoryview:
    view = memoryview(bytes(32))
    view.release()
    return view


NO_BYTES = [
    0,
    True,
    32,
    "bytes",
    "0" * 32,
    [0] * 32,
    tuple(SEED),
    {},
    object(),
    1.5,
    array.array("B", SEED),
    mmap.mmap(-1, 32),
    range(32),
]


@pytest.mark.parametrize("value", [*NO_BYTES, released()], ids=lambda value: type(value).__name__)
def test_what_is_no_bytes(value: Any) -> None:
    delta = guard.to_delta(guard.revision)
    refuses(lambda: Bailiwick.from_snapshot(value), "wrong_type", "")
    refuses(lambda: guard.apply_delta(value), "wrong_type", "")
    refuses(lambda: public_key_of(value), "wrong_type", "/signing_key")
    refuses(lambda: guard.to_snapshot(value), "wrong_type", "/signing_key")
    refuses(lambda: guard.to_delta(guard.revision, signing_key=value), "wrong_type", "/signing_key")
    refuses(lambda: Bailiwick.from_snapshot(guard.to_snapshot(SEED), value), "wrong_type", "/public_key")
    refuses(lambda: guard.apply_delta(delta, public_key=value), "wrong_type", "/public_key")


def test_keys_and_bytes_of_the_wrong_length() -> None:
    delta = guard.to_delta(guard.revision)
    for length in (0, 1, 31, 33, 64):
        key = bytes(length)
        refuses(partial(public_key_of, key), "wrong_type", "/signing_key")
        refuses(partial(guard.to_snapshot, key), "wrong_type", "/signing_key")
        refuses(partial(Bailiwick.from_snapshot, guard.to_snapshot(SEED), key), "wrong_type", "/public_key")
        refuses(partial(guard.apply_delta, delta, public_key=bytearray(key)), "wrong_type", "/public_key")
    refuses(lambda: Bailiwick.from_snapshot(None), "wrong_type", "")  # type: ignore[arg-type]
    refuses(lambda: guard.apply_delta(None), "wrong_type", "")  # type: ignore[arg-type]
    refuses(lambda: public_key_of(None), "wrong_type", "/signing_key")  # type: ignore[arg-type]
    for length in (0, 1, 8, 100, 10_000):
        refuses(partial(Bailiwick.from_snapshot, bytes(length)), "snapshot_corrupt", "")
        refuses(partial(guard.apply_delta, bytes(length)), "snapshot_corrupt", "")
    refuses(lambda: Bailiwick.from_snapshot(delta), "snapshot_corrupt", "")
    refuses(lambda: guard.apply_delta(guard.to_snapshot()), "snapshot_corrupt", "")


def test_bytes_that_change_after_the_call_do_not_matter() -> None:
    engine = load()
    seed, key = bytearray(SEED), bytearray(KEY)
    signed = bytearray(engine.to_snapshot(seed))
    follower = Bailiwick.from_snapshot(memoryview(signed), key)
    for used in (seed, key, signed):
        used[:] = bytes(len(used))
        used.clear()  # nobody holds on to it
    engine.apply(addition("usr_new"))
    refuses(lambda: follower.apply_delta(engine.to_delta(follower.revision)), "signature_missing", "", follower)
    delta = bytearray(engine.to_delta(follower.revision, signing_key=SEED))
    assert follower.apply_delta(delta) == engine.revision
    delta.clear()
    assert follower.to_snapshot() == engine.to_snapshot()


# Secrets


def test_a_new_secret() -> None:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    secrets = set()
    for prefix in (None, "bw", "a", "acme", "abcdefgh01234567", "sk-live", "a_b", "a" * 32):
        for _ in range(100):
            secret, of_it = new_api_key(prefix)
            start, _, rest = secret.rpartition("_")
            assert (start, len(rest), of_it) == (prefix or "bw", 49, digest(secret))
            assert set(rest) <= set(digits)
            checksum = zlib.crc32(secret[:-6].encode())
            assert secret[-6:] == "".join(digits[checksum // 62**place % 62] for place in range(5, -1, -1))
            secrets.add(secret)
    assert len(secrets) == 800
    for bad in ("", "A", "bw_", "-bw", "ä", "a b", "a" * 33):
        refuses(partial(new_api_key, bad), "wrong_type", "/prefix")

    engine = load()
    made = new_api_key(prefix="acme")
    engine.apply({"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": made.digest}, actor=ADA, at=AT)
    found = engine.authenticate(made.secret)
    assert found == {"type": "api_key", "id": "key_new"}
    assert type(found) is dict
    assert engine.is_allowed(found, "file.read", "project:prj_a", at=AT)
    mistyped = made.secret[:-1] + ("x" if made.secret[-1] != "x" else "y")
    assert engine.authenticate(mistyped) is None
    # What is registered is found, whatever its checksum.
    engine.apply({"type": "create_api_key", "project": "prj_a", "key": "key_mistyped", "digest": digest(mistyped)})
    assert engine.authenticate(mistyped) == {"type": "api_key", "id": "key_mistyped"}
    assert engine.authenticate(made.digest) is None
    engine.apply({"type": "revoke_api_key", "key": "key_new"}, at=AT)
    assert engine.check_access(found, "file.read", "project:prj_a", at=AT).reason == "key_revoked"


def test_a_secret_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    made = new_api_key()
    logging.getLogger("life").warning("%s %r %s", made, made, [made])
    shown = [repr(made), str(made), f"{made}", f"{made!r}", repr([{"key": made}]), pprint.pformat({"key": made}), caplog.text]
    assert all(made.secret not in text and made.secret[5:20] not in text and made.digest in text for text in shown)
    assert (made.secret, made.digest) == tuple(made)


def test_no_secret_gets_into_an_error() -> None:
    secret = "bw_s3cret_that_nobody_may_read"
    changes: list[dict[str, Any]] = [
        {"type": "add_member", "organization": "org_acme", "user": "x"},
        {"type": "remove_member", "organization": "org_acme", "user": "x"},
        {"type": "create_project", "organization": "org_acme", "project": "prj_a", "name": "x"},
        addition("x"),
        removal("x"),
        {"type": "create_api_key", "project": "prj_a", "key": "key_ci", "digest": digest("x")},
        {"type": "revoke_api_key", "key": "x"},
        {"type": "regenerate_default_key", "organization": "org_acme", "digest": digest("x")},
        {"type": "add_resource", "project": "prj_a", "resource": "cl_1", "kind": "file"},
        {"type": "remove_resource", "resource": "x"},
    ]
    calls: list[Callable[[], object]] = []
    value: Any
    for value in (secret, f"user:{secret}", f"{secret}\n", [secret], {"type": "user", "id": secret}, secret.encode()):
        for change in changes:
            for field in ("organization", "user", "project", "key", "digest", "resource"):
                if field in change:
                    spoilt = {**change, field: value}
                    calls += [
                        partial(load().apply, spoilt),
                        partial(load().preview, spoilt, actor="user:usr_dan", at=AT),
                    ]
        listed: Any = [value]
        calls += [
            partial(guard.apply, removal("x"), actor=value),
            partial(guard.apply, removal("x"), at=value),
            partial(guard.list_projects, value, limit=0),
            partial(guard.list_projects, ADA, cursor=value),
            partial(guard.authenticate, listed),
            partial(new_api_key, value),
            partial(public_key_of, value),
            partial(guard.to_snapshot, value),
            partial(Bailiwick.from_snapshot, value, value),
            partial(guard.apply_delta, value),
        ]
    failures = 0
    for call in calls:
        try:
            call()
        except BailiwickError as error:
            failures += 1
            assert "s3cret" not in f"{error} {error!r} {error.args} {vars(error)}", error.code
    assert failures > len(calls) * 0.9


# Exceptions and answers as values


def forbidden() -> ForbiddenError:
    error = refuses(lambda: guard.apply(addition("usr_new"), actor="user:usr_dan", at=AT), "forbidden", "/actor")
    assert isinstance(error, ForbiddenError)
    return error


def not_found() -> NotFoundError:
    error = refuses(lambda: guard.apply(removal("nobody")), "not_found", "/user")
    assert isinstance(error, NotFoundError)
    return error


def invalid() -> InvalidInputError:
    error = refuses(lambda: guard.apply(addition("usr_dan")), "already_exists", "/user")
    assert isinstance(error, InvalidInputError)
    return error


def test_the_classes_of_errors() -> None:
    for error, base, others in (
        (forbidden(), PermissionError, (ValueError, LookupError)),
        (not_found(), LookupError, (ValueError, OSError)),
        (invalid(), ValueError, (OSError, LookupError)),
    ):
        assert isinstance(error, BailiwickError)
        assert isinstance(error, base)
        assert not isinstance(error, others)
        assert type(error).__name__ in bailiwick.__all__
        assert type(error).__module__ == "bailiwick"
        assert hasattr(error, "decision") is isinstance(error, ForbiddenError)
        assert error.message in str(error)
        assert error.code in str(error)
        assert error.__traceback__ is not None
        with pytest.raises(base):
            raise error
    for code in ("revision_conflict", "delta_gap", "cursor_invalid"):
        call: Callable[[], object] = {
            "revision_conflict": lambda: guard.apply(addition("x"), expected_revision=0),
            "delta_gap": lambda: guard.to_delta(0),
            "cursor_invalid": lambda: guard.list_projects(ADA, cursor="x"),
        }[code]
        with pytest.raises(InvalidInputError) as raised:
            call()
        assert raised.value.code == code


def test_a_forbidden_change_brings_its_decision() -> None:
    decision = forbidden().decision
    expected = guard.check_access("user:usr_dan", "collaborators.add", "project:prj_a", at=AT)
    assert type(decision) is bailiwick.Decision
    assert {**decision.to_dict(), "revision": 0} == {**expected.to_dict(), "revision": 0}
    assert not decision
    for change in (
        addition("usr_dan"),
        {"type": "add_collaborator", "project": "none", "user": "x"},
        {"type": "revoke_api_key", "key": "none"},
    ):
        for actor in ("user:usr_dan", {"type": "user", "id": "usr_dan"}, "api_key:key_ci", "user:nobody"):
            with pytest.raises(ForbiddenError) as raised:
                guard.preview(change, actor=actor, at=AT, expected_revision=0)  # type: ignore[arg-type]
            assert not raised.value.decision.allowed


@pytest.mark.parametrize("make", [forbidden, not_found, invalid])
def test_errors_can_be_copied_and_pickled(make: Callable[[], BailiwickError]) -> None:
    error = make()
    error.add_note("and a note")
    copies = [copy.copy(error), copy.deepcopy(error)]
    copies += [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for again in copies:
        assert type(again) is type(error)
        assert (again.code, again.path, again.message, str(again)) == (error.code, error.path, error.message, str(error))
        assert getattr(again, "decision", None) == getattr(error, "decision", None)
        assert again.__notes__ == ["and a note"]


def test_answers_are_values() -> None:
    page = guard.list_projects(ADA, at=AT, limit=1)
    preview = guard.preview(removal("usr_dan"), at=AT)
    assert preview == Preview(guard.revision + 1, [LostProject("user:usr_dan", "prj_a")], ["key_ci"], [])
    made = new_api_key()
    for answer, field in ((page, "items"), (preview, "revision"), (preview.projects_lost[0], "project"), (made, "secret")):
        copies = [copy.copy(answer), copy.deepcopy(answer), *(pickle.loads(pickle.dumps(answer, protocol)) for protocol in range(2, 6))]
        for again in copies:
            assert again == answer
            assert type(again) is type(answer)
        assert type(answer).__module__ == "bailiwick"
        assert type(answer).__name__ in repr(answer)
        with pytest.raises(AttributeError):
            setattr(answer, field, None)
    assert isinstance(page, Page)
    assert isinstance(made, ApiKeySecret)
    assert page != guard.list_projects(ADA, at=AT)
    assert page.next_cursor is not None
    assert guard.list_projects(ADA, at=AT, cursor=page.next_cursor).items == guard.list_projects(ADA, at=AT).items[1:]
    assert json.loads(json.dumps(page.to_dict())) == {"items": page.items, "next_cursor": page.next_cursor}
    assert json.loads(json.dumps(preview.to_dict()))["projects_lost"] == [{"principal": "user:usr_dan", "project": "prj_a"}]
    page.items.clear()
    assert guard.list_projects(ADA, at=AT).items


def test_an_error_outlives_the_engine_and_its_revision() -> None:
    engine = load()
    with pytest.raises(ForbiddenError) as raised:
        engine.apply(addition("usr_new"), actor="user:usr_dan", at=AT)
    revision = engine.revision
    works(engine)
    del engine
    gc.collect()
    assert raised.value.decision.revision == revision


def test_two_engines_do_not_see_each_other() -> None:
    one, other = load(), load()
    copied = Bailiwick.from_snapshot(one.to_snapshot())
    one.apply(addition("usr_one"))
    assert one.is_allowed("user:usr_one", "file.read", "project:prj_a", at=AT)
    assert not other.is_allowed("user:usr_one", "file.read", "project:prj_a", at=AT)
    assert not copied.is_allowed("user:usr_one", "file.read", "project:prj_a", at=AT)
    assert copied.apply_delta(one.to_delta(copied.revision)) == one.revision
    assert copied.to_snapshot() == one.to_snapshot()
    refuses(lambda: copied.apply_delta(one.to_delta(42)), "delta_gap", "", copied)


# Whatever is passed

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
FIELDS = ("organization", "project", "user", "role", "key", "digest", "expires_at", "resource", "kind", "name", "email", "allowed")
CHANGE = st.builds(
    lambda word, rest: {"type": word, **rest},
    st.sampled_from(get_args(ChangeType)),
    st.dictionaries(st.sampled_from(FIELDS), KNOWN | ANYTHING, max_size=4),
)
TERMS = st.fixed_dictionaries(
    {}, optional={"actor": st.sampled_from([ADA, "user:usr_dan"]) | ANYTHING, "at": st.just(AT) | ANYTHING, "expected_revision": ANYTHING}
)


def outcome(call: Any, *arguments: Any, **keywords: Any) -> Any:
    """The answer, or the error. Nothing else is ever raised."""
    try:
        return call(*arguments, **keywords)
    except BailiwickError as error:
        return error.code, error.path


@given(CHANGE | ANYTHING, TERMS)
@settings(max_examples=400, deadline=None)
def test_a_change_is_made_or_refused_whatever_it_is(change: Any, terms: dict[str, Any]) -> None:
    engine = load()
    preview = outcome(engine.preview, change, **terms)
    assert engine.revision == 42
    made = outcome(engine.apply, change, **terms)
    if isinstance(made, tuple):
        assert (engine.revision, preview) == (42, made)
        assert engine.to_directory() == load().to_directory()
    else:
        assert made == engine.revision == preview.revision == 43
    works(engine)


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
    outcome(guard.to_delta, a, signing_key=b, issued_at=c)
    outcome(guard.apply_delta, a, public_key=b)
    outcome(Bailiwick.from_snapshot, a, b)
    outcome(public_key_of, a)
    outcome(new_api_key, a)


# Code that runs while a call is read, and threads


class Changing(tzinfo):
    """A time zone that changes the engine whenever it is asked."""

    def __init__(self, engine: Bailiwick) -> None:
        self.engine = engine
        self.changes = 0

    def utcoffset(self, _: datetime | None) -> timedelta:
        self.changes += 1
        self.engine.apply(addition(f"usr_of_zone_{self.changes}"))
        self.engine.preview(removal("usr_dan"), at=AT)
        return timedelta(0)

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        return "x"


def test_a_time_zone_may_use_the_engine() -> None:
    engine = load()
    zone = Changing(engine)
    moment: Any = datetime(2026, 2, 1, 12, tzinfo=zone)
    calls: list[Callable[[], object]] = [
        lambda: engine.apply(addition("usr_new"), at=moment),
        lambda: engine.apply({"type": "expire_api_key", "key": "key_ci", "expires_at": moment}, actor=ADA, at=moment),
        lambda: engine.preview(removal("usr_dan"), at=moment),
        lambda: engine.check_access("user:usr_dan", "file.read", "project:prj_a", at=moment),
        lambda: engine.is_allowed("user:usr_dan", "file.read", "project:prj_a", at=moment),
        lambda: engine.is_allowed("user:usr_dan", "file.read", "project:prj_a", at=moment, surface="ui"),
        lambda: engine.check_many([{"principal": ADA, "action": "file.read", "resource": "project:prj_a", "at": moment}] * 3),
        lambda: engine.attribute("user:usr_dan", "file", at=moment),
        lambda: engine.attribute_many([{"principal": "user:usr_dan", "kind": "file", "at": moment}]),
        lambda: engine.list_projects("user:usr_dan", at=moment),
        lambda: engine.list_resources("user:usr_dan", "file.read", at=moment),
        lambda: engine.list_principals("file.read", "project:prj_a", at=moment),
        lambda: engine.list_actions("user:usr_dan", "project:prj_a", at=moment),
        lambda: engine.to_snapshot(issued_at=moment),
        lambda: engine.to_delta(engine.revision, issued_at=AT),
    ]
    for call in calls:
        before = zone.changes
        within(20, call)
        assert zone.changes > before or call is calls[-1]
    assert engine.revision == 42 + 2 + zone.changes
    # An actor who loses what the change needs while it is read is forbidden it.
    demotion = {"type": "set_collaborator_role", "project": "prj_a", "user": "usr_cleo", "role": "member"}

    class Demoting(Changing):
        def utcoffset(self, _: datetime | None) -> timedelta:
            self.engine.apply(demotion)
            return timedelta(0)

    at = datetime(2026, 2, 1, 12, tzinfo=Demoting(engine))
    with pytest.raises(ForbiddenError):
        engine.apply(addition("usr_late"), actor="user:usr_cleo", at=at)


FINALIZER = """
import gc, sys
from bailiwick import Bailiwick, BailiwickError, new_api_key

guard = Bailiwick.from_directory(open(sys.argv[1]).read())
secret = new_api_key()
guard.apply({"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": secret.digest})
seen = []

class Parting:
    # Changes the engine when it is collected, as an object of a framework may.
    def __init__(self):
        self.myself = self
    def __del__(self):
        seen.append(guard.apply({"type": "set_external_collaborators", "project": "prj_a", "allowed": True}))

def refused(call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except BailiwickError as error:
        return error

ROW = {"type": "add_collaborator", "project": "prj_a", "user": "usr_dan"}
CALLS = {
    "to_directory": guard.to_directory,
    "authenticate": lambda: guard.authenticate(secret.secret),
    "bad_change": lambda: refused(guard.apply, ROW),
    "forbidden_change": lambda: refused(guard.apply, ROW, actor="user:usr_dan", at="2026-02-01T12:00:00Z"),
    "bad_preview": lambda: refused(guard.preview, ROW),
    "bad_question": lambda: refused(guard.check_access, "usr_ada", "file.read", "project:prj_a"),
    "bad_usage": lambda: refused(guard.attribute, "user:nobody", "file"),
    "bad_cursor": lambda: refused(guard.list_projects, "user:usr_ada", cursor="x"),
    "bad_delta": lambda: refused(guard.apply_delta, b"x"),
    "bad_since": lambda: refused(guard.to_delta, 0),
    "list_projects": lambda: guard.list_projects("user:usr_ada"),
    "preview": lambda: guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_dan"}),
    "check_many": lambda: guard.check_many([{"principal": "user:x", "action": "x", "resource": "x:x"}] * 100),
    "attribute_many": lambda: guard.attribute_many([{"principal": "user:usr_dan", "kind": "file"}] * 100),
}
call = CALLS[sys.argv[2]]
gc.set_threshold(1)
for _ in range(200):
    Parting()
    call()
gc.collect()
assert len(seen) == 200 and guard.revision == 243, (len(seen), guard.revision)
"""


@pytest.mark.parametrize("name", re.findall(r'^    "(\w+)": ', FINALIZER, re.MULTILINE))
def test_a_finalizer_may_use_the_engine(name: str) -> None:
    # In a process of its own: where it hangs, nothing is collected in this one any more.
    command = [sys.executable, "-c", FINALIZER, str(PATH), name]
    try:
        ended = subprocess.run(command, check=False, timeout=10).returncode
    except subprocess.TimeoutExpired:
        ended = None
    assert ended == 0, "it hangs" if ended is None else "it fails"


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
            rows = written["organizations"][0]["projects"][1]["collaborators"]
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


# Age


@pytest.mark.parametrize(
    ("issued_at", "max_age_seconds", "wanted"),
    [
        ("2026-02-01T12:00:00Z", 300, "2026-02-01T12:05:00Z"),
        ("2026-02-01T13:00:00.5+01:00", 0, "2026-02-01T12:00:00.5Z"),
        ("2026-02-01T12:00:00Z", None, None),
        (None, 300, None),
        ("9999-12-31T23:59:59Z", 1, None),
        ("2026-02-01T12:00:00Z", 2**53 - 1, None),
    ],
)
def test_an_engine_says_how_long_it_answers(issued_at: str | None, max_age_seconds: int | None, wanted: str | None) -> None:
    engine = Bailiwick.from_directory({**load().to_directory(), "issued_at": issued_at, "max_age_seconds": max_age_seconds})
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) if wanted is None else datetime.fromisoformat(wanted)
    assert engine.fresh_until == wanted == Bailiwick.from_snapshot(engine.to_snapshot(), at=end).fresh_until
    question = (ADA, "billing.read", "organization:org_acme")
    assert engine.check_access(*question, at=end).reason != "snapshot_stale"
    if wanted is not None:
        assert engine.check_access(*question, at=end + timedelta(milliseconds=1)).reason == "snapshot_stale"
