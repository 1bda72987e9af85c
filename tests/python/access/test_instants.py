"""Instants of questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from bailiwick import BailiwickError

from .requests import AT, COMING, GOING, GUEST, load


class Zone(tzinfo):
    """A time zone that says what it is told to."""

    def __init__(self, offset: Callable[[], Any]) -> None:
        self.offset = offset

    def utcoffset(self, _: datetime | None) -> Any:
        return self.offset()

    def dst(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, _: datetime | None) -> str:
        return "x"


def fail() -> Any:
    raise RuntimeError("mine")


@pytest.mark.parametrize("principal", [GUEST["principal"], "user:usr_ada", "api_key:key_ended", "user:nobody"])
def test_an_instant_that_is_none_is_an_error_whoever_asks(principal: str) -> None:
    engine = load()
    unusable = [
        datetime(2026, 2, 1),
        datetime(2026, 2, 1, tzinfo=Zone(fail)),
        datetime(2026, 2, 1, tzinfo=Zone(lambda: None)),
        datetime(2026, 2, 1, tzinfo=Zone(lambda: "x")),
        "soon",
        "",
        "2026-02-30T00:00:00Z",
        "\ud800",
        True,
        b"2026-02-01T00:00:00Z",
        [],
    ]
    for at in unusable:
        asked: dict[str, Any] = {**GUEST, "principal": principal, "at": at}
        found = []
        for ask in (engine.check_access, engine.is_allowed, lambda **request: engine.check_many([request])):
            with pytest.raises(BailiwickError) as caught:
                ask(**asked)
            found.append((caught.value.code, (caught.value.path or "").removeprefix("/0"), caught.value.message))
        assert {code for code, _, _ in found} <= {"invalid_timestamp", "wrong_type"}, at
        assert {path for _, path, _ in found} == {"/at"}
        assert len(set(found)) == 1


def test_an_instant_may_ask_and_change_the_engine() -> None:
    engine = load()
    first = engine.revision

    def change() -> timedelta:
        before = engine.is_allowed(**GUEST)
        engine.apply(GOING if before else COMING, at=AT)
        assert engine.is_allowed(**GUEST) != before
        return timedelta(0)

    for turn in range(4):
        # However often the zone is asked: the answer is of the directory as it is after that.
        allowed = engine.is_allowed(**GUEST, at=datetime(2026, 2, 1, tzinfo=Zone(change)))
        assert allowed == ((engine.revision - first) % 2 == 0)
        assert engine.revision > first + turn


def test_a_key_that_has_ended_and_a_directory_that_is_old_are_noticed_now() -> None:
    engine = load()
    key = {**GUEST, "principal": "api_key:key_ended"}
    assert not engine.is_allowed(**key)
    assert engine.check_access(**key).reason == engine.check_many([key])[0].reason == "key_expired"
    assert engine.is_allowed(**key, at="2019-12-31T23:59:59.999Z")
    assert not engine.is_allowed(**key, at="2020-01-01T00:00:00Z")
    old = load(issued_at="2020-01-01T00:00:00Z", max_age_seconds=60)
    for request in (GUEST, key, {**GUEST, "principal": "user:nobody"}, {**GUEST, "action": "no.such"}):
        assert not old.is_allowed(**request)
        assert old.check_access(**request).reason == old.check_many([request])[0].reason == "snapshot_stale"
    assert old.is_allowed(**GUEST, at="2020-01-01T00:01:00Z")
    assert not old.is_allowed(**GUEST, at="2020-01-01T00:01:00.001Z")
