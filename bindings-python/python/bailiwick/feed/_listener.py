"""Hearing that a database has changed, in a thread that begins again whenever the connection is lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Protocol

from .._bailiwick import feed_pause

SECONDS = 1.0
"""How long to wait before a lost connection is made again; after each failure twice as long."""
MOST_DOUBLINGS = 3
"""Up to so many times: an attempt costs little, and a database that is back is noticed by it."""


class Signal(Protocol):
    """What says that a database has changed. `bailiwick.feed.postgres` has one for PostgreSQL."""

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """Call `wake` once as soon as changes are heard of, and after each change. Return soon after `stop` is set.

        It is called in a thread of its own. Whatever it raises says that the connection is lost; then it is called again, after a pause.
        """
        ...


class Listener:
    """Listens to a signal until it is closed.

    `wake` is called as the signal says, and when it is lost; `begun` when changes begin to be heard of, `lost` with the error when they no
    longer are.
    """

    def __init__(self, signal: Signal, wake: Callable[[], None], begun: Callable[[], None], lost: Callable[[Exception], None]) -> None:
        self._signal, self._wake, self._begun, self._lost = signal, wake, begun, lost
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.is_listening = False
        """Whether changes are heard of now."""

    def start(self) -> None:
        """Listen in a thread of its own."""
        if self._thread is None:
            # One for each thread: a thread that is still connecting ends as soon as it is done.
            self._stop = threading.Event()
            self._thread = threading.Thread(target=self._go_on, args=(self._stop,), name="bailiwick-listener", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop listening. A connection that is being made is not waited for."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=SECONDS)

    def _go_on(self, stop: threading.Event) -> None:
        failures = 0

        def heard() -> None:
            nonlocal failures
            failures = 0
            self._wake()
            if not self.is_listening and not stop.is_set():
                self.is_listening = True
                self._begun()

        while not stop.is_set():
            try:
                self._signal.listen(heard, stop)
                error: Exception = ConnectionError("the signal has ended")
            except Exception as raised:
                error = raised
            if stop.is_set():
                break
            self.is_listening = False
            self._lost(error)
            # From now on the database is read at intervals.
            self._wake()
            stop.wait(feed_pause(min(failures, MOST_DOUBLINGS), int(SECONDS * 1000), None, random.random()) / 1000)
            failures += 1
        self.is_listening = False
