"""How deeply JSON is nested, found before a recursive parser reads it."""

from __future__ import annotations

import re

from .limits import DEPTH

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
STRING = re.compile(_STRING, re.DOTALL)
# Runs of many strings at once: each part of a join takes a hundred bytes, so a few megabytes of empty strings would take a gigabyte.
RUN = re.compile(rb'(?:[^"]*+' + _STRING + rb'){1,4096}+|[^"]++', re.DOTALL)
OPENERS = b"[{"
# Both kinds of brackets become one; the parser checks that they match.
ONE_KIND = bytes.maketrans(b"{}", b"[]")
NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
NO_OPENER_OR_LINE = bytes(set(range(256)) - set(b"[{\n"))


def without_strings(text: bytes) -> bytes:
    """JSON without its strings. It may be truncated."""
    return b"".join([STRING.sub(b"", run[0]) for run in RUN.finditer(text)])


def is_too_deep(text: bytes) -> bool:
    """Whether JSON is nested deeper than the engine accepts. It may be truncated."""
    if sum(map(text.count, (b"[", b"{"))) <= DEPTH:
        return False
    left = without_strings(text).translate(ONE_KIND, NO_BRACKET)
    # Each round removes the innermost pairs.
    for _ in range(DEPTH):
        shorter = left.replace(b"[]", b"")
        if len(shorter) == len(left):
            break
        left = shorter
    return b"[]" in left or left.count(b"[") > DEPTH


def has_deep_lines(text: bytes) -> bool:
    """The same for many lines of JSON. It is faster if each line is a whole object, so that no nesting spans lines."""
    lines = text.strip()
    breaks = lines.count(b"\n")
    if lines[:1] == b"{" and lines[-1:] == b"}" and lines.count(b"}\n{") + lines.count(b"}\r\n{") == breaks:
        openers = lines.translate(None, NO_OPENER_OR_LINE)
        if max(map(len, openers.split(b"\n"))) <= DEPTH:
            return False
    return is_too_deep(text)
