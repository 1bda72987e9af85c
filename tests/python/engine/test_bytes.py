"""Bytes, in every form that Python has for them."""

from __future__ import annotations

import array
import mmap
from functools import partial
from typing import Any

import pytest
from bailiwick import Bailiwick, public_key_of

from .world import KEY, SEED, LyingBytes, addition, guard, load, refuses


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
