"""Notices that a file is another one."""

from __future__ import annotations

import os

FileState = tuple[int, int, int] | None


class WatchedFile:
    """A file that may change."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen = self._state()

    def has_changed(self) -> bool:
        """Whether there is another file than the last time. A missing file is none."""
        state = self._state()
        if state is None or state == self._seen:
            return False
        self._seen = state
        return True

    def _state(self) -> FileState:
        """The modification time, size and number of the file; None if there is no file."""
        try:
            status = os.stat(self._path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
