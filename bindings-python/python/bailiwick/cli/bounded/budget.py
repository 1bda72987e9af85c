"""How much memory a file may take: a few bytes can claim any amount, whether compressed, or as indices into something large."""

from __future__ import annotations

from ..files.input import size_in_words, unreadable
from ..files.limits import AT_ONCE_BYTES, FREE_AT_ONCE_BYTES, FREE_IN_ALL_BYTES, RATIO_AT_ONCE, RATIO_IN_ALL, RECORD_BYTES


class Budget:
    """Adds up what becomes of the bytes of a file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read = 0
        self._made = 0
        self._held: dict[int, tuple[int, int]] = {}

    def spend(self, read: int, made: int) -> None:
        """So many bytes of the file become so many in memory, and are soon done with. Raises UnreadableError."""
        self._read += read
        self._made += made
        self._check_at_once(read, made)
        self.grow(0)

    def hold(self, name: int, read: int, made: int, *, is_more: bool) -> None:
        """The same of what stays there, such as a dictionary: until another of that name takes its place, or is added to it."""
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
                f"a part of it expands to more than {RATIO_AT_ONCE} times its size, or to more than {size_in_words(AT_ONCE_BYTES)}",
            )

    def grow(self, made: int) -> None:
        """What is written out of it takes so many bytes more."""
        self._made += made
        if self._made > max(FREE_IN_ALL_BYTES, RATIO_IN_ALL * self._read):
            raise unreadable(self._path, f"it expands to more than {RATIO_IN_ALL:,} times its size")

    def check_row(self, made: int) -> None:
        """One row takes so many bytes."""
        if made > RECORD_BYTES:
            raise unreadable(self._path, f"a row is larger than {size_in_words(RECORD_BYTES)}")
