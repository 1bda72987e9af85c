"""How deep JSON is nested, found before anything reads it that recurses."""

from __future__ import annotations

import re

from .limits import DEPTH

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
STRING = re.compile(_STRING, re.DOTALL)
# Python takes a hundred bytes for each part that it joins, so that a few megabytes of empty strings would become a gigabyte.
RUN = re.compile(rb'(?:[^"]*+' + _STRING + rb'){1,4096}+|[^"]++', re.DOTALL)
OPENERS = b"[{"
# Both kinds of brackets become one: whether they match is for the parser.
ONE_KIND = bytes.maketrans(b"{}", b"[]")
NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
NO_OPENER_OR_LINE = bytes(set(range(256)) - set(b"[{\n"))


def without_strings(text: bytes) -> bytes:
    """JSON, whole or broken off, but for what is between quotes."""
    return b"".join([STRING.sub(b"", run[0]) for run in RUN.finditer(text)])


def is_too_deep(text: bytes) -> bool:
    """Whether objects and lists in JSON, whole or broken off, are nested deeper than the engine takes them."""
    if sum(map(text.count, (b"[", b"{"))) <= DEPTH:
        return False
    left = without_strings(text).translate(ONE_KIND, NO_BRACKET)
    # Each round takes away what is innermost.
    for _ in range(DEPTH):
        shorter = left.replace(b"[]", b"")
        if len(shorter) == len(left):
            break
        left = shorter
    return b"[]" in left or left.count(b"[") > DEPTH


def has_deep_lines(text: bytes) -> bool:
    """The same of many lines of JSON, faster where each is an object by itself: then no line can begin what another goes on with."""
    lines = text.strip()
    breaks = lines.count(b"\n")
    if lines[:1] == b"{" and lines[-1:] == b"}" and lines.count(b"}\n{") + lines.count(b"}\r\n{") == breaks:
        openers = lines.translate(None, NO_OPENER_OR_LINE)
        if max(map(len, openers.split(b"\n"))) <= DEPTH:
            return False
    return is_too_deep(text)
