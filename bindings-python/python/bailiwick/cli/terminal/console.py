"""Output for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from .standard_output import write, write_text

# Without a terminal nothing is wrapped or cut, because a program may read it.
UNBOUNDED = 10_000
SHOWN_CHARACTERS = 1_000
"""How many characters of one value a table shows."""
SHOWN_ROWS = 1_000
"""How many rows a table shows. Each takes a millisecond to draw."""

GOOD, BAD, MIDDLING, FAINT, STRONG = "green", "red", "yellow", "dim", "bold"


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = UNBOUNDED
    return console


def error_console() -> Console:
    """The console of standard error, which also shows progress."""
    return _console(stderr=True)


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return _console(stderr=False).is_terminal


def show(*parts: RenderableType, to_stderr: bool = False) -> None:
    """Print for people, to standard output or standard error."""
    console = _console(stderr=to_stderr)
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    # Tables are padded to the right; files do not need that.
    write_text("\n".join(line.rstrip() for line in captured.get().split("\n")), to_stderr=to_stderr)


def print_json(document: Any, *, to_stderr: bool = False) -> None:
    """Print one document, in UTF-8 whatever the encoding of the terminal."""
    write(json_bytes(document) + b"\n", to_stderr=to_stderr)


def json_bytes(document: Any) -> bytes:
    """A document as indented JSON, without a line break at the end."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def json_line(document: Any) -> bytes:
    """A document as one line of JSON Lines, with its keys in order, so that two outputs can be compared."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def shortened(text: str) -> str:
    """Text, cut if it is very long."""
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def visible(text: object) -> str:
    """Text with visible symbols for control characters, so that it cannot control the terminal. It keeps its length."""
    return "".join(_picture(character) if not character.isprintable() else character for character in str(text))


def _picture(character: str) -> str:
    number = ord(character)
    if number < 0x20:
        return chr(0x2400 + number)
    if number == 0x7F:
        return "\u2421"
    return character if character in " \u00a0\u3000" else "\ufffd"


def cell(value: object, style: str = "") -> Text:
    """One value of a table, cut if it is very long; an absent one is a dash."""
    if value is None or value == "" or value == []:
        return Text("–", FAINT)
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text("yes" if value else "no", style)
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return Text(visible(shortened(str(value))), style)


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    right: Sequence[str] = (),
    total: int | None = None,
) -> Table:
    """A table, cut if it is very long. Columns named in `right` are aligned to the right.

    `total` is the number of rows, if only those that are shown are passed.
    """
    rows = list(rows)
    more = (len(rows) if total is None else total) - SHOWN_ROWS
    caption = f"and {count(more, 'more row')}; --json has them all" if more > 0 else None
    drawn = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style=STRONG, header_style=FAINT, pad_edge=False)
    drawn.caption, drawn.caption_justify = caption, "left"
    for column in columns:
        drawn.add_column(Text(column), justify="right" if column in right else "left", overflow="fold")
    for row in rows[:SHOWN_ROWS]:
        drawn.add_row(*map(cell, row))
    return drawn


def facts(pairs: Iterable[tuple[str, object]]) -> Table:
    """Names with their values, one on each line."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(style=FAINT)
    drawn.add_column(overflow="fold")
    for name, value in pairs:
        drawn.add_row(Text(name), cell(value))
    return drawn


def mark(is_good: bool, yes: str, no: str) -> Text:
    """One of two words with a mark, so that its meaning does not depend on colors."""
    return Text(f"✓ {yes}", f"bold {GOOD}") if is_good else Text(f"✗ {no}", f"bold {BAD}")


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def note(text: str) -> None:
    """Print a remark to standard error."""
    sys.stdout.flush()
    show(Text(text, FAINT), to_stderr=True)


def warn(text: str) -> None:
    """Print a warning to standard error."""
    sys.stdout.flush()
    show(Text.assemble(("warning", f"bold {MIDDLING}"), f": {text}"), to_stderr=True)
