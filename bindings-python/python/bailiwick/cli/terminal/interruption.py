"""Signals that end the process, such as Ctrl-C: unfinished files are removed first, and then the process ends by the signal."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

# `timeout` and process managers send a signal twice, and people press Ctrl-C twice. The second must not interrupt the cleanup.
SAME_INTERRUPTION_SECONDS = 1.0
# Python handles a signal only when native code returns, and native code that waits for input may not return for hours.
DEAF_SECONDS = 2.0
NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(SystemExit):
    """A signal arrived. It does not inherit from `Exception`, so libraries do not catch it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


class _Shield:
    """Whether interruptions are deferred, and the deferred one."""

    depth = 0
    waiting: int | None = None
    last = -SAME_INTERRUPTION_SECONDS
    was_heard = threading.Event()


def _interrupt(number: int, _frame: FrameType | None) -> None:
    now = time.monotonic()
    if now - _Shield.last < SAME_INTERRUPTION_SECONDS:
        return
    _Shield.last = now
    _Shield.was_heard.set()
    if _Shield.depth:
        _Shield.waiting = number
        return
    raise Interrupted(number)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Defers signals until the end of the block."""
    _Shield.depth += 1
    try:
        yield
    finally:
        _Shield.depth -= 1
    if not _Shield.depth and _Shield.waiting is not None:
        number, _Shield.waiting = _Shield.waiting, None
        raise Interrupted(number)


def watch(tidy: Callable[[], None]) -> None:
    """From here on a signal unwinds the stack, and does not leave files half-written.

    If Python cannot handle a signal in time, the process calls `tidy` without unwinding, and ends.
    """
    for name in NAMES:
        number = getattr(signal, name, None)
        # Ignored signals stay ignored, as with `nohup`.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(ours, theirs, tidy), daemon=True).start()


def _listen(ours: socket.socket, _theirs: socket.socket, tidy: Callable[[], None]) -> None:
    """Gets signals at once, from Python's native handler."""
    while heard := ours.recv(1):
        number = heard[0]
        # A server has its own handlers.
        if signal.getsignal(number) is _interrupt and not _Shield.was_heard.wait(DEAF_SECONDS):
            tidy()
            _end(number)


def end_by(interrupted: Interrupted) -> None:
    """Ends the process by the same signal, so that a loop in a shell ends as well."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    _end(interrupted.number)


def _end(number: int) -> None:
    # Without finalizing the interpreter: threads of libraries may still use what it would free.
    if os.name == "posix":
        with suppress(ValueError):
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
    os._exit(128 + number)
