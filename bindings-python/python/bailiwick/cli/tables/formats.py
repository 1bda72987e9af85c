"""In which formats tables are read and written, and how a file says which one it is in."""

from __future__ import annotations

import os
from enum import StrEnum

import typer

from ..files.input import STANDARD, named
from ..terminal.console import visible


class Format(StrEnum):
    """How a table is written in a file."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    ARROW = "arrow"


EXTENSIONS = {
    ".parquet": Format.PARQUET,
    ".csv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".arrow": Format.ARROW,
}
NAMES = {Format.PARQUET: "Parquet", Format.CSV: "CSV", Format.JSONL: "JSON Lines", Format.ARROW: "Arrow"}


COMPRESSED = (".gz", ".zst")
"""What may come behind the extension of text that is read."""


def input_format_of(path: str, chosen: Format | None) -> Format:
    """The format of a file that is read: the one that was chosen, or what its name says."""
    name, extension = os.path.splitext(path)
    found = chosen or _format_named(path)
    if found is None and extension.lower() in COMPRESSED:
        inner = _format_named(name)
        found = inner if inner in {Format.CSV, Format.JSONL} else None
    if found is None:
        known = f"{', '.join(EXTENSIONS)}, for text also with {' or '.join(COMPRESSED)}"
        raise typer.BadParameter(f"the name of the input, {named(path)}, does not say its format ({known}); --input-format does")
    return found


def output_format_of(path: str, chosen: Format | None) -> Format:
    """The same of a file that is written."""
    found = chosen or _format_named(path)
    if found is None:
        where = "standard output" if path == STANDARD else f"`{visible(path)}`"
        known = ", ".join(EXTENSIONS)
        raise typer.BadParameter(f"the name of the output, {where}, does not say its format ({known}); --output-format does")
    return found


def _format_named(path: str) -> Format | None:
    return EXTENSIONS.get(os.path.splitext(path)[1].lower())
