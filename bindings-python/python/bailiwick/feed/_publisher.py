"""The publisher: puts the revisions of one engine where followers find them."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeAlias

from .. import Bailiwick, BailiwickError
from .._bailiwick import FeedRequest, FeedWriter, feed_pause
from .stores import Place, Store, store_of
from .stores.store import UNCHANGED, NotAsSeenError

SECONDS = 1.0
log = logging.getLogger("bailiwick.feed")

Bytes: TypeAlias = bytes | bytearray | memoryview


class ConflictError(RuntimeError):
    """Another publisher has written to the feed. Nothing was published: read the feed with `resume`, and reconcile its engine."""


class Published(NamedTuple):
    """What a publication has written."""

    revision: int
    """The newest revision that followers find."""
    steps: int
    """Deltas from one revision to the next."""
    jumps: int
    """Steps that followers make by the snapshot, since no delta could be made."""
    renewals: int
    snapshots: int
    bytes: int
    deleted: int
    """Deltas that nobody needs any more."""


OnPublish: TypeAlias = Callable[[Published], object]
OnError: TypeAlias = Callable[[Exception], object]


@dataclass(frozen=True)
class PublisherStats:
    """What a publisher has written since it was made."""

    publications: int = 0
    failures: int = 0
    """How many publications in a row have failed; 0 after a good one."""
    conflicts: int = 0
    steps: int = 0
    renewals: int = 0
    snapshots: int = 0
    bytes: int = 0


class Publisher:
    """Publishes the revisions of an engine, `guard`, to a store, and renews them before they are stale.

    `store` is a folder, a store of obstore, or a store of one's own. `signing_key` signs everything. `max_age_seconds` is how long a
    follower answers that hears nothing, by default that of the directory. `public_keys` are those of older signing keys, while one is
    replaced.

    `publish` publishes once. With `start`, or in a `with` block, a thread does: it looks every `interval` seconds for a new revision, and
    renews what becomes old. `on_publish(published)` is called after something was written, `on_error(error)` after a failure.

    Raises BailiwickError `missing_field` at `/signing_key` without a key, `wrong_type`, `limit_exceeded`.
    """

    def __init__(
        self,
        guard: Bailiwick,
        store: Place,
        *,
        signing_key: Bytes,
        max_age_seconds: int | None = None,
        public_keys: Sequence[Bytes] = (),
        interval: float = SECONDS,
        on_publish: OnPublish | None = None,
        on_error: OnError | None = None,
    ) -> None:
        if not interval > 0:
            message = "the interval is a number of seconds above 0"
            raise ValueError(message)
        place = store_of(store)
        if not isinstance(place, Store):
            message = "this store can only be read"
            raise TypeError(message)
        older: dict[str, Any] = {"public_keys": list(public_keys)} if public_keys else {}
        self._writer = FeedWriter(signing_key, max_age_seconds=max_age_seconds, **older)
        self._store: Store = place
        self._interval = interval
        self._on_publish, self._on_error = on_publish, on_error
        self._etags: dict[str, str] = {}
        self._is_read = False
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.guard = guard
        self._stats = PublisherStats()

    @property
    def stats(self) -> PublisherStats:
        """What it has done so far."""
        return self._stats

    @classmethod
    def resume(cls, store: Place, start: Callable[[], Bailiwick], **options: Any) -> Self:
        """A publisher that goes on from what is in the store: `guard` is the engine as it was published last, to reconcile with the
        database. `start` makes the first engine, if the store has no feed. `options` are those of the class.

        Raises OSError, and BailiwickError for what is in the store: `signature_invalid` if another key has signed it.
        """
        publisher = cls(None, store, **options)  # type: ignore[arg-type]
        engine = publisher.read()
        publisher.guard = start() if engine is None else engine
        return publisher

    def read(self) -> Bailiwick | None:
        """Read the feed to its end, and complete what somebody has left undone. Returns the engine that was published last; None if there
        is no feed.

        A publisher does it by itself before its first publication. After a ConflictError, make what this returns the new `guard`, reconcile
        it, and go on. Raises OSError, BailiwickError, ConflictError.
        """
        with self._turn:
            self._run(self._writer.resume())
            self._is_read = True
            return self._writer.take_engine()

    def publish(self) -> Published:
        """Publish the engine as it is, or renew what was published if it is time, or do nothing.

        Raises ConflictError if another publisher has written; OSError if the store cannot be reached: call it again; BailiwickError
        `delta_fork` if the store has another state of this revision or a later one: use `Publisher.resume`; `missing_field` at
        `/max_age_seconds`.
        """
        if not self._is_read:
            self.read()
        with self._turn:
            try:
                return self._run(self._writer.begin(self.guard))
            except ConflictError:
                self._is_read = False
                self._stats = replace(self._stats, conflicts=self._stats.conflicts + 1)
                raise

    def start(self) -> Self:
        """Publish in a thread of its own, until `close`."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._go_on, name="bailiwick-publisher", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop publishing. Followers answer until `max_age_seconds` after the last publication."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    async def run(self) -> None:
        """Publish in the running event loop, until the task is cancelled. The store is used in a thread."""
        while True:
            await asyncio.to_thread(self._try)
            await asyncio.sleep(self._pause())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _go_on(self) -> None:
        while not self._stop.is_set():
            self._try()
            self._stop.wait(self._pause())

    def _try(self) -> None:
        try:
            published = self.publish()
        except Exception as error:
            self._stats = replace(self._stats, failures=self._stats.failures + 1)
            log.warning("nothing was published: %s", error)
            _call(self._on_error, error)
            return
        self._stats = replace(self._stats, failures=0)
        if published.bytes:
            _call(self._on_publish, published)

    def _run(self, request: FeedRequest) -> Published:
        """Carries out what the writer asks for."""
        while True:
            if request.todo == "done":
                published = Published(*request.report)
                self._count(published)
                return published
            if request.todo == "conflict":
                message = f"another publisher has written {request.key}"
                raise ConflictError(message)
            if request.todo == "failed":
                message = "the store gives no answer that makes sense; try again"
                raise OSError(message)
            try:
                reply = self._carry_out(request)
            except Exception:
                # Whether it took effect is found out the next time.
                self._writer.reply("failed")
                raise
            request = self._writer.reply(*reply)

    def _carry_out(self, request: FeedRequest) -> tuple[str, bytes | None]:
        key = request.key
        assert key is not None
        if request.todo == "get":
            answer = self._store.get(key, self._etags.get(key) if request.if_changed else None)
            if answer is UNCHANGED:
                return "unchanged", None
            if answer is None:
                self._etags.pop(key, None)
                return "found", None
            self._etags[key] = answer.etag
            return "found", answer.data
        if request.todo == "delete":
            self._store.delete(key)
            self._etags.pop(key, None)
            return "written", None
        try:
            self._etags[key] = self._store.put(key, self._writer.body(), None if request.if_absent else self._etags[key])
        except NotAsSeenError:
            return "refused", None
        return "written", None

    def _count(self, published: Published) -> None:
        stats = self._stats
        self._stats = replace(
            stats,
            publications=stats.publications + (published.bytes > 0),
            steps=stats.steps + published.steps + published.jumps,
            renewals=stats.renewals + published.renewals,
            snapshots=stats.snapshots + published.snapshots,
            bytes=stats.bytes + published.bytes,
        )

    def _pause(self) -> float:
        return feed_pause(self._stats.failures, int(self._interval * 1000), None, random.random()) / 1000


def _call(hook: Callable[[Any], object] | None, value: object) -> None:
    """Calls a hook. Its failure is its own."""
    if hook is None:
        return
    try:
        hook(value)
    except BailiwickError:
        raise
    except Exception:
        log.exception("a hook of the publisher has failed")
