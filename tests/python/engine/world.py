"""A directory to change, and what every test here does with it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, public_key_of

PATH = Path(__file__).parents[2] / "directories/acme.json"
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


def refuses(call: Callable[[], object], code: str, path: str, engine: Bailiwick | None = None) -> BailiwickError:
    """The call raises a whole and proper error with this code and path, and nothing has changed."""
    engine = engine or guard
    before = engine.to_snapshot()
    with pytest.raises(BailiwickError) as raised:
        call()
    error = raised.value
    assert (error.code, error.path) == (code, path), error.message
    # `unknown_change` lists all types.
    assert 0 < len(error.message) < (1000 if code == "unknown_change" else 500)
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


class LyingBytes(bytes):
    def __bytes__(self) -> bytes:
        raise RuntimeError("mine")

    def __len__(self) -> int:
        return 3


class LyingArray(bytearray):
    def __len__(self) -> int:
        raise RuntimeError("mine")


def outcome(call: Any, *arguments: Any, **keywords: Any) -> Any:
    """The answer, or the error. Nothing else is ever raised."""
    try:
        return call(*arguments, **keywords)
    except BailiwickError as error:
        return error.code, error.path
