"""Ctrl-C, and being told to end: the work in hand is put away, and then the process ends of the signal."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# `timeout` and process managers send a signal twice, and people press Ctrl-C twice: the second must not cut the tidying short.
SAME_INTERRUPTION_SECONDS = 1.0
NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(SystemExit):
    """A signal arrived. It is no `Exception`, so that no library takes it for a fault of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


class _Shield:
    """Whether an interruption has to wait, and the one that does."""

    depth = 0
    waiting: int | None = None
    last = -SAME_INTERRUPTION_SECONDS


def _interrupt(number: int, _frame: FrameType | None) -> None:
    now = time.monotonic()
    if now - _Shield.last < SAME_INTERRUPTION_SECONDS:
        return
    _Shield.last = now
    if _Shield.depth:
        _Shield.waiting = number
        return
    raise Interrupted(number)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Lets a signal wait until the end of the block."""
    _Shield.depth += 1
    try:
        yield
    finally:
        _Shield.depth -= 1
    if not _Shield.depth and _Shield.waiting is not None:
        number, _Shield.waiting = _Shield.waiting, None
        raise Interrupted(number)


def watch() -> None:
    """From here on a signal unwinds the stack, instead of ending the process with files half-written."""
    for name in NAMES:
        number = getattr(signal, name, None)
        # What is ignored stays so: `nohup` has asked for it.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def end_by(interrupted: Interrupted) -> None:
    """Ends the process by the same signal, so that a shell's loop ends as well."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    if os.name == "posix":
        signal.signal(interrupted.number, signal.SIG_DFL)
        os.kill(os.getpid(), interrupted.number)
    sys.exit(interrupted.code)
