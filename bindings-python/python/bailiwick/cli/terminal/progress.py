"""What a terminal shows while a command works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from .console import error_console, visible

LARGE = 4 << 20
"""The bytes of an input that takes so long that people wonder."""


@contextmanager
def working(task: str, *, size: int = LARGE) -> Iterator[None]:
    """A spinner on standard error, if it is a terminal and the input is large."""
    console = error_console()
    with console.status(visible(task)) if console.is_terminal and size >= LARGE else nullcontext():
        yield


@contextmanager
def counting(task: str) -> Iterator[Callable[[int], None]]:
    """The same with a number of rows, whose total is not known: a function that updates it."""
    console = error_console()
    if not console.is_terminal:
        yield lambda _rows: None
        return
    rows = TextColumn("{task.completed:,} rows")
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), rows, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        shown = progress.add_task(task, total=None)
        yield lambda rows: progress.update(shown, completed=rows)
