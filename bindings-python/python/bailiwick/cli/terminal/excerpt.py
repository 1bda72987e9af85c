"""Excerpts of a document, with a mark below the place of a fault. Possible secrets are redacted."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len
from rich.text import Text

from bailiwick import Fault

from .console import BAD, FAINT, visible
from .redaction import MASK, redact

# A document may be one long line.
BEFORE, WIDTH = 40, 110
TAB_STOP = " "
# An invalid digest is often the secret itself, and an unknown field often holds a secret.
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
DIGEST = re.compile(rf'("digest"\s*+:\s*+)({STRING})')
FIELD = re.compile(rf"{STRING}\s*+:\s*+({STRING}|[{{\[]|[^\s,}}\]]++)")


class Excerpts:
    """Shows the places of faults in a text. A line is redacted once, because one line may have thousands of faults."""

    def __init__(self, text: str) -> None:
        self._lines: list[str] = text.split("\n")
        # Faults come in document order.
        self._redacted = lru_cache(maxsize=1)(self._redact_line)

    def of(self, fault: Fault) -> list[Text]:
        """The line of a fault with a mark below it, and a margin with the line number."""
        if fault.line > len(self._lines):
            return []
        line = self._redacted(fault.line)
        column = min(fault.column - 1, len(line))
        start = max(0, min(column - BEFORE, len(line) - WIDTH))
        shown = self._shown(fault, start, start + WIDTH)
        left, right = "…" if start else "", "…" if start + WIDTH < len(line) else ""
        number = str(fault.line)
        margin = " " * len(number)
        before = cell_len(left + shown[: column - start])
        return [
            Text(f"{margin} |", FAINT),
            Text.assemble((f"{number} | ", FAINT), f"{left}{shown}{right}"),
            Text.assemble((f"{margin} | ", FAINT), " " * before, ("^", f"bold {BAD}")),
        ]

    def _redact_line(self, number: int) -> str:
        """The redacted line, whatever the fault is. It keeps its length."""
        return redact(DIGEST.sub(_redact_digest, self._line(number)))

    def _shown(self, fault: Fault, start: int, end: int) -> str:
        """A part of the line."""
        shown = self._redacted(fault.line)[start:end]
        if fault.code == "unknown_field":
            first, last = self._unknown_value(fault)
            first, last = max(first - start, 0), min(last - start, len(shown))
            shown = shown[:first] + MASK * (last - first) + shown[max(first, last) :]
        return visible(shown.replace("\t", TAB_STOP))

    def _unknown_value(self, fault: Fault) -> tuple[int, int]:
        """The range of an unknown field's value. That of an object or a list extends to the end of the line."""
        line = self._line(fault.line)
        found = FIELD.match(line, fault.column - 1)
        if found is None:
            return 0, 0
        first, last = found.span(1)
        if line[first] in "{[":
            return first, len(line)
        return _between_quotes(line, first, last)

    def _line(self, number: int) -> str:
        return self._lines[number - 1].rstrip("\r")


def _between_quotes(line: str, first: int, last: int) -> tuple[int, int]:
    """The range of a value to redact, without its quotes."""
    if line[first] == '"':
        first += 1
        if last > first and line[last - 1] == '"':
            last -= 1
    return first, last


def _redact_digest(found: re.Match[str]) -> str:
    first, last = _between_quotes(found[2], 0, len(found[2]))
    return found[1] + found[2][:first] + MASK * (last - first) + found[2][last:]
