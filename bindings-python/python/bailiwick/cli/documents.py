"""JSON that is read here and not by the engine, as strictly: no key twice, no number that JSON lacks."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from bailiwick import InvalidInputError

from .inputs import named, read
from .limits import DEPTH, DOCUMENT_BYTES
from .nesting import is_too_deep

Json = Any


class _RepeatedKeyError(ValueError):
    pass


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedKeyError("an object has a key twice")
    return members


def _no_number(_name: str) -> NoReturn:
    raise ValueError("a number that JSON does not have")


def parse(text: str, *, path: str, where: str) -> Json:
    """One JSON value. `where` says in the message what the text is. Raises `invalid_json` and `limit_exceeded`."""
    if is_too_deep(text.encode("utf-8", "replace")):
        raise InvalidInputError("limit_exceeded", path, f"{where} is nested deeper than {DEPTH}")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInputError("invalid_json", path, f"{where} is no JSON: {error.msg.lower()} at {place}") from error
    except ValueError as error:
        raise InvalidInputError("invalid_json", path, f"{where} is no JSON: {error}") from error


def text_of(data: bytes, *, path: str, where: str) -> str:
    """Bytes as text. Raises `invalid_json`, as the engine does for text that is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError("invalid_json", path, f"{where} is no UTF-8 text") from error


def read_document(file: str, *, path: str) -> Json:
    """The JSON value in a file."""
    return parse(text_of(read(file, most=DOCUMENT_BYTES), path=path, where=named(file)), path=path, where=named(file))


def read_list(file: str) -> list[Json]:
    """A list from a file: one JSON value a line, or a JSON list, or a single object over any number of lines."""
    return list_of(text_of(read(file, most=DOCUMENT_BYTES), path="", where=named(file)), where=named(file))


def list_of(text: str, *, where: str) -> list[Json]:
    """The same from text. The path of a fault begins with the place in the list."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not _is_value_a_line(lines):
        whole = parse(text, path="", where=where)
        return whole if isinstance(whole, list) else [whole]
    return [parse(line, path=f"/{index}", where=f"line {number} of {where}") for index, (number, line) in enumerate(lines)]


def _is_value_a_line(lines: list[tuple[int, str]]) -> bool:
    """Whether each line holds an object, rather than all of them together one value: inside an object no line begins like another one."""
    return len(lines) > 1 and all(line.lstrip().startswith("{") for _, line in lines[:2])
