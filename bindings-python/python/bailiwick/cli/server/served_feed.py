"""A feed that is being served: the newest directory that it has."""

from __future__ import annotations

from bailiwick import Bailiwick

from ..files.feeds import first_of, follower_of
from ..terminal.console import note
from ..terminal.freshness import note_if_stale

SECONDS = 1.0


class ServedFeed:
    """The engine of a follower, which is the same object for ever."""

    def __init__(self, store: str, *, public_key: list[str] | None) -> None:
        self._errors: list[Exception] = []
        self._follower = follower_of(store, public_key, interval=SECONDS, on_error=self._errors.append, on_update=_report)
        self._follower.refresh()
        self.guard: Bailiwick = first_of(self._follower, self._errors)

    def follow(self) -> None:
        """Starts to follow the feed."""
        self._follower.start()

    def report_freshness(self) -> None:
        """Warns if the directory is stale."""
        note_if_stale(self.guard)


def _report(guard: Bailiwick) -> None:
    note(f"serving revision {guard.revision}")
