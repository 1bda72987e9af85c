"""Lists of questions while other threads change the engine."""

from __future__ import annotations

import copy
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from .requests import ACME, AT, COMING, GOING, GUEST, load


def together(*works: Callable[[], object]) -> None:
    """Does all of these at the same time."""
    faults: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if faults:
        raise faults[0]


def test_a_long_list_is_of_one_revision_while_others_change() -> None:
    engine = load()
    first = engine.revision
    done = threading.Event()
    seen: set[bool] = set()

    def write() -> None:
        until = time.monotonic() + 1
        try:
            while time.monotonic() < until:
                for change in (GOING, COMING):
                    engine.apply(change, at=AT)
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            decisions = engine.check_many([GUEST] * 700)
            revisions = {decision.revision for decision in decisions}
            assert (len(decisions), len(revisions)) == (700, 1)
            assert {decision.allowed for decision in decisions} == {(revisions.pop() - first) % 2 == 0}
            seen.add(decisions[0].allowed)
            one = engine.check_access(**GUEST)
            assert one.allowed == ((one.revision - first) % 2 == 0)

    together(write, read, read, read)
    assert seen == {True, False}


def test_a_list_that_grows_meanwhile_is_answered_to_its_old_end() -> None:
    # While one changes the engine, whoever asks waits, and lets others run, who may do something to the list.
    engine = load(users=[*ACME["users"], *({"id": f"user_{number}"} for number in range(20_000))])
    done = threading.Event()
    shared: list[list[dict[str, Any]]] = [[]]

    def write(user: str) -> Callable[[], None]:
        def writer() -> None:
            until = time.monotonic() + 5
            try:
                while time.monotonic() < until:
                    for change in (COMING, GOING):
                        kept = copy.copy(engine)
                        engine.apply({**change, "user": user}, at=AT)
                        del kept
            finally:
                done.set()

        return writer

    def grow() -> None:
        while not done.is_set():
            requests = shared[0]
            if len(requests) < 100_000:
                requests.append(GUEST)

    def read() -> None:
        while not done.is_set():
            shared[0] = requests = [GUEST] * 300
            least = len(requests)
            decisions = engine.check_many(requests)
            assert len(decisions) >= least

    together(write("usr_1"), write("usr_2"), write("usr_3"), grow, read)
