"""JSON that is read in Python. It is as strict as the engine: no repeated keys, no NaN or infinity."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

from bailiwick import InvalidInputError, UnreadableError

from .input import display_name, format_size, read
from .limits import DEPTH, DOCUMENT_BYTES, KIB, RECORD_BYTES, VALUES
from .nesting import is_too_deep, without_strings

Json = Any

PART_BYTES = 128 * KIB
"""How much of a JSON Lines file is parsed at once, unless a line is longer."""
LINE = re.compile(rb"[^ \t\r\n][^\n]*")
"""A line without leading blanks and blank lines."""


class _NoJsonError(ValueError):
    pass


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _NoJsonError("an object has a repeated key")
    return members


def _no_number(_name: str) -> NoReturn:
    raise _NoJsonError("a number that JSON does not have")


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def parse(data: bytes, *, path: str, where: str) -> Json:
    """One JSON value. `where` says in the message what it is. Raises `invalid_json` and `limit_exceeded`."""
    excess = _excess(data)
    if excess is not None:
        raise InvalidInputError("limit_exceeded", path, f"{where} {excess}")
    text = text_of(data, path=path, where=where)
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInputError("invalid_json", path, f"{where} is not valid JSON: {error.msg.lower()} at {place}") from error
    except _NoJsonError as error:
        raise InvalidInputError("invalid_json", path, f"{where} is not valid JSON: {error}") from error
    except ValueError as error:
        # Python refuses numbers of thousands of digits; its own message suggests raising its limit.
        raise InvalidInputError("limit_exceeded", path, f"{where} has a number with too many digits") from error


def text_of(data: bytes, *, path: str, where: str) -> str:
    """Bytes as text. Raises `invalid_json`, as the engine does for invalid UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError("invalid_json", path, f"{where} is not UTF-8 text") from error


def _excess(data: bytes) -> str | None:
    """The limit that JSON exceeds, found before it is parsed."""
    if len(data) > RECORD_BYTES:
        return f"is larger than {format_size(RECORD_BYTES)}"
    if is_too_deep(data):
        return f"is nested deeper than {DEPTH}"
    # Strings can contain commas and brackets too. They are removed only if that could matter.
    if _values(data) > VALUES and _values(without_strings(data)) > VALUES:
        return f"has more than {VALUES:,} values"
    return None


def _values(data: bytes) -> int:
    return sum(map(data.count, (b"[", b"{", b",")))


def read_document(file: str, *, path: str) -> Json:
    """The JSON value in a file."""
    return parse(without_mark(read(file, most=RECORD_BYTES)), path=path, where=display_name(file))


def read_list(file: str) -> Iterator[list[Json]]:
    """A list from a file: one JSON value on each line, or a JSON list, or a single object over any number of lines.

    It comes in parts, so that never all of its values are in memory. Raises `invalid_json`, and UnreadableError.
    """
    try:
        yield from list_of(read(file, most=DOCUMENT_BYTES), where=display_name(file))
    except InvalidInputError as error:
        if error.code == "limit_exceeded":
            raise UnreadableError("unreadable", None, error.message) from error
        raise


def list_of(data: bytes, *, where: str) -> Iterator[list[Json]]:
    """The same from text. The path of an error begins with the index in the list."""
    data = without_mark(data)
    if not _is_value_a_line(data):
        whole = parse(data, path="", where=where)
        yield whole if isinstance(whole, list) else [whole]
        return
    part: list[Json] = []
    number, counted, size = 1, 0, 0
    for index, line in enumerate(LINE.finditer(data)):
        number += data.count(b"\n", counted, line.start())
        counted = line.start()
        size += line.end() - counted
        if size > PART_BYTES and part:
            yield part
            part, size = [], line.end() - counted
        part.append(parse(line[0], path=f"/{index}", where=f"line {number} of {where}"))
    yield part


def _is_value_a_line(data: bytes) -> bool:
    """Whether each line holds an object, and not all lines together one value: two lines that begin with `{` are not one object."""
    starts = [line.start() for line in islice(LINE.finditer(data), 2)]
    return len(starts) > 1 and all(data.startswith(b"{", start) for start in starts)


def without_mark(data: bytes) -> bytes:
    """Text without a byte order mark."""
    return data.removeprefix(codecs.BOM_UTF8)
