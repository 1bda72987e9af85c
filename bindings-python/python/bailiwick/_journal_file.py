"""The file of a journal: locked, appended to, and replaced as a whole."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class JournalFile:
    """A file that this process has locked against other writers. What a method has returned from is on the disk."""

    def __init__(self, file: int, path: str) -> None:
        """Use `create` or `open`."""
        self._file: int | None = file
        self._path = path
        self._process = os.getpid()

    @classmethod
    def create(cls, path: str | os.PathLike[str], data: bytes) -> Self:
        """A new file with these bytes. Raises FileExistsError, also for a link that leads nowhere."""
        folder, name = os.path.split(os.path.abspath(path))
        place = os.path.join(os.path.realpath(folder), name)
        return cls(_put(_draft(place, "new"), place, data, os.link), place)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """An existing file. Raises BlockingIOError if another process has locked it."""
        # As it is now: neither a link that is changed later nor another working folder leads elsewhere.
        place = os.path.realpath(path)
        while True:
            file = os.open(place, os.O_RDWR | BINARY)
            try:
                _lock(file)
                # A compaction may have replaced the file before the lock was given.
                if os.path.samestat(os.fstat(file), os.stat(place)):
                    return cls(file, place)
            except BaseException:
                os.close(file)
                raise
            os.close(file)

    def read(self) -> bytes:
        """All of it."""
        file = self.ensure_open()
        os.lseek(file, 0, os.SEEK_SET)
        with os.fdopen(os.dup(file), "rb") as whole:
            return whole.read()

    def cut(self, length: int) -> None:
        """Cut off what is beyond a length."""
        file = self.ensure_open()
        if os.fstat(file).st_size > length:
            os.ftruncate(file, length)
            os.fsync(file)

    def append(self, data: bytes, end: int) -> None:
        """Write at the end, which is here. If it does not fit, nothing is left of it."""
        file = self.ensure_open()
        try:
            os.lseek(file, end, os.SEEK_SET)
            _write(file, data)
        except BaseException:
            with suppress(OSError):
                self.cut(end)
            raise

    def replace(self, data: bytes) -> None:
        """Replace all of it by other bytes. Readers have the old file or the new one."""
        old = self.ensure_open()
        status = os.fstat(old)
        self._remove_drafts()
        draft = _draft(self._path, "compact")
        # Only the owner may give a file away. Who could read it still can.
        with suppress(AttributeError, OSError):
            os.chown(draft, status.st_uid, status.st_gid)
        os.chmod(draft, stat.S_IMODE(status.st_mode))
        if fcntl is None:
            # Windows does not replace a file that is open.
            self.close()
        # From here on the old file is nobody's.
        self._file = _put(draft, self._path, data, os.replace)
        if fcntl is not None:
            os.close(old)

    def ensure_open(self) -> int:
        """The file. Raises ValueError if it is closed, or belongs to the process from which this one was forked."""
        if self._file is None:
            message = "the journal is closed; open it again"
            raise ValueError(message)
        if self._process != os.getpid():
            message = "the journal was opened by the process from which this one was forked; open it here after it was closed there"
            raise ValueError(message)
        return self._file

    def close(self) -> None:
        """Let others write."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.close()

    def _remove_drafts(self) -> None:
        """Remove what compactions have left that were killed. Only the holder of the lock compacts."""
        folder, name = os.path.split(self._path)
        for draft in Path(folder).iterdir():
            if draft.name.startswith(f".{name}.") and draft.name.endswith(".compact"):
                draft.unlink(missing_ok=True)


def _draft(place: str, ending: str) -> str:
    """A new file in the same folder."""
    folder, name = os.path.split(place)
    draft = os.path.join(folder, f".{name}.{secrets.token_hex(8)}.{ending}")
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY, 0o600))
    return draft


def _put(draft: str, place: str, data: bytes, put: Callable[[str, str], None]) -> int:
    """Write a file, give it its name, and return it, locked. After an error there is no such file."""
    file = os.open(draft, os.O_RDWR | BINARY)
    try:
        # Before it has its name, so that nobody can write it in between.
        _lock(file)
        _write(file, data)
        if fcntl is None:
            # Windows does not rename a file that is open.
            os.close(file)
        put(draft, place)
        if fcntl is None:
            file = os.open(place, os.O_RDWR | BINARY)
    except BaseException:
        with suppress(OSError):
            os.close(file)
        raise
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)
    try:
        _sync_folder(place)
    except BaseException:
        os.close(file)
        raise
    return file


def _lock(file: int) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _sync_folder(place: str) -> None:
    if os.name == "posix":
        file = os.open(os.path.dirname(place), os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
