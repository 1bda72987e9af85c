"""The directory that is being served, which may follow its file."""

from __future__ import annotations

import os
import threading

from bailiwick import Bailiwick, BailiwickError

from ..files.directories import load
from ..terminal.console import note
from ..terminal.freshness import is_before, note_if_stale, warn_if_never_stale

LOOK_SECONDS = 1.0

Signature = tuple[int, int, int] | None


class ServedDirectory:
    """The engine that answers now. What takes its place has been loaded whole before."""

    def __init__(self, path: str, *, policy: str | None, public_key: list[str] | None) -> None:
        self._path, self._policy, self._public_key = path, policy, public_key
        self._seen = self._look()
        self.guard: Bailiwick = self._loaded()

    def follow(self) -> None:
        """Looks from now on whether the file has become another one."""
        threading.Thread(target=self._follow, daemon=True).start()

    def renew(self) -> None:
        """Takes what is in the file now, if it has changed. If anything is wrong with it, keeps what there is."""
        seen = self._look()
        if seen is None or seen == self._seen:
            return
        self._seen = seen
        try:
            guard = self._loaded()
        except BailiwickError as error:
            note(f"the directory was not taken: {error}")
            return
        why = _step_back(self.guard, guard)
        if why is not None:
            note(f"the directory was not taken: {why}")
            return
        self.guard = guard
        note(f"serving revision {guard.revision}")
        self.tell_freshness()

    def tell_freshness(self) -> None:
        """Says what there is to say of how long the directory is good for."""
        note_if_stale(self.guard)
        warn_if_never_stale(self.guard)

    def _follow(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS):
            try:
                self.renew()
            except Exception as error:
                note(f"the directory was not taken: {type(error).__name__}")

    def _loaded(self) -> Bailiwick:
        return load(self._path, policy=self._policy, public_key=self._public_key)

    def _look(self) -> Signature:
        """What tells a file from what was there before; None while there is none."""
        try:
            status = os.stat(self._path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def _step_back(served: Bailiwick, fresh: Bailiwick) -> str | None:
    """Why a directory is older than the one that is served, or may be; None if it is not.

    Whoever can put files there could otherwise bring back what was good, or signed, long ago. The same revision of the same instant is
    taken: files are edited by hand as well.
    """
    if fresh.revision < served.revision:
        return f"its revision is {fresh.revision}, and {served.revision} is served"
    if served.issued_at is None:
        return None
    if fresh.issued_at is None:
        return "it does not say when it was issued, and the one that is served does"
    return "it was issued before the one that is served" if is_before(fresh.issued_at, served.issued_at) else None
