"""A feed in a folder, which any server of files can serve."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .store import UNCHANGED, Answer, Found, NotAsSeenError

PATIENCE = 10.0
"""For how many seconds a writer waits for another, before it takes the lock for one that a crash has left."""


class FolderStore:
    """A feed in a folder. Each object is a file, which is replaced as a whole.

    Writers take turns by a lock file. One that is stopped in the middle of a write for ten seconds may lose its turn.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._folder = Path(os.path.realpath(path))

    def get(self, key: str, seen: str | None = None) -> Answer:
        """As Store.get."""
        try:
            with open(self._folder / key, "rb") as file:
                etag = _etag(os.fstat(file.fileno()))
                return UNCHANGED if etag == seen else Found(file.read(), etag)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, key: str, data: bytes, seen: str | None) -> str:
        """As Store.put."""
        place = self._folder / key
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}.new")
        try:
            with open(draft, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                etag = _etag(os.fstat(file.fileno()))
            with self._turn() as is_mine:
                if _present(place) != seen:
                    raise NotAsSeenError(key)
                is_mine()
                os.replace(draft, place)
        finally:
            draft.unlink(missing_ok=True)
        _sync(place.parent)
        return etag

    def delete(self, key: str) -> None:
        """As Store.delete."""
        (self._folder / key).unlink(missing_ok=True)

    @contextmanager
    def _turn(self) -> Iterator[object]:
        """Holds the lock. What it gives raises NotAsSeenError if the lock was taken away."""
        lock, mine = self._folder / ".lock", secrets.token_hex(8)
        since = time.monotonic()
        while True:
            try:
                with open(lock, "x", encoding="ascii") as file:
                    file.write(mine)
                break
            except FileExistsError:
                if time.monotonic() - since > PATIENCE:
                    _take_away(lock)
                    since = time.monotonic()
                time.sleep(0.005)

        def is_mine() -> None:
            if _text(lock) != mine:
                raise NotAsSeenError(str(lock))

        try:
            yield is_mine
        finally:
            if _text(lock) == mine:
                lock.unlink(missing_ok=True)


def _take_away(lock: Path) -> None:
    """Removes a lock whose holder has had time enough. Of several, one succeeds: renaming fails for the others."""
    with suppress(OSError):
        if time.time() - lock.stat().st_mtime > PATIENCE:
            gone = lock.with_name(f".lock.{secrets.token_hex(8)}")
            os.rename(lock, gone)
            gone.unlink()


def _text(path: Path) -> str | None:
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        return None


def _present(place: Path) -> str | None:
    try:
        return _etag(place.stat())
    except FileNotFoundError:
        return None


def _etag(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"


def _sync(folder: Path) -> None:
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
