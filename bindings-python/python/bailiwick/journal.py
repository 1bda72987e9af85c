"""A timeline in a file: a journal of checkpoints and deltas that survives a crash at any byte.

>>> import tempfile
>>> path = f"{tempfile.mkdtemp()}/acme.journal"
>>> with Journal.create(path, guard.to_snapshot(issued_at="2026-05-01T00:00:00Z")) as journal:
...     journal.apply({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"}, at="2026-05-20T12:00:00Z")
1
>>> timeline = Journal.read(path)
>>> timeline.at("2026-05-19T00:00:00Z").revision, timeline.at("2026-05-21T00:00:00Z").revision
(0, 1)

What a call has returned is on the disk. One process writes at a time, under a lock on the file; any number of them read meanwhile.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ._bailiwick import Timeline

if TYPE_CHECKING:
    from types import TracebackType

    from ._bailiwick import JournalEnd
    from .types import Change, Instant

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["Journal"]

Bytes: TypeAlias = bytes | bytearray | memoryview


class Journal:
    """A journal that this process writes. Threads may share it.

    `timeline` is what the journal holds. Never change it but by the journal.
    """

    def __init__(self, file: int, path: Path, timeline: Timeline, end: JournalEnd, signing_key: Bytes | None) -> None:
        """Use `create` or `open`."""
        self._file: int | None = file
        self._path = path
        self._end = end
        self._signing_key = signing_key
        self._lock = threading.Lock()
        self.timeline = timeline

    @classmethod
    def create(cls, path: str | os.PathLike[str], snapshot: Bytes, *, signing_key: Bytes | None = None, **options: Any) -> Self:
        """Begin a journal with a snapshot, in a new file. `signing_key` signs what is written.

        `options` are those of Timeline.from_snapshot.

        Raises FileExistsError, BlockingIOError, and BailiwickError as Timeline.from_snapshot.
        """
        path = Path(path)
        timeline = Timeline.from_snapshot(snapshot, **options)
        written, end = timeline.new_journal(signing_key=signing_key)
        _put(path, written, os.link)
        return cls(_opened(path), path, timeline, end, signing_key)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, signing_key: Bytes | None = None, **options: Any) -> Self:
        """Open a journal to append to it. What is left of a record that was not written completely is cut off.

        `options` are those of Timeline.from_journal. Raises BlockingIOError if another process writes it, and BailiwickError as
        Timeline.from_journal.
        """
        path = Path(path)
        file = _opened(path)
        try:
            timeline, end = Timeline.from_journal(_contents(file), **options)
            if end is None:
                message = "a part of a journal can be read, and not be appended to"
                raise ValueError(message)
            if os.fstat(file).st_size > end.bytes:
                os.ftruncate(file, end.bytes)
                os.fsync(file)
        except BaseException:
            os.close(file)
            raise
        return cls(file, path, timeline, end, signing_key)

    @staticmethod
    def read(path: str | os.PathLike[str], **options: Any) -> Timeline:
        """Read the timeline of a journal, which another process may be writing: up to its last complete record.

        `options` are those of Timeline.from_journal: with `since` or `until` it reads what the moments between them need.
        Raises BailiwickError as Timeline.from_journal.
        """
        timeline: Timeline = Timeline.from_journal(Path(path).read_bytes(), **options)[0]
        return timeline

    def append(self, data: Bytes, **options: Any) -> int:
        """Append a delta or a snapshot, and return the revision. `options` are those of Timeline.append, and so are the errors."""
        with self._lock:
            self._ensure_open()
            self._write(*self.timeline.append_to_journal(data, self._end, **options))
            return self.timeline.revision

    def apply(self, change: Change | dict[str, Any], **terms: Any) -> int:
        """Make a change, and return the new revision. `terms` are the arguments of Timeline.apply, and so are the errors."""
        with self._lock:
            self._ensure_open()
            self._write(*self.timeline.apply_to_journal(change, self._end, signing_key=self._signing_key, **terms))
            return self.timeline.revision

    def compact(self, until: Instant, **options: Any) -> tuple[str, str] | None:
        """Merge everything up to an instant into one checkpoint. The file is replaced as a whole: readers see the old one or the new one.

        Returns from when to before when the moments were that can no longer be told apart (RFC 3339): they are before the beginning now.
        None if nothing was merged. `options` are the keys of Timeline.from_journal. Raises BailiwickError as Timeline.from_journal.
        """
        with self._lock:
            old = self._ensure_open()
            written, end, merged = Timeline.compact_journal(_contents(old), until, signing_key=self._signing_key, **options)
            timeline, _ = Timeline.from_journal(written, **options)
            _put(self._path, written, os.replace)
            # Whoever waited for the lock on the old file has the wrong one.
            self._file = _opened(self._path)
            os.close(old)
            self._end, self.timeline = end, timeline
            return merged

    def close(self) -> None:
        """Let others write."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _ensure_open(self) -> int:
        if self._file is None:
            message = "the journal is closed; open it again"
            raise ValueError(message)
        return self._file

    def _write(self, record: bytes, end: JournalEnd) -> None:
        """Append a record. If that fails, the timeline is ahead of the file: the journal is closed, and opening it cuts the record off."""
        file = self._ensure_open()
        try:
            os.lseek(file, self._end.bytes, os.SEEK_SET)
            _write_all(file, record)
            os.fsync(file)
        except BaseException:
            os.close(file)
            self._file = None
            raise
        self._end = end


def _opened(path: Path) -> int:
    """The file, locked against other writers."""
    while True:
        file = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A compaction may have replaced the file before the lock was given.
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _contents(file: int) -> bytes:
    os.lseek(file, 0, os.SEEK_SET)
    with os.fdopen(os.dup(file), "rb") as whole:
        return whole.read()


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _put(path: Path, data: bytes, place: Any) -> None:
    """Write a whole file beside its place, and put it there at once."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            _write_all(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        place(new, path)
    finally:
        new.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
