"""The reconciler: keeps a feed equal to a database."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, TypeAlias

from .. import Bailiwick
from .._bailiwick import feed_pause
from ..types import QuarantinedOrganization, TimeUnit
from ._listener import Listener, Signal
from ._publisher import Bytes, ConflictError, OnError, OnPublish, Published
from ._worker import Tables, Worker
from .stores import Place

SECONDS = 5.0
"""How often a database is read that gives no signal."""
PART_OF_AGE = 4
"""A database is read so many times, at least, before what was published becomes stale."""
PRECEDENCE = 0.5
"""For how many seconds, up to twice as many, a worker that does not publish waits for the one that does."""
log = logging.getLogger("bailiwick.feed")

OnQuarantine: TypeAlias = Callable[[QuarantinedOrganization], object]


@dataclass(frozen=True)
class ReconcilerStats:
    """What a reconciler has done since it was made."""

    rounds: int = 0
    """How often it has read the database and published what differed, if anything."""
    failures: int = 0
    """How many rounds in a row have failed; 0 after a good one."""
    changes: int = 0
    """How many changes it has made to its engine."""
    conflicts: int = 0
    """How often another worker came first."""
    lost_signals: int = 0
    """How often the signal has ended or failed."""


class Reconciler:
    """Keeps a feed equal to a database: reads its tables, reconciles an engine with them, and publishes that.

    `tables()` returns the tables as `Bailiwick.from_tables` takes them, all from one moment (one transaction). `store`, `signing_key`,
    `max_age_seconds` and `public_keys` are those of Publisher. `policy` is put in force by the first round; by default it is the one of the
    feed, or the built-in one. `time_zone` and `at_unit` are those of from_tables.

    `signal` says that the database has changed: see Signal. While it works, the database is read after each change, and four times within
    `max_age_seconds` in any case. Without a signal, or while it is lost, the database is read every `interval` seconds.

    An organization with a fault keeps its last good state. `on_quarantine(fault)` is called once for each, with what `guard.quarantined`
    says of it. `on_publish(published)` is called after something was written, `on_error(error)` after a round has failed; it is repeated
    after a pause that grows.

    What edges have is renewed only after the database was read. So they deny, as stale, `max_age_seconds` after the database was lost.

    Several workers may run on one database and one store. Each must read the same server, not a replica that may be behind. One publishes,
    the others follow the feed. Each of them looks a moment after a change whether all of it has been published, and takes over if not, or
    if what edges have is about to become stale. Whoever published before is refused by the store then, and follows.

    Raises BailiwickError as Publisher does, and `unknown_policy` and the other faults of a policy.

    >>> with Reconciler(tables, folder, signing_key=signing_key, max_age_seconds=60, signal=signal):
    ...     wait_until_told_to_stop()
    """

    def __init__(
        self,
        tables: Tables,
        store: Place,
        *,
        signing_key: Bytes,
        max_age_seconds: int,
        public_keys: Sequence[Bytes] = (),
        policy: str | dict[str, Any] | None = None,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
        signal: Signal | None = None,
        interval: float = SECONDS,
        on_publish: OnPublish | None = None,
        on_quarantine: OnQuarantine | None = None,
        on_error: OnError | None = None,
    ) -> None:
        if not interval > 0:
            message = "the interval is a number of seconds above 0"
            raise ValueError(message)
        self._worker = Worker(tables, store, signing_key, max_age_seconds, public_keys, policy, time_zone, at_unit)
        self._interval, self._max_age_seconds = interval, max_age_seconds
        self._on_publish, self._on_quarantine, self._on_error = on_publish, on_quarantine, on_error
        self._listener = None if signal is None else Listener(signal, self.wake, self._begun, self._lost)
        self._told: set[tuple[str | None, str, str]] = set()
        self._turn, self._counting = threading.Lock(), threading.Lock()
        self._woken, self._again, self._stop = threading.Event(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._stats = ReconcilerStats()

    @property
    def guard(self) -> Bailiwick | None:
        """The engine; None before the first round. It is another object after this worker has begun to publish, or no longer does."""
        return self._worker.guard

    @property
    def stats(self) -> ReconcilerStats:
        """What it has done so far."""
        return replace(self._stats, changes=self._worker.changes, conflicts=self._worker.conflicts)

    @property
    def is_listening(self) -> bool:
        """Whether the signal works now. Without a signal it is false."""
        return self._listener is not None and self._listener.is_listening

    def __call__(self) -> Bailiwick | None:
        """The same as `guard`, so that a reconciler can stand where a function that returns the engine is taken: Protect, authzen_app."""
        return self.guard

    def wake(self) -> None:
        """Read the database soon: it has changed. A host calls it that hears of changes in its own way."""
        self._woken.set()

    def refresh(self) -> Published:
        """Read the database once, now, and publish what differs. A worker that came second leaves it to the others, if they have published
        all of it.

        Raises whatever `tables` raises; OSError if the store cannot be reached; BailiwickError for a fault outside organizations, and for
        what is in the store; ConflictError if another worker came first: call it again after a while.
        """
        with self._turn:
            published = self._worker.round()
            self._count(rounds=1, failures=-self._stats.failures)
        self._tell_quarantined()
        if published.bytes:
            self._call(self._on_publish, published)
        return published

    def start(self) -> Self:
        """Do it in a thread of its own, until `close`."""
        if self._thread is None:
            self._begin()
            self._thread = threading.Thread(target=self._go_on, name="bailiwick-reconciler", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop, after the round that is under way. Followers answer until `max_age_seconds` after the last one."""
        for event in (self._stop, self._woken, self._again):
            event.set()
        if self._listener is not None:
            self._listener.close()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    async def run(self) -> None:
        """Do it until the task is cancelled. The database and the store are used in threads."""
        self._begin()
        try:
            while True:
                await asyncio.to_thread(self._try)
                await asyncio.to_thread(self._rest)
        finally:
            await asyncio.to_thread(self.close)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _begin(self) -> None:
        self._stop.clear()
        self._again.clear()
        if self._listener is not None:
            self._listener.start()

    def _go_on(self) -> None:
        while not self._stop.is_set():
            self._try()
            self._rest()

    def _try(self) -> None:
        if self._worker.is_second and (self._stats.rounds or self._worker.conflicts):
            self._stop.wait(PRECEDENCE * (1 + random.random()))
        # Before the round: what happens while it lasts is the reason for the next one.
        self._woken.clear()
        self._again.clear()
        begun = time.monotonic()
        try:
            self.refresh()
        except ConflictError as conflict:
            # No failure: next time it sees whether the other one has published everything.
            log.info("%s", conflict)
            self._woken.set()
        except Exception as error:
            self._count(failures=1)
            log.warning("the feed could not be brought up to date: %s", error)
            self._call(self._on_error, error)
            if not self._stop.is_set():
                self._again.wait(self._pause(min(self._interval, 1.0)))
        else:
            # The database rests for as long as it has worked, however often it changes.
            self._stop.wait(min(time.monotonic() - begun, self._interval))

    def _rest(self) -> None:
        """Waits for the next reason to read. After a failure there is one."""
        if not self._stop.is_set() and not self._stats.failures:
            longest = self._max_age_seconds / PART_OF_AGE
            self._woken.wait(self._pause(longest if self.is_listening else min(self._interval, longest)))

    def _tell_quarantined(self) -> None:
        guard = self.guard
        if guard is None or self._worker.is_second:
            return
        # Without the path: a row has another number whenever one before it comes or goes.
        faults = {(fault["organization"], str(fault["code"]), fault["message"]): fault for fault in guard.quarantined}
        new = faults.keys() - self._told
        self._told = set(faults)
        for key in sorted(new, key=str):
            log.warning("organization %s is quarantined: %s (%s at %s)", key[0], key[2], key[1], faults[key]["path"])
            self._call(self._on_quarantine, faults[key])

    def _begun(self) -> None:
        # What has failed for want of the database is tried again at once.
        self._again.set()

    def _lost(self, error: Exception) -> None:
        self._count(lost_signals=1)
        log.warning("the signal of the database is lost: %s", error)
        self._call(self._on_error, error)

    def _count(self, **more: int) -> None:
        # The listener counts too, in a thread of its own.
        with self._counting:
            now = {name: getattr(self._stats, name) + count for name, count in more.items()}
            self._stats = replace(self._stats, **now)

    def _pause(self, interval: float) -> float:
        return feed_pause(self._stats.failures, int(interval * 1000), self._max_age_seconds, random.random()) / 1000

    def _call(self, hook: Callable[[Any], object] | None, value: object) -> None:
        """Calls a hook. Its failure is its own."""
        if hook is None:
            return
        try:
            hook(value)
        except Exception:
            log.exception("a hook of the reconciler has failed")
