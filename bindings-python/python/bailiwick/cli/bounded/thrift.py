"""A small reader of Thrift's compact protocol, the format of Parquet's page headers.

Truncated data raises IndexError, any other invalid data ValueError.
"""

from __future__ import annotations

from typing import Any

STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(13)
VARIABLE = {I16, I32, I64}
DEPTH = 8
"""Page headers have three levels."""


def read_struct(data: bytes) -> tuple[dict[int, Any], int]:
    """The fields of a struct by number, and its length. Numbers and structs are read; other values are skipped."""
    reader = _Reader(data)
    return reader.struct(0), reader.at


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def struct(self, depth: int) -> dict[int, Any]:
        if depth > DEPTH:
            raise ValueError("nested too deep")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            kind = head & 15
            fields[number] = kind == TRUE if kind in {TRUE, FALSE} else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in VARIABLE:
            return self._signed()
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind == BINARY:
            self._skip(self._unsigned())
        elif kind in {TRUE, FALSE, BYTE}:
            self._skip(1)
        elif kind == DOUBLE:
            self._skip(8)
        else:
            # Page headers have no other types.
            raise ValueError("a type that is not expected")
        return None

    def _byte(self) -> int:
        byte = self._data[self.at]
        self.at += 1
        return byte

    def _skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self._data):
            raise IndexError

    def _unsigned(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
            if shift > 63:
                raise ValueError("a number that is too long")

    def _signed(self) -> int:
        number = self._unsigned()
        return number >> 1 ^ -(number & 1)
