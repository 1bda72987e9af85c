"""A line of a document, with a sign below the place of a fault. What may be a secret is covered."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text

from bailiwick import Fault

from .covered import COVER, covered
from .output import BAD, FAINT, visible

# A document may be one long line.
BEFORE, WIDTH = 40, 110
TAB_STOP = " "
# A digest that is wrong is often the secret itself, and a field that does not exist is often one for a secret.
STRING = r'"(?:[^"\\]|\\.)*"?'
DIGEST = re.compile(rf'("digest"\s*:\s*)({STRING})')


def excerpt(text: str, fault: Fault) -> list[Text]:
    """The line of a fault and the sign below it, with a margin for the number of the line."""
    lines = text.split("\n")
    if fault.line > len(lines):
        return []
    line = _covered(lines[fault.line - 1].rstrip("\r"), fault)
    column = min(fault.column - 1, len(line))
    start = max(0, min(column - BEFORE, len(line) - WIDTH))
    shown = line[start : start + WIDTH]
    left, right = "…" if start else "", "…" if start + WIDTH < len(line) else ""
    number = str(fault.line)
    margin = " " * len(number)
    before = cell_len(left + shown[: column - start])
    return [
        Text(f"{margin} |", FAINT),
        Text.assemble((f"{number} | ", FAINT), f"{left}{shown}{right}"),
        Text.assemble((f"{margin} | ", FAINT), " " * before, ("^", f"bold {BAD}")),
    ]


def _covered(line: str, fault: Fault) -> str:
    """The line as it may be shown. No character of it moves."""
    line = DIGEST.sub(lambda found: found[1] + _cover(found[2]), line)
    if fault.code == "unknown_field":
        # From the field on: its value, however it is written.
        field = re.compile(rf"({STRING}\s*:\s*)({STRING}|[^\s,}}\]]+)")
        line = line[: fault.column - 1] + field.sub(lambda found: found[1] + _cover(found[2]), line[fault.column - 1 :], count=1)
    return visible(covered(line).replace("\t", TAB_STOP))


def _cover(value: str) -> str:
    inner = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
    return f'"{COVER * len(inner)}{value[len(inner) + 1 :]}' if value.startswith('"') else COVER * len(value)
