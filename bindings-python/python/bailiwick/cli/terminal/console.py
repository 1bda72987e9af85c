"""What people see, and what programs read."""

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

# Where no terminal sets a width, nothing is wrapped or cut: a program may read it.
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
    """The error output, which also has progress."""
    return _console(stderr=True)


def is_terminal() -> bool:
    """Whether a person looks at the output."""
    return _console(stderr=False).is_terminal


def show(*parts: RenderableType, is_beside: bool = False) -> None:
    """Print for people: on the output, or beside it on the error output."""
    console = _console(stderr=is_beside)
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    # Tables are padded to their right edge, which a file has no need of.
    write_text("\n".join(line.rstrip() for line in captured.get().split("\n")), is_beside=is_beside)


def print_json(document: Any, *, is_beside: bool = False) -> None:
    """Print one document, as UTF-8 whatever the terminal's encoding."""
    write(json_bytes(document) + b"\n", is_beside=is_beside)


def json_bytes(document: Any) -> bytes:
    """A document as text that people can read as well; no line break at its end."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def shortened(text: str) -> str:
    """Text as far as people read it."""
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def visible(text: object) -> str:
    """Text with its control characters made visible, so that none of it can steer a terminal. It keeps its length."""
    return "".join(_picture(character) if not character.isprintable() else character for character in str(text))


def _picture(character: str) -> str:
    number = ord(character)
    if number < 0x20:
        return chr(0x2400 + number)
    if number == 0x7F:
        return "\u2421"
    return character if character in " \u00a0\u3000" else "\ufffd"


def cell(value: object, style: str = "") -> Text:
    """One value of a table, cut where it is very long; what is absent is a dash."""
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
    """A table, cut where it is very long. A column that is named in `right` holds numbers.

    `total` is how many rows there are, if only those that are shown are passed.
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
    """Names with their values, one a line."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(style=FAINT)
    drawn.add_column(overflow="fold")
    for name, value in pairs:
        drawn.add_row(Text(name), cell(value))
    return drawn


def mark(is_good: bool, yes: str, no: str) -> Text:
    """A word that says yes or no, with a sign for those who see no colours."""
    return Text(f"✓ {yes}", f"bold {GOOD}") if is_good else Text(f"✗ {no}", f"bold {BAD}")


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def note(text: str) -> None:
    """A remark beside the answer, on the error output."""
    sys.stdout.flush()
    show(Text(text, FAINT), is_beside=True)


def warn(text: str) -> None:
    """What should not be overlooked, on standard error."""
    sys.stdout.flush()
    show(Text.assemble(("warning", f"bold {MIDDLING}"), f": {text}"), is_beside=True)
