"""The directory that is being served, which may follow its file."""

from __future__ import annotations

import threading

from bailiwick import Bailiwick, BailiwickError

from ..files.directories import load
from ..files.watched import WatchedFile
from ..terminal.console import note
from ..terminal.freshness import is_before, note_if_stale, warn_if_never_stale

POLL_SECONDS = 1.0


class ServedDirectory:
    """The current engine. It is replaced only by one that has loaded completely."""

    def __init__(self, path: str, *, policy: str | None, public_key: list[str] | None) -> None:
        self._path, self._policy, self._public_key = path, policy, public_key
        self._watched = WatchedFile(path)
        self.guard: Bailiwick = self._loaded()

    def follow(self) -> None:
        """Starts to watch the file for changes."""
        threading.Thread(target=self._follow, daemon=True).start()

    def reload(self) -> None:
        """Loads the file, if it has changed. If that fails, the current engine stays."""
        if not self._watched.has_changed():
            return
        try:
            guard = self._loaded()
        except BailiwickError as error:
            note(f"the directory was not taken: {error}")
            return
        why = _why_older(self.guard, guard)
        if why is not None:
            note(f"the directory was not taken: {why}")
            return
        self.guard = guard
        note(f"serving revision {guard.revision}")
        self.report_freshness()

    def report_freshness(self) -> None:
        """Warns if the directory is stale, or never becomes stale."""
        note_if_stale(self.guard)
        warn_if_never_stale(self.guard)

    def _follow(self) -> None:
        pause = threading.Event()
        while not pause.wait(POLL_SECONDS):
            try:
                self.reload()
            except Exception as error:
                note(f"the directory was not taken: {type(error).__name__}")

    def _loaded(self) -> Bailiwick:
        return load(self._path, policy=self._policy, public_key=self._public_key)


def _why_older(served: Bailiwick, fresh: Bailiwick) -> str | None:
    """Why a directory is older than the one that is served, or may be; None if it is not.

    Otherwise, whoever can write the file could restore an old directory, even a signed one. The same revision and instant are accepted,
    because people edit files by hand.
    """
    if fresh.revision < served.revision:
        return f"its revision is {fresh.revision}, and {served.revision} is served"
    if served.issued_at is None:
        return None
    if fresh.issued_at is None:
        return "it does not say when it was issued, and the one that is served does"
    return "it was issued before the one that is served" if is_before(fresh.issued_at, served.issued_at) else None
