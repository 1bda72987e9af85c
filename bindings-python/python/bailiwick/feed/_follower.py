"""The follower: one engine that is kept current from a feed."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, TypeAlias

from .. import Bailiwick, BailiwickError
from .._bailiwick import FeedNews, FeedReader, feed_pause
from .stores import Place, Reading, store_of
from .stores.store import UNCHANGED

SECONDS = 5.0
log = logging.getLogger("bailiwick.feed")

OnUpdate: TypeAlias = Callable[[Bailiwick], object]
OnError: TypeAlias = Callable[[Exception], object]


@dataclass(frozen=True)
class FollowerStats:
    """What a follower has done since it was made."""

    rounds: int = 0
    """How often it looked for news."""
    failures: int = 0
    """How many rounds in a row ended in an error; 0 after a good one."""
    snapshots: int = 0
    """How many snapshots it took."""
    deltas: int = 0
    """How many steps it applied."""
    renewals: int = 0
    """How often its age was renewed."""
    refused: int = 0
    """How many objects it refused: damaged, not signed by its keys, older than what it has, or without an end."""


class Follower:
    """Keeps an engine current from a feed: `guard`, which is the same object for ever.

    `store` is a folder, an address, a store of obstore, or a store of one's own. `public_key` (or `public_keys`) verifies everything that
    is taken. `interval` are the seconds between two looks. `on_update(guard)` is called after the engine has changed, `on_error(error)`
    when the store cannot be read (OSError) or an object was refused (BailiwickError).

    A follower never goes back, and keeps its engine whatever the store has. The engine denies everything once it is stale.

    Raises BailiwickError `missing_field` at `/public_key` without a key, `wrong_type`.

    >>> with Follower(folder, public_key=public_key) as follower:
    ...     follower.wait(10).is_allowed("user:usr_ada", "file.read", "project:prj_a")
    True
    """

    def __init__(
        self, store: Place, *, interval: float = SECONDS, on_update: OnUpdate | None = None, on_error: OnError | None = None, **keys: Any
    ) -> None:
        if not interval > 0:
            message = "the interval is a number of seconds above 0"
            raise ValueError(message)
        self._reader = FeedReader(**keys)
        self._store: Reading = store_of(store)
        self._interval = interval
        self._on_update, self._on_error = on_update, on_error
        self._etags: dict[str, str] = {}
        self._guard: Bailiwick | None = None
        self._round = threading.Lock()
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._stats = FollowerStats()

    @property
    def guard(self) -> Bailiwick | None:
        """The engine; None until the first snapshot was taken."""
        return self._guard

    @property
    def stats(self) -> FollowerStats:
        """What it has done so far."""
        return self._stats

    @property
    def is_ready(self) -> bool:
        """Whether there is an engine that is not stale."""
        guard = self._guard
        return guard is not None and not guard.is_stale()

    def __call__(self) -> Bailiwick | None:
        """The same as `guard`, so that a follower can stand where a function that returns the engine is taken: Protect, authzen_app."""
        return self._guard

    def refresh(self) -> bool:
        """Look for news once, now. Returns whether the engine is another than before. No error is raised: `on_error` gets it."""
        with self._round:
            try:
                changed, is_good = self._look()
            except OSError as error:
                changed, is_good = False, False
                self._tell(error)
            stats = self._stats
            self._count(rounds=1)
            self._stats = replace(self._stats, failures=0 if is_good else stats.failures + 1)
        if self.is_ready:
            self._ready.set()
        if changed and self._guard is not None:
            _call(self._on_update, self._guard)
        return changed

    def wait(self, timeout: float | None = None) -> Bailiwick:
        """The engine, as soon as there is one that is not stale. Raises TimeoutError."""
        if not self._ready.wait(timeout) or self._guard is None:
            message = "there is no directory yet"
            raise TimeoutError(message)
        return self._guard

    def start(self) -> Self:
        """Follow in a thread of its own, until `close`."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._follow, name="bailiwick-follower", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop following. The engine stays, until it is stale."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    async def run(self) -> None:
        """Follow in the running event loop, until the task is cancelled. The store is read in a thread."""
        while True:
            await asyncio.to_thread(self.refresh)
            await asyncio.sleep(self._pause())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self.refresh()
            except Exception:
                # A store of one's own may raise anything, and nobody would start the thread again.
                log.exception("a look at the feed has failed")
                self._stats = replace(self._stats, failures=self._stats.failures + 1)
            self._stop.wait(self._pause())

    def _look(self) -> tuple[bool, bool]:
        """A round. Whether the engine changed, and whether nothing was refused or missing."""
        wanted: tuple[str, bool] | None = self._reader.begin(self._guard)
        changed, is_good = False, True
        while wanted is not None:
            key, if_changed = wanted
            answer = self._store.get(key, self._etags.get(key) if if_changed else None)
            found = None if answer is None or answer is UNCHANGED else answer
            news = self._reader.take(self._guard, None if found is None else found.data, unchanged=answer is UNCHANGED)
            if found is not None:
                self._etags[key] = found.etag
            is_refusal = _is_refusal(news, changed)
            changed |= self._took(news, is_refusal)
            is_good &= not is_refusal and not (news.seen == "missing" and key == "snapshot")
            wanted = news.next
        self._forget()
        return changed, is_good

    def _took(self, news: FeedNews, is_refusal: bool) -> bool:
        if news.guard is not None:
            self._guard = news.guard
        self._count(
            snapshots=news.seen == "loaded",
            deltas=news.seen == "advanced",
            renewals=news.seen == "renewed",
            refused=is_refusal,
        )
        if news.error is not None:
            self._tell(news.error)
        elif is_refusal:
            why = "is older than the directory that is here" if news.seen == "older" else "never becomes stale"
            self._tell(OSError(f"the snapshot was not taken: it {why}"))
        return news.seen in {"loaded", "advanced"}

    def _forget(self) -> None:
        """Forgets what is not asked for again."""
        if self._guard is not None:
            kept = {"snapshot", f"deltas/{self._guard.revision}"}
            self._etags = {key: etag for key, etag in self._etags.items() if key in kept}

    def _count(self, **more: int) -> None:
        now = {name: getattr(self._stats, name) + int(count) for name, count in more.items()}
        self._stats = replace(self._stats, **now)

    def _pause(self) -> float:
        return feed_pause(self._stats.failures, int(self._interval * 1000), None, random.random()) / 1000

    def _tell(self, error: Exception) -> None:
        log.warning("%s", error if not isinstance(error, BailiwickError) else f"{error.message} ({error.code})")
        _call(self._on_error, error)


def _is_refusal(news: FeedNews, changed: bool) -> bool:
    """Whether something is wrong with what was found. A publisher commits a step before it writes what follows and the snapshot. So whoever
    takes the step at that moment finds an older snapshot, and nothing is wrong."""
    return news.seen in {"refused", "endless"} or (news.seen == "older" and not changed)


def _call(hook: Callable[[Any], object] | None, value: object) -> None:
    """Calls a hook. Its failure is its own."""
    if hook is None:
        return
    try:
        hook(value)
    except Exception:
        log.exception("a hook of the follower has failed")
