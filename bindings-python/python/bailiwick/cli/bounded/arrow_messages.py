"""The messages of Arrow files and streams, checked before Arrow allocates memory for what they claim.

An Arrow file is a stream between two magic strings, followed by a footer that is not needed here.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import IO

from ..files.input import format_size, read_up_to, unreadable
from ..files.limits import AT_ONCE_BYTES, METADATA_BYTES, ROW_BYTES
from .budget import Budget
from .flatbuffer import Table, root_of

FILE_MARK = b"ARROW1"
PADDED_MARK = 8
CONTINUATION = b"\xff\xff\xff\xff"
DICTIONARY_BATCH, RECORD_BATCH = 2, 3
VERSION_5 = 4
# A compressed buffer begins with its uncompressed length. This value means that the buffer is not compressed.
NOT_COMPRESSED = -1


class CheckedStream:
    """A file of messages for Arrow's reader.

    Raises UnreadableError for messages that fail a check, and ValueError for data that is not Arrow.
    """

    closed = False

    def __init__(self, path: str, file: IO[bytes], budget: Budget) -> None:
        self._path, self._file, self._budget = path, file, budget
        self._parts: deque[bytes] = deque()
        start = file.read(PADDED_MARK)
        self._is_file = start.startswith(FILE_MARK)
        self._pushed_back = b"" if self._is_file else start
        self._is_over = False

    def readable(self) -> bool:
        """Part of the file interface that Arrow uses."""
        return True

    def close(self) -> None:
        """Does nothing: the file belongs to the caller."""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer at the end."""
        while not self._is_over and sum(map(len, self._parts)) < size:
            self._parts.extend(self._message())
        taken = []
        while size and self._parts:
            part = self._parts.popleft()
            if len(part) > size:
                self._parts.appendleft(part[size:])
                part = part[:size]
            taken.append(part)
            size -= len(part)
        # Usually this is the body of one message, which is not copied.
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def _message(self) -> list[bytes]:
        """The next message: its frame, its metadata and its body."""
        frame = self._take(4)
        if frame == CONTINUATION:
            frame += self._take(4)
        if not frame and not self._is_file:
            # A stream may just end.
            self._is_over = True
            return []
        length = int.from_bytes(self._whole(frame[-4:], 4), "little", signed=True)
        if length == 0:
            self._end()
            return [frame]
        if not 0 < length <= METADATA_BYTES:
            raise unreadable(self._path, "the metadata of a message is too large")
        description = self._whole(self._take(length), length)
        header_type, header, body_length = _message_in(description)
        if not 0 <= body_length <= AT_ONCE_BYTES:
            raise unreadable(self._path, f"a record batch is larger than {format_size(AT_ONCE_BYTES)}")
        body = self._whole(self._take(body_length), body_length)
        if header_type == RECORD_BATCH and header is not None:
            self._budget.spend(length + body_length, _size_of(header, body))
        elif header_type == DICTIONARY_BATCH and header is not None and (values := header.table(1)) is not None:
            size = _size_of(values, body)
            self._budget.hold(header.number(0, "<q"), length + body_length, size, is_more=bool(header.number(2, "<B")))
        return [frame, description, body]

    def _take(self, size: int) -> bytes:
        held, self._pushed_back = self._pushed_back[:size], self._pushed_back[size:]
        return held + read_up_to(self._file, size - len(held)) if len(held) < size else held

    def _whole(self, data: bytes, size: int) -> bytes:
        if len(data) < size:
            raise unreadable(self._path, "it ends too soon")
        return data

    def _end(self) -> None:
        """Reads what follows the last message. A file ends with the magic string."""
        self._is_over = True
        last = b""
        while self._is_file and (part := self._file.read(1 << 20)):
            last = (last + part)[-len(FILE_MARK) :]
        if self._is_file and last != FILE_MARK:
            raise unreadable(self._path, "it ends too soon")


def _message_in(description: bytes) -> tuple[int, Table | None, int]:
    """The type of a message, its header, and the length of its body."""
    message = root_of(description)
    if message.number(0, "<h") < VERSION_5 and message.has(4):
        # Before there was a field for compression, custom metadata could say so.
        raise ValueError("custom metadata in a message of an old version")
    return message.number(1, "<B"), message.table(2), message.number(3, "<q")


def _size_of(batch: Table, body: bytes) -> int:
    """The size of a batch in memory, in bytes."""
    places = [place for place in batch.structs(2, "<qq") if place[1] > 0]
    if any(start < 0 or start + length > len(body) for start, length in places):
        raise ValueError("a buffer outside its message")
    size: int = sum(length for _, length in places)
    if batch.table(3) is not None:
        claimed: list[int] = [struct.unpack_from("<q", body, start)[0] for start, length in places if length >= 8]
        size += sum(length for length in claimed if length != NOT_COMPRESSED)
        if any(length < NOT_COMPRESSED for length in claimed):
            raise ValueError("a buffer of a negative length")
    return max(size, batch.number(0, "<q") * ROW_BYTES)
