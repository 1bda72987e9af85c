"""Threads that share an engine while others change it: an answer is of one revision or the next, never a mixture, and nobody hangs."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Attribution, Bailiwick, BailiwickError, Decision

AT = "2026-02-01T12:00:00Z"
RESOURCES = [f"f_{number:03}" for number in range(150)]
COMING = {"type": "add_collaborator", "project": "prj_a", "user": "usr_x"}
GOING = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_x"}


def load() -> Bailiwick:
    """An engine that a single change alters in many places: a user from elsewhere, who made a key, comes to a project of many resources."""
    document = json.loads((Path(__file__).parents[1] / "directories/acme.json").read_text("utf-8"))
    document |= {"issued_at": None, "max_age_seconds": None}
    document["users"].append({"id": "usr_x", "organization": "org_faraway"})
    project = next(project for project in document["organizations"][0]["projects"] if project["id"] == "prj_a")
    project["api_keys"].append({"id": "key_x", "created_by": "usr_x"})
    project["resources"] += [{"id": name, "kind": "file"} for name in RESOURCES]
    return Bailiwick.from_directory(document)


REQUESTS: list[Any] = [{"principal": "user:usr_x", "action": "file.read", "resource": f"file:{name}", "at": AT} for name in RESOURCES]
USAGES: list[Any] = [
    {"principal": "api_key:key_x", "kind": "storage", "at": AT},
    {"principal": "user:nobody", "kind": "storage", "at": AT},
] * 50
SEARCH = {"subject": {"type": "user"}, "action": {"name": "file.read"}, "resource": {"type": "file", "id": RESOURCES[0]}}

Seen = tuple[int | None, Any]
"""The revision of an answer, where it tells one, and the answer apart from that."""


def one(answer: Decision | Attribution) -> Seen:
    fields: dict[str, Any] = {**answer.to_dict()}
    return fields.pop("revision"), fields


def many(answers: list[Any]) -> Seen:
    revisions, rows = zip(*map(one, answers), strict=True)
    assert len(set(revisions)) == 1, "rows of one batch are of several revisions"
    return revisions[0], list(rows)


def whole(engine: Bailiwick) -> Seen:
    document = engine.to_directory()
    return document.pop("revision"), document


QUESTIONS: dict[str, Callable[[Bailiwick], Seen]] = {
    "check_access": lambda engine: one(engine.check_access(**REQUESTS[0])),
    "is_allowed": lambda engine: (None, engine.is_allowed("user:usr_x", "file.read", f"file:{RESOURCES[0]}", at=AT)),
    "check_many": lambda engine: many(engine.check_many(REQUESTS)),
    "attribute": lambda engine: one(engine.attribute(**USAGES[0])),
    "attribute_many": lambda engine: many(engine.attribute_many(USAGES)),
    "list_projects": lambda engine: (None, engine.list_projects("user:usr_x", at=AT).items),
    "list_resources": lambda engine: (None, engine.list_resources("user:usr_x", "file.read", at=AT).items),
    "list_principals": lambda engine: (None, engine.list_principals("file.read", "project:prj_a", at=AT).items),
    "list_actions": lambda engine: (None, engine.list_actions("user:usr_x", "project:prj_a", at=AT).items),
    "authzen": lambda engine: (None, engine.authzen("search_subject", SEARCH, at=AT)),
    "to_directory": whole,
    "to_snapshot": lambda engine: whole(Bailiwick.from_snapshot(engine.to_snapshot())),
    "copy": lambda engine: whole(copy.copy(engine)),
    "pickle": lambda engine: whole(pickle.loads(pickle.dumps(engine))),
}
BASE = load().revision


def answers() -> dict[str, list[Any]]:
    """What is right to each question: without the user, and with them."""
    without, with_them = load(), load()
    with_them.apply(COMING, at=AT)
    right = {name: [ask(without)[1], ask(with_them)[1]] for name, ask in QUESTIONS.items()}
    assert all(before != after for before, after in right.values()), "a mixture could not be told"
    return right


RIGHT = answers()


def ask_all(engine: Bailiwick, latest: int = BASE) -> int:
    """Asks everything. No answer is wrong for its revision, nor older than what this thread has seen."""
    for name, ask in QUESTIONS.items():
        revision, answer = ask(engine)
        if revision is None:
            assert answer in RIGHT[name], name
        else:
            assert answer == RIGHT[name][(revision - BASE) % 2], name
            assert revision >= latest, name
            latest = revision
    return latest


def test_a_mixture_would_be_told() -> None:
    engine = load()
    before = engine.check_many(REQUESTS)
    engine.apply(COMING, at=AT)
    after = engine.check_many(REQUESTS)
    assert (many(before), many(after)) == ((BASE, RIGHT["check_many"][0]), (BASE + 1, RIGHT["check_many"][1]))
    with pytest.raises(AssertionError, match="several revisions"):
        many(before[:100] + after[100:])
    engine.apply({**COMING, "user": "usr_y"}, at=AT)
    with pytest.raises(AssertionError):
        ask_all(engine)


@contextmanager
def switching_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def together(*works: Callable[[], object]) -> None:
    """Does all of these at the same time. What hangs is told, and ended, by the limit of time in pyproject.toml."""
    faults: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    with switching_often():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]


class Load:
    """A writer that lets the user come and go, a follower of its deltas, and how long both go on."""

    def __init__(self, seconds: float, least: int) -> None:
        self.origin = load()
        self.edge = Bailiwick.from_snapshot(self.origin.to_snapshot())
        self.seconds, self.least = seconds, least
        self.done = threading.Event()
        self.seen: set[int] = set()

    def write(self) -> None:
        until = time.monotonic() + self.seconds
        number = 0
        try:
            while number < self.least or time.monotonic() < until:
                change = GOING if number % 2 else COMING
                assert self.origin.apply(change, at=AT, expected_revision=BASE + number) == BASE + number + 1
                number += 1
        finally:
            self.done.set()

    def follow(self) -> None:
        while not self.done.is_set():
            try:
                delta = self.origin.to_delta(self.edge.revision)
            except BailiwickError as error:
                # The edge has fallen behind by more than is remembered. Readers have the same one, so that it cannot be another engine.
                assert error.code == "delta_gap"
                return
            self.edge.apply_delta(delta)

    def read(self, engine: Bailiwick) -> Callable[[], None]:
        def reader() -> None:
            latest = ask_all(engine)
            while not self.done.is_set():
                self.seen.add(latest % 2)
                latest = ask_all(engine, latest)

        return reader


def test_many_threads_read_while_one_writes_and_one_follows() -> None:
    work = Load(seconds=4, least=2_000)
    together(work.write, work.follow, *[work.read(work.origin)] * 16, *[work.read(work.edge)] * 16)
    assert work.origin.revision >= BASE + 2_000
    assert work.edge.revision > BASE
    assert work.seen == {0, 1}
    assert ask_all(work.origin) >= BASE + 2_000


class Asking(tzinfo):
    """A time zone that asks the engine, whenever it is asked itself."""

    def __init__(self, engine: Bailiwick) -> None:
        self.engine = engine

    def utcoffset(self, _: datetime | None) -> timedelta:
        ask = QUESTIONS["check_many"]
        revision, answer = ask(self.engine)
        assert revision is not None
        assert answer == RIGHT["check_many"][(revision - BASE) % 2]
        return timedelta(0)

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        return "x"


def test_code_that_runs_within_a_call_may_ask_while_others_write() -> None:
    work = Load(seconds=2, least=500)
    engine = work.origin
    moment = datetime(2026, 2, 1, 12, tzinfo=Asking(engine))
    parted: list[int] = []

    class Parting:
        """Asks the engine when it is collected, in whichever thread that is."""

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            parted.append(ask_all(engine))

    def by_zone() -> None:
        while not work.done.is_set():
            revision, answer = one(engine.check_access(**{**REQUESTS[0], "at": moment}))
            assert revision is not None
            assert answer == RIGHT["check_access"][(revision - BASE) % 2]
            assert engine.list_resources("user:usr_x", "file.read", at=moment).items in RIGHT["list_resources"]
            with pytest.raises(BailiwickError):
                engine.apply({"type": "revoke_api_key", "key": "none"}, actor="user:usr_ada", at=moment)

    def by_finalizer() -> None:
        while not work.done.is_set():
            Parting()
            ask_all(engine)
            gc.collect()

    together(work.write, work.follow, *[by_zone] * 6, *[by_finalizer] * 4, *[work.read(engine)] * 6)
    assert parted


def test_writers_take_turns() -> None:
    engine = load()

    def write(number: int) -> Callable[[], None]:
        def writer() -> None:
            for turn in range(50):
                engine.apply({"type": "add_collaborator", "project": "prj_a", "user": f"usr_{number}_{turn}"}, at=AT)

        return writer

    together(*[write(number) for number in range(16)])
    assert engine.revision == BASE + 16 * 50
    assert {f"user:usr_{number}_49" for number in range(16)} <= set(engine.list_principals("file.read", "project:prj_a", at=AT).items)


def test_a_change_that_is_refused_is_never_seen() -> None:
    engine = load()
    done = threading.Event()

    def write() -> None:
        try:
            for _ in range(2_000):
                with pytest.raises(BailiwickError):
                    engine.apply(GOING, at=AT)
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            assert ask_all(engine) == BASE

    together(write, *[read] * 8)


@pytest.mark.slow
def test_engines_are_made_and_let_go_in_many_threads() -> None:
    snapshot = load().to_snapshot()

    def turn() -> None:
        for _ in range(20):
            engine = Bailiwick.from_snapshot(snapshot)
            for change in (COMING, GOING):
                copied = copy.copy(engine)
                engine.apply(change, at=AT)
                ask_all(engine)
                ask_all(copied)

    together(*[turn] * 12)


def test_it_is_declared_safe_without_the_gil() -> None:
    # Where Python can do without the GIL, importing an extension that does not say so brings it back. The wheel of the stable ABI has no
    # place for the declaration, and no such Python loads it: there the sdist is built, which has it.
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert not sys._is_gil_enabled()  # type: ignore[attr-defined]
    else:
        source = (Path(__file__).parents[2] / "bindings-python/src/lib.rs").read_text("utf-8")
        assert "#[pymodule(gil_used = false)]" in source
