"""Publishers and followers of one feed, as a host sees them. The rules are proved by the core's chaos test."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import obstore.store
import pytest
from bailiwick import Bailiwick, BailiwickError, public_key_of
from bailiwick.feed import ConflictError, Follower, Publisher, Store
from engine.world import load

from .stores import BreakingStore, MemoryStore, served

SEED, OTHER = bytes(range(32)), bytes(32)
KEY = public_key_of(SEED)
GOING: dict[str, Any] = {"type": "remove_member", "organization": "org_acme", "user": "usr_eve"}


def joining(user: str) -> dict[str, Any]:
    return {"type": "add_member", "organization": "org_acme", "user": user}


def publisher(store: Any, guard: Bailiwick | None = None, **options: Any) -> Publisher:
    return Publisher(guard or load(), store, **{"signing_key": SEED, "max_age_seconds": 60, **options})


def follower(store: Any, errors: list[Exception] | None = None, **options: Any) -> Follower:
    tell = None if errors is None else errors.append
    keys = {} if "public_keys" in options else {"public_key": KEY}
    return Follower(store, **{**keys, "on_error": tell, **options})


def code_of(error: Exception) -> str | None:
    return error.code if isinstance(error, BailiwickError) else None


@pytest.fixture(params=["memory", "folder", "obstore"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    makers: dict[str, Callable[[], Any]] = {
        "memory": MemoryStore,
        "folder": lambda: tmp_path / "feed",
        "obstore": obstore.store.MemoryStore,
    }
    return makers[request.param]()


def test_every_revision_reaches_the_follower(store: Any) -> None:
    central = publisher(store)
    assert central.publish().snapshots == 1
    edge = follower(store)
    assert edge.guard is None and edge() is None
    assert edge.refresh()
    guard = edge.wait(0)
    for number in range(5):
        central.guard.apply(joining(f"usr_{number}"))
        assert central.publish().steps == 1
        assert edge.refresh()
        assert edge.guard is guard, "the same object for ever"
        assert (guard.state, guard.revision) == (central.guard.state, central.guard.revision)
    assert not edge.refresh()
    assert central.publish().bytes == 0, "there is nothing to write"
    assert (edge.stats.snapshots, edge.stats.deltas, edge.stats.refused, edge.stats.failures) == (1, 5, 0, 0)
    assert (central.stats.steps, central.stats.snapshots, central.stats.conflicts) == (5, 6, 0)


def test_many_changes_are_one_step_and_late_ones_start_with_the_snapshot(store: Any) -> None:
    central, edge = publisher(store), follower(store)
    central.publish()
    edge.refresh()
    central.guard.apply_many([joining(f"usr_{number}") for number in range(30)])
    assert central.publish().steps == 1
    assert edge.refresh()
    late = follower(store)
    late.refresh()
    assert late.wait(0).state == edge.wait(0).state == central.guard.state


def test_whoever_resumed_last_publishes_and_the_other_is_told(store: Any) -> None:
    first = publisher(store)
    first.publish()
    second = Publisher.resume(store, load, signing_key=SEED, max_age_seconds=60)
    assert second.guard.state == first.guard.state
    first.guard.apply(joining("usr_first"))
    with pytest.raises(ConflictError):
        first.publish()
    assert first.stats.conflicts == 1
    second.guard.apply(joining("usr_second"))
    second.publish()
    edge = follower(store)
    edge.refresh()
    assert edge.wait(0).state == second.guard.state, "nothing of the first one was published"
    engine = first.read()
    assert engine is not None and engine.state == second.guard.state
    first.guard = engine
    engine.apply(joining("usr_first"))
    first.publish()
    with pytest.raises(ConflictError):
        second.guard.apply(GOING)
        second.publish()
    edge.refresh()
    assert edge.wait(0).state == engine.state


def test_an_engine_of_another_past_is_refused(store: Any) -> None:
    central = publisher(store)
    central.guard.apply(joining("usr_a"))
    central.publish()
    other = publisher(store)
    other.guard.apply(joining("usr_b"))
    with pytest.raises(BailiwickError) as raised:
        other.publish()
    assert raised.value.code == "delta_fork"
    # One that is further on jumps: followers load the snapshot.
    other.guard.apply(joining("usr_c"))
    assert other.publish().jumps == 1
    edge = follower(store)
    edge.refresh()
    assert edge.wait(0).state == other.guard.state


def test_what_is_not_signed_by_the_key_is_refused() -> None:
    store, errors = MemoryStore(), list[Exception]()
    publisher(store).publish()
    edge = follower(store, errors, public_key=public_key_of(OTHER))
    assert not edge.refresh()
    assert edge.guard is None and not edge.is_ready
    assert [code_of(error) for error in errors] == ["signature_invalid"]
    for wrong in ({}, {"public_key": None}, {"public_key": b"short"}, {"public_keys": []}):
        with pytest.raises(BailiwickError) as raised:
            Follower(store, **wrong)
        assert raised.value.code in {"missing_field", "wrong_type"}
    with pytest.raises(TimeoutError):
        edge.wait(0)
    with pytest.raises(BailiwickError):
        Publisher(load(), store, signing_key=b"short", max_age_seconds=60)


def test_what_never_becomes_stale_is_not_published() -> None:
    guard = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []})
    with pytest.raises(BailiwickError) as raised:
        Publisher(guard, MemoryStore(), signing_key=SEED).publish()
    assert (raised.value.code, raised.value.path) == ("missing_field", "/max_age_seconds")


@pytest.mark.parametrize("key", ["snapshot", "deltas/42"])
@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_follower_keeps_what_is_good(key: str, damage: bytes | None) -> None:
    store, errors = MemoryStore(), list[Exception]()
    central, edge = publisher(store), follower(store, errors)
    central.publish()
    edge.refresh()
    guard = edge.wait(0)
    assert f"deltas/{guard.revision}" == "deltas/42"
    state, good = guard.state, store.objects[key]
    if damage is None:
        del store.objects[key]
    else:
        store.objects[key] = damage
    assert not edge.refresh()
    assert (guard.state, edge.guard, edge.is_ready) == (state, guard, True)
    assert ("snapshot_corrupt" in map(code_of, errors)) == (damage is not None and key != "snapshot")
    store.objects[key] = good
    central.guard.apply(GOING)
    central.publish()
    assert edge.refresh()
    assert guard.state == central.guard.state


def test_a_follower_never_goes_back() -> None:
    store, errors = MemoryStore(), list[Exception]()
    central, edge = publisher(store), follower(store, errors)
    central.publish()
    before = dict(store.objects)
    central.guard.apply(GOING)
    central.publish()
    edge.refresh()
    state = edge.wait(0).state
    store.objects = before
    assert not edge.refresh()
    assert edge.wait(0).state == state
    assert edge.stats.refused == 1 and edge.stats.failures == 1


def test_a_follower_that_hears_nothing_denies() -> None:
    store = MemoryStore()
    central, edge = publisher(store, max_age_seconds=1), follower(store)
    central.publish()
    edge.refresh()
    guard = edge.wait(0)
    question = ("user:usr_ada", "file.read", "project:prj_a")
    assert guard.is_allowed(*question)
    time.sleep(1.2)
    assert guard.check_access(*question).reason == "snapshot_stale"
    assert not edge.is_ready
    assert central.publish().renewals == 1, "it was time"
    assert not edge.refresh(), "the same revision"
    assert guard.is_allowed(*question) and edge.is_ready


def test_a_crash_at_any_request_is_made_good() -> None:
    """Of a publication and of the one that goes on, whether or not the request has had its effect."""
    for has_effect in (False, True):
        for requests in range(12):
            store = BreakingStore()
            first = publisher(store)
            first.publish()
            edge = follower(store)
            edge.refresh()
            first.guard.apply(GOING)
            store.break_after(requests, has_effect=has_effect)
            with contextlib.suppress(OSError):
                first.publish()
            store.until = None
            # Another process.
            second = Publisher.resume(store, load, signing_key=SEED, max_age_seconds=60)
            published = second.guard.state
            assert published in {first.guard.state, load().state}
            if published != first.guard.state:
                second.guard.apply(GOING)
            second.publish()
            edge.refresh()
            assert edge.wait(0).state == second.guard.state == first.guard.state, (has_effect, requests)
            # The first one comes back.
            if second.guard.revision == first.guard.revision:
                first.guard.apply(joining("usr_new"))
                try:
                    first.publish()
                except ConflictError:
                    first.read()
                edge.refresh()
                assert edge.wait(0).state in {first.guard.state, second.guard.state}


def test_a_request_that_fails_is_repeated_by_the_same_publisher() -> None:
    for has_effect in (False, True):
        for requests in range(6):
            store = BreakingStore()
            central, edge = publisher(store), follower(store)
            central.publish()
            central.guard.apply(GOING)
            store.break_after(requests, has_effect=has_effect)
            while True:
                try:
                    central.publish()
                    break
                except OSError:
                    continue
            store.until = None
            assert central.stats.conflicts == 0
            edge.refresh()
            assert edge.wait(0).state == central.guard.state, (has_effect, requests)


def test_a_signing_key_is_replaced_without_a_gap() -> None:
    store = MemoryStore()
    publisher(store).publish()
    both, old, new = (
        follower(store, public_keys=[KEY, public_key_of(OTHER)]),
        follower(store),
        follower(store, public_key=public_key_of(OTHER)),
    )
    for edge in (both, old, new):
        edge.refresh()
    assert (both.is_ready, old.is_ready, new.is_ready) == (True, True, False)
    with pytest.raises(BailiwickError) as raised:
        Publisher.resume(store, load, signing_key=OTHER, max_age_seconds=60)
    assert raised.value.code == "signature_invalid"
    central = Publisher.resume(store, load, signing_key=OTHER, public_keys=[KEY], max_age_seconds=60)
    central.guard.apply(GOING)
    central.publish()
    for edge in (both, old, new):
        edge.refresh()
    assert both.wait(0).state == new.wait(0).state == central.guard.state
    assert old.wait(0).state != central.guard.state
    assert old.stats.refused


def test_a_server_of_files_is_asked_for_what_has_changed() -> None:
    store, statuses = MemoryStore(), list[int]()
    central = publisher(store)
    central.publish()
    with served(store, statuses) as url:
        edge = follower(url)
        assert edge.refresh()
        assert statuses == [200, 200]
        edge.refresh()
        assert statuses.pop() == 304
        central.guard.apply(GOING)
        central.publish()
        assert edge.refresh()
        assert edge.wait(0).state == central.guard.state
    errors = list[Exception]()
    lost = follower(url, errors)
    assert not lost.refresh()
    assert isinstance(errors[0], OSError) and lost.stats.failures == 1
    with pytest.raises(TypeError, match="read"):
        publisher(url)


def test_hooks_are_told_and_cannot_stop_it() -> None:
    store, updates = MemoryStore(), list[int]()

    def update(guard: Bailiwick) -> None:
        updates.append(guard.revision)
        raise RuntimeError("of the host")

    central, edge = publisher(store), follower(store, on_update=update)
    central.publish()
    edge.refresh()
    central.guard.apply(GOING)
    central.publish()
    edge.refresh()
    assert updates == [42, 43]


@pytest.mark.parametrize("is_async", [False, True])
def test_both_sides_run_by_themselves(*, is_async: bool) -> None:
    store = MemoryStore()
    central, edge = publisher(store, interval=0.01), follower(store, interval=0.01)

    def is_current(state: str) -> bool:
        guard = edge.guard
        return guard is not None and guard.state == state

    async def both() -> None:
        tasks = [asyncio.create_task(side.run()) for side in (central, edge)]
        await asyncio.to_thread(edge.wait, 10)
        central.guard.apply(GOING)
        while not is_current(central.guard.state):
            await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    if is_async:
        asyncio.run(asyncio.wait_for(both(), 20))
        return
    with central, edge:
        edge.wait(10)
        central.guard.apply(GOING)
        until = time.monotonic() + 20
        while not is_current(central.guard.state):
            assert time.monotonic() < until
            time.sleep(0.01)
    count = threading.active_count()
    with central, edge:
        pass
    assert threading.active_count() == count, "nothing is left running"


def test_readers_see_one_revision_or_the_next() -> None:
    """Two that are made members together are both seen or neither, while snapshots and steps replace the engine."""
    store = MemoryStore()
    central, edge = publisher(store), follower(store)
    central.publish()
    edge.refresh()
    guard, stop, torn = edge.wait(0), threading.Event(), list[object]()
    questions: list[Any] = [{"principal": f"user:usr_{name}", "action": "file.read", "resource": "project:prj_default"} for name in "ab"]

    def ask() -> None:
        while not stop.is_set():
            answers = [decision.allowed for decision in guard.check_many(questions)]
            if answers[0] != answers[1]:
                torn.append(answers)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for round_number in range(40):
            kind = "remove_member" if round_number % 2 else "add_member"
            central.guard.apply_many([{**joining(f"usr_{name}"), "type": kind} for name in "ab"])
            central.publish()
            if round_number % 3 == 0:
                # The delta is gone: the edge takes the snapshot.
                store.objects.pop(f"deltas/{guard.revision}")
            edge.refresh()
            assert guard.state == central.guard.state
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not torn
    assert edge.stats.snapshots > 5 and edge.stats.deltas > 5


def test_a_store_of_ones_own_is_recognized() -> None:
    assert isinstance(MemoryStore(), Store)
    for wrong in (object(), None, 7):
        with pytest.raises(TypeError):
            follower(wrong)
