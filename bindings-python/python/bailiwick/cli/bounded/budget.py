"""Limits the memory that a file may take. A few bytes can claim any amount, by compression or by indices into something large."""

from __future__ import annotations

from ..files.input import format_size, unreadable
from ..files.limits import AT_ONCE_BYTES, FREE_AT_ONCE_BYTES, FREE_IN_ALL_BYTES, RATIO_AT_ONCE, RATIO_IN_ALL, RECORD_BYTES


class Budget:
    """Compares the bytes of a file with the memory that they become."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read = 0
        self._made = 0
        self._held: dict[int, tuple[int, int]] = {}

    def spend(self, read: int, made: int) -> None:
        """Accounts for bytes of the file that take memory for a short time. Raises UnreadableError."""
        self._read += read
        self._made += made
        self._check_at_once(read, made)
        self.grow(0)

    def hold(self, name: int, read: int, made: int, *, is_more: bool) -> None:
        """Accounts for memory that is kept, such as a dictionary, until another one of that name replaces or extends it."""
        before = self._held.get(name, (0, 0)) if is_more else (0, 0)
        self._held[name] = before[0] + read, before[1] + made
        held_read, held_made = (sum(parts) for parts in zip(*self._held.values(), strict=True))
        self._read += read
        self._made += made
        self._check_at_once(held_read, held_made)
        self.grow(0)

    def _check_at_once(self, read: int, made: int) -> None:
        if made > min(max(FREE_AT_ONCE_BYTES, RATIO_AT_ONCE * read), AT_ONCE_BYTES):
            raise unreadable(
                self._path,
                f"a part of it expands to more than {RATIO_AT_ONCE} times its size, or to more than {format_size(AT_ONCE_BYTES)}",
            )

    def grow(self, made: int) -> None:
        """Accounts for memory of the output."""
        self._made += made
        if self._made > max(FREE_IN_ALL_BYTES, RATIO_IN_ALL * self._read):
            raise unreadable(self._path, f"it expands to more than {RATIO_IN_ALL:,} times its size")

    def check_row(self, made: int) -> None:
        """Checks the size of one row."""
        if made > RECORD_BYTES:
            raise unreadable(self._path, f"a row is larger than {format_size(RECORD_BYTES)}")
