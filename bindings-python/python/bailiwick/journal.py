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

import copy
import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ._bailiwick import Timeline
from ._errors import BailiwickError
from ._journal_file import JournalFile

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import TracebackType

    from ._bailiwick import JournalEnd
    from .types import Change, Instant

__all__ = ["Journal"]

Bytes: TypeAlias = bytes | bytearray | memoryview

KEYS = ("public_key", "public_keys")


class Journal:
    """A journal that this process writes. Threads may share it.

    `timeline` is what the journal holds. Never change it but by the journal.

    A write that fails, or that an exception interrupts, closes the journal: what was written of it is cut off when the journal is opened
    again. A process that was forked from this one cannot use it (ValueError).
    """

    timeline: Timeline

    def __init__(self, file: JournalFile, timeline: Timeline, end: JournalEnd, signing_key: Bytes | None, keys: dict[str, Any]) -> None:
        """Use `create` or `open`."""
        self._file = file
        self._end = end
        self._signing_key = signing_key
        self._keys = keys
        self._lock = threading.Lock()
        self.timeline = timeline

    @classmethod
    def create(cls, path: str | os.PathLike[str], snapshot: Bytes, *, signing_key: Bytes | None = None, **options: Any) -> Self:
        """Begin a journal with a snapshot, in a new file. `signing_key` signs what is written.

        `options` are those of Timeline.from_snapshot.

        Raises FileExistsError, and BailiwickError as Timeline.from_snapshot and Timeline.new_journal.
        """
        timeline = Timeline.from_snapshot(snapshot, **options)
        written, end = timeline.new_journal(signing_key=signing_key)
        return cls(JournalFile.create(path, written), timeline, end, signing_key, _keys_of(options))

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, signing_key: Bytes | None = None, **options: Any) -> Self:
        """Open a journal to append to it. What is left of a record that was not written completely is cut off.

        `options` are those of Timeline.from_journal. Raises BlockingIOError if another process writes it, and BailiwickError as
        Timeline.from_journal.
        """
        file = JournalFile.open(path)
        try:
            timeline, end = _whole(file.read(), options)
            file.cut(end.bytes)
        except BaseException:
            file.close()
            raise
        return cls(file, timeline, end, signing_key, _keys_of(options))

    @staticmethod
    def read(path: str | os.PathLike[str], **options: Any) -> Timeline:
        """Read the timeline of a journal, which another process may be writing: up to its last complete record.

        `options` are those of Timeline.from_journal: with `since` or `until` it reads what the moments between them need.
        Raises BailiwickError as Timeline.from_journal.
        """
        timeline: Timeline = Timeline.from_journal(Path(path).read_bytes(), **options)[0]
        return timeline

    def append(self, data: Bytes, **options: Any) -> int:
        """Append a delta or a snapshot, and return the revision. `options` are those of Timeline.append.

        Raises BailiwickError as Timeline.append_to_journal, OSError, and ValueError if the journal is closed.
        """
        with self._writing():
            self._write(*self.timeline.append_to_journal(data, self._end, **options))
            return self.timeline.revision

    def apply(self, change: Change | dict[str, Any], **terms: Any) -> int:
        """Make a change, and return the new revision. `terms` are the arguments of Timeline.apply.

        Raises BailiwickError as Timeline.apply_to_journal, OSError, and ValueError if the journal is closed.
        """
        with self._writing():
            self._write(*self.timeline.apply_to_journal(change, self._end, signing_key=self._signing_key, **terms))
            return self.timeline.revision

    def apply_many(self, changes: Sequence[Change | dict[str, Any]], **terms: Any) -> int:
        """Make changes, all or none, and return the new revision. `terms` are the arguments of Timeline.apply, for each change.

        Raises BailiwickError as apply, with the position of the change in front of the path; OSError, and ValueError if the journal is
        closed.
        """
        with self._writing():
            # They are made to a copy: if one is refused, nothing has changed.
            timeline, end = copy.copy(self.timeline), self._end
            records: list[bytes] = []
            for number, change in enumerate(changes):
                try:
                    record, end = timeline.apply_to_journal(change, end, signing_key=self._signing_key, **terms)
                except BailiwickError as error:
                    raise type(error)(*[error.code, f"/{number}{error.path or ''}", *error.args[2:]]) from error
                records.append(record)
            self._write(b"".join(records), end)
            self.timeline = timeline
            return timeline.revision

    def compact(self, until: Instant, **options: Any) -> tuple[str, str] | None:
        """Merge everything up to an instant into one checkpoint. The file is replaced as a whole: readers see the old one or the new one.

        Returns from when to before when the moments were that can no longer be told apart (RFC 3339): they are before the beginning now.
        None if nothing was merged. `options` are those of Timeline.from_journal; without keys, those that the journal was opened with.
        Raises BailiwickError as Timeline.compact_journal, OSError, and ValueError if the journal is closed.
        """
        with self._writing():
            options = {**({} if options.keys() & set(KEYS) else self._keys), **options}
            written, merged = Timeline.compact_journal(self._file.read(), until, signing_key=self._signing_key, **options)
            timeline, end = _whole(written, options)
            self._file.replace(written)
            self._end, self.timeline = end, timeline
            return merged

    def close(self) -> None:
        """Let others write."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Generator[None]:
        """Closes the journal after an exception: the timeline may be ahead of the file. Those of the engine change nothing."""
        with self._lock:
            self._file.ensure_open()
            try:
                yield
            except BailiwickError:
                raise
            except BaseException:
                self._file.close()
                raise

    def _write(self, records: bytes, end: JournalEnd) -> None:
        self._file.append(records, self._end.bytes)
        self._end = end


def _whole(data: bytes, options: dict[str, Any]) -> tuple[Timeline, JournalEnd]:
    timeline, end = Timeline.from_journal(data, **options)
    if end is None:
        message = "a part of a journal can be read, and not be appended to"
        raise ValueError(message)
    return timeline, end


def _keys_of(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in KEYS if name in options}
