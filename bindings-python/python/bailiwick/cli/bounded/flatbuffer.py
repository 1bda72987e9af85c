"""A small reader of FlatBuffers, the format of Arrow's metadata. Offsets out of bounds raise ValueError."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any


class Table:
    """A table: fields by number, each of which may be absent."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def has(self, field: int) -> bool:
        """Whether the table has a field."""
        return self._place(field) is not None

    def number(self, field: int, form: str) -> int:
        """The number in a field; 0 if it is absent."""
        place = self._place(field)
        return 0 if place is None else _read(self._data, place, form)[0]

    def table(self, field: int) -> Table | None:
        """The table in a field."""
        place = self._place(field)
        return None if place is None else Table(self._data, self._follow(place))

    def structs(self, field: int, form: str) -> Iterator[Any]:
        """The list of structs in a field. Its length is not trusted: reading ends at the end of the data."""
        place = self._place(field)
        if place is None:
            return
        start = self._follow(place)
        (count,) = _read(self._data, start, "<I")
        for number in range(count):
            yield _read(self._data, start + 4 + number * struct.calcsize(form), form)

    def _place(self, field: int) -> int | None:
        (back,) = _read(self._data, self._at, "<i")
        fields = self._at - back
        (size,) = _read(self._data, fields, "<H")
        entry = 4 + 2 * field
        if entry + 2 > size:
            return None
        (offset,) = _read(self._data, fields + entry, "<H")
        return self._at + offset if offset else None

    def _follow(self, place: int) -> int:
        return place + int(_read(self._data, place, "<I")[0])


def root_of(data: bytes) -> Table:
    """The root table."""
    return Table(data, _read(data, 0, "<I")[0])


def _read(data: bytes, place: int, form: str) -> tuple[Any, ...]:
    # Python would count a negative place from the end.
    if not 0 <= place <= len(data) - struct.calcsize(form):
        raise ValueError("out of bounds")
    return struct.unpack_from(form, data, place)
